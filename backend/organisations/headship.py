"""A change of head: the former one is out, and what the former one gave waits for the new head's word.

The certification authority does not revoke a dismissed head's certificate by itself (SIGNING §7.10), so the platform
keeps its own list of who signs.
"""

from sqlalchemy import select, update

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import service as identity
from backend.organisations import queries
from backend.organisations.models import Invitation, InvitationState, Membership, Organisation, Power, PowerState
from backend.organisations.rules import Role


def change_head(organisation_id: str, person_id: str, *, actor: Actor | None) -> str:
    """Make this person the one head, in the open transaction; returns the membership's id.

    Every other head is blocked and becomes an employee without functions, with all sessions ended; powers of attorney
    and invitations that they gave are suspended until the new head confirms or ends each. Nothing happens when the
    person is the only head already. Raises OrganisationUnknown.
    """
    organisation = queries.organisation(organisation_id)
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
    former = [one for one in _heads(organisation.id) if one.person_id != person_id]
    new = _appointed(organisation.id, person_id)
    for one in former:
        _dismiss(one)
    powers, invitations = _suspend([one.person_id for one in former], organisation.id)
    if former or new.role is not Role.HEAD or new.blocked_at:
        new.role, new.functions, new.valid_until = Role.HEAD, [], None
        new.blocked_at, new.removed_at = None, None
        new.version += 1
        fact = history.record(
            "organisation:head_changed",
            subject=("organisation", organisation_id),
            organisation_id=organisation_id,
            actor=actor,
            before={"heads": [one.person_id for one in former]},
            after={"heads": [person_id]},
            detail={"powers_suspended": powers, "invitations_suspended": invitations},
        )
        queue.after_commit("notifications.on_fact", fact)
    return new.id


def _heads(organisation_id: str) -> list[Membership]:
    """All of them, also those who are blocked or whose term is over."""
    rows = select(Membership).where(Membership.organisation_id == organisation_id, Membership.role == Role.HEAD)
    return list(db.session.scalars(rows.order_by(Membership.id)))


def _appointed(organisation_id: str, person_id: str) -> Membership:
    """The new head's place among the staff, also one that was removed; a fresh one begins without rights."""
    rows = select(Membership).where(Membership.organisation_id == organisation_id, Membership.person_id == person_id)
    found = db.session.execute(rows).scalar_one_or_none()
    if found:
        return found
    row = Membership(
        id=new_id(),
        person_id=person_id,
        organisation_id=organisation_id,
        role=Role.EMPLOYEE,
        functions=[],
        version=1,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _dismiss(member: Membership) -> None:
    member.role, member.functions = Role.EMPLOYEE, []
    member.blocked_at = member.blocked_at or clock.now()
    member.version += 1
    identity.revoke_all(member.person_id, member.organisation_id)


def _suspend(people: list[str], organisation_id: str) -> tuple[int, int]:
    """How many powers and invitations of these people rest from now on."""
    powers = update(Power).where(
        Power.organisation_id == organisation_id, Power.given_by.in_(people), Power.state == PowerState.ACTIVE
    )
    invitations = update(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.invited_by.in_(people),
        Invitation.state == InvitationState.WAITING,
    )
    return (
        db.session.execute(powers.values(state=PowerState.SUSPENDED)).rowcount,
        db.session.execute(invitations.values(state=InvitationState.SUSPENDED)).rowcount,
    )
