"""Registration as the applicant meets it: begin, fill in, sign, confirm, take back. Both engines."""

import hashlib
import json
import logging
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity.models import LoginChallenge
from backend.organisations import queries as organisation_queries
from backend.organisations import service as organisations
from backend.organisations.rules import Kind, Role
from backend.registration import tasks
from backend.registration.models import Application, Attempt
from backend.signatures.models import Signature
from backend.signatures.rules import Role as CertificateRole
from tests import signing
from tests.factories import iin, key
from tests.registering import (
    FIRM,
    FORM,
    HERE,
    NEW_BIN,
    OPERATOR,
    TRADER,
    begin,
    code,
    confirm,
    documents,
    facts,
    fields,
    fill,
    firm,
    hand_in,
    letters,
    link,
    make_operator,
    own,
    sign,
    signatures,
    signed_challenge,
    submitted,
    trader,
    unconfirmed,
)


@pytest.fixture(autouse=True)
def operator(app: Flask) -> str:
    signing.copy(app.config["SETTINGS"].instance / "devca")
    return make_operator()


@pytest.fixture
def other(app: Flask) -> FlaskClient:
    """Another browser."""
    return app.test_client()


def register(*, head: str = signing.IIN, **wanted: Any) -> str:
    """The firm as if somebody had registered it before; returns its id."""

    def make() -> str:
        made = organisations.create_organisation(**{"kind": Kind.IMPORTER, "bin": NEW_BIN, "names": OPERATOR} | wanted)
        organisations.add_member(made, iin=head, name="Бұрынғы Басшы", role=Role.HEAD)
        return made

    return unit_of_work(make)


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_everything_comes_from_the_certificate_but_the_contacts(client: FlaskClient) -> None:
    begun = begin(client, firm()).json
    assert (begun["state"], begun["purpose"], begun["filled"]) == ("draft", "registration", False)
    assert begun["certificate"] == {
        "name": signing.NAME,
        "iin": f"********{signing.OTHER_IIN[-4:]}",
        "organisation": FIRM,
        "bin": NEW_BIN,
        "legal_form": "llp",
        "roles": ["head", "legal_entity"],
        "test": True,
    }
    assert begun["names"] == {"kk": "«Жаңа Жол» ЖШС", "ru": FIRM, "en": "Zhanga Zhol LLP"}
    assert own(client).json == begun
    cookie = client.get_cookie("tanba-applicant")
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.secure) == (True, "Lax", "/", False)


@pytest.mark.parametrize("role", [CertificateRole.EMPLOYEE, CertificateRole.FINANCE, CertificateRole.STAFF_OFFICE])
def test_only_the_head_or_a_signatory_registers_a_firm(client: FlaskClient, role: CertificateRole) -> None:
    refused = begin(client, firm(role=role))
    assert (refused.status_code, code(refused)) == (403, "registration.role_insufficient")
    assert count(LoginChallenge) == 1, "whoever took the wrong key tries again"
    assert count(Application) == 0


def test_a_signatory_may_begin(client: FlaskClient) -> None:
    assert begin(client, firm(role=CertificateRole.SIGNATORY)).status_code == 200


def test_a_challenge_begins_once(client: FlaskClient) -> None:
    body = signed_challenge(client, firm())
    assert client.post(f"{HERE}/begin", json=body).status_code == 200
    assert code(client.post(f"{HERE}/begin", json=body)) == "identity.challenge_ended"


def test_a_challenge_of_another_browser_begins_nothing(client: FlaskClient, other: FlaskClient) -> None:
    body = signed_challenge(client, firm())
    other.post("/api/v1/auth/challenge")
    assert code(other.post(f"{HERE}/begin", json=body)) == "identity.challenge_ended"


def test_on_another_device_the_same_application_goes_on(client: FlaskClient, other: FlaskClient) -> None:
    number = begin(client, firm()).json["number"]
    fill(client)
    moved = begin(other, firm()).json
    assert (moved["number"], moved["filled"], moved["email"]) == (number, True, "Saule@example.kz")
    assert code(own(client)) == "registration.unknown", "one browser at a time"
    assert count(Application) == 1


def test_two_people_may_apply_for_one_firm(client: FlaskClient, other: FlaskClient) -> None:
    first = begin(client, firm()).json["number"]
    assert begin(other, firm(iin=signing.IIN)).json["number"] != first


