"""What the platform writes down about its work: lines for machines, figures, and nothing of anybody. Both engines."""

import base64
import io
import json
import logging
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text as sql

from backend.codes import keys, tasks
from backend.core import log
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.organisations import service as organisations
from backend.organisations.rules import Kind, Role
from backend.signatures import signer
from backend.verification import service, sightings
from tests import factories, signing
from tests.factories import key
from tests.signing import BIN, IIN, NAME, PASSWORD, head

DEVICE = "device-marker-7f3a"
PLACE = {"lat": 43.238951, "lon": 76.889709}
NAMES = {"kk": "«Оператор» АҚ", "ru": "АО «Оператор»", "en": "Operator JSC"}


@pytest.fixture
def lines(app: Flask) -> Iterator[io.StringIO]:
    """Everything that production would log, and more: from DEBUG up."""
    stream = io.StringIO()
    log.init(logging.DEBUG)
    logging.getLogger("tanba").handlers[0].setStream(stream)
    yield stream
    log.init(logging.WARNING)


def parsed(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def sign_in(client: FlaskClient, app: Flask) -> str:
    """The real log-in of the operator's head, by signature; returns the session's token."""
    signing.copy(app.config["SETTINGS"].instance / "devca")

    def make() -> None:
        made = organisations.create_organisation(kind=Kind.OPERATOR, bin=BIN, names=NAMES)
        organisations.add_member(made, iin=IIN, name=NAME, role=Role.HEAD)

    unit_of_work(make)
    asked = client.post("/api/v1/auth/challenge").json
    cms = signer.sign(head(), PASSWORD, base64.b64decode(asked["document"]))
    body = {"challenge_id": asked["challenge_id"], "cms": base64.b64encode(cms).decode()}
    assert client.post("/api/v1/auth/login", json=body).status_code == 200
    assert 400 <= client.post("/api/v1/auth/login", json=body).status_code < 500
    return client.get_cookie("tanba").value


def work(client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A day of the platform, with every fault that we can cause; returns what must be in no line."""
    token = sign_in(client, app)
    owner = factories.organisation()
    order = factories.emitted(owner, factories.card(owner), 3)
    printed = factories.texts(order)
    sheet = client.post("/api/v1/labels", json={"emission_id": order, "count": 3, "media": "csv"}, headers=key())
    assert client.get(sheet.json["url"], buffered=True).status_code == 200
    moved = {"event": "apply", "codes": printed, "owner_id": owner}
    for _ in range(2):
        client.post("/api/v1/movements", json=moved, headers=key())
    asked = {"code": printed[0], "place": PLACE, "device": DEVICE}
    for code in (printed[0], printed[1][:-3] + "A==", printed[2].split("\x1d")[0], _unregistered(printed[0])):
        assert client.post("/api/v1/verify", json=asked | {"code": code}).status_code == 200
    sightings.buffer().flush()
    tasks.publish_withdrawn()

    def fault(text: str, **_: Any) -> None:
        try:
            raise KeyError(text)
        except KeyError as error:
            raise RuntimeError(f"cannot judge {text} of {IIN}") from error

    monkeypatch.setattr(service, "verify", fault)
    assert client.post("/api/v1/verify", json=asked).status_code == 500
    monkeypatch.undo()
    _break_the_queue(client, app, monkeypatch, owner)
    _break_a_statement(client, monkeypatch, printed[0])
    tails = {f"tail {place}": text.split("\x1d92")[1] for place, text in enumerate(printed)}
    return tails | {
        "serial before GS": printed[0][18:31] + "\x1d",
        "token": token,
        "iin": IIN,
        "bin": BIN,
        "person": NAME,
        "latitude": "43.23",
        "longitude": "76.88",
        "device": DEVICE,
        "password": PASSWORD,
    }


def _unregistered(printed: str) -> str:
    """A code that we signed and never wrote down: the platform raises an alarm and logs it."""
    key_id = printed.split("\x1d91")[1][:4]
    identification = printed[:18] + "Z" * 13
    return f"{identification}\x1d91{key_id}\x1d92{keys.signer(key_id).tail(identification)}"


def _break_the_queue(client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch, owner: str) -> None:
    def down(*_: Any) -> None:
        raise ConnectionError("queue is down")

    monkeypatch.setitem(app.extensions, "queue_run", down)
    body = {"card_id": factories.card(owner), "count": 1, "owner_id": owner}
    assert client.post("/api/v1/emissions", json=body, headers=key()).status_code == 202
    monkeypatch.undo()


def _break_a_statement(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, printed: str) -> None:
    def broken(*_: Any) -> None:
        db.session.execute(sql("SELECT :tail, :iin FROM nowhere"), {"tail": printed[18:31], "iin": NAME})

    monkeypatch.setattr("backend.codes.queries.code", broken)
    assert client.get(f"/api/v1/codes/{printed.split(chr(29))[0]}").status_code == 500
    monkeypatch.undo()


def test_no_line_tells_of_anybody(
    client: FlaskClient, app: Flask, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RELIABILITY threat 17."""
    secrets = work(client, app, monkeypatch)
    written = lines.getvalue()
    plain = "\n".join(str(value) for line in parsed(lines) for value in line.values())
    for name, secret in secrets.items():
        assert secret not in written, name
        assert secret not in plain, name
    assert not re.search(r"[A-Za-z0-9+/]{86}==", plain)
    kinds = {(line["logger"], line["level"]) for line in parsed(lines)}
    assert kinds >= {
        ("tanba", "error"),
        ("tanba.queue", "error"),
        ("tanba.verification", "critical"),
        ("tanba.trust_list", "info"),
    }


def test_every_line_is_json_and_says_which_request(
    client: FlaskClient, app: Flask, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(client, app, monkeypatch)
    asked = [line for line in parsed(lines) if "request" in line]
    assert len(asked) >= 4
    for line in parsed(lines):
        assert set(line) <= {"at", "level", "logger", "message", "request", "route", "trace", *log.FIELDS}
        assert line["at"].endswith("+00:00")
    fault = next(line for line in asked if line["message"] == "fault at /api/v1/verify")
    assert fault["route"] == "/api/v1/verify"
    assert re.fullmatch("[0-9A-Z]{26}", fault["request"])
    assert "fault at /api/v1/codes/<path:code>" in {line["message"] for line in asked}


def test_every_request_has_its_own_id(
    client: FlaskClient, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "verify", lambda *_, **__: 1 / 0)
    for _ in range(2):  # in threads, because the tests' own context would be shared by both
        thread = threading.Thread(target=client.post, args=("/api/v1/verify",), kwargs={"json": {"code": ""}})
        thread.start()
        thread.join()
    assert len({line["request"] for line in parsed(lines)}) == 2


@pytest.mark.parametrize(
    ("given", "taken"), [("proxy-4711-abcd", True), ("x", False), ("a\tb" * 9, False), ("a" * 65, False), ("", False)]
)
def test_a_well_formed_request_id_of_a_proxy_is_kept(
    client: FlaskClient, app: Flask, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, given: str, taken: bool
) -> None:
    monkeypatch.setattr(service, "verify", lambda *_, **__: 1 / 0)
    client.post("/api/v1/verify", json={"code": ""}, headers={"X-Request-Id": given})
    (line,) = parsed(lines)
    assert (line["request"] == given) is taken


def test_a_new_line_in_a_message_is_no_new_line(lines: io.StringIO) -> None:
    logging.getLogger("tanba").warning("one\n{\"level\": \"forged\"}")
    assert len(parsed(lines)) == 1


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("01048700000000122112ABCDEFGHJKL\x1d91TAAA", "010487000000001221•\x1d91TAAA"),
        ("iin 900101300007.", "iin •."),
        ("\x1d92" + "A" * 86 + "==", "\x1d•"),
        ("92" + "A" * 44, "•"),
        ("1234567890123 pieces", "1234567890123 pieces"),
    ],
)
def test_what_is_cut_out(said: str, shown: str) -> None:
    assert log.mask(said) == shown


def figure(client: FlaskClient, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} ([0-9.e+]+)$", client.get("/metrics").get_data(as_text=True), re.M)
    return float(found[1]) if found else 0


def test_figures_count_checks_by_outcome_and_answers_by_route(client: FlaskClient, app: Flask) -> None:
    checks = 'tanba_checks_total{outcome="unregistered"}'
    answers = 'tanba_requests_total{method="POST",route="/api/v1/verify",status="200"}'
    before = figure(client, checks), figure(client, answers)
    for _ in range(3):
        client.post("/api/v1/verify", json={"code": "KZ-430302-AAA7064491"})
    assert (figure(client, checks), figure(client, answers)) == (before[0] + 3, before[1] + 3)
    refused = 'tanba_requests_total{method="POST",route="/api/v1/verify",status="422"}'
    before_refused = figure(client, refused)
    client.post("/api/v1/verify", json={})
    assert figure(client, refused) == before_refused + 1
    assert figure(client, checks) == before[0] + 3
    took = 'tanba_request_seconds_count{route="/api/v1/verify"}'
    assert figure(client, took) >= before[1] + 4


def test_figures_name_routes_and_never_addresses(client: FlaskClient, app: Flask) -> None:
    owner = factories.organisation()
    printed = factories.texts(factories.emitted(owner, factories.card(owner), 1))[0]
    client.get(f"/01/{printed[2:16]}/21/{printed[18:31]}", headers={"Accept": "application/json"})
    client.get(f"/api/v1/codes/{printed.split(chr(29))[0]}")
    client.get("/api/v1/no-such-thing-4711")
    shown = client.get("/metrics").get_data(as_text=True)
    assert printed[18:31] not in shown
    assert "no-such-thing" not in shown
    assert 'route="/01/<gtin>/21/<path:serial>"' in shown


def test_an_invented_method_is_no_label(client: FlaskClient) -> None:
    """Labels come from a closed list: a stranger must not grow the table of figures."""
    client.open("/health", method="BREW")
    assert b"BREW" not in client.get("/metrics").data
    assert b'method="OTHER"' in client.get("/metrics").data


@pytest.mark.parametrize("separator", ["\x1d", "\\x1d", "\\u001d"])
def test_a_serial_in_a_trace_is_masked(separator: str) -> None:
    assert "SECRETSERIAL1" not in log.mask(f"code 010487000100001121SECRETSERIAL1{separator}91TAAA failed")
