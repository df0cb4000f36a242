"""Powers of attorney, whose signature binds an organisation, and what a change of head stops. Both engines."""

from base64 import b64decode, b64encode
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import queries as identity
from backend.identity import service as people
from backend.organisations import headship, power_queries, queries, rules, service
from backend.organisations.models import Membership, Power
from backend.organisations.rules import Function, Kind, Role
from backend.organisations.signing_right import may_sign, signing_right
from backend.signatures import signer
from backend.signatures.rules import Role as CertificateRole
from tests import factories, signing
from tests.factories import key
from tests.signing import BIN, IIN, NAME, OTHER_BIN, OTHER_IIN, PASSWORD, container

NAMES = {"kk": "«Дос» ЖШС", "ru": "ТОО «Дос»", "en": "Dos LLP"}
PROVIDER = {"kk": "«Қызмет» ЖШС", "ru": "ТОО «Сервис»", "en": "Service LLP"}
WORKER = "ОМАРОВ ӘЛІ"


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def log_in(client: FlaskClient, source: bytes) -> Any:
    asked = client.post("/api/v1/auth/challenge").json
    cms = signer.sign(source, PASSWORD, b64decode(asked["document"]))
    answer = client.post(
        "/api/v1/auth/login", json={"challenge_id": asked["challenge_id"], "cms": b64encode(cms).decode()}
    )
    assert answer.status_code == 200, answer.json
    return answer


class World:
    """A shop with its head and one employee, and a provider with its own head."""

    def __init__(self) -> None:
        self.shop = service.create_organisation(kind=Kind.RETAIL, bin=BIN, names=NAMES)
        service.add_member(self.shop, iin=IIN, name=NAME, role=Role.HEAD)
        self.member = service.add_member(self.shop, iin=OTHER_IIN, name=WORKER, functions=(Function.ACTS,))
        self.provider = service.create_organisation(kind=Kind.WHOLESALER, bin=OTHER_BIN, names=PROVIDER)
        self.agent_iin = factories.iin()
        service.add_member(self.provider, iin=self.agent_iin, name="АГЕНТ", role=Role.HEAD)
        self.head = identity.person_id_of(IIN)
        self.worker = identity.person_id_of(OTHER_IIN)
        self.agent = identity.person_id_of(self.agent_iin)


@pytest.fixture
def world(app: Flask) -> World:
    signing.copy(app.config["SETTINGS"].instance / "devca")
    return unit_of_work(World)


@pytest.fixture
def head(client: FlaskClient, world: World) -> FlaskClient:
    log_in(client, signing.head())
    return client


def typed(world: World, **changes: Any) -> dict[str, Any]:
    today = clock.today()
    return {
        "membership_id": world.member,
        "functions": ["acts"],
        "groups": [],
        "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=30)).isoformat(),
    } | changes


def to_provider(world: World, **changes: Any) -> dict[str, Any]:
    return typed(world, membership_id=None, provider_bin=OTHER_BIN) | changes


def draft(client: FlaskClient, body: dict[str, Any]) -> Any:
    return client.post("/api/v1/powers", json=body, headers=key())


def sign(client: FlaskClient, drafted: Any, source: bytes | None = None) -> Any:
    document = drafted.json["documents"][0]
    cms = signer.sign(source or signing.head(), PASSWORD, b64decode(document["bytes"]))
    body = {"signatures": [{"id": document["id"], "cms": b64encode(cms).decode()}]}
    return client.post(f"/api/v1/powers/{document['id']}/sign", json=body, headers=key())


def give(client: FlaskClient, body: dict[str, Any]) -> str:
    answer = sign(client, draft(client, body))
    assert answer.status_code == 200, answer.json
    return answer.json["id"]


def act(client: FlaskClient, power_id: str, what: str) -> Any:
    return client.post(f"/api/v1/powers/{power_id}/{what}", headers=key())


def powers(client: FlaskClient, side: str = "given") -> Any:
    return client.get("/api/v1/powers").json[side]


def facts(kind: str) -> list[Fact]:
    db.session.rollback()
    return list(db.session.scalars(select(Fact).where(Fact.kind == kind).order_by(Fact.id)))


def employee_signs(world: World, *groups: str, bin: str | None = BIN) -> bool:
    db.session.rollback()
    roles = {CertificateRole.EMPLOYEE} if bin else {CertificateRole.INDIVIDUAL}
    return may_sign(world.worker, world.shop, roles, Function.ACTS, bin=bin, groups=groups)