@pytest.mark.parametrize("cookie", [None, "A" * 43])
def test_without_its_cookie_there_is_no_application(
    client: FlaskClient, other: FlaskClient, cookie: str | None
) -> None:
    unconfirmed(client)
    if cookie:
        other.set_cookie("tanba-applicant", cookie)
    answers = [
        own(other),
        fill(other),
        other.get(f"{HERE}/documents"),
        hand_in(other, {"signatures": [{"id": "application", "cms": "AAAA"}]}),
        other.post(f"{HERE}/resend", headers=key()),
        other.put(f"{HERE}/email", json={"email": "a@example.kz"}, headers=key()),
        other.delete(f"{HERE}/application", headers=key()),
    ]
    assert {(answer.status_code, code(answer)) for answer in answers} == {(404, "registration.unknown")}
    assert len(letters()) == 1


def test_the_cookie_opens_the_application_for_thirty_days(client: FlaskClient) -> None:
    begin(client, firm())
    with clock.at(clock.now() + timedelta(days=30, seconds=1)):
        assert code(own(client)) == "registration.unknown"


def test_a_registered_firm_invites(client: FlaskClient) -> None:
    register()
    refused = begin(client, firm(role=CertificateRole.SIGNATORY))
    assert (refused.status_code, code(refused)) == (403, "registration.invitation_needed")


def test_whoever_is_in_logs_in(client: FlaskClient) -> None:
    register(head=signing.OTHER_IIN)
    body = signed_challenge(client, firm())
    assert code(client.post(f"{HERE}/begin", json=body)) == "registration.already_in"


def test_a_blocked_firm_does_not_change_its_head(client: FlaskClient) -> None:
    blocked = register()
    unit_of_work(lambda: organisations.block_organisation(blocked, reason="тексеру"))
    assert code(begin(client, firm())) == "organisations.blocked"


def test_a_new_head_asks_for_the_cabinet(client: FlaskClient) -> None:
    register()
    begun = begin(client, firm()).json
    assert (begun["purpose"], begun["names"]) == ("head_change", OPERATOR)
    assert fill(client, kind=None, declaration_holder=None, groups=[]).status_code == 200
    assert [one["id"] for one in documents(client)] == ["application"]
    assert sign(client, firm()).json["state"] == "unconfirmed"


def test_a_signatory_signs_no_change_of_head(client: FlaskClient) -> None:
    register()
    begin(client, firm())
    fill(client, kind=None, declaration_holder=None, groups=[])
    assert code(sign(client, firm(role=CertificateRole.SIGNATORY))) == "registration.role_insufficient"


def test_an_employee_who_became_head_asks_for_it(client: FlaskClient) -> None:
    made = register()
    unit_of_work(lambda: organisations.add_member(made, iin=signing.OTHER_IIN, name="Сәуле"))
    body = signed_challenge(client, firm())
    assert client.post(f"{HERE}/begin", json=body).json["purpose"] == "head_change"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"kind": None}, {("kind", "kind"), ("declaration_holder", "declaration_holder")}),
        ({"kind": "sole_trader"}, {("kind", "kind"), ("trade", "trade"), ("declaration_holder", "declaration_holder")}),
        ({"trade": "retail"}, {("trade", "trade")}),
        ({"kind": "retail"}, {("declaration_holder", "declaration_holder")}),
        ({"declaration_holder": None}, {("declaration_holder", "declaration_holder")}),
        ({"groups": []}, {("groups", "empty")}),
        ({"groups": ["footwear", "tanks"]}, {("groups.1", "group")}),
        ({"names": {"kk": "  "}}, {("names.kk", "empty")}),
        ({"names": {"en": "x" * 251}}, {("names.en", "too_long")}),
        ({"email": "saule"}, {("email", "email")}),
        ({"email": ".saule@example.kz"}, {("email", "email")}),
        ({"phone": "12"}, {("phone", "phone")}),
    ],
)
def test_what_is_wrong_in_the_form(client: FlaskClient, changes: dict[str, Any], wrong: set[tuple[str, str]]) -> None:
    begin(client, firm())
    refused = fill(client, **changes)
    assert (refused.status_code, code(refused)) == (422, "registration.form_invalid")
    assert fields(refused) == wrong
    assert own(client).json["filled"] is False


