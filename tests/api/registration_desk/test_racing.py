"""Two operators, two applicants, two heads: one wins. Both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.errors import DomainError
from backend.identity import queries as identity
from backend.identity.models import Person
from backend.organisations.models import Membership
from backend.organisations.rules import Role
from backend.registration import decisions
from backend.registration.models import Contract
from backend.registration.rules import AlreadyDecided
from backend.signatures.rules import Role as CertificateRole
from tests import signing
from tests.api.registration_desk.conftest import DESK, organisation, rows, shown
from tests.factories import iin, key
from tests.registering import (
    HERE,
    NEW_BIN,
    approve,
    begin,
    code,
    confirm,
    facts,
    fill,
    firm,
    letters,
    log_in,
    own,
    refuse,
    sign,
    submitted,
)


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


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
