"""A passkey is enrolled beside a signature, and gone with what it rests on. Both engines."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import passkey_rules, rules
from backend.identity.models import Passkey, Session
from backend.signatures.models import Signature
from tests.api.passkeys.conftest import enrol, log_in, refused, sign_in
from tests.authenticator import Authenticator, content
from tests.factories import key
from tests.signing import IIN, NAME


def test_what_the_browser_is_asked_for(signed_in: FlaskClient, device: Authenticator) -> None:
    options = signed_in.post("/api/v1/auth/passkeys/options", headers=key()).json["options"]
    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["attestation"] == "none"
    assert [content(one["id"]) for one in options["excludeCredentials"]] == [device.id]
    assert len(content(options["challenge"])) == 32
    assert IIN not in json.dumps(options)
    assert len(content(options["user"]["id"])) == 16


def test_a_passkey_rests_on_a_certificate_and_a_role(signed_in: FlaskClient, device: Authenticator) -> None:
    kept = db.session.scalars(select(Passkey)).one()
    signature = db.session.get_one(Signature, kept.signature_id)
    assert kept.serial == signature.verdict["revocation"]["serial"]
    assert (kept.role, kept.head_id, kept.name) == ("head", kept.person_id, "Телефон")
    fact = db.session.scalars(select(Fact).where(Fact.kind == "passkey:enrolled")).one()
    assert fact.signature_id == signature.id


def test_a_passkey_signs_in(app: Flask, device: Authenticator, importer: str) -> None:
    phone = app.test_client()
    assert log_in(phone, device).status_code == 200
    assert phone.get_cookie("tanba-challenge") is None
    me = phone.get("/api/v1/me").json
    assert (me["person"]["name"], me["organisation"]["id"]) == (NAME, importer)
    session = db.session.scalars(select(Session).where(Session.via == "passkey")).one()
    assert session.expires_at - session.created_at == timedelta(hours=12)
    opened = [fact for fact in db.session.scalars(select(Fact).where(Fact.kind == "session:opened"))]
    assert sorted(fact.via for fact in opened) == ["passkey", "session"]
    listed = phone.get("/api/v1/auth/passkeys").json["passkeys"]
    assert [one["name"] for one in listed] == ["Телефон"]
    assert listed[0]["used_at"] is not None


def test_enrolling_needs_a_signature_minutes_ago(app: Flask, signed_in: FlaskClient, device: Authenticator) -> None:
    with clock.at(clock.now() + rules.FRESH + timedelta(seconds=1)):
        answer = enrol(signed_in, Authenticator())
        refused(answer, 403, "identity.step_up")
        assert answer.json["error"]["params"] == {"by": "signature"}
    phone = app.test_client()
    log_in(phone, device)
    refused(enrol(phone, Authenticator()), 403, "identity.step_up")


def test_the_time_between_offer_and_answer_counts_too(signed_in: FlaskClient) -> None:
    offered = signed_in.post("/api/v1/auth/passkeys/options", headers=key()).json
    body = {
        "challenge_id": offered["challenge_id"],
        "credential": Authenticator().create(offered["options"]),
        "name": "x",
    }
    with clock.at(clock.now() + passkey_rules.WAITS + timedelta(seconds=1)):
        refused(signed_in.post("/api/v1/auth/passkeys", json=body, headers=key()), 409, "identity.challenge_ended")
    with clock.at(clock.now() + rules.FRESH + timedelta(seconds=1)):
        refused(signed_in.post("/api/v1/auth/passkeys", json=body, headers=key()), 403, "identity.step_up")


def test_an_offer_is_of_one_session_and_serves_once(app: Flask, signed_in: FlaskClient) -> None:
    offered = signed_in.post("/api/v1/auth/passkeys/options", headers=key()).json
    body = {
        "challenge_id": offered["challenge_id"],
        "credential": Authenticator().create(offered["options"]),
        "name": "x",
    }
    other = app.test_client()
    sign_in(other)
    refused(other.post("/api/v1/auth/passkeys", json=body, headers=key()), 409, "identity.challenge_ended")
    assert signed_in.post("/api/v1/auth/passkeys", json=body, headers=key()).status_code == 201
    refused(signed_in.post("/api/v1/auth/passkeys", json=body, headers=key()), 409, "identity.challenge_ended")


@pytest.mark.parametrize(
    "wrong",
    [
        {"flags": 0x01},  # present, but nobody was verified
        {"host": "evil.example"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://localhost:8001"},
    ],
)
def test_answers_that_enrol_nothing(signed_in: FlaskClient, wrong: dict[str, Any]) -> None:
    refused(enrol(signed_in, Authenticator(**wrong)), 422, "identity.passkey_refused")
    assert db.session.scalars(select(Passkey)).all() == []


def test_a_credential_is_enrolled_once(signed_in: FlaskClient, device: Authenticator) -> None:
    refused(enrol(signed_in, device), 409, "identity.passkey_known")


def test_there_is_an_end_to_passkeys(signed_in: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkey_rules, "MOST", 1)
    assert enrol(signed_in, Authenticator()).status_code == 201
    refused(enrol(signed_in, Authenticator()), 409, "identity.too_many_passkeys")