def test_nobody_registers_as_the_operator(client: FlaskClient) -> None:
    begin(client, firm())
    assert code(fill(client, kind="operator")) == "request.invalid"


def test_it_is_said_what_is_kept_otherwise_than_typed(client: FlaskClient) -> None:
    begin(client, firm())
    assert fill(client).json == {"state": "draft", "changed": ["email", "phone"]}
    kept = own(client).json
    assert (kept["email"], kept["phone"]) == ("Saule@example.kz", "+77015550011")
    assert fill(client, email=kept["email"], phone=kept["phone"]).json["changed"] == []


def test_the_certificates_own_name_is_not_typed(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client, names={"kk": "«Жаңа  Жол-Импорт» ЖШС", "ru": "ТОО «Чужое имя»", "en": "New Way LLP"})
    assert own(client).json["names"] == {"kk": "«Жаңа Жол-Импорт» ЖШС", "ru": FIRM, "en": "New Way LLP"}
    assert begin(client, firm()).json["names"]["en"] == "New Way LLP", "what was typed outlives a second beginning"


def test_a_sole_trader_names_the_trade(client: FlaskClient) -> None:
    begun = begin(client, trader()).json
    assert (begun["certificate"]["bin"], begun["certificate"]["legal_form"]) == (None, "sole_trader")
    assert begun["names"]["ru"].startswith("ИП ")
    assert fields(fill(client, kind="retail", declaration_holder=None)) == {("kind", "kind")}
    assert fill(client, **TRADER).status_code == 200


def test_what_gets_signed(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    application, contract = documents(client)
    texts = {name: client.get(f"{HERE}/texts/{name}").json for name in ("agreement", "contract")}
    said, agreed = (json.loads(b64decode(one["bytes"])) for one in (application, contract))
    assert (said["schema"], agreed["schema"]) == ("kz.tanba.application/v1", "kz.tanba.contract/v1")
    assert said["agreement"] == {"version": texts["agreement"]["version"], "sha256": texts["agreement"]["hashes"]}
    assert agreed["contract"] == {"version": texts["contract"]["version"], "sha256": texts["contract"]["hashes"]}
    assert agreed["operator"] == {"bin": signing.BIN, "names": OPERATOR}
    assert agreed["participant"]["bin"] == said["participant"]["bin"] == NEW_BIN
    assert (said["kind"], said["declaration_holder"], said["groups"]) == ("importer", "wholesaler", ["footwear"])
    for document in (application, contract):
        assert "example" not in b64decode(document["bytes"]).decode().lower()
        assert "7015550011" not in b64decode(document["bytes"]).decode()
    assert documents(client) == [application, contract], "the same bytes until something changes"


def test_the_texts_are_what_their_hashes_say(client: FlaskClient) -> None:
    for name in ("agreement", "contract"):
        found = client.get(f"{HERE}/texts/{name}").json
        for language, text in found["texts"].items():
            assert hashlib.sha256(text.encode()).hexdigest() == found["hashes"][language]
        assert client.get(f"{HERE}/texts/{name}?version={found['version']}").json == found
    for path in ("agreement?version=1900-1", "agreement?version=..", "secrets"):
        assert code(client.get(f"{HERE}/texts/{path}")) == "registration.text_unknown"


def test_nothing_to_sign_before_the_form_is_filled(client: FlaskClient) -> None:
    begin(client, firm())
    assert code(client.get(f"{HERE}/documents")) == "registration.not_filled"


def test_without_an_operator_there_is_no_contract(client: FlaskClient, operator: str) -> None:
    begin(client, firm())
    fill(client)

    def retire() -> None:
        organisation_queries.organisation(operator).kind = Kind.WHOLESALER

    unit_of_work(retire)
    refused = client.get(f"{HERE}/documents")
    assert (refused.status_code, code(refused)) == (503, "registration.operator_missing")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"iin": signing.IIN}, "registration.other_signer"),
        ({"bin": signing.OTHER_BIN}, "registration.other_signer"),
        ({"bin": None, "organisation": None}, "registration.other_signer"),
        ({"role": CertificateRole.EMPLOYEE}, "registration.role_insufficient"),
        ({"sign": False}, "signatures.key_purpose_wrong"),
    ],
)
def test_whose_signature_does_not_count(client: FlaskClient, wanted: dict[str, Any], expected: str) -> None:
    begin(client, firm())
    fill(client)
    assert code(sign(client, firm(**wanted))) == expected
    assert own(client).json["state"] == "draft"
    assert letters() == []


