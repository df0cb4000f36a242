"""Reads of powers of attorney: given, received, and whether one covers a signature."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import or_, select

from backend.core import clock
from backend.core.db import db
from backend.organisations import queries
from backend.organisations.models import Organisation, OrganisationState, Power, PowerState
from backend.organisations.rules import Function, PowerUnknown


class Principal(NamedTuple):
    """An organisation that another may act for today. No group means all."""

    organisation_id: str
    names: dict[str, str]
    power_id: str
    functions: list[str]
    groups: list[str]


def own(organisation_id: str, power_id: str) -> Power:
    """One that the organisation gave, or drafted. Raises PowerUnknown."""
    found = db.session.get(Power, power_id)
    if found is None or found.organisation_id != organisation_id:
        raise PowerUnknown(id=power_id)
    return found


def given(organisation_id: str) -> Sequence[Power]:
    """What the organisation gave, newest first; no drafts."""
    rows = select(Power).where(Power.organisation_id == organisation_id, Power.state != PowerState.DRAFT)
    return db.session.scalars(rows.order_by(Power.id.desc())).all()


def received(organisation_id: str) -> Sequence[Power]:
    """What others gave to the organisation as a service provider, newest first."""
    rows = select(Power).where(Power.provider_id == organisation_id, Power.state != PowerState.DRAFT)
    return db.session.scalars(rows.order_by(Power.id.desc())).all()


def principals(organisation_id: str) -> list[Principal]:
    """Whom the organisation, as a service provider, may act for today; one line a power."""
    rows = (
        select(Organisation.id, Organisation.names, Power.id, Power.functions, Power.groups)
        .join(Organisation, Organisation.id == Power.organisation_id)
        .where(Power.provider_id == organisation_id, Organisation.state == OrganisationState.ACTIVE, *_in_force())
        .order_by(Power.id)
    )
    return [Principal(*row) for row in db.session.execute(rows)]


def covering(
    person_id: str, principal: Organisation, function: Function, groups: Collection[str], bin: str | None
) -> Power | None:
    """A power in force today by which this person may sign for the principal: given to the person as a member who
    stands, or to a provider where the person stands and holds the same function (a head holds all). `bin` is the
    certificate's: an individual's serves both, an organisation's only its own."""
    agents = {one.id: there for one, there in queries.memberships(person_id) if queries.stands(one, there)}
    providers = {
        there.id: there
        for one, there in queries.memberships(person_id)
        if queries.stands(one, there) and queries.holds(one, function)
    }
    rows = select(Power).where(Power.organisation_id == principal.id, *_in_force())
    mine = or_(Power.membership_id.in_(agents), Power.provider_id.in_(providers))
    for power in db.session.scalars(rows.where(mine).order_by(Power.id)):
        agent = providers[power.provider_id] if power.provider_id else agents[power.membership_id]
        if bin in (None, agent.bin) and function in power.functions and _covers(power, groups):
            return power
    return None


def _in_force() -> tuple[object, ...]:
    today = clock.today()
    return (Power.state == PowerState.ACTIVE, Power.valid_from <= today, Power.valid_until >= today)


def _covers(power: Power, groups: Collection[str]) -> bool:
    return not power.groups or (bool(groups) and set(groups) <= set(power.groups))
