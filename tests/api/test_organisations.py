"""Participants, their people, and the one permission table. Both engines."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.api import PUBLIC, SIGNED_IN, unit_of_work
from backend.core.db import db
from backend.core.errors import NotAllowed, NotSignedIn
from backend.history.models import Fact
from backend.identity.models import Person
from backend.organisations import access, queries, rules, service
from backend.organisations.access import BY_FUNCTION, BY_KIND, Permission, permissions_of
from backend.organisations.models import Membership, Organisation
from backend.organisations.rules import Function, Kind, Role
from tests import factories
from tests.signing import BIN, IIN, OTHER_BIN, OTHER_IIN

NAMES = {"kk": "«Дос» ЖШС", "ru": "ТОО «Дос»", "en": "Dos LLP"}


def create(kind: Kind = Kind.RETAIL, bin: str = BIN) -> str:
    return unit_of_work(lambda: service.create_organisation(kind=kind, bin=bin, names=NAMES))


def only(model: type) -> Any:
    db.session.rollback()
    return db.session.execute(select(model)).scalar_one()


def fact(kind: str) -> Fact:
    db.session.rollback()
    return db.session.execute(select(Fact).where(Fact.kind == kind)).scalar_one()


def test_an_organisation_comes_to_be(app: Flask) -> None:
    made = create()
    row = only(Organisation)
    assert (row.id, row.kind, row.bin, row.names, row.state.value) == (made, Kind.RETAIL, BIN, NAMES, "active")
    assert fact("organisation:created").after == {"kind": "retail", "bin": BIN, "state": "active"}


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (Kind.RETAIL, "200140000005"),
        (Kind.RETAIL, "20014000000"),
        (Kind.RETAIL, IIN),
        (Kind.SOLE_TRADER, BIN),
    ],
)
def test_typed_tax_numbers_are_checked(app: Flask, kind: Kind, number: str) -> None:
    with pytest.raises(rules.TaxNumberInvalid):
        create(kind, number)


def test_a_tax_number_registers_once(app: Flask) -> None:
    create()
    with pytest.raises(rules.AlreadyRegistered):
        create(Kind.PRODUCER)
    assert only(Organisation).kind is Kind.RETAIL


def add(organisation: str, iin: str = IIN, **changes: Any) -> str:
    return unit_of_work(lambda: service.add_member(organisation, iin=iin, name="ӘЛИ АРМАН", **changes))


def test_a_person_is_one_whatever_organisations_they_act_for(app: Flask) -> None:
    first, second = create(), create(bin=OTHER_BIN)
    add(first)
    add(second)
    assert only(Person).name == "ӘЛИ АРМАН"


def test_members_join_once_and_with_a_true_iin(app: Flask) -> None:
    organisation = create()
    add(organisation, functions=(Function.LABELS,), valid_until=clock.now() + timedelta(days=30))
    with pytest.raises(rules.AlreadyMember):
        add(organisation)
    with pytest.raises(rules.TaxNumberInvalid):
        add(organisation, BIN)
    with pytest.raises(rules.TaxNumberInvalid):
        add(organisation, "900101300008")
    with pytest.raises(rules.OrganisationUnknown):
        add("0" * 26, OTHER_IIN)
    after = fact("member:added").after
    assert (after["role"], after["functions"]) == ("employee", ["labels"])
    assert after["valid_until"]
    assert IIN not in str(after)


@pytest.fixture
def shop(app: Flask, client: FlaskClient) -> str:
    organisation = factories.organisation(Kind.RETAIL)
    factories.sign_in(client, organisation)
    return organisation


def refused(client: FlaskClient, status: int, code: str) -> None:
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def test_me(client: FlaskClient, shop: str) -> None:
    said = client.get("/api/v1/me").json
    assert said["organisation"]["id"] == shop
    assert said["permissions"] == sorted(BY_KIND[Kind.RETAIL])
    assert (said["role"], said["head"], said["trust"]) == ("head", True, "dev")
    assert [(one["organisation_id"], one["current"]) for one in said["memberships"]] == [(shop, True)]


def test_me_needs_a_session(client: FlaskClient) -> None:
    refused(client, 401, "identity.not_signed_in")


def test_a_blocked_organisation_does_nothing(client: FlaskClient, shop: str) -> None:
    unit_of_work(lambda: service.block_organisation(shop, reason="order 5"))
    refused(client, 403, "organisations.blocked")
    assert fact("organisation:blocked").detail == {"reason": "order 5"}
    unit_of_work(lambda: service.unblock_organisation(shop, reason="order 6"))
    assert client.get("/api/v1/me").status_code == 200
    assert fact("organisation:unblocked").before == {"state": "blocked"}


def test_a_blocked_member_is_out_at_once(client: FlaskClient, shop: str) -> None:
    membership = only(Membership).id
    unit_of_work(lambda: service.block_member(shop, membership))
    refused(client, 401, "identity.not_signed_in")
    assert fact("member:blocked").detail == {"sessions_ended": 1}
    assert fact("session:revoked").organisation_id == shop
    with pytest.raises(rules.MembershipBlocked):
        represent(shop)
    unit_of_work(lambda: service.unblock_member(shop, membership))
    assert represent(shop) == shop
    with pytest.raises(rules.MemberUnknown):
        unit_of_work(lambda: service.block_member("0" * 26, membership))


def represent(organisation: str) -> str:
    db.session.rollback()
    person = only(Person).id
    return access.represent(person, queries.organisation(organisation).bin)


def test_a_session_does_not_outlive_a_block_of_its_member(client: FlaskClient, shop: str) -> None:
    """Also when the block was written without ending the session."""
    unit_of_work(lambda: setattr(db.session.execute(select(Membership)).scalar_one(), "blocked_at", clock.now()))
    refused(client, 403, "organisations.membership_blocked")


def test_a_term_runs_out(client: FlaskClient, shop: str) -> None:
    ends = clock.now() + timedelta(hours=1)
    unit_of_work(lambda: setattr(db.session.execute(select(Membership)).scalar_one(), "valid_until", ends))
    assert client.get("/api/v1/me").status_code == 200
    with clock.at(ends):
        refused(client, 403, "organisations.membership_ended")
        with pytest.raises(rules.MembershipEnded):
            represent(shop)


def test_the_public_is_never_refused(client: FlaskClient, app: Flask, shop: str) -> None:
    unit_of_work(lambda: service.block_organisation(shop, reason="order 5"))
    assert client.get("/api/v1/groups").status_code == 200
    client.set_cookie("tanba", "x" * 43)
    assert client.get("/api/v1/groups").status_code == 200


def authorised(app: Flask, client: FlaskClient, allow: Any) -> Any:
    cookie = client.get_cookie("tanba")
    header = {"Cookie": f"tanba={cookie.value}"} if cookie else {}
    with app.test_request_context("/", headers=header):
        return access.authorise(allow)


def test_the_hook(app: Flask, client: FlaskClient) -> None:
    assert authorised(app, client, PUBLIC) is None
    for allow in (SIGNED_IN, Permission.CODES_SEE):
        with pytest.raises(NotSignedIn):
            authorised(app, client, allow)
    organisation = factories.organisation(Kind.RETAIL)
    person = factories.sign_in(client, organisation)
    for allow in (PUBLIC, SIGNED_IN, Permission.CODES_SEE):
        actor = authorised(app, client, allow)
        assert (actor.person_id, actor.organisation_id, actor.via) == (person, organisation, "session")
    with pytest.raises(NotAllowed):
        authorised(app, client, Permission.KEYS_ROTATE)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_head_may_what_the_organisation_may(kind: Kind) -> None:
    assert permissions_of(kind, Role.HEAD, []) == BY_KIND[kind]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("function", list(Function))
def test_an_employee_may_what_was_entrusted_and_never_more_than_the_organisation(
    kind: Kind, function: Function
) -> None:
    granted = permissions_of(kind, Role.EMPLOYEE, [function.value])
    assert granted <= BY_KIND[kind]
    assert granted - {Permission.EVERY_ORGANISATION} == BY_FUNCTION[function] & BY_KIND[kind]
    assert (Permission.EVERY_ORGANISATION in granted) is (kind is Kind.OPERATOR)


def test_an_employee_without_functions_may_nothing() -> None:
    assert permissions_of(Kind.PRODUCER, Role.EMPLOYEE, []) == set()


def test_only_the_operator_reaches_others_keys_and_moderation() -> None:
    own = {Permission.EVERY_ORGANISATION, Permission.KEYS_ROTATE, Permission.CATALOGUE_MODERATE}
    for kind in Kind:
        assert (BY_KIND[kind] & own == own) is (kind is Kind.OPERATOR)
        assert bool(BY_KIND[kind] & own) is (kind is Kind.OPERATOR)


def test_every_permission_is_granted_to_somebody_and_can_be_entrusted() -> None:
    assert frozenset().union(*BY_KIND.values()) == set(Permission)
    assert frozenset().union(*BY_FUNCTION.values()) == set(Permission) - {Permission.EVERY_ORGANISATION}


def test_by_command(app: Flask) -> None:
    runner = app.test_cli_runner()
    names = ["--kk", "«Дос» ЖШС", "--ru", "ТОО «Дос»", "--en", "Dos LLP"]
    made = runner.invoke(args=["organisations", "create", "retail", BIN, *names])
    assert made.output.strip() == only(Organisation).id
    added = runner.invoke(args=["organisations", "add-member", BIN, "ӘЛИ АРМАН", "--function", "labels"], input=IIN)
    assert added.exit_code == 0, added.output
    assert only(Membership).functions == ["labels"]
    assert "ӘЛИ АРМАН" in runner.invoke(args=["organisations", "members", BIN]).output
    again = runner.invoke(args=["organisations", "create", "retail", BIN, *names])
    assert again.exit_code == 1
    assert "organisations.already_registered" in again.output
    assert runner.invoke(args=["organisations", "block", BIN, "--reason", "order 5"]).exit_code == 0
    assert only(Organisation).state.value == "blocked"
