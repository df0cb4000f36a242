"""The emulator of the phone, over a live server on loopback: it sees and does no more than eGov Mobile would."""

import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.serving import make_server

from backend.signatures import devca, egov_phone
from backend.signatures.signing_sessions_rules import phone_time
from tests import signing

NAMES = {"kk": "№ 1 акт", "ru": "Акт № 1", "en": "Act No 1"}
Phone = Callable[..., Result]


@pytest.fixture
def app(make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application, served on a port of this machine."""
    signing.copy(tmp_path / "devca")
    app = make_app(sqlite_url)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], public_url=f"http://127.0.0.1:{server.port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield app
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def phone(app: Flask, tmp_path: Path) -> Phone:
    (tmp_path / "key.p12").write_bytes(signing.head())

    def run(code: str, *more: str, password: str = signing.PASSWORD) -> Result:
        key = ["--key", str(tmp_path / "key.p12"), "--password", password]
        return app.test_cli_runner().invoke(args=["egov-phone", code, *([] if "--reject" in more else key), *more])

    return run


def opened(client: FlaskClient) -> dict:
    document = {"id": "act", "bytes": b64encode(signing.DOCUMENT).decode(), "names": NAMES}
    answer = client.post("/api/v1/signing-sessions", json={"documents": [document]})
    assert answer.status_code == 200
    return answer.json


def state(client: FlaskClient, session: dict) -> dict:
    return client.get(f"/api/v1/signing-sessions/{session['id']}").json


def text(session: dict, client: FlaskClient) -> str:
    address = client.application.config["SETTINGS"].public_url
    return f"mobileSign:{address}/mgovSign/{session['id']}"


def test_it_shows_for_whom_and_what_and_signs(client: FlaskClient, phone: Phone) -> None:
    session = opened(client)
    run = phone(text(session, client), "--language", "ru")
    assert run.exit_code == 0, run.output
    lines = run.output.splitlines()
    assert lines[0] == "Tanba · 000000000000"
    assert lines[1].startswith("Подписание документа: Акт № 1.")
    assert "1. Акт № 1" in lines
    assert signing.DOCUMENT.decode() in lines
    assert lines[-2] == "success"
    assert lines[-1].endswith("/signed")
    result = state(client, session)
    assert (result["state"], result["signer"]["name"]) == ("signed", signing.NAME)
    signing.verify(b64decode(result["signatures"][0]["cms"]))


def test_the_link_of_the_button_does_as_well(client: FlaskClient, phone: Phone) -> None:
    session = opened(client)
    assert phone(session["link"]).exit_code == 0
    assert state(client, session)["state"] == "signed"


def test_a_picture_of_the_code_does_as_well(client: FlaskClient, phone: Phone, tmp_path: Path) -> None:
    session = opened(client)
    side = len(session["qr"]) + 8
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(session["qr"]):
        for x, module in enumerate(row):
            picture.putpixel((x + 4, y + 4), 255 * (module == "0"))
    picture.resize((side * 5, side * 5), Image.Resampling.NEAREST).save(tmp_path / "code.png")
    run = phone(str(tmp_path / "code.png"))
    assert run.exit_code == 0, run.output
    assert state(client, session)["state"] == "signed"


def test_who_declines_sends_nothing(client: FlaskClient, phone: Phone) -> None:
    session = opened(client)
    run = phone(text(session, client), "--reject")
    assert run.exit_code == 0
    assert "Құжатқа қол қою: № 1 акт." in run.output
    assert run.output.splitlines()[-1] == "rejected: nothing was sent"
    assert state(client, session)["state"] == "fetched"


def test_a_refusal_is_shown_in_the_persons_language(client: FlaskClient, phone: Phone, app: Flask) -> None:
    devca.DevCA(app.config["SETTINGS"].instance / "devca").revoke(devca.serial_of(signing.head(), signing.PASSWORD))
    session = opened(client)
    run = phone(text(session, client), "--language", "en")
    assert run.exit_code == 1
    assert "403: The certificate was revoked." in run.output
    assert state(client, session)["state"] == "fetched"


def test_a_code_is_good_once(client: FlaskClient, phone: Phone) -> None:
    session = opened(client)
    assert phone(text(session, client)).exit_code == 0
    again = phone(text(session, client))
    assert again.exit_code == 1
    assert "409: Бұл QR-код арқылы қол қойылып қойған." in again.output


def test_what_the_phone_cannot_use(client: FlaskClient, phone: Phone, tmp_path: Path) -> None:
    session = opened(client)
    wrong = phone(text(session, client), password="wrong")
    assert wrong.exit_code == 1
    assert "the key cannot sign" in wrong.output
    assert state(client, session)["state"] == "fetched"
    (tmp_path / "empty.png").write_bytes(b"no picture")
    Image.new("L", (200, 200), 255).save(tmp_path / "white.png")
    for code, said in (
        ("hello", "not a code of eGov Mobile"),
        ("mobileSign:https://example.kz/sign/1", "not a code of eGov Mobile"),
        ("mobileSign:http://example.kz/mgovSign/1", "not a code of eGov Mobile"),
        ("mobileSign:file:///mgovSign/1", "not a code of eGov Mobile"),
        ("mobileSign:http://127.0.0.1:1/mgovSign/1", "no answer from 127.0.0.1:1"),
        (str(tmp_path / "empty.png"), "the picture cannot be read"),
        (str(tmp_path / "white.png"), "no QR code in the picture"),
    ):
        run = phone(code)
        assert run.exit_code == 1, code
        assert said in run.output, code


def test_a_second_address_of_another_kind_is_not_followed() -> None:
    with pytest.raises(egov_phone.PhoneError):
        egov_phone.ask("file:///etc/mgovSign", "kk", token="t")


def test_it_asks_for_a_key_or_a_refusal(app: Flask) -> None:
    run = app.test_cli_runner().invoke(args=["egov-phone", "mobileSign:https://example.kz/mgovSign/1"])
    assert run.exit_code == 2
    assert "--reject" in run.output


def test_the_phones_time_has_three_digits_and_no_colon() -> None:
    assert phone_time(datetime(2026, 8, 14, 10, 52, 24, 138_900, UTC)) == "2026-08-14T15:52:24.138+0500"
    assert phone_time(datetime(2026, 8, 14, 10, 52, 24, 0, UTC)) == "2026-08-14T15:52:24.000+0500"