def agent_signs(world: World, function: Function = Function.ACTS, bin: str | None = OTHER_BIN) -> bool:
    db.session.rollback()
    roles = {CertificateRole.HEAD} if bin else {CertificateRole.INDIVIDUAL}
    return may_sign(world.agent, world.shop, roles, function, bin=bin)


def test_a_power_binds_when_the_head_has_signed_it(head: FlaskClient, world: World) -> None:
    drafted = draft(head, typed(world))
    assert powers(head) == []
    assert not employee_signs(world)
    said = sign(head, drafted).json
    assert (said["state"], said["member"], said["functions"], said["given_by"]) == ("active", WORKER, ["acts"], NAME)
    assert employee_signs(world)
    assert employee_signs(world, bin=None)
    kept = db.session.execute(select(Power)).scalar_one()
    assert facts("power:given")[0].signature_id == kept.signature_id


def test_a_power_is_signed_by_the_heads_own_certificate_alone(head: FlaskClient, world: World) -> None:
    drafted = draft(head, typed(world))
    employee = container(bin=BIN, organisation="«Дос» ЖШС", role=CertificateRole.EMPLOYEE)
    signatory = container(bin=BIN, organisation="«Дос» ЖШС", role=CertificateRole.SIGNATORY)
    another = signing.head(iin=OTHER_IIN)
    elsewhere = signing.head(bin=OTHER_BIN)
    for source in (container(), employee, signatory, another, elsewhere):
        refused(sign(head, drafted, source), 403, "organisations.head_certificate_needed")
    refused(sign(head, drafted, signing.head(sign=False)), 422, "signatures.key_purpose_wrong")
    assert powers(head) == []


def test_a_sole_trader_gives_powers_with_an_individuals_certificate(app: Flask, world: World) -> None:
    def trade() -> str:
        made = service.create_organisation(kind=Kind.SOLE_TRADER, bin=OTHER_IIN, names=NAMES)
        service.add_member(made, iin=OTHER_IIN, name=WORKER, role=Role.HEAD)
        return made

    trader = unit_of_work(trade)
    unit_of_work(lambda: service.block_member(world.shop, world.member))
    client = app.test_client()
    own = container(iin=OTHER_IIN)
    log_in(client, own)
    assert sign(client, draft(client, to_provider(world)), own).status_code == 200
    individual = {CertificateRole.INDIVIDUAL}
    assert may_sign(world.worker, trader, individual, Function.ACTS, bin=None)
    unit_of_work(lambda: service.add_member(trader, iin=IIN, name=NAME, functions=(Function.ACTS,)))
    assert not may_sign(world.head, trader, individual, Function.ACTS, bin=None)


def test_only_the_head_gives(app: Flask, head: FlaskClient, world: World) -> None:
    deputy = app.test_client()
    factories.sign_in(deputy, world.shop, Role.EMPLOYEE, (Function.STAFF, Function.ACTS))
    refused(draft(deputy, typed(world)), 403, "organisations.head_only")
    given = give(head, typed(world))
    assert [one["id"] for one in powers(deputy)] == [given]
    for what in ("suspend", "confirm", "revoke"):
        refused(act(deputy, given, what), 403, "organisations.head_only")


def test_signing_again_answers_the_same_and_another_signature_is_late(head: FlaskClient, world: World) -> None:
    drafted = draft(head, typed(world))
    document = drafted.json["documents"][0]
    cms = b64encode(signer.sign(signing.head(), PASSWORD, b64decode(document["bytes"]))).decode()
    where, body = f"/api/v1/powers/{document['id']}/sign", {"signatures": [{"id": document["id"], "cms": cms}]}
    once = key()
    first = head.post(where, json=body, headers=once)
    assert head.post(where, json=body, headers=once).json == first.json
    refused(sign(head, drafted, signing.head(organisation="«Дос» ЖШС")), 409, "organisations.power_ended")
    assert len(facts("power:given")) == 1


@pytest.mark.parametrize(("start", "days"), [(0, -1), (-9, -1), (0, 3 * 366 + 1)])
def test_a_term_is_within_three_years_and_not_over(head: FlaskClient, world: World, start: int, days: int) -> None:
    today = clock.today()
    first, last = today + timedelta(days=start), today + timedelta(days=days)
    body = typed(world, valid_from=first.isoformat(), valid_until=last.isoformat())
    refused(draft(head, body), 422, "organisations.power_term")


