"""Invitations to the staff: a link that works once for a week, and grants nothing until the invited one signs."""

import hmac
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, update

from backend.core import clock, queue, vault
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import DomainError
from backend.core.ids import new_id
from backend.history import service as history
from backend.organisations import documents, queries, service, staff
from backend.organisations.models import Invitation, InvitationState, OrganisationState
from backend.organisations.rules import (
    AlreadyMember,
    CertificateOfAnother,
    Function,
    InvitationEnded,
    InvitationOfAnother,
    InvitationUnknown,
    OrganisationBlocked,
    TaxNumberInvalid,
    Terms,
    is_iin,
    require_grant,
    require_standing,
    tax_number_valid,
)
from backend.signatures import service as signatures
from backend.signatures.rules import Purpose
from backend.signatures.verifier import Verified

LIVES = timedelta(days=7)
ID = 26


def invite(actor: Actor, name: str, iin: str | None, terms: Terms) -> Invitation:
    """Offer a place among the staff. With an IIN only that person can take it. Raises TaxNumberInvalid, AlreadyMember,
    GrantExceeds, TermExceeds, TermPast, PlaceUnknown."""
    if iin and not (tax_number_valid(iin) and is_iin(iin)):
        raise TaxNumberInvalid(fields=[{"field": "iin", "code": "tax_number"}])
    staff.require_terms(staff.grantor(actor), terms)
    if iin and queries.membership_by_iin(actor.organisation_id, iin):
        raise AlreadyMember()
    now = clock.now()
    row = Invitation(
        id=new_id(),
        organisation_id=actor.organisation_id,
        name=name,
        iin_key=vault.pseudonym("iin", iin) if iin else None,
        functions=[one.value for one in terms.functions],
        title=terms.title,
        place_ids=list(terms.place_ids),
        valid_until=terms.valid_until,
        state=InvitationState.WAITING,
        invited_by=actor.person_id,
        created_at=now,
        expires_at=now + LIVES,
    )
    row.document = documents.acceptance(queries.organisation(actor.organisation_id), row)
    db.session.add(row)
    _record(row, "invitation:created", actor)
    return row


def cancel(actor: Actor, invitation_id: str) -> None:
    """Take an offer back. Raises InvitationUnknown, InvitationEnded."""
    _move(actor, invitation_id, (InvitationState.WAITING, InvitationState.SUSPENDED), InvitationState.CANCELLED)


def confirm(actor: Actor, invitation_id: str) -> None:
    """A new head lets an offer of the old one stand, as one's own. Raises HeadOnly, InvitationUnknown,
    InvitationEnded."""
    staff.require_head(actor)
    row = _move(actor, invitation_id, (InvitationState.SUSPENDED,), InvitationState.WAITING)
    row.invited_by = actor.person_id


def of_staff(organisation_id: str) -> list[Invitation]:
    """The offers that wait or were suspended, the newest first."""
    open_states = (InvitationState.WAITING, InvitationState.SUSPENDED)
    rows = select(Invitation).where(Invitation.organisation_id == organisation_id, Invitation.state.in_(open_states))
    return list(db.session.scalars(rows.order_by(Invitation.id.desc())))


def link(row: Invitation) -> str:
    return f"{current_app.config['SETTINGS'].public_url}/join/{token(row.id)}"


def token(invitation_id: str) -> str:
    """Derived, so that it is stored nowhere: the id and 128 bits that only this installation can make."""
    return invitation_id + vault.pseudonym("invitation", invitation_id)


def shown_to(actor: Actor, row: Invitation) -> bool:
    """Whether the actor may have the link: who could not grant this much must not be able to hand it on."""
    own = queries.membership_of(actor.organisation_id, actor.person_id)
    return bool(own) and set(row.functions) <= set(staff.may_grant(own)) and living(row)


def living(row: Invitation) -> bool:
    return row.state is InvitationState.WAITING and clock.now() < row.expires_at


