"""Reads of organisations and memberships."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from backend.core import clock
from backend.core.db import db
from backend.identity import queries as identity
from backend.identity.models import Person, Session
from backend.organisations import rules
from backend.organisations.models import Membership, Organisation, OrganisationState, Place
from backend.organisations.rules import (
    Function,
    Kind,
    MemberUnknown,
    NotMember,
    OrganisationUnknown,
    PlaceUnknown,
    Role,
)


class Standing(NamedTuple):
    """A session with the membership it rests on, as they are at this moment."""

    session_id: str
    person_id: str
    organisation_id: str
    seen_at: datetime
    expires_at: datetime
    kind: Kind
    trade: Kind | None
    blocked: bool
    role: Role
    functions: list[str]
    place_ids: list[str]
    valid_until: datetime | None
    blocked_at: datetime | None
    via: str


class Mandate(NamedTuple):
    """A membership without a session."""

    organisation_id: str
    blocked: bool
    valid_until: datetime | None
    blocked_at: datetime | None
    names: dict[str, str] = {}


def standing(token_hash: bytes) -> Standing | None:
    """The session behind a token that is not revoked, in one statement; None when there is none."""
    row = db.session.execute(
        select(
            Session.id,
            Session.person_id,
            Session.organisation_id,
            Session.seen_at,
            Session.expires_at,
            Organisation.kind,
            Organisation.trade,
            Organisation.state == OrganisationState.BLOCKED,
            Membership.role,
            Membership.functions,
            Membership.place_ids,
            Membership.valid_until,
            Membership.blocked_at,
            Session.via,
        )
        .join(Organisation, Organisation.id == Session.organisation_id)
        .join(
            Membership,
            (Membership.organisation_id == Session.organisation_id) & (Membership.person_id == Session.person_id),
        )
        .where(Session.token_hash == token_hash, Session.revoked_at.is_(None), Membership.removed_at.is_(None))
    ).first()
    return Standing(*row) if row else None


def membership(person_id: str, tax_number: str) -> Mandate:
    """Raises OrganisationUnknown or NotMember."""
    organisation = by_tax_number(tax_number)
    row = db.session.execute(
        select(Membership.valid_until, Membership.blocked_at).where(
            Membership.organisation_id == organisation.id,
            Membership.person_id == person_id,
            Membership.removed_at.is_(None),
        )
    ).first()
    if row is None:
        raise NotMember()
    return Mandate(organisation.id, organisation.state is OrganisationState.BLOCKED, row.valid_until, row.blocked_at)


def mandates(person_id: str, iin: str) -> list[Mandate]:
    """Where an individual's certificate may open a session: the sole trader with that IIN, and wherever the person is
    an employee. A head of a legal entity comes with the head's certificate, which ends with the office."""
    rows = (
        select(
            Organisation.id,
            Organisation.state == OrganisationState.BLOCKED,
            Membership.valid_until,
            Membership.blocked_at,
            Organisation.names,
        )
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id == person_id,
            Membership.removed_at.is_(None),
            (Membership.role == Role.EMPLOYEE) | (Organisation.bin == iin),
        )
        .order_by(Membership.id)
    )
    return [Mandate(*row) for row in db.session.execute(rows)]


def by_tax_number(tax_number: str) -> Organisation:
    """By BIN or by a sole trader's IIN. Raises OrganisationUnknown."""
    found = db.session.execute(select(Organisation).where(Organisation.bin == tax_number)).scalar_one_or_none()
    if found is None:
        raise OrganisationUnknown()
    return found


def organisation(organisation_id: str) -> Organisation:
    """Raises OrganisationUnknown."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise OrganisationUnknown(id=organisation_id)
    return found


def members(organisation_id: str) -> Sequence[tuple[Membership, str]]:
    """The memberships of an organisation with the people's names, oldest first; not those that were removed."""
    rows = select(Membership, Person.name).join(Person, Person.id == Membership.person_id)
    standing = (Membership.organisation_id == organisation_id, Membership.removed_at.is_(None))
    found = db.session.execute(rows.where(*standing).order_by(Membership.id))
    return [tuple(row) for row in found]


def member(organisation_id: str, membership_id: str) -> Membership:
    """One of the staff. Raises MemberUnknown, for another organisation's as for one that was removed."""
    found = db.session.get(Membership, membership_id)
    if found is None or found.organisation_id != organisation_id or found.removed_at:
        raise MemberUnknown(id=membership_id)
    return found


def any_member(membership_id: str) -> Membership:
    """Also one who was removed."""
    return db.session.get_one(Membership, membership_id)


def membership_of(organisation_id: str, person_id: str) -> Membership | None:
    """The person's place among the staff, whatever its state; None for those who were removed."""
    rows = select(Membership).where(
        Membership.organisation_id == organisation_id,
        Membership.person_id == person_id,
        Membership.removed_at.is_(None),
    )
    return db.session.execute(rows).scalar_one_or_none()


def membership_by_iin(organisation_id: str, iin: str) -> Membership | None:
    """The same by IIN."""
    person_id = identity.person_id_of(iin)
    return membership_of(organisation_id, person_id) if person_id else None


def memberships(person_id: str) -> Sequence[tuple[Membership, Organisation]]:
    """Everywhere that a person is among the staff, oldest first."""
    rows = select(Membership, Organisation).join(Organisation, Organisation.id == Membership.organisation_id)
    mine = rows.where(Membership.person_id == person_id, Membership.removed_at.is_(None))
    return [tuple(row) for row in db.session.execute(mine.order_by(Membership.id))]


def stands(member: Membership, organisation: Organisation) -> bool:
    """Whether this member may act now."""
    blocked = organisation.state is OrganisationState.BLOCKED
    return rules.stands(blocked, member.blocked_at, member.valid_until, clock.now())


def holds(member: Membership, function: Function) -> bool:
    """Whether the function was entrusted to this member; a head holds all."""
    return member.role is Role.HEAD or function.value in member.functions


def heads(organisation_id: str) -> Sequence[Membership]:
    """The heads who may act now."""
    now = clock.now()
    rows = select(Membership).where(
        Membership.organisation_id == organisation_id,
        Membership.role == Role.HEAD,
        Membership.removed_at.is_(None),
        Membership.blocked_at.is_(None),
        Membership.valid_until.is_(None) | (Membership.valid_until > now),
    )
    return db.session.scalars(rows.order_by(Membership.id)).all()


def last_seen(organisation_id: str) -> dict[str, datetime]:
    """When each person last used a session for the organisation."""
    rows = select(Session.person_id, func.max(Session.seen_at)).where(Session.organisation_id == organisation_id)
    return {person_id: seen for person_id, seen in db.session.execute(rows.group_by(Session.person_id))}


def places(organisation_id: str) -> Sequence[Place]:
    """All places of an organisation, the main one first, then the oldest."""
    rows = select(Place).where(Place.organisation_id == organisation_id)
    return db.session.scalars(rows.order_by(Place.main.desc(), Place.id)).all()


def place(organisation_id: str, place_id: str) -> Place:
    """Raises PlaceUnknown."""
    found = db.session.get(Place, place_id)
    if found is None or found.organisation_id != organisation_id:
        raise PlaceUnknown(id=place_id)
    return found
