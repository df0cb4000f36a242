"""Registration as the operator's desk meets it: the queue, the word on an application, what follows. Both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.core import clock
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.errors import DomainError
from backend.identity import queries as identity
from backend.identity.models import Person
from backend.organisations import queries as organisations
from backend.organisations.models import Membership, Organisation
from backend.organisations.rules import Function, Kind, Role
from backend.registration import decisions
from backend.registration.models import Contract
from backend.registration.rules import AlreadyDecided
from backend.signatures.rules import Role as CertificateRole
from tests import factories, signing
from tests.factories import iin, key, sign_in
from tests.registering import (
    FIRM,
    HERE,
    NEW_BIN,
    TRADER,
    approve,
    begin,
    code,
    confirm,
    facts,
    fields,
    fill,
    firm,
    letters,
    log_in,
    make_operator,
    own,
    refuse,
    sign,
    submitted,
    trader,
    unconfirmed,
)

DESK = "/api/v1/desk/registrations"


@pytest.fixture(autouse=True)
def operator(app: Flask) -> str:
    signing.copy(app.config["SETTINGS"].instance / "devca")
    return make_operator()


@pytest.fixture
def desk(app: Flask, operator: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, operator, role=Role.EMPLOYEE, functions=(Function.DESK,))
    return client


@pytest.fixture
def other(app: Flask) -> FlaskClient:
    """Another applicant's browser."""
    return app.test_client()


