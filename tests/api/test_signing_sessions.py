"""Signing with a phone: the national protocol to the letter, and nobody else's hands on the result."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.organisations import service as organisations
from backend.organisations.rules import Kind
from backend.signatures import devca, signer, signing_sessions
from backend.signatures.rules import RevocationUnknown
from backend.signatures.signing_sessions_models import SigningSession
from tests import signing
from tests.factories import key
from tests.signing import NAME, PASSWORD, head

NAMES = {"kk": "№ 1 акт", "ru": "Акт № 1", "en": "Act No 1"}
OTHER = signing.documents.envelope(signing.SCHEMA, {"number": "А-2", "seller": {"bin": signing.OTHER_BIN}})
LOGIN = signing.documents.envelope("kz.tanba.login/v1", {"nonce": "n"})


@pytest.fixture(autouse=True)
def development_authority(tmp_path: Path) -> None:
    signing.copy(tmp_path / "devca")


def wire(document: bytes, id_: str = "act") -> dict[str, Any]:
    return {"id": id_, "bytes": b64encode(document).decode(), "names": NAMES}


def opened(client: FlaskClient, *documents: bytes, **more: Any) -> dict[str, Any]:
    given = [wire(one, f"d{number}") for number, one in enumerate(documents or (signing.DOCUMENT,))]
    answer = client.post("/api/v1/signing-sessions", json={"documents": given, **more})
    assert answer.status_code == 200, answer.json
    return answer.json


def phone_address(session: dict[str, Any]) -> str:
    return f"/mgovSign/{session['id']}"


def first(phone: FlaskClient, session: dict[str, Any], language: str = "ru") -> Any:
    return phone.get(phone_address(session), headers={"Accept-Language": language})


def bearer(phone: FlaskClient, session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {first(phone, session).json['document']['auth_token']}"}


def fetched(phone: FlaskClient, session: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """(the phone's headers, the documents as it got them)"""
    headers = bearer(phone, session)
    answer = phone.get(f"{phone_address(session)}/documents", headers=headers)
    assert answer.status_code == 200, answer.json
    return headers, answer.json


def signed(asked: dict[str, Any], container: bytes | None = None) -> dict[str, Any]:
    """The phone's answer: what it got, with `data` replaced."""
    body = json.loads(json.dumps(asked))
    for one in body["documentsToSign"]:
        file = one["document"]["file"]
        file["data"] = b64encode(signer.sign(container or head(), PASSWORD, b64decode(file["data"]))).decode()
    return body


def put(phone: FlaskClient, session: dict[str, Any], headers: dict[str, str], body: Any, **more: str) -> Any:
    return phone.put(f"{phone_address(session)}/documents", json=body, headers=headers | more)


def state(client: FlaskClient, session: dict[str, Any]) -> dict[str, Any]:
    answer = client.get(f"/api/v1/signing-sessions/{session['id']}")
    assert answer.status_code == 200, answer.json
    return answer.json


@pytest.fixture
def phone(app: Flask) -> Iterator[FlaskClient]:
    return app.test_client()


def test_from_the_qr_code_to_the_signature(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client, signing.DOCUMENT, OTHER)
    assert state(client, session)["state"] == "created"
    headers, asked = fetched(phone, session)
    assert state(client, session) | {"expires_at": ""} == {
        "state": "fetched",
        "expires_at": "",
        "signer": None,
        "signatures": None,
    }
    answer = put(phone, session, headers, signed(asked))
    assert (answer.status_code, answer.json["status"]) == (200, "success")
    assert answer.json["backUrl"] == "http://localhost:8000/signed"
    result = state(client, session)
    assert result["state"] == "signed"
    assert result["signer"] == {
        "name": NAME,
        "iin": "••••••••0007",
        "bin": signing.BIN,
        "organisation": "«Тест» ЖШС",
    }
    assert [one["id"] for one in result["signatures"]] == ["d0", "d1"]
    for one, document in zip(result["signatures"], (signing.DOCUMENT, OTHER), strict=True):
        signing.verify(b64decode(one["cms"]), document)


def test_the_first_answer_is_what_the_app_reads(client: FlaskClient, phone: FlaskClient) -> None:
    unit_of_work(
        lambda: organisations.create_organisation(
            kind=Kind.OPERATOR, bin="040940007541", names={"kk": "Оператор", "ru": "Оператор РФ", "en": "Operator"}
        )
    )
    session = opened(client, OTHER)
    answer = first(phone, session, "kk")
    assert answer.status_code == 200
    assert set(answer.json) == {"description", "expiry_date", "organisation", "document"}
    assert answer.json["organisation"] == {
        "nameRu": "Оператор РФ",
        "nameKz": "Оператор",
        "nameEn": "Operator",
        "bin": "040940007541",
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0500", answer.json["expiry_date"])
    document = answer.json["document"]
    assert document["uri"] == f"http://localhost:8000/mgovSign/{session['id']}/documents"
    assert document["auth_type"] == "Token"
    assert re.fullmatch(r"[0-9a-f]{32}", document["auth_token"])
    said = answer.json["description"]
    assert [word for word in ("№ 1 акт", signing.OTHER_BIN, "ТЕСТ", "localhost:8000") if word not in said] == []
    assert "Акт № 1" not in said


def test_before_there_is_an_operator_the_platform_speaks_for_itself(client: FlaskClient, phone: FlaskClient) -> None:
    assert first(phone, opened(client)).json["organisation"]["nameRu"] == "Tanba"


def test_a_phone_that_names_no_language_gets_all_three(client: FlaskClient, phone: FlaskClient) -> None:
    said = phone.get(phone_address(opened(client))).json["description"]
    assert [word for word in ("№ 1 акт", "Акт № 1", "Act No 1") if word not in said] == []


def test_a_log_in_says_so_whatever_the_page_calls_it(client: FlaskClient, phone: FlaskClient) -> None:
    said = first(phone, opened(client, LOGIN)).json["description"]
    assert "Вход в систему" in said
    assert "Акт № 1" not in said
    mixed = first(phone, opened(client, LOGIN, OTHER)).json["description"]
    assert "Подписание документа" in mixed


def test_the_second_answer_is_what_the_app_reads(client: FlaskClient, phone: FlaskClient) -> None:
    _, asked = fetched(phone, opened(client))
    assert (asked["signMethod"], asked["version"]) == ("CMS_SIGN_ONLY", 1)
    [one] = asked["documentsToSign"]
    assert (one["id"], one["nameRu"], one["nameKz"], one["nameEn"]) == (1, NAMES["ru"], NAMES["kk"], NAMES["en"])
    assert one["document"]["file"]["mime"] == "text/plain"
    assert b64decode(one["document"]["file"]["data"]) == signing.DOCUMENT


def test_the_code_and_the_link_lead_to_the_same_address(client: FlaskClient) -> None:
    import zxingcpp
    from PIL import Image

    session = opened(client)
    side = len(session["qr"])
    assert all(len(row) == side for row in session["qr"])
    picture = Image.new("L", (side + 8, side + 8), 255)
    for y, row in enumerate(session["qr"]):
        for x, module in enumerate(row):
            if module == "1":
                picture.putpixel((x + 4, y + 4), 0)
    [read] = zxingcpp.read_barcodes(picture.resize((picture.width * 4, picture.height * 4), Image.Resampling.NEAREST))
    assert read.text == f"mobileSign:http://localhost:8000/mgovSign/{session['id']}"
    assert session["link"].startswith(
        f"https://m.egov.kz/mobileSign/?link=http%3A%2F%2Flocalhost%3A8000%2FmgovSign%2F{session['id']}&"
    )
    assert "businessSign" in opened(client, app="business")["link"]


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Basic eDp5", "Bearer ә"])
def test_the_documents_are_for_the_token(client: FlaskClient, phone: FlaskClient, token: str) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    address = f"{phone_address(session)}/documents"
    wrong = {"Authorization": token.encode().decode("latin-1")} if token else {}
    assert phone.get(address, headers=wrong).status_code == 401
    assert phone.put(address, headers=wrong, json=signed(asked)).status_code == 401
    assert state(client, session)["state"] == "fetched"
    assert put(phone, session, headers, signed(asked)).status_code == 200


def test_a_token_opens_its_own_session_only(client: FlaskClient, phone: FlaskClient) -> None:
    headers = bearer(phone, opened(client))
    other = opened(client)
    assert phone.get(f"{phone_address(other)}/documents", headers=headers).status_code == 401


def test_a_tampered_signature_is_refused_before_it_counts(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    body = signed(asked)
    of_another = signer.sign(head(), PASSWORD, OTHER)
    body["documentsToSign"][0]["document"]["file"]["data"] = b64encode(of_another).decode()
    answer = put(phone, session, headers, body, **{"Accept-Language": "kk"})
    assert answer.status_code == 403
    assert list(answer.json) == ["message"]
    assert answer.json["message"].startswith("Қолтаңба тексеруден өтпеді")
    assert state(client, session)["state"] == "fetched"
    assert put(phone, session, headers, signed(asked)).status_code == 200


@pytest.mark.parametrize(("language", "word"), [("kk", "кері қайтарып"), ("ru", "отозвана"), ("en", "revoked")])
def test_a_revoked_key_is_told_in_the_persons_language(
    client: FlaskClient, phone: FlaskClient, app: Flask, language: str, word: str
) -> None:
    devca.DevCA(app.config["SETTINGS"].instance / "devca").revoke(devca.serial_of(head(), PASSWORD))
    session = opened(client)
    headers, asked = fetched(phone, session)
    answer = put(phone, session, headers, signed(asked), **{"Accept-Language": language})
    assert answer.status_code == 403
    assert word in answer.json["message"]


def test_a_log_in_key_signs_a_log_in_and_no_document(client: FlaskClient, phone: FlaskClient) -> None:
    auth = head(sign=False)
    session = opened(client)
    headers, asked = fetched(phone, session)
    assert put(phone, session, headers, signed(asked, auth)).status_code == 403
    session = opened(client, LOGIN)
    headers, asked = fetched(phone, session)
    assert put(phone, session, headers, signed(asked, auth)).status_code == 200


def test_while_revocation_is_unknown_a_document_waits_and_a_log_in_does_not(
    client: FlaskClient, phone: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[bool] = []
    verify = signing_sessions.service.verify

    def unknown(*given: Any, pending_ok: bool, **more: Any) -> Any:
        asked_for.append(pending_ok)
        if not pending_ok:
            raise RevocationUnknown()
        return verify(*given, pending_ok=pending_ok, **more)

    monkeypatch.setattr(signing_sessions.service, "verify", unknown)
    for document, status in ((signing.DOCUMENT, 200), (LOGIN, 403)):
        session = opened(client, document)
        headers, asked = fetched(phone, session)
        assert put(phone, session, headers, signed(asked)).status_code == status
    assert asked_for == [True, False]


def test_one_person_signs_all_of_it(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client, signing.DOCUMENT, OTHER)
    headers, asked = fetched(phone, session)
    one, two = signed(asked), signed(asked, head(iin=signing.OTHER_IIN))
    one["documentsToSign"][1] = two["documentsToSign"][1]
    assert put(phone, session, headers, one).status_code == 403
    assert state(client, session)["state"] == "fetched"


def test_the_documents_come_back_whole_and_in_any_order(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client, signing.DOCUMENT, OTHER)
    headers, asked = fetched(phone, session)
    whole = signed(asked)
    parts = whole["documentsToSign"]
    for wrong in ([parts[0]], [*parts, parts[0]], [parts[0], parts[0]], [parts[0], parts[1] | {"id": 7}]):
        assert put(phone, session, headers, whole | {"documentsToSign": wrong}).status_code == 422
    assert put(phone, session, headers, whole | {"signMethod": "CMS_WITH_DATA"}).status_code == 422
    assert state(client, session)["state"] == "fetched"
    assert put(phone, session, headers, whole | {"documentsToSign": parts[::-1]}).status_code == 200
    first_, second = state(client, session)["signatures"]
    signing.verify(b64decode(first_["cms"]), signing.DOCUMENT)
    signing.verify(b64decode(second["cms"]), OTHER)


def test_the_same_answer_again_is_confirmed_and_another_is_not(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    body, other = signed(asked), signed(asked, head(iin=signing.OTHER_IIN))
    assert put(phone, session, headers, body).status_code == 200
    result = state(client, session)
    again = put(phone, session, headers, body)
    assert (again.status_code, again.json["status"]) == (200, "success")
    assert put(phone, session, headers, other).status_code == 409
    assert first(phone, session).status_code == 409
    assert phone.get(f"{phone_address(session)}/documents", headers=headers).status_code == 409
    assert state(client, session) == result


def test_of_two_answers_at_once_the_first_counts(client: FlaskClient, phone: FlaskClient) -> None:
    """Both were verified while the session was open; the second to write finds it signed."""
    session = opened(client)
    first_, second = ["one"], ["two"]
    shown = {"name": "", "iin": "", "bin": None, "organisation": None}
    unit_of_work(lambda: signing_sessions._store(session["id"], first_, shown))
    unit_of_work(lambda: signing_sessions._store(session["id"], second, shown))
    assert state(client, session)["signatures"] == [{"id": "d0", "cms": "one"}]


def test_only_the_browser_that_asked_gets_the_result(client: FlaskClient, phone: FlaskClient, app: Flask) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    put(phone, session, headers, signed(asked))
    address = f"/api/v1/signing-sessions/{session['id']}"
    for stranger in (app.test_client(), phone):
        opened(stranger)  # a browser with a cookie of its own
        assert stranger.get(address).status_code == 404
        assert stranger.delete(address, headers=key()).status_code == 404
    assert app.test_client().get(address).json["error"]["code"] == "signatures.session_unknown"
    assert state(client, session)["state"] == "signed"


def test_one_browser_may_have_several_sheets_open(client: FlaskClient) -> None:
    sessions = [opened(client) for _ in range(3)]
    assert [state(client, one)["state"] for one in sessions] == ["created"] * 3


def test_a_session_runs_out(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    body = signed(asked)
    with clock.at(clock.now() + timedelta(minutes=5, seconds=1)):
        assert first(phone, session).status_code == 410
        assert phone.get(f"{phone_address(session)}/documents", headers=headers).status_code == 410
        answer = put(phone, session, headers, body, **{"Accept-Language": "en"})
        assert (answer.status_code, answer.json["message"][:15]) == (410, "The QR code ran")
        assert state(client, session)["state"] == "expired"


def test_a_log_in_runs_out_with_its_challenge(client: FlaskClient) -> None:
    ends = int(clock.now().timestamp()) + 90
    session = opened(client, signing.documents.envelope("kz.tanba.login/v1", {"exp": ends}), OTHER)
    assert session["seconds"] in (88, 89, 90)
    assert opened(client, LOGIN)["seconds"] == 300
    far = signing.documents.envelope("kz.tanba.login/v1", {"exp": ends + 10**6})
    assert opened(client, far)["seconds"] == 300


def test_a_signature_that_arrives_in_time_counts_later_too(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    put(phone, session, headers, signed(asked))
    with clock.at(clock.now() + timedelta(minutes=20)):
        assert state(client, session)["state"] == "signed"


def test_a_session_that_is_given_up_gives_nothing(client: FlaskClient, phone: FlaskClient) -> None:
    """The person closed the sheet, or saw a stranger's name."""
    session, other = opened(client), opened(client)
    for one in (session, other):
        headers, asked = fetched(phone, one)
        body = signed(asked)
        if one is other:
            put(phone, one, headers, body)
        answer = client.delete(f"/api/v1/signing-sessions/{one['id']}", headers=key())
        assert (answer.status_code, answer.json["state"], answer.json["signatures"]) == (200, "rejected", None)
        assert put(phone, one, headers, body).status_code == 410
        assert state(client, one)["signer"] is None


@pytest.mark.parametrize(
    "document",
    [
        b"hello",
        b"\xff",
        b"[]",
        b'{"schema":5}',
        b'{"schema":"kz.other.act/v1"}',
        b'{"schema": "kz.tanba.act/v1"}',
        b'{"schema":"kz.tanba.act/v1","schema":"kz.tanba.act/v1"}',
    ],
)
def test_only_envelopes_of_our_own_are_signed(client: FlaskClient, document: bytes) -> None:
    answer = client.post("/api/v1/signing-sessions", json={"documents": [wire(document)]})
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "signatures.session_foreign_document")


def test_how_much_may_be_signed_at_once(client: FlaskClient) -> None:
    def post(*documents: dict[str, Any]) -> tuple[int, str]:
        answer = client.post("/api/v1/signing-sessions", json={"documents": list(documents)})
        return answer.status_code, answer.json.get("error", {}).get("code", "")

    largest = signing.documents.envelope("kz.tanba.x/v1", {"t": "a" * (64 * 1024 - 33)})
    assert len(largest) == 64 * 1024
    larger = signing.documents.envelope("kz.tanba.x/v1", {"t": "a" * (64 * 1024 - 32)})
    assert post(wire(largest))[0] == 200
    assert post(wire(larger)) == (413, "signatures.session_document_too_large")
    assert post(*[wire(OTHER)] * 20)[0] == 200
    assert post(*[wire(OTHER)] * 21) == (422, "request.invalid")
    assert post() == (422, "request.invalid")
    assert post(wire(OTHER) | {"bytes": "%%%"}) == (422, "signatures.session_foreign_document")


def test_a_phones_answer_has_its_limit(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    asked["documentsToSign"][0]["document"]["file"]["data"] = "A" * 1_500_000
    answer = put(phone, session, headers, asked)
    assert (answer.status_code, list(answer.json)) == (413, ["message"])


def test_every_refusal_to_the_phone_is_one_text(client: FlaskClient, phone: FlaskClient) -> None:
    unknown = {"id": "A" * 22}
    for answer in (
        first(phone, unknown),
        phone.get("/mgovSign/short"),
        phone.put(f"{phone_address(unknown)}/documents", data="{", content_type="application/json"),
        phone.put(f"{phone_address(unknown)}/documents", json={}),
    ):
        assert answer.status_code in (404, 422)
        assert list(answer.json) == ["message"], answer.json


def test_an_app_without_an_agreement_is_not_offered(make_app: Any, sqlite_url: str) -> None:
    app = make_app(sqlite_url, egov_business_link="")
    client = app.test_client()
    assert client.get("/api/v1/signing").json == {
        "profile": "dev",
        "test": True,
        "ways": ["p12", "ncalayer", "egov_mobile"],
    }
    answer = client.post("/api/v1/signing-sessions", json={"documents": [wire(OTHER)], "app": "business"})
    assert answer.json["error"]["code"] == "signatures.session_app_unavailable"


def test_signatures_with_legal_force_say_so(make_app: Any, sqlite_url: str) -> None:
    app = make_app(sqlite_url, trust_profile="nca-prod")
    assert app.test_client().get("/api/v1/signing").json["test"] is False


def test_the_cookie_is_for_this_host_alone(make_app: Any, sqlite_url: str) -> None:
    app = make_app(sqlite_url, public_url="https://tanba.kz")
    client = app.test_client()
    answer = client.post("https://tanba.kz/api/v1/signing-sessions", json={"documents": [wire(OTHER)]})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-tanba-signing=")
    for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in cookie


def test_another_site_opens_no_session(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/signing-sessions", json={"documents": [wire(OTHER)]}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "request.origin")


def test_guessing_at_one_session_is_limited(make_app: Any, sqlite_url: str) -> None:
    app = make_app(sqlite_url)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], limits=True)
    client, phone = app.test_client(), app.test_client()
    session = opened(client)
    headers, asked = fetched(phone, session)
    answers = [put(phone, session, headers, asked).status_code for _ in range(11)]
    assert answers == [403] * 10 + [429]
    opens = [client.post("/api/v1/signing-sessions", json={"documents": [wire(OTHER)]}).status_code for _ in range(60)]
    assert opens == [200] * 59 + [429]


def test_what_is_over_is_forgotten(client: FlaskClient, app: Flask) -> None:
    opened(client)
    with clock.at(clock.now() + timedelta(minutes=64)):
        signing_sessions.forget_signing_sessions()
        assert db.session.query(SigningSession).count() == 1
    with clock.at(clock.now() + timedelta(minutes=66)):
        signing_sessions.forget_signing_sessions()
    assert db.session.query(SigningSession).count() == 0