def test_the_longest_term() -> None:
    assert rules.three_years_after(date(2024, 2, 29)) == date(2027, 2, 28)
    assert rules.three_years_after(date(2026, 11, 22)) == date(2029, 11, 22)
    rules.require_power_term(date(2026, 1, 1), date(2029, 1, 1), date(2026, 1, 1))
    with pytest.raises(rules.PowerTerm):
        rules.require_power_term(date(2026, 1, 1), date(2029, 1, 2), date(2026, 1, 1))


def test_a_power_goes_to_somebody_else_who_exists(head: FlaskClient, world: World) -> None:
    own = queries.membership_of(world.shop, world.head).id
    refused(draft(head, typed(world, membership_id=own)), 422, "organisations.power_to_self")
    refused(draft(head, to_provider(world, provider_bin=BIN)), 422, "organisations.power_to_self")
    refused(draft(head, to_provider(world, provider_bin="210540000010")), 404, "organisations.unknown")
    refused(draft(head, typed(world, provider_bin=OTHER_BIN)), 422, "request.invalid")
    refused(draft(head, typed(world, membership_id=None)), 422, "request.invalid")
    refused(draft(head, typed(world, functions=["keys"])), 403, "organisations.grant_exceeds")


def test_it_works_on_its_days_only(head: FlaskClient, world: World) -> None:
    today = clock.today()
    first, last = today + timedelta(days=2), today + timedelta(days=4)
    give(head, typed(world, valid_from=first.isoformat(), valid_until=last.isoformat()))
    assert powers(head)[0]["state"] == "scheduled"
    assert not employee_signs(world)
    seen = {}
    for day in range(2, 6):
        with clock.at(clock.now() + timedelta(days=day)):
            seen[day] = employee_signs(world)
    assert seen == {2: True, 3: True, 4: True, 5: False}


def test_it_covers_its_product_groups_only(head: FlaskClient, world: World) -> None:
    give(head, typed(world, groups=["footwear"]))
    assert employee_signs(world, "footwear")
    assert not employee_signs(world, "fur")
    assert not employee_signs(world, "footwear", "fur")
    assert not employee_signs(world)


def test_it_covers_its_functions_only_and_its_own_certificates(head: FlaskClient, world: World) -> None:
    give(head, typed(world, functions=["labels"]))
    assert not employee_signs(world)
    give(head, typed(world))
    assert employee_signs(world)
    assert not employee_signs(world, bin=OTHER_BIN)


def test_a_power_rests_works_again_and_ends(head: FlaskClient, world: World) -> None:
    given = give(head, typed(world))
    assert act(head, given, "suspend").json["state"] == "suspended"
    assert not employee_signs(world)
    refused(act(head, given, "suspend"), 409, "organisations.power_ended")
    assert act(head, given, "confirm").json["state"] == "active"
    assert employee_signs(world)
    assert act(head, given, "revoke").json["state"] == "revoked"
    assert not employee_signs(world)
    refused(act(head, given, "confirm"), 409, "organisations.power_ended")
    assert [len(facts(f"power:{what}")) for what in ("suspended", "confirmed", "revoked")] == [1, 1, 1]


def test_a_draft_is_thrown_away_or_forgotten(head: FlaskClient, world: World) -> None:
    drafted = draft(head, typed(world)).json["documents"][0]["id"]
    assert head.delete(f"/api/v1/powers/{drafted}", headers=key()).status_code == 200
    refused(head.get(f"/api/v1/powers/{drafted}/document"), 404, "organisations.power_unknown")
    given = give(head, typed(world))
    refused(head.delete(f"/api/v1/powers/{given}", headers=key()), 409, "organisations.power_ended")
    old = draft(head, typed(world)).json["documents"][0]["id"]
    with clock.at(clock.now() + timedelta(hours=11)):
        head.get("/api/v1/me")
    with clock.at(clock.now() + timedelta(hours=22)):
        head.get("/api/v1/me")
    with clock.at(clock.now() + timedelta(hours=25)):
        assert draft(head, typed(world)).status_code == 201
    db.session.rollback()
    assert db.session.get(Power, old) is None
    assert db.session.get(Power, given)


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
