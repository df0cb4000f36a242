"""Days that come near, powers of attorney, and facts between two organisations."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import select

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity.models import ApiKey, Session
from backend.notifications import kinds, tasks
from backend.notifications.kinds import Audience, Kind, Telling
from backend.notifications.models import Notification
from backend.organisations.models import Membership, Power, PowerState
from backend.organisations.rules import Function, Role
from backend.signatures.models import Signature
from tests import factories

NINE = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # half past nine in Almaty
TODAY = date(2026, 11, 23)


def told(kind: str) -> list[Notification]:
    db.session.rollback()
    return list(db.session.scalars(select(Notification).where(Notification.kind == kind).order_by(Notification.id)))


def remind(moment: datetime = NINE) -> None:
    with clock.at(moment):
        tasks.remind()


def certificate(ends: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(ends - timedelta(days=365)).not_valid_after(ends)
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def signed_with(person: str, ends: datetime) -> None:
    """The person's session was opened with a certificate that ends then."""

    def change() -> None:
        session = db.session.scalars(select(Session).where(Session.person_id == person)).one()
        db.session.get_one(Signature, session.signature_id).certificate = certificate(ends)

    unit_of_work(change)


def power(organisation: str, head: str, ends: date, **whom: Any) -> str:
    def make() -> str:
        row = Power(
            id=new_id(),
            organisation_id=organisation,
            functions=[],
            groups=[],
            valid_from=TODAY - timedelta(days=30),
            valid_until=ends,
            document=b"",
            state=whom.pop("state", PowerState.ACTIVE),
            given_by=head,
            created_at=clock.now(),
            **whom,
        )
        db.session.add(row)
        return row.id

    return unit_of_work(make)


def api_key(organisation: str, person: str, ends: datetime, **changes: Any) -> None:
    def make() -> None:
        row = ApiKey(
            id=new_id(),
            organisation_id=organisation,
            created_by=person,
            name="1C",
            scopes=[],
            key_hash=new_id().encode(),
            hint="abcd",
            created_at=clock.now(),
            expires_at=ends,
            **changes,
        )
        db.session.add(row)

    unit_of_work(make)


def record(kind: str, organisation: str, actor: str, subject: tuple[str, str], **facts: Any) -> None:
    def effect() -> None:
        by = Actor(person_id=actor, organisation_id=organisation)
        fact = history.record(kind, subject=subject, organisation_id=organisation, actor=by, **facts)
        queue.after_commit("notifications.on_fact", fact)

    unit_of_work(effect)


def member(app: Flask, organisation: str, *functions: Function, role: Role = Role.EMPLOYEE) -> str:
    return factories.sign_in(app.test_client(), organisation, role=role, functions=functions)


@pytest.mark.parametrize(("left", "times"), [(31, 0), (30, 1), (8, 1), (7, 1), (1, 1), (-1, 0)])
def test_a_certificate_that_ends_soon_is_told_of(app: Flask, left: int, times: int) -> None:
    person = member(app, factories.organisation())
    signed_with(person, NINE + timedelta(days=left))
    remind()
    remind()
    found = told("certificate_expires")
    assert len(found) == times
    if found:
        assert found[0].params == {"until": (TODAY + timedelta(days=left)).isoformat()}
        assert (found[0].person_id, found[0].organisation_id) == (person, None)


def test_a_certificate_is_told_of_at_a_month_and_again_at_a_week(app: Flask) -> None:
    person = member(app, factories.organisation())
    signed_with(person, NINE + timedelta(days=40))
    for day in range(45):
        remind(NINE + timedelta(days=day))
    first, second = (one.created_at for one in told("certificate_expires"))
    assert (first, second) == (NINE + timedelta(days=10), NINE + timedelta(days=33))


def test_a_renewed_certificate_is_not_told_of(app: Flask) -> None:
    person = member(app, factories.organisation())
    signed_with(person, NINE + timedelta(days=5))
    old = db.session.scalars(select(Session).where(Session.person_id == person)).one()
    columns = {name: getattr(old, name) for name in ("person_id", "organisation_id", "device", "created_at", "seen_at")}
    columns |= {"expires_at": old.expires_at}

    def again() -> None:
        signature = Signature(
            id=new_id(),
            schema="test",
            document=b"",
            cms=b"",
            cms_hash=b"2",
            certificate=certificate(NINE + timedelta(days=365)),
            signer="",
            profile="dev",
            verified_at=clock.now(),
            verdict={},
        )
        db.session.add(signature)
        db.session.flush()
        db.session.add(Session(id=new_id(), token_hash=b"2", signature_id=signature.id, **columns))

    unit_of_work(again)
    remind()
    assert told("certificate_expires") == []


