"""Reads of organisations and memberships."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from backend.core.db import db
from backend.identity.models import Person, Session
from backend.organisations.models import Membership, Organisation, OrganisationState
from backend.organisations.rules import Kind, NotMember, OrganisationUnknown, Role


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
    valid_until: datetime | None
    blocked_at: datetime | None


class Mandate(NamedTuple):
    """A membership without a session."""

    organisation_id: str
    blocked: bool
    valid_until: datetime | None
    blocked_at: datetime | None


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
            Membership.valid_until,
            Membership.blocked_at,
        )
        .join(Organisation, Organisation.id == Session.organisation_id)
        .join(
            Membership,
            (Membership.organisation_id == Session.organisation_id) & (Membership.person_id == Session.person_id),
        )
        .where(Session.token_hash == token_hash, Session.revoked_at.is_(None))
    ).first()
    return Standing(*row) if row else None


def membership(person_id: str, tax_number: str) -> Mandate:
    """Raises OrganisationUnknown or NotMember."""
    organisation = by_tax_number(tax_number)
    row = db.session.execute(
        select(Membership.valid_until, Membership.blocked_at).where(
            Membership.organisation_id == organisation.id, Membership.person_id == person_id
        )
    ).first()
    if row is None:
        raise NotMember()
    return Mandate(organisation.id, organisation.state is OrganisationState.BLOCKED, row.valid_until, row.blocked_at)


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
    """The memberships of an organisation with the people's names, oldest first."""
    rows = select(Membership, Person.name).join(Person, Person.id == Membership.person_id)
    found = db.session.execute(rows.where(Membership.organisation_id == organisation_id).order_by(Membership.id))
    return [tuple(row) for row in found]
