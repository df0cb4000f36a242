"""Who is told: people found by what the permission table grants them now, or by their part in what happened."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from backend.core import clock
from backend.core.db import db
from backend.history.models import Fact
from backend.notifications.kinds import AT, OTHER, Audience, Kind
from backend.organisations.access import permissions_of
from backend.organisations.models import Membership, Organisation, OrganisationState, Power
from backend.organisations.rules import Kind as OrganisationKind
from backend.organisations.rules import Role


def of_fact(kind: Kind, fact: Fact) -> list[tuple[str, str | None]]:
    """(person, organisation in whose inbox it stands) for each who is told of a fact of this kind. Who did something
    need not be told of it, unless that is the very point."""
    if kind.to is Audience.SELF:
        return _placed(kind, [fact.actor_id] if fact.actor_id else [], fact.organisation_id)
    if kind.to is Audience.MEMBER:
        return _placed(kind, _member(fact), fact.organisation_id)
    if kind.to is Audience.PERSON:
        return _placed(kind, _named(fact), fact.organisation_id)
    if kind.to is Audience.TRUSTED:
        found = _trusted(kind, fact)
    elif kind.to is Audience.OTHER:
        other = (fact.detail or {}).get(OTHER) or ""
        found = _placed(kind, _there(kind, fact, other), other)
    elif kind.to is Audience.BOTH:
        parties = (fact.organisation_id or "", (fact.detail or {}).get(OTHER) or "")
        found = [pair for one in parties for pair in _placed(kind, _there(kind, fact, one), one)]
    elif kind.to is Audience.DESK:
        found = [pair for one in _operators() for pair in _placed(kind, holders(one, kind.permission), one)]
    elif kind.to is Audience.HEAD:
        found = _placed(kind, heads(fact.organisation_id or ""), fact.organisation_id)
    else:
        found = _placed(kind, _there(kind, fact, fact.organisation_id or ""), fact.organisation_id)
    return [pair for pair in found if pair[0] != fact.actor_id]


def _there(kind: Kind, fact: Fact, organisation_id: str) -> list[str]:
    """Those of an organisation who may act and whose work is not tied to other places than the fact's."""
    at = (fact.detail or {}).get(AT) or {}
    return holders(organisation_id, kind.permission, at.get(organisation_id) or ())


def holders(organisation_id: str, permission: str, places: Collection[str] = ()) -> list[str]:
    """People who may do this for the organisation at this moment, at one of these places if there are any."""
    rows = select(Organisation.kind, Organisation.trade, Membership).join(Membership, _own(organisation_id))
    return [
        member.person_id
        for kind, trade, member in db.session.execute(rows.order_by(Membership.id))
        if _stands(member)
        and permission in permissions_of(kind, member.role, member.functions, trade)
        and _works_at(member, places)
    ]


def _works_at(member: Membership, places: Collection[str]) -> bool:
    anywhere = member.role is Role.HEAD or not member.place_ids or not places
    return anywhere or not set(places).isdisjoint(member.place_ids)


def heads(organisation_id: str) -> list[str]:
    rows = select(Membership).where(Membership.organisation_id == organisation_id, Membership.role == Role.HEAD)
    return [member.person_id for member in db.session.scalars(rows.order_by(Membership.id)) if _stands(member)]


def _own(organisation_id: str) -> object:
    return (Membership.organisation_id == Organisation.id) & (Organisation.id == organisation_id)


def _stands(member: Membership) -> bool:
    ended = member.valid_until is not None and member.valid_until <= clock.now()
    return not ended and member.blocked_at is None and member.removed_at is None


def _operators() -> list[str]:
    operators = (Organisation.kind == OrganisationKind.OPERATOR, Organisation.state == OrganisationState.ACTIVE)
    return list(db.session.scalars(select(Organisation.id).where(*operators)))


def _member(fact: Fact) -> list[str]:
    """The person of the membership that the fact is about, standing or not."""
    found = db.session.execute(select(Membership.person_id).where(Membership.id == fact.subject_id)).scalar()
    return [found] if found else []


def _trusted(kind: Kind, fact: Fact) -> list[tuple[str, str | None]]:
    """The member whom a power of attorney names, or at a service provider those who manage its staff."""
    power = db.session.get(Power, fact.subject_id)
    if power is None:
        return []
    if power.provider_id:
        return _placed(kind, holders(power.provider_id, kind.permission), power.provider_id)
    member = db.session.get(Membership, power.membership_id)
    return _placed(kind, [member.person_id] if member else [], fact.organisation_id)


def _named(fact: Fact) -> list[str]:
    """The person whom the fact's detail names, else who did it."""
    detail: Mapping[str, str] = fact.detail or {}
    found = detail.get("person") or fact.actor_id
    return [found] if found else []


def _placed(kind: Kind, people: list[str], organisation_id: str | None) -> list[tuple[str, str | None]]:
    return [(one, None if kind.personal else organisation_id) for one in people]
