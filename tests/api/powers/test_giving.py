"""Powers of attorney: given, signed, stopped. Both engines."""

from base64 import b64decode, b64encode
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.organisations import queries, rules, service
from backend.organisations.models import Power
from backend.organisations.rules import Function, Kind, Role
from backend.organisations.signing_right import may_sign
from backend.signatures import signer
from backend.signatures.rules import Role as CertificateRole
from tests import factories, signing
from tests.api.powers.conftest import (
    NAMES,
    WORKER,
    World,
    act,
    draft,
    employee_signs,
    facts,
    give,
    log_in,
    powers,
    refused,
    sign,
    to_provider,
    typed,
)
from tests.factories import key
from tests.signing import BIN, IIN, NAME, OTHER_BIN, OTHER_IIN, PASSWORD, container


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