def rows(desk: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    return desk.get(DESK, query_string=query).json["registrations"]


def shown(desk: FlaskClient, application_id: str) -> Any:
    return desk.get(f"{DESK}/{application_id}").json


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def organisation() -> Organisation:
    db.session.rollback()
    return organisations.by_tax_number(NEW_BIN)


def test_from_the_first_signature_to_the_cabinet(client: FlaskClient, desk: FlaskClient) -> None:
    application = submitted(client)
    assert [row["id"] for row in rows(desk)] == [application]
    approved = approve(desk, application)
    assert (approved.status_code, approved.json["state"]) == (200, "approved")
    assert own(client).json["state"] == "approved"
    assert log_in(client, firm()).status_code == 200
    me = client.get("/api/v1/me").json
    assert (me["organisation"]["bin"], me["organisation"]["kind"]) == (NEW_BIN, "importer")
    assert {"staff:manage", "catalogue:edit"} <= set(me["permissions"])


def test_what_was_chosen_reaches_the_organisation(client: FlaskClient, desk: FlaskClient) -> None:
    approve(desk, submitted(client))
    made = organisation()
    assert (made.kind, made.trade, made.declaration_holder, made.groups) == (
        Kind.IMPORTER,
        None,
        "wholesaler",
        ["footwear"],
    )
    assert made.names == {"kk": "«Жаңа Жол» ЖШС", "ru": FIRM, "en": "Zhanga Zhol LLP"}
    assert (made.email, made.phone, made.contract_state) == ("Saule@example.kz", "+77015550011", "valid")
    person = identity.contacts(identity.person_id_of(signing.OTHER_IIN))
    assert (person.email, person.phone, person.language) == ("Saule@example.kz", "+77015550011", "ru")
    assert person.email_confirmed_at is not None


def test_the_contract_is_registered(client: FlaskClient, desk: FlaskClient) -> None:
    application = submitted(client)
    signed = {one["document"]: one for one in shown(desk, application)["signatures"]}
    approve(desk, application)
    contract = db.session.scalars(select(Contract)).one()
    assert contract.organisation_id == organisation().id
    assert (contract.number, contract.application_id, contract.state) == (
        own(client).json["number"],
        application,
        "valid",
    )
    assert set(contract.signatures) == set(signed) == {"application", "contract"}
    assert [one.signature_id for one in facts("contract:made")] == [contract.signatures["contract"]]


@pytest.mark.parametrize(("trade", "may"), [("retail", False), ("wholesaler", False), ("producer", True)])
def test_a_sole_trader_may_what_the_trade_may(client: FlaskClient, desk: FlaskClient, trade: str, may: bool) -> None:
    approve(desk, submitted(client, trader(), **TRADER | {"trade": trade}))
    assert log_in(client, trader()).status_code == 200
    me = client.get("/api/v1/me").json
    assert (me["organisation"]["kind"], me["organisation"]["bin"]) == ("sole_trader", signing.OTHER_IIN)
    assert ("catalogue:edit" in me["permissions"]) is may
    assert "acts:sign" in me["permissions"]


def test_a_retail_representative_has_no_catalogue(client: FlaskClient, desk: FlaskClient) -> None:
    approve(desk, submitted(client, kind="retail", declaration_holder=None))
    log_in(client, firm())
    assert "catalogue:edit" not in client.get("/api/v1/me").json["permissions"]


@pytest.mark.parametrize(
    ("certificate", "role"), [(CertificateRole.HEAD, Role.HEAD), (CertificateRole.SIGNATORY, Role.EMPLOYEE)]
)
def test_who_the_applicant_becomes(
    client: FlaskClient, desk: FlaskClient, certificate: CertificateRole, role: Role
) -> None:
    source = firm(role=certificate)
    approve(desk, submitted(client, source))
    membership = db.session.scalars(select(Membership).where(Membership.organisation_id == organisation().id)).one()
    assert membership.role is role
    log_in(client, source)
    permissions = client.get("/api/v1/me").json["permissions"]
    assert {"staff:manage", "acts:sign", "catalogue:edit"} <= set(permissions)
    assert "registrations:review" not in permissions


def test_a_number_with_a_wrong_check_digit_comes_in(client: FlaskClient, desk: FlaskClient) -> None:
    source = firm(bin="123456789021", iin="123456789011")
    assert approve(desk, submitted(client, source)).status_code == 200
    assert log_in(client, source).status_code == 200


def test_who_may_look(client: FlaskClient, desk: FlaskClient, app: Flask, operator: str) -> None:
    application = submitted(client)
    stranger, colleague = app.test_client(), app.test_client()
    sign_in(stranger, factories.organisation())
    sign_in(colleague, operator, role=Role.EMPLOYEE, functions=(Function.CATALOGUE,))
    for asking, status in ((client, 401), (stranger, 403), (colleague, 403)):
        answers = [
            asking.get(DESK),
            asking.get(f"{DESK}/{application}"),
            asking.get("/api/v1/desk/refusal-reasons"),
            approve(asking, application),
            refuse(asking, application, "wrong_kind"),
        ]
        assert {answer.status_code for answer in answers} == {status}
    assert own(client).json["state"] == "submitted"


def test_what_is_still_in_the_making_is_nobodys_business(client: FlaskClient, desk: FlaskClient) -> None:
    application = unconfirmed(client)[:26]
    assert rows(desk) == []
    for answer in (
        desk.get(f"{DESK}/{application}"),
        approve(desk, application),
        refuse(desk, application, "wrong_kind"),
    ):
        assert (answer.status_code, code(answer)) == (404, "registration.unknown")


def test_what_the_desk_sees(client: FlaskClient, desk: FlaskClient) -> None:
    application = submitted(client)
    found = shown(desk, application)
    assert found["certificate"]["iin"] == f"********{signing.OTHER_IIN[-4:]}"
    assert (found["email"], found["phone"], found["rivals"]) == ("Saule@example.kz", "+77015550011", 0)
    assert [one["document"] for one in found["signatures"]] == ["application", "contract"]
    for one in found["signatures"]:
        assert (one["name"], one["roles"], one["revocation"]) == (signing.NAME, ["head", "legal_entity"], "ok")
        assert one["test"] is True
        assert one["not_before"] < one["verified_at"] < one["not_after"]


def test_the_earliest_deadline_comes_first(client: FlaskClient, other: FlaskClient, desk: FlaskClient) -> None:
    with clock.at(clock.now() - timedelta(hours=25)):
        early = submitted(other, trader(iin=signing.IIN), **TRADER)
    with clock.at(clock.now() - timedelta(hours=22)):
        late = submitted(client)
    assert [(row["id"], row["overdue"]) for row in rows(desk)] == [(early, True), (late, False)]
    first = desk.get(DESK, query_string={"limit": 1}).json
    second = desk.get(DESK, query_string={"limit": 1, "cursor": first["cursor"]}).json
    assert [page["registrations"][0]["id"] for page in (first, second)] == [early, late]
    assert (first["waiting"], second["cursor"]) == (2, None)
    approve(desk, early)
    refuse(desk, late, "wrong_kind")
    assert rows(desk) == []
    assert [row["id"] for row in rows(desk, state="approved")] == [early]
    assert [row["overdue"] for row in rows(desk, state="refused")] == [False]


@pytest.mark.parametrize("cursor", ["eA==", "MjAyNi0wMS0wMXxh", "!"])
def test_a_made_up_cursor(desk: FlaskClient, cursor: str) -> None:
    assert code(desk.get(DESK, query_string={"cursor": cursor})) == "request.cursor_invalid"


def test_a_refusal_says_why_and_is_mended(client: FlaskClient, desk: FlaskClient) -> None:
    application = submitted(client)
    assert refuse(desk, application, "wrong_kind", "other", text="Позвоните  нам").status_code == 200
    told = own(client).json
    assert told["state"] == "refused"
    assert [one["code"] for one in told["refusal"]["reasons"]] == ["wrong_kind", "other"]
    assert told["refusal"]["reasons"][0]["names"]["ru"].startswith("Вид участника")
    assert told["refusal"]["text"] == "Позвоните нам"
    letter = letters("registration_refused")[-1]
    assert letter["to"] == "Saule@example.kz"
    assert "Вид участника" in letter["text"]
    assert "Позвоните нам" in letter["text"]
    assert confirm(client).json["state"] == "refused", "the old link moves nothing"
    fill(client, kind="wholesaler", declaration_holder=None)
    assert own(client).json["refusal"]["text"] == "Позвоните нам", "the reason stays in sight while it is mended"
    assert sign(client, firm()).status_code == 200
    assert confirm(client).json["state"] == "submitted"
    found = shown(desk, application)
    assert [(one["number"], one["outcome"]) for one in found["attempts"]] == [(2, None), (1, "refused")]
    assert approve(desk, application).status_code == 200
    assert organisation().kind is Kind.WHOLESALER


@pytest.mark.parametrize(
    ("reasons", "text", "wrong"),
    [
        ((), "", {("reasons", "empty")}),
        (("wrong_kind", "ugly"), "", {("reasons.1", "reason")}),
        (("already_registered",), "", {("reasons.0", "reason")}),
        (("other",), "  ", {("text", "empty")}),
        (("wrong_kind", "documents"), "", {("text", "empty")}),
    ],
)
def test_a_refusal_needs_reasons(
    client: FlaskClient, desk: FlaskClient, reasons: tuple[str, ...], text: str, wrong: set[tuple[str, str]]
) -> None:
    application = submitted(client)
    refused = refuse(desk, application, *reasons, text=text)
    assert (code(refused), fields(refused)) == ("registration.reasons_invalid", wrong)
    assert own(client).json["state"] == "submitted"


def test_the_list_of_reasons(desk: FlaskClient) -> None:
    found = {one["code"]: one["text_needed"] for one in desk.get("/api/v1/desk/refusal-reasons").json["reasons"]}
    assert found["other"] is True
    assert found["wrong_kind"] is False
    assert "already_registered" not in found


def test_a_word_is_given_once(client: FlaskClient, desk: FlaskClient) -> None:
    application = submitted(client)
    approve(desk, application)
    for again in (approve(desk, application), refuse(desk, application, "wrong_kind")):
        assert (again.status_code, code(again)) == (409, "registration.already_decided")
    assert count(Contract) == 1
    assert len(facts("registration:approved")) == 1


def test_of_two_operators_one_wins(client: FlaskClient, app: Flask) -> None:
    application = submitted(client)
    db.session.remove()

    def decide(act: Callable[[], object]) -> str:
        with app.app_context():
            try:
                unit_of_work(act)
            except AlreadyDecided:
                return "late"
            finally:
                db.session.remove()
            return "won"

    one, two = (Actor(person_id=name, organisation_id="") for name in ("one", "two"))
    acts = [
        lambda: decisions.approve(application, actor=one),
        lambda: decisions.refuse(application, codes=["wrong_kind"], text="", actor=two),
    ] * 2
    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(decide, acts)) == ["late", "late", "late", "won"]
    assert len(facts("registration:approved", "registration:refused")) == 1