def test_a_log_in_is_no_contract(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    login = signed_challenge(client, firm())["cms"]
    body = {"signatures": [{"id": name, "cms": login} for name in ("application", "contract")]}
    assert code(hand_in(client, body)) == "signatures.document_changed"


def test_every_document_has_its_own_signature(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    made = signatures(documents(client), firm())["signatures"]
    missing = hand_in(client, {"signatures": made[:1]})
    assert (code(missing), fields(missing)) == ("registration.signatures_incomplete", {("contract", "signature")})
    strange = hand_in(client, {"signatures": [*made, {"id": "act", "cms": made[0]["cms"]}]})
    assert fields(strange) == {("act", "signature")}
    swapped = [{"id": made[0]["id"], "cms": made[1]["cms"]}, {"id": made[1]["id"], "cms": made[0]["cms"]}]
    assert code(hand_in(client, {"signatures": swapped})) == "signatures.document_changed"


def test_the_same_request_again_gets_the_same_answer(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    made, once = signatures(documents(client), firm()), key()
    first = hand_in(client, made, once)
    assert hand_in(client, made, once).json == first.json
    assert code(hand_in(client, made)) == "registration.state_moved"
    assert (len(letters()), count(Attempt)) == (1, 1)


def test_a_changed_form_is_signed_anew(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    early = signatures(documents(client), firm())
    assert hand_in(client, early).status_code == 200
    token = link(letters()[-1])
    assert fill(client, declaration_holder="carrier").json["state"] == "draft"
    assert code(hand_in(client, early)) == "signatures.document_changed"
    assert code(confirm(client, token)) == "registration.confirmation_wrong"
    assert sign(client, firm()).status_code == 200
    assert code(confirm(client, token)) == "registration.confirmation_wrong", "the link of the earlier signing"
    assert confirm(client).json["state"] == "submitted"


def test_the_evidence_is_kept(client: FlaskClient) -> None:
    unconfirmed(client)
    attempt = db.session.scalars(select(Attempt)).one()
    kept = {name: db.session.get_one(Signature, one) for name, one in attempt.signatures.items()}
    assert {name: one.schema for name, one in kept.items()} == {
        "application": "kz.tanba.application/v1",
        "contract": "kz.tanba.contract/v1",
    }
    assert {one.bin for one in kept.values()} == {NEW_BIN}


def test_the_link_works_in_any_browser_and_twice(client: FlaskClient, other: FlaskClient) -> None:
    moment = clock.now().replace(microsecond=0)
    with clock.at(moment):
        token = unconfirmed(client)
        first = confirm(other, token)
    deadline = (moment + timedelta(hours=24)).isoformat().replace("+00:00", "Z")
    assert first.json == {"number": own(client).json["number"], "state": "submitted", "deadline": deadline}
    assert confirm(client, token).json == first.json
    assert [one.kind for one in facts("registration:confirmed", "registration:submitted")] == [
        "registration:confirmed",
        "registration:submitted",
    ]


@pytest.mark.parametrize(
    "spoil", [lambda one: one[:-1] + "zz"[one[-1] == "z"], lambda one: "0" * 26 + one[26:], str.upper]
)
def test_a_wrong_link(client: FlaskClient, spoil: Any) -> None:
    refused = confirm(client, spoil(unconfirmed(client)))
    assert (refused.status_code, code(refused)) == (404, "registration.confirmation_wrong")
    assert own(client).json["state"] == "unconfirmed"


def test_the_letter_is_sent_again_with_the_same_link(client: FlaskClient) -> None:
    token = unconfirmed(client)
    assert client.post(f"{HERE}/resend", headers=key()).json["state"] == "unconfirmed"
    assert [link(letter) for letter in letters()] == [token, token]
    confirm(client, token)
    assert code(client.post(f"{HERE}/resend", headers=key())) == "registration.state_moved"


def test_another_address_kills_the_earlier_link(client: FlaskClient) -> None:
    token = unconfirmed(client)
    refused = client.put(f"{HERE}/email", json={"email": "сауле"}, headers=key())
    assert fields(refused) == {("email", "email")}
    changed = client.put(f"{HERE}/email", json={"email": "new@example.kz"}, headers=key())
    assert changed.json == {"state": "unconfirmed", "changed": []}
    assert letters()[-1]["to"] == "new@example.kz"
    assert code(confirm(client, token)) == "registration.confirmation_wrong"
    assert confirm(client).json["state"] == "submitted"
    assert code(client.put(f"{HERE}/email", json={"email": "late@example.kz"}, headers=key())) == (
        "registration.state_moved"
    )


def test_letters_are_counted(app: Flask, client: FlaskClient) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], limits=True)
    unconfirmed(client)
    answers = [client.post(f"{HERE}/resend", headers=key()).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.put(f"{HERE}/email", json={"email": "b@example.kz"}, headers=key()).status_code == 429
    fill(client, email="c@example.kz")
    assert sign(client, firm()).status_code == 429
    assert {letter["to"] for letter in letters()} == {"Saule@example.kz"}


def test_unconfirmed_for_a_week_is_forgotten(client: FlaskClient) -> None:
    token = unconfirmed(client)
    with clock.at(clock.now() + timedelta(days=6, hours=23)):
        tasks.remove_stale()
        assert own(client).json["state"] == "unconfirmed"
    with clock.at(clock.now() + timedelta(days=7)):
        assert code(confirm(client, token)) == "registration.confirmation_wrong", "before the sweep as after it"
        tasks.remove_stale()
        tasks.remove_stale()
        assert code(confirm(client, token)) == "registration.confirmation_wrong"
        assert code(own(client)) == "registration.unknown"
    assert (count(Application), count(Attempt), count(Signature)) == (0, 0, 0)
    assert [one.detail for one in facts("registration:removed")] == [{"why": "unconfirmed"}]


def test_drafts_and_refusals_lie_longer(client: FlaskClient) -> None:
    begin(client, firm())
    with clock.at(clock.now() + timedelta(days=29)):
        tasks.remove_stale()
    assert count(Application) == 1
    with clock.at(clock.now() + timedelta(days=31)):
        tasks.remove_stale()
    assert count(Application) == 0


def test_an_application_on_the_desk_is_never_forgotten(client: FlaskClient) -> None:
    submitted(client)
    with clock.at(clock.now() + timedelta(days=400)):
        tasks.remove_stale()
    assert count(Application) == 1


def test_one_takes_the_application_back(client: FlaskClient) -> None:
    submitted(client)
    answer = client.delete(f"{HERE}/application", headers=key())
    assert answer.json == {"withdrawn": True}
    assert (count(Application), count(Attempt), count(Signature)) == (0, 0, 0), "a certificate names a person too"
    assert begin(client, firm()).json["filled"] is False


def test_what_is_sent_is_not_filled_in_any_more(client: FlaskClient) -> None:
    submitted(client)
    refused = fill(client)
    assert (code(refused), refused.json["error"]["params"]) == ("registration.state_moved", {"state": "submitted"})


def test_people_are_in_no_fact_and_no_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    submitted(client)
    client.delete(f"{HERE}/application", headers=key())
    said = " ".join(str((one.before, one.after, one.detail)) for one in facts()) + caplog.text
    assert [one.kind for one in facts()] == [
        f"registration:{what}" for what in ("begun", "signed", "confirmed", "submitted", "removed")
    ]
    for secret in (signing.OTHER_IIN, "example.kz", "7015550011", "СЕРІКБАЕВ", FORM["email"]):
        assert secret not in said


def test_contacts_lie_sealed(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    row = db.session.scalars(select(Application)).one()
    stored = " ".join(str(getattr(row, column.key)) for column in Application.__table__.columns)
    for secret in (signing.OTHER_IIN, "Saule", "7015550011"):
        assert secret not in stored


def test_a_number_with_a_wrong_check_digit_is_believed_to_a_certificate(client: FlaskClient) -> None:
    source = firm(bin="123456789021", iin="123456789011")
    assert begin(client, source).json["certificate"]["bin"] == "123456789021"


def test_fresh_numbers(client: FlaskClient) -> None:
    assert begin(client, firm(iin=iin())).json["number"].startswith(f"{clock.today().year}-")