def opened(given: str) -> Invitation:
    """The offer behind a link. Raises InvitationUnknown for what is no link of ours, InvitationEnded for one that no
    longer works, OrganisationBlocked."""
    row = _behind(given)
    if not living(row):
        raise InvitationEnded()
    if queries.organisation(row.organisation_id).state is OrganisationState.BLOCKED:
        raise OrganisationBlocked()
    _require_giver(row)
    return row


def verify(given: str, invitation_id: str, cms: bytes) -> Verified:
    """Judge the signature under an acceptance. Writes nothing: this is slow and must hold no lock.

    Raises what `opened` does, CertificateOfAnother, InvitationOfAnother and the errors of signatures.rules.
    """
    row = opened(given)
    if row.id != invitation_id:
        raise InvitationUnknown()
    verified = signatures.verify(
        row.document, cms, schema=documents.ACCEPTANCE, purpose=Purpose.DOCUMENT, signed_after=row.created_at
    )
    if verified.signer.bin not in (None, queries.organisation(row.organisation_id).bin):
        raise CertificateOfAnother()
    if row.iin_key and row.iin_key != vault.pseudonym("iin", verified.signer.iin):
        raise InvitationOfAnother()
    return verified


def accept(given: str, verified: Verified) -> Invitation:
    """Take the invited one in, once. Raises InvitationEnded (also for the slower of two), AlreadyMember,
    SignatureReused."""
    row = opened(given)
    _take(row.id, InvitationState.WAITING, InvitationState.ACCEPTED)
    row.signature_id = signatures.keep(verified)
    row.membership_id = service.add_member(
        row.organisation_id,
        iin=verified.signer.iin,
        name=verified.signer.name,
        functions=[Function(one) for one in row.functions],
        valid_until=row.valid_until,
        title=row.title,
        place_ids=row.place_ids,
        certified=True,
        signature_id=row.signature_id,
    )
    member = queries.member(row.organisation_id, row.membership_id)
    fact = _record(row, "invitation:accepted", Actor(member.person_id, row.organisation_id), row.signature_id)
    queue.after_commit("notifications.on_fact", fact)
    return row


def _behind(given: str) -> Invitation:
    invitation_id = given[:ID]
    if not hmac.compare_digest(token(invitation_id).encode(), given.encode()):
        raise InvitationUnknown()
    found = db.session.get(Invitation, invitation_id)
    if found is None:
        raise InvitationUnknown()
    return found


def _require_giver(row: Invitation) -> None:
    """Whoever gave it must still be able to: a right lost meanwhile is not passed on."""
    giver = queries.membership_of(row.organisation_id, row.invited_by)
    if giver is None:
        raise InvitationEnded()
    try:
        require_standing(False, giver.blocked_at, giver.valid_until, clock.now())
        require_grant(map(Function, row.functions), staff.may_grant(giver))
    except DomainError as error:
        raise InvitationEnded() from error


def _move(actor: Actor, invitation_id: str, before: tuple[InvitationState, ...], after: InvitationState) -> Invitation:
    row = db.session.get(Invitation, invitation_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise InvitationUnknown(id=invitation_id)
    if row.state not in before:
        raise InvitationEnded()
    _take(row.id, row.state, after)
    _record(row, "invitation:cancelled" if after is InvitationState.CANCELLED else "invitation:confirmed", actor)
    return row


def _take(invitation_id: str, before: InvitationState, after: InvitationState) -> None:
    """Compare and set: of two at once, one finds it done."""
    moved = update(Invitation).where(Invitation.id == invitation_id, Invitation.state == before).values(state=after)
    if db.session.execute(moved).rowcount != 1:
        raise InvitationEnded()


def _record(row: Invitation, kind: str, actor: Actor, signature_id: str | None = None) -> str:
    """The invited one's name is a hint that the head typed; the fact keeps what was offered."""
    return history.record(
        kind,
        subject=("invitation", row.id),
        organisation_id=row.organisation_id,
        actor=actor,
        signature_id=signature_id,
        after={
            "functions": list(row.functions),
            "title": row.title,
            "places": list(row.place_ids),
            "valid_until": row.valid_until.isoformat() if row.valid_until else None,
            "membership": row.membership_id,
        },
    )