def test_of_two_applications_approved_at_once_one_comes_in(client: FlaskClient, other: FlaskClient, app: Flask) -> None:
    ids = [submitted(client), submitted(other, firm(iin=signing.IIN))]
    db.session.remove()

    def come_in(application: str) -> str:
        with app.app_context():
            try:
                unit_of_work(lambda: decisions.approve(application, actor=Actor("one", "")))
            except DomainError as refused:
                return refused.code
            finally:
                db.session.remove()
            return ""

    with ThreadPoolExecutor(2) as threads:
        told = sorted(threads.map(come_in, ids))
    assert told[0] == ""
    assert told[1] in (
        "registration.already_decided",
        "registration.registered_meanwhile",
        "organisations.already_registered",
    )
    assert (count(Contract), len(facts("registration:approved"))) == (1, 1)


def test_one_firm_two_applicants(client: FlaskClient, other: FlaskClient, desk: FlaskClient) -> None:
    signatory = firm(iin=signing.IIN, role=CertificateRole.SIGNATORY)
    first, second = submitted(client), submitted(other, signatory)
    assert shown(desk, first)["rivals"] == 1
    approve(desk, first)
    told = own(other).json
    assert (told["state"], told["refusal"]["reasons"][0]["code"]) == ("refused", "already_registered")
    assert code(approve(desk, second)) == "registration.already_decided"
    assert code(begin(other, signatory)) == "registration.invitation_needed"
    assert count(Contract) == 1