def test_everybody_is_looked_at_though_not_all_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.notifications.reminders.AT_ONCE", 2)
    organisation = factories.organisation()
    people = [member(app, organisation) for _ in range(5)]
    for person in people:
        signed_with(person, NINE + timedelta(days=5))
    remind()
    assert {one.person_id for one in told("certificate_expires")} == set(people)


def test_reminders_come_in_the_morning_only(app: Flask) -> None:
    signed_with(member(app, factories.organisation()), NINE + timedelta(days=5))
    for hours in (-2, 2, 12):
        remind(NINE + timedelta(hours=hours))
    assert told("certificate_expires") == []


def test_those_who_manage_staff_hear_of_a_power_that_ends(app: Flask) -> None:
    organisation = factories.organisation()
    head = member(app, organisation, role=Role.HEAD)
    manager = member(app, organisation, Function.STAFF)
    member(app, organisation, Function.ACTS)
    soon = power(organisation, head, TODAY + timedelta(days=14))
    power(organisation, head, TODAY + timedelta(days=15))
    power(organisation, head, TODAY - timedelta(days=1))
    power(organisation, head, TODAY, state=PowerState.REVOKED)
    remind()
    remind(NINE + timedelta(hours=24 * 0.001))
    found = told("power_ends")
    assert sorted(one.person_id for one in found) == sorted((head, manager))
    assert {one.cause for one in found} == {f"end:{soon}"}
    assert found[0].params == {"until": "2026-12-07"}


def test_those_who_manage_integrations_hear_of_a_key_that_ends(app: Flask) -> None:
    organisation = factories.organisation()
    manager = member(app, organisation, Function.INTEGRATIONS)
    api_key(organisation, manager, NINE + timedelta(days=14))
    api_key(organisation, manager, NINE + timedelta(days=15))
    api_key(organisation, manager, NINE - timedelta(days=1))
    api_key(organisation, manager, NINE + timedelta(days=1), revoked_at=NINE)
    remind()
    remind()
    found = told("api_key_expires")
    assert [(one.person_id, one.params) for one in found] == [(manager, {"name": "1C", "until": "2026-12-07"})]


def test_a_member_hears_of_a_power_of_attorney(app: Flask) -> None:
    organisation = factories.organisation()
    head, person = member(app, organisation, role=Role.HEAD), member(app, organisation)
    membership = db.session.execute(select(Membership.id).where(Membership.person_id == person)).scalar_one()
    given = power(organisation, head, TODAY, membership_id=membership)
    record("power:given", organisation, head, ("power", given))
    record("power:revoked", organisation, head, ("power", given))
    for kind in ("power_given", "power_withdrawn"):
        assert [(one.person_id, one.organisation_id) for one in told(kind)] == [(person, organisation)]


def test_a_service_providers_managers_hear_of_a_power_of_attorney(app: Flask) -> None:
    organisation, provider = factories.organisation(), factories.organisation(name="Көмекші")
    head = member(app, organisation, role=Role.HEAD)
    manager = member(app, provider, Function.STAFF)
    member(app, provider, Function.ACTS)
    given = power(organisation, head, TODAY, provider_id=provider)
    record("power:given", organisation, head, ("power", given))
    (found,) = told("power_given")
    assert (found.person_id, found.organisation_id) == (manager, provider)
    assert found.params["organisation"]["ru"] == "ТОО «Дос»"


def test_the_other_party_hears_of_what_one_did(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents add rows to the table and nothing else."""
    kind = Kind(Audience.OTHER, "/things/{subject}", permission="acts:see")
    monkeypatch.setitem(kinds.KINDS, "head_changed", kind)
    monkeypatch.setitem(kinds.TELLINGS, "organisation:head_changed", Telling("head_changed", {}))
    sender, receiver = factories.organisation(), factories.organisation()
    clerk, own = member(app, receiver, Function.ACTS), member(app, sender, Function.ACTS)
    record("organisation:head_changed", sender, own, ("thing", "t1"), detail={"other": receiver})
    (found,) = told("head_changed")
    assert (found.person_id, found.organisation_id, found.link) == (clerk, receiver, "/things/t1")
