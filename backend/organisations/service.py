"""The verbs of organisations: they come to be, take people in, and may be blocked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import service as identity
from backend.organisations import queries
from backend.organisations.models import Membership, Organisation, OrganisationState
from backend.organisations.rules import (
    AlreadyMember,
    AlreadyRegistered,
    DeclarationHolder,
    Function,
    Kind,
    Role,
    TaxNumberInvalid,
    is_iin,
    tax_number_valid,
)


def create_organisation(
    *,
    kind: Kind,
    bin: str,
    names: dict[str, str],
    country: str = "KZ",
    trade: Kind | None = None,
    declaration_holder: DeclarationHolder | None = None,
    groups: Sequence[str] = (),
    email: str | None = None,
    phone: str | None = None,
    contract_state: str | None = None,
    certified: bool = False,
    actor: Actor | None = None,
) -> str:
    """Register an organisation in the open transaction; returns its id.

    `bin` is a BIN, or the IIN of a sole trader; `names` {"kk", "ru", "en"}. A `certified` number comes from a trusted
    certificate and is taken as it stands; a typed one must have its check digit. Raises TaxNumberInvalid,
    AlreadyRegistered.
    """
    if not certified and (not tax_number_valid(bin) or is_iin(bin) != (kind is Kind.SOLE_TRADER)):
        raise TaxNumberInvalid(fields=[{"field": "bin", "code": "tax_number"}])
    if db.session.execute(select(Organisation.id).where(Organisation.bin == bin)).first():
        raise AlreadyRegistered(bin=bin)
    organisation_id = new_id()
    row = insert(Organisation).values(
        id=organisation_id,
        kind=kind,
        bin=bin,
        names={language: names[language] for language in ("kk", "ru", "en")},
        country=country,
        trade=trade,
        declaration_holder=declaration_holder,
        groups=list(groups),
        email=email,
        phone=phone,
        contract_state=contract_state,
        state=OrganisationState.ACTIVE,
        created_at=clock.now(),
    )
    try:
        db.session.execute(row)
    except IntegrityError as error:
        raise AlreadyRegistered(bin=bin) from error
    history.record(
        "organisation:created",
        subject=("organisation", organisation_id),
        organisation_id=organisation_id,
        actor=actor,
        after={"kind": kind.value, "bin": bin if kind is not Kind.SOLE_TRADER else None, "state": "active"},
    )
    return organisation_id


def add_member(
    organisation_id: str,
    *,
    iin: str,
    name: str,
    role: Role = Role.EMPLOYEE,
    functions: Sequence[Function] = (),
    valid_until: datetime | None = None,
    title: str = "",
    place_ids: Sequence[str] = (),
    certified: bool = False,
    signature_id: str | None = None,
    actor: Actor | None = None,
) -> str:
    """Let a person act for an organisation; returns the membership's id. The person is found by IIN or made, and gets
    back the row that a removal left (S4-32). A `certified` IIN comes from a trusted certificate and is taken as it
    stands.

    Raises TaxNumberInvalid, OrganisationUnknown, AlreadyMember.
    """
    if not certified and (not tax_number_valid(iin) or not is_iin(iin)):
        raise TaxNumberInvalid(fields=[{"field": "iin", "code": "tax_number"}])
    organisation = queries.organisation(organisation_id)
    person_id = identity.person(iin, name)
    given = {
        "role": role,
        "functions": [one.value for one in functions],
        "valid_until": valid_until,
        "title": title,
        "place_ids": list(place_ids),
    }
    membership_id = _place_left(organisation.id, person_id, given) or _new_place(organisation.id, person_id, given)
    history.record(
        "member:added",
        subject=("membership", membership_id),
        organisation_id=organisation.id,
        actor=actor,
        signature_id=signature_id,
        after={
            "person": person_id,
            "role": role.value,
            "functions": [one.value for one in functions],
            "valid_until": valid_until.isoformat() if valid_until else None,
        },
    )
    return membership_id


def _place_left(organisation_id: str, person_id: str, given: dict[str, Any]) -> str | None:
    left = (
        update(Membership)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.person_id == person_id,
            Membership.removed_at.is_not(None),
        )
        .values(removed_at=None, blocked_at=None, version=Membership.version + 1, **given)
    )
    return db.session.execute(left.returning(Membership.id)).scalar()


def _new_place(organisation_id: str, person_id: str, given: dict[str, Any]) -> str:
    membership_id = new_id()
    row = insert(Membership).values(
        id=membership_id, person_id=person_id, organisation_id=organisation_id, created_at=clock.now(), **given
    )
    try:
        db.session.execute(row)
    except IntegrityError as error:
        raise AlreadyMember() from error
    return membership_id


def block_member(organisation_id: str, membership_id: str, *, actor: Actor | None = None) -> None:
    """Take the right to act away, and with it every open session (S4-32). Raises MemberUnknown."""
    membership = queries.member(organisation_id, membership_id)
    membership.blocked_at = clock.now()
    ended = identity.revoke_all(membership.person_id, organisation_id)
    fact = history.record(
        "member:blocked",
        subject=("membership", membership_id),
        organisation_id=organisation_id,
        actor=actor,
        detail={"sessions_ended": ended},
    )
    queue.after_commit("notifications.on_fact", fact)


def unblock_member(organisation_id: str, membership_id: str, *, actor: Actor | None = None) -> None:
    """Give the right to act back (S4-32). Raises MemberUnknown."""
    membership = queries.member(organisation_id, membership_id)
    membership.blocked_at = None
    fact = history.record(
        "member:unblocked", subject=("membership", membership_id), organisation_id=organisation_id, actor=actor
    )
    queue.after_commit("notifications.on_fact", fact)


def block_organisation(organisation_id: str, *, reason: str, actor: Actor | None = None) -> None:
    """Stop an organisation: its members keep their sessions but every route refuses them. Raises
    OrganisationUnknown."""
    _set_state(organisation_id, OrganisationState.BLOCKED, reason, actor)


def unblock_organisation(organisation_id: str, *, reason: str, actor: Actor | None = None) -> None:
    """Let an organisation act again. Raises OrganisationUnknown."""
    _set_state(organisation_id, OrganisationState.ACTIVE, reason, actor)


def _set_state(organisation_id: str, state: OrganisationState, reason: str, actor: Actor | None) -> None:
    organisation = queries.organisation(organisation_id)
    before, organisation.state = organisation.state, state
    history.record(
        "organisation:blocked" if state is OrganisationState.BLOCKED else "organisation:unblocked",
        subject=("organisation", organisation_id),
        organisation_id=organisation_id,
        actor=actor,
        before={"state": before.value},
        after={"state": state.value},
        detail={"reason": reason},
    )