def test_a_draft_finds_out_at_the_desk(client: FlaskClient, other: FlaskClient, desk: FlaskClient) -> None:
    """Who was still filling in when the firm came in gets as far as the desk and no further."""
    begin(other, firm(iin=signing.IIN))
    approve(desk, submitted(client))
    fill(other)
    sign(other, firm(iin=signing.IIN))
    application = confirm(other).json
    assert application["state"] == "submitted"
    waiting = rows(desk)[0]["id"]
    assert code(approve(desk, waiting)) == "registration.registered_meanwhile"
    assert refuse(desk, waiting, "other", text="Уже зарегистрировано").status_code == 200


def test_a_new_head_takes_over(client: FlaskClient, other: FlaskClient, desk: FlaskClient) -> None:
    approve(desk, submitted(client))
    new = firm(iin=signing.IIN, name="ЖАҢАБАЕВ ЕРЛАН МАРАТҰЛЫ")
    application = submitted(other, new, kind=None, declaration_holder=None, groups=[], email="erlan@example.kz")
    assert shown(desk, application)["purpose"] == "head_change"
    approved = approve(desk, application)
    assert approved.status_code == 200, approved.json
    heads = db.session.execute(
        select(Person.id)
        .join(Membership)
        .where(Membership.role == Role.HEAD, Membership.organisation_id == organisation().id)
    )
    assert [row.id for row in heads] == [identity.person_id_of(signing.IIN)]
    assert log_in(other, new).status_code == 200
    assert count(Contract) == 1, "the firm's contract goes on"
    again = begin(client, firm()).json
    assert (again["state"], again["purpose"]) == ("draft", "head_change"), "the former head asks anew, at the desk too"


def test_approved_is_not_taken_back(client: FlaskClient, desk: FlaskClient) -> None:
    approve(desk, submitted(client))
    refused = client.delete(f"{HERE}/application", headers=key())
    assert code(refused) == "registration.state_moved"


def test_the_operator_is_told_and_so_is_the_applicant(client: FlaskClient, desk: FlaskClient) -> None:
    application = submitted(client)
    approve(desk, application)
    made = facts("registration:approved")[0]
    assert (made.subject_id, made.organisation_id) == (application, organisation().id)
    letter = letters("registration_approved")[-1]
    assert letter["to"] == "Saule@example.kz"
    assert "ТОО «Жаңа Жол»" in letter["subject"]


def test_from_the_command_line(client: FlaskClient, app: Flask) -> None:
    submitted(client)
    number, run = own(client).json["number"], app.test_cli_runner()
    listed = run.invoke(args=["registration", "list"]).output
    assert number in listed
    assert NEW_BIN in listed
    refused = run.invoke(args=["registration", "refuse", number, "--reason", "other"])
    assert (refused.exit_code, "registration.reasons_invalid" in refused.output) == (1, True)
    assert run.invoke(args=["registration", "refuse", number, "--reason", "other", "--text", "Звоните"]).exit_code == 0
    fill(client)
    sign(client, firm())
    confirm(client)
    approved = run.invoke(args=["registration", "approve", number])
    assert (approved.exit_code, approved.output.strip()) == (0, organisation().id)
    again = run.invoke(args=["registration", "approve", number])
    assert "registration.already_decided" in again.output
    assert "registration.unknown" in run.invoke(args=["registration", "approve", "2026-NOTHING0"]).output


def test_iins_are_masked_for_the_desk(client: FlaskClient, desk: FlaskClient) -> None:
    person = iin()
    application = submitted(client, firm(iin=person))
    assert person not in desk.get(f"{DESK}/{application}").text
    assert person not in desk.get(DESK).text
