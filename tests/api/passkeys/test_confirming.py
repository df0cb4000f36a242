"""A passkey confirms one action on one thing, once; it never signs. Both engines."""

import hashlib
import json
from base64 import b64decode
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import rules
from backend.identity.models import Confirmation, Passkey, PasskeyChallenge
from tests.api.passkeys.conftest import log_in, refused, sign_in
from tests.authenticator import Authenticator, content
from tests.factories import key


def confirmation(client: FlaskClient, device: Authenticator, action: str, subject: str) -> str:
    asked = client.post("/api/v1/auth/confirmations", json={"action": action, "subject_id": subject}, headers=key())
    assert asked.status_code == 201, asked.json
    body = {"credential": device.get(asked.json["options"])}
    answer = client.post(f"/api/v1/auth/confirmations/{asked.json['id']}", json=body)
    assert answer.status_code == 200, answer.json
    return answer.json["id"]


def later() -> Any:
    return clock.at(clock.now() + rules.FRESH + timedelta(seconds=1))


def test_what_is_confirmed_is_what_the_passkey_saw(signed_in: FlaskClient, device: Authenticator) -> None:
    body = {"action": "session:revoke", "subject_id": "some session"}
    asked = signed_in.post("/api/v1/auth/confirmations", json=body, headers=key()).json
    document = b64decode(asked["document"])
    assert content(asked["options"]["challenge"]) == hashlib.sha256(document).digest()
    said = json.loads(document)
    assert said["schema"] == "kz.tanba.confirmation/v1"
    assert (said["action"], said["subject"]) == ("session:revoke", "some session")
    assert "подпись" in said["text"]["ru"]
    answer = device.get(asked["options"])
    signed_in.post(f"/api/v1/auth/confirmations/{asked['id']}", json={"credential": answer})
    kept = db.session.scalars(select(Confirmation)).one()
    assert (kept.document, kept.assertion) == (document, answer["response"])


def test_an_old_session_ends_another_with_a_confirmation(
    app: Flask, signed_in: FlaskClient, device: Authenticator
) -> None:
    log_in(phone := app.test_client(), device)
    lost = next(one["id"] for one in phone.get("/api/v1/auth/sessions").json["sessions"] if one["current"])
    path = f"/api/v1/auth/sessions/{lost}"
    with later():
        refused(signed_in.delete(path, headers=key()), 403, "identity.step_up")
        confirmed = confirmation(signed_in, device, "session:revoke", lost)
        assert signed_in.delete(f"{path}?confirmation={confirmed}", headers=key()).status_code == 200
        assert phone.get("/api/v1/me").status_code == 401
    fact = db.session.scalars(select(Fact).where(Fact.kind == "confirmation:used")).one()
    assert fact.detail == {"action": "session:revoke", "subject": lost}
    assert fact.signature_id is None


def test_a_confirmation_is_of_one_action_one_thing_one_session_and_one_use(
    app: Flask, signed_in: FlaskClient, device: Authenticator
) -> None:
    sign_in(other := app.test_client())
    mine = signed_in.get("/api/v1/me").json["person"]["id"]
    with later():
        asked = signed_in.post(
            "/api/v1/auth/confirmations", json={"action": "session:revoke_others", "subject_id": mine}, headers=key()
        ).json
        confirmed = confirmation(signed_in, device, "session:revoke_others", mine)
        for client, given in ((signed_in, asked["id"]), (signed_in, None), (other, confirmed)):
            answer = client.post("/api/v1/auth/sessions/revoke-others", json={"confirmation": given}, headers=key())
            refused(answer, 403, "identity.step_up")
        wrong = confirmation(signed_in, device, "session:revoke_others", "another")
        path = "/api/v1/auth/sessions/revoke-others"
        refused(signed_in.post(path, json={"confirmation": wrong}, headers=key()), 403, "identity.step_up")
        wrong = confirmation(signed_in, device, "api_key:create", mine)
        refused(signed_in.post(path, json={"confirmation": wrong}, headers=key()), 403, "identity.step_up")
        assert signed_in.post(path, json={"confirmation": confirmed}, headers=key()).json == {"ended": 1}
        refused(signed_in.post(path, json={"confirmation": confirmed}, headers=key()), 403, "identity.step_up")


def test_a_confirmation_runs_out(signed_in: FlaskClient, device: Authenticator) -> None:
    mine = signed_in.get("/api/v1/me").json["person"]["id"]
    confirmed = confirmation(signed_in, device, "session:revoke_others", mine)
    with later():
        answer = signed_in.post("/api/v1/auth/sessions/revoke-others", json={"confirmation": confirmed}, headers=key())
        refused(answer, 403, "identity.step_up")


def test_only_ones_own_passkey_confirms(app: Flask, signed_in: FlaskClient, device: Authenticator) -> None:
    sign_in(other := app.test_client())
    body = {"action": "session:revoke", "subject_id": "x"}
    asked = signed_in.post("/api/v1/auth/confirmations", json=body, headers=key()).json
    path = f"/api/v1/auth/confirmations/{asked['id']}"
    answer = {"credential": device.get(asked["options"])}
    refused(other.post(path, json=answer), 409, "identity.challenge_ended")
    unit_of_work(lambda: db.session.execute(update(Passkey).values(person_id=_somebody())))
    assert signed_in.post(path, json=answer).status_code in (403, 422)


def _somebody() -> str:
    from backend.identity import service
    from tests import factories

    return service.person(factories.iin(), "Әлия")


def test_without_a_passkey_there_is_nothing_to_confirm_with(signed_in: FlaskClient) -> None:
    body = {"action": "session:revoke", "subject_id": "x"}
    refused(signed_in.post("/api/v1/auth/confirmations", json=body, headers=key()), 404, "identity.passkey_unknown")


def test_a_signature_cannot_be_confirmed(signed_in: FlaskClient, device: Authenticator) -> None:
    body = {"action": "contract:sign", "subject_id": "x"}
    refused(signed_in.post("/api/v1/auth/confirmations", json=body, headers=key()), 422, "request.invalid")


def test_challenges_are_forgotten(app: Flask, device: Authenticator) -> None:
    from backend.identity import tasks

    app.test_client().post("/api/v1/auth/passkey/challenge")
    with clock.at(clock.now() + timedelta(minutes=6)):
        tasks.forget()
    assert db.session.scalars(select(PasskeyChallenge)).all() == []
