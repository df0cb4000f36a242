"""What a session takes, and how much of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core import clock
from backend.core.db import db
from backend.signatures import signing_sessions
from backend.signatures.signing_sessions_models import SigningSession
from tests import signing
from tests.api.signing_sessions.conftest import OTHER, fetched, first, opened, phone_address, put, wire


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
