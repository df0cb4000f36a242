"""Whose signature binds an organisation, and what a change of head stops. Both engines."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity import queries as identity
from backend.identity import service as people
from backend.organisations import headship, power_queries, queries, rules, service
from backend.organisations.models import Membership, Power
from backend.organisations.rules import Function, Role
from backend.organisations.signing_right import may_sign, signing_right
from backend.signatures.rules import Role as CertificateRole
from tests import factories
from tests.api.powers.conftest import (
    NAMES,
    World,
    act,
    employee_signs,
    facts,
    give,
    powers,
    refused,
    to_provider,
    typed,
)
from tests.factories import key
from tests.signing import BIN, OTHER_BIN


def agent_signs(world: World, function: Function = Function.ACTS, bin: str | None = OTHER_BIN) -> bool:
    db.session.rollback()
    roles = {CertificateRole.HEAD} if bin else {CertificateRole.INDIVIDUAL}
    return may_sign(world.agent, world.shop, roles, function, bin=bin)


def test_a_provider_acts_for_its_principal(app: Flask, head: FlaskClient, world: World) -> None:
    assert power_queries.principals(world.provider) == []
    assert not agent_signs(world)
    give(head, to_provider(world, groups=[]))
    found = power_queries.principals(world.provider)
    assert [(one.organisation_id, one.names, one.functions) for one in found] == [(world.shop, NAMES, ["acts"])]
    assert agent_signs(world)
    assert agent_signs(world, bin=None)
    assert not agent_signs(world, bin="210540000010")
    assert not agent_signs(world, Function.LABELS)
    other = app.test_client()
    factories.sign_in(other, world.provider)
    assert [(one["principal"], one["provider_bin"]) for one in powers(other, "received")] == [(NAMES, OTHER_BIN)]
    assert powers(other) == []
    unit_of_work(lambda: service.block_organisation(world.provider, reason="order 5"))
    assert not agent_signs(world)


def test_a_providers_employee_needs_the_function_there(head: FlaskClient, world: World) -> None:
    give(head, to_provider(world))
    helper = factories.iin()
    member = unit_of_work(lambda: service.add_member(world.provider, iin=helper, name="КӨМЕКШІ"))
    person = identity.person_id_of(helper)

    def signs() -> bool:
        db.session.rollback()
        return may_sign(person, world.shop, {CertificateRole.INDIVIDUAL}, Function.ACTS, bin=None)

    assert not signs()
    unit_of_work(lambda: setattr(db.session.get(Membership, member), "functions", ["acts"]))
    assert signs()
    unit_of_work(lambda: service.block_member(world.provider, member))
    assert not signs()


@pytest.mark.parametrize(
    ("role", "function", "bin", "signs"),
    [
        (CertificateRole.HEAD, Function.ACTS, BIN, True),
        (CertificateRole.SIGNATORY, Function.LABELS, BIN, True),
        (CertificateRole.FINANCE, Function.ACTS, BIN, True),
        (CertificateRole.FINANCE, Function.LABELS, BIN, False),
        (CertificateRole.STAFF_OFFICE, Function.ACTS, BIN, False),
        (CertificateRole.EMPLOYEE, Function.ACTS, BIN, False),
        (CertificateRole.HEAD, Function.ACTS, OTHER_BIN, False),
        (CertificateRole.INDIVIDUAL, Function.ACTS, None, False),
    ],
)
def test_which_certificate_binds_without_a_power(
    world: World, role: CertificateRole, function: Function, bin: str | None, signs: bool
) -> None:
    assert may_sign(world.head, world.shop, {role}, function, bin=bin) is signs


def test_a_certificate_binds_only_those_who_stand_and_hold_the_function(world: World) -> None:
    signatory = {CertificateRole.SIGNATORY}
    assert may_sign(world.worker, world.shop, signatory, Function.ACTS, bin=BIN)
    assert not may_sign(world.worker, world.shop, signatory, Function.LABELS, bin=BIN)
    assert not may_sign(world.agent, world.shop, signatory, Function.ACTS, bin=BIN)
    unit_of_work(lambda: service.block_member(world.shop, world.member))
    assert not may_sign(world.worker, world.shop, signatory, Function.ACTS, bin=BIN)
    unit_of_work(lambda: service.block_organisation(world.shop, reason="order 5"))
    assert not may_sign(world.head, world.shop, {CertificateRole.HEAD}, Function.ACTS, bin=BIN)


def test_the_power_behind_a_signature_is_named(head: FlaskClient, world: World) -> None:
    given = give(head, typed(world))
    employee = {CertificateRole.EMPLOYEE}
    assert signing_right(world.worker, world.shop, employee, Function.ACTS, bin=BIN) == (given,)
    assert signing_right(world.head, world.shop, {CertificateRole.HEAD}, Function.ACTS, bin=BIN) == (None,)


def replace_head(world: World) -> str:
    def change() -> str:
        person = people.person(signing_iin, "ЖАҢА БАСШЫ")
        headship.change_head(world.shop, person, actor=None)
        return person

    signing_iin = factories.iin()
    return unit_of_work(change)


def test_a_new_head_stops_what_the_former_one_gave(app: Flask, head: FlaskClient, world: World) -> None:
    given = give(head, typed(world))
    body = {"name": "Айгүл", "functions": ["labels"]}
    invited = head.post("/api/v1/staff/invitations", json=body, headers=key()).json
    person = replace_head(world)
    assert head.get("/api/v1/me").status_code == 401
    db.session.rollback()
    former = queries.membership_of(world.shop, world.head)
    assert (former.role, bool(former.blocked_at)) == (Role.EMPLOYEE, True)
    assert [one.person_id for one in queries.heads(world.shop)] == [person]
    assert not employee_signs(world)
    token = invited["link"].rpartition("/")[2]
    refused(app.test_client().get(f"/api/v1/invitations/{token}"), 409, "organisations.invitation_ended")
    fact = facts("organisation:head_changed")[0]
    assert (fact.before, fact.after) == ({"heads": [world.head]}, {"heads": [person]})
    assert fact.detail == {"powers_suspended": 1, "invitations_suspended": 1}
    assert not may_sign(world.head, world.shop, {CertificateRole.HEAD}, Function.ACTS, bin=BIN)
    assert given == db.session.execute(select(Power.id)).scalar_one()


def test_the_new_head_lets_each_stand_or_ends_it(app: Flask, head: FlaskClient, world: World) -> None:
    given, other = give(head, typed(world)), give(head, to_provider(world))
    body = {"name": "Айгүл", "functions": ["labels"]}
    invited = head.post("/api/v1/staff/invitations", json=body, headers=key()).json
    replace_head(world)
    new = app.test_client()
    factories.sign_in(new, world.shop)
    assert {one["state"] for one in powers(new)} == {"suspended"}
    assert act(new, given, "confirm").json["state"] == "active"
    assert act(new, other, "revoke").json["state"] == "revoked"
    assert employee_signs(world)
    waiting = new.get("/api/v1/staff").json["invitations"][0]
    assert (waiting["state"], waiting["link"]) == ("suspended", None)
    where = f"/api/v1/staff/invitations/{invited['id']}/confirm"
    deputy = app.test_client()
    factories.sign_in(deputy, world.shop, Role.EMPLOYEE, (Function.STAFF,))
    refused(deputy.post(where, headers=key()), 403, "organisations.head_only")
    assert new.post(where, headers=key()).json["invitations"][0]["state"] == "waiting"
    token = invited["link"].rpartition("/")[2]
    assert app.test_client().get(f"/api/v1/invitations/{token}").status_code == 200


def test_an_employee_becomes_head_and_the_same_head_changes_nothing(world: World) -> None:
    unit_of_work(lambda: headship.change_head(world.shop, world.worker, actor=None))
    db.session.rollback()
    heads = queries.heads(world.shop)
    assert [(one.id, one.person_id, one.functions) for one in heads] == [(world.member, world.worker, [])]
    unit_of_work(lambda: headship.change_head(world.shop, world.worker, actor=None))
    assert len(facts("organisation:head_changed")) == 1
    with pytest.raises(rules.OrganisationUnknown):
        unit_of_work(lambda: headship.change_head("0" * 26, world.worker, actor=None))


def test_a_removed_person_comes_back_as_head(world: World) -> None:
    unit_of_work(lambda: setattr(db.session.get(Membership, world.member), "removed_at", clock.now()))
    unit_of_work(lambda: headship.change_head(world.shop, world.worker, actor=None))
    db.session.rollback()
    assert [one.id for one in queries.heads(world.shop)] == [world.member]


def test_others_powers_are_unknown(app: Flask, head: FlaskClient, world: World) -> None:
    given = give(head, to_provider(world))
    other = app.test_client()
    factories.sign_in(other, world.provider)
    for what in ("suspend", "confirm", "revoke"):
        refused(act(other, given, what), 404, "organisations.power_unknown")
    refused(other.get(f"/api/v1/powers/{given}/document"), 404, "organisations.power_unknown")
    assert powers(head)[0]["state"] == "active"
