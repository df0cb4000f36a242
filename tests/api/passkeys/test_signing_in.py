"""What signs in with a passkey, and what only looks like it. Both engines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import passkey_rules
from backend.identity.models import Session
from tests.api.passkeys.conftest import ended, enrol, log_in, refused
from tests.authenticator import Authenticator
from tests.factories import key


def kinds() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Fact.kind).order_by(Fact.at, Fact.id)))


FORGERIES: dict[str, Callable[[Authenticator], Authenticator]] = {
    "another key": lambda one: replace(one, key=Authenticator().key),
    "another host": lambda one: replace(one, host="evil.example"),
    "another origin": lambda one: replace(one, origin="https://evil.example"),
    "nobody verified": lambda one: replace(one, flags=0x01),
    "nobody present": lambda one: replace(one, flags=0x04),
    "unknown": lambda one: replace(one, id=b"\0" * 32),
    "another's handle": lambda one: replace(one, handle="AAAAAAAAAAAAAAAAAAAAAA"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forgeries_do_not_sign_in(app: Flask, device: Authenticator, forgery: str) -> None:
    phone = app.test_client()
    refused(log_in(phone, FORGERIES[forgery](device)), 422, "identity.passkey_refused")
    assert phone.get("/api/v1/me").status_code == 401
    assert ended(device) is None, "a forger's try takes nothing from the owner"


@pytest.mark.parametrize("part", ["id", "response"])
@pytest.mark.parametrize("value", [None, 1, "%%%", [], {}, "AAAA"])
def test_answers_that_no_authenticator_gives(app: Flask, device: Authenticator, part: str, value: Any) -> None:
    phone = app.test_client()
    asked = phone.post("/api/v1/auth/passkey/challenge").json
    body = {"challenge_id": asked["challenge_id"], "credential": device.get(asked["options"]) | {part: value}}
    assert phone.post("/api/v1/auth/passkey/login", json=body).status_code == 422


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("value", [None, 1, "%%%", "", "AAAA", "e30"])
def test_parts_that_no_authenticator_gives(app: Flask, device: Authenticator, part: str, value: Any) -> None:
    phone = app.test_client()
    asked = phone.post("/api/v1/auth/passkey/challenge").json
    given = device.get(asked["options"])
    given["response"][part] = value
    body = {"challenge_id": asked["challenge_id"], "credential": given}
    answer = phone.post("/api/v1/auth/passkey/login", json=body)
    nothing = part == "userHandle" and value in (None, "")  # an authenticator may leave it out
    assert answer.status_code == (200 if nothing else 422), answer.json


def test_a_challenge_belongs_to_one_browser_and_serves_once(app: Flask, device: Authenticator) -> None:
    phone, thief = app.test_client(), app.test_client()
    asked = phone.post("/api/v1/auth/passkey/challenge").json
    body = {"challenge_id": asked["challenge_id"], "credential": device.get(asked["options"])}
    refused(thief.post("/api/v1/auth/passkey/login", json=body), 409, "identity.challenge_ended")
    thief.post("/api/v1/auth/passkey/challenge")
    refused(thief.post("/api/v1/auth/passkey/login", json=body), 409, "identity.challenge_ended")
    browser = phone.get_cookie("tanba-challenge").value
    assert phone.post("/api/v1/auth/passkey/login", json=body).status_code == 200
    phone.set_cookie("tanba-challenge", browser)
    refused(phone.post("/api/v1/auth/passkey/login", json=body), 409, "identity.challenge_ended")


def test_a_challenge_runs_out(app: Flask, device: Authenticator) -> None:
    phone = app.test_client()
    asked = phone.post("/api/v1/auth/passkey/challenge").json
    body = {"challenge_id": asked["challenge_id"], "credential": device.get(asked["options"])}
    with clock.at(clock.now() + passkey_rules.WAITS + timedelta(seconds=1)):
        refused(phone.post("/api/v1/auth/passkey/login", json=body), 409, "identity.challenge_ended")


def test_the_challenge_of_enrolling_signs_nobody_in(signed_in: FlaskClient, device: Authenticator) -> None:
    offered = signed_in.post("/api/v1/auth/passkeys/options", headers=key()).json
    signed_in.post("/api/v1/auth/passkey/challenge")
    body = {"challenge_id": offered["challenge_id"], "credential": device.get(offered["options"])}
    refused(signed_in.post("/api/v1/auth/passkey/login", json=body), 409, "identity.challenge_ended")


def test_a_counter_that_goes_back_means_a_copy(app: Flask, device: Authenticator) -> None:
    copy = replace(device)
    assert log_in(app.test_client(), device).status_code == 200
    assert log_in(app.test_client(), device).status_code == 200
    answer = log_in(app.test_client(), copy)
    refused(answer, 403, "identity.passkey_ended")
    assert answer.json["error"]["params"] == {"why": "counter"}
    refused(log_in(app.test_client(), device), 403, "identity.passkey_ended")
    assert "passkey:ended" in kinds()
    assert db.session.scalars(select(Session).where(Session.via == "passkey", Session.revoked_at.is_(None))).all() == []


def test_an_authenticator_that_does_not_count_is_as_good(app: Flask, signed_in: FlaskClient) -> None:
    still = Authenticator(counts=False)
    enrol(signed_in, still)
    assert [log_in(app.test_client(), still).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    ("known", "said", "good"), [(0, 0, True), (0, 1, True), (5, 6, True), (5, 5, False), (5, 4, False), (5, 0, False)]
)
def test_counters(known: int, said: int, good: bool) -> None:
    assert passkey_rules.counter_grew(known, said) is good
