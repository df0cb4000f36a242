"""Passkeys: enrolled beside a signature, quick afterwards, gone with what they rest on; and confirmations by them."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import passkey_rules, rules
from backend.identity.models import Confirmation, Passkey, PasskeyChallenge, Session
from backend.organisations import service as organisations
from backend.organisations.models import Membership
from backend.organisations.rules import Kind, Role
from backend.signatures import devca, signer
from backend.signatures.models import Signature
from tests import signing
from tests.authenticator import Authenticator, content
from tests.factories import key
from tests.signing import BIN, IIN, NAME, PASSWORD, head

NAMES = {"kk": "«Дос» ЖШС", "ru": "ТОО «Дос»", "en": "Dos LLP"}


@pytest.fixture
def importer(app: Flask) -> str:
    """A participant with its head, and the run's development authority in place."""
    signing.copy(app.config["SETTINGS"].instance / "devca")

    def make() -> str:
        made = organisations.create_organisation(kind=Kind.IMPORTER, bin=BIN, names=NAMES)
        organisations.add_member(made, iin=IIN, name=NAME, role=Role.HEAD)
        return made

    return unit_of_work(make)


@pytest.fixture
def signed_in(client: FlaskClient, importer: str) -> FlaskClient:
    sign_in(client)
    return client


@pytest.fixture
def device(signed_in: FlaskClient) -> Authenticator:
    """An authenticator with an enrolled passkey."""
    made = Authenticator()
    assert enrol(signed_in, made).status_code == 201
    return made


def sign_in(client: FlaskClient) -> None:
    challenge = client.post("/api/v1/auth/challenge").json
    cms = b64encode(signer.sign(head(), PASSWORD, b64decode(challenge["document"]))).decode()
    answer = client.post("/api/v1/auth/login", json={"challenge_id": challenge["challenge_id"], "cms": cms})
    assert answer.status_code == 200, answer.json


def enrol(client: FlaskClient, device: Authenticator, **changes: Any) -> Any:
    offered = client.post("/api/v1/auth/passkeys/options", headers=key())
    if offered.status_code != 200:
        return offered
    body = {
        "challenge_id": offered.json["challenge_id"],
        "credential": device.create(offered.json["options"]),
        "name": "Телефон",
    }
    return client.post("/api/v1/auth/passkeys", json=body | changes, headers=key())


def log_in(client: FlaskClient, device: Authenticator, **changes: Any) -> Any:
    asked = client.post("/api/v1/auth/passkey/challenge").json
    body = {"challenge_id": asked["challenge_id"], "credential": device.get(asked["options"])} | changes
    return client.post("/api/v1/auth/passkey/login", json=body)


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def kinds() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Fact.kind).order_by(Fact.at, Fact.id)))


def ended(device: Authenticator) -> str | None:
    db.session.rollback()
    return db.session.scalars(select(Passkey.ended_why).where(Passkey.credential == device.id)).one()


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


def test_a_blocked_member_loses_the_passkey(app: Flask, device: Authenticator, importer: str) -> None:
    membership = db.session.scalars(select(Membership.id)).one()
    unit_of_work(lambda: organisations.block_member(importer, membership))
    refused(log_in(app.test_client(), device), 403, "identity.passkey_ended")
    unit_of_work(lambda: organisations.unblock_member(importer, membership))
    refused(log_in(app.test_client(), device), 403, "identity.passkey_ended")


def test_a_blocked_organisation_keeps_its_peoples_passkeys(app: Flask, device: Authenticator, importer: str) -> None:
    unit_of_work(lambda: organisations.block_organisation(importer, reason="test"))
    refused(log_in(app.test_client(), device), 403, "organisations.blocked")
    unit_of_work(lambda: organisations.unblock_organisation(importer, reason="test"))
    assert log_in(app.test_client(), device).status_code == 200


def test_a_passkey_falls_with_the_head(app: Flask, device: Authenticator, importer: str) -> None:
    def another() -> None:
        organisations.add_member(importer, iin=signing.OTHER_IIN, name="ИВАНОВ ИВАН", role=Role.HEAD)
        mine = select(Membership).order_by(Membership.id).limit(1)
        db.session.scalars(mine).one().role = Role.EMPLOYEE

    unit_of_work(another)
    refused(log_in(app.test_client(), device), 403, "identity.passkey_ended")
    assert ended(device) == "role"


def test_a_passkey_of_an_employee_falls_when_another_heads(app: Flask, device: Authenticator) -> None:
    unit_of_work(lambda: db.session.execute(update(Passkey).values(head_id="somebody else")))
    refused(log_in(app.test_client(), device), 403, "identity.passkey_ended")
    assert ended(device) == "head"


def test_a_passkey_falls_with_its_certificate(app: Flask, device: Authenticator) -> None:
    authority = devca.DevCA(app.config["SETTINGS"].instance / "devca")
    authority.revoke(devca.serial_of(head(), PASSWORD))
    refused(log_in(app.test_client(), device), 403, "identity.passkey_ended")
    assert ended(device) == "certificate"


def test_a_passkey_is_renamed_and_removed(app: Flask, signed_in: FlaskClient, device: Authenticator) -> None:
    phone = app.test_client()
    log_in(phone, device)
    own = signed_in.get("/api/v1/auth/passkeys").json["passkeys"][0]["id"]
    path = f"/api/v1/auth/passkeys/{own}"
    assert signed_in.patch(path, json={"name": "Жұмыс телефоны"}, headers=key()).status_code == 200
    assert signed_in.get("/api/v1/auth/passkeys").json["passkeys"][0]["name"] == "Жұмыс телефоны"
    assert signed_in.delete(path, headers=key()).status_code == 200
    assert signed_in.get("/api/v1/auth/passkeys").json["passkeys"] == []
    assert phone.get("/api/v1/me").status_code == 401, "what it opened ends with it"
    refused(signed_in.delete(path, headers=key()), 404, "identity.passkey_unknown")
    refused(log_in(phone, device), 403, "identity.passkey_ended")


def test_anothers_passkeys_are_not_there(app: Flask, signed_in: FlaskClient, device: Authenticator) -> None:
    from tests import factories

    other = app.test_client()
    factories.sign_in(other, factories.organisation())
    own = signed_in.get("/api/v1/auth/passkeys").json["passkeys"][0]["id"]
    assert other.get("/api/v1/auth/passkeys").json["passkeys"] == []
    path = f"/api/v1/auth/passkeys/{own}"
    refused(other.delete(path, headers=key()), 404, "identity.passkey_unknown")
    refused(other.patch(path, json={"name": "x"}, headers=key()), 404, "identity.passkey_unknown")


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
