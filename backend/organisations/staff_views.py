"""The staff as the routes answer it."""

from flask import current_app

from backend.core import clock
from backend.core.actor import Actor
from backend.core.i18n import Names
from backend.core.symbols import Matrix, qr
from backend.identity import queries as identity
from backend.organisations import access, documents, invitations, queries
from backend.organisations.models import Invitation, InvitationState, Membership
from backend.organisations.rules import Function, Role, last_day
from backend.organisations.staff_schemas import (
    AcceptedOut,
    FunctionOut,
    InvitationOut,
    MemberOut,
    OfferOut,
    PermissionsOut,
    StaffOut,
)
from backend.signatures.exchange import ToSignList, to_sign


def staff(actor: Actor) -> StaffOut:
    """Everybody and every open offer."""
    own = queries.membership_of(actor.organisation_id, actor.person_id)
    seen = queries.last_seen(actor.organisation_id)
    return StaffOut(
        members=[
            member(row, name, own, seen.get(row.person_id)) for row, name in queries.members(actor.organisation_id)
        ],
        invitations=[invitation(actor, row) for row in invitations.of_staff(actor.organisation_id)],
    )


def one(actor: Actor, membership_id: str) -> MemberOut:
    row = queries.member(actor.organisation_id, membership_id)
    own = queries.membership_of(actor.organisation_id, actor.person_id)
    seen = queries.last_seen(actor.organisation_id)
    return member(row, identity.name_of(row.person_id), own, seen.get(row.person_id))


def member(row: Membership, name: str, own: Membership | None, seen: object) -> MemberOut:
    touchable = own is not None and own.id != row.id and (own.role is Role.HEAD or row.role is not Role.HEAD)
    return MemberOut(
        id=row.id,
        person_id=row.person_id,
        name=name,
        role=row.role,
        functions=row.functions,
        title=row.title,
        place_ids=row.place_ids,
        valid_until=last_day(row.valid_until),
        state=_state(row),
        last_seen=seen,
        created_at=row.created_at,
        own=own is not None and own.id == row.id,
        editable=touchable,
        version=row.version,
    )


def invitation(actor: Actor, row: Invitation) -> InvitationOut:
    link = invitations.link(row) if invitations.shown_to(actor, row) else None
    past = row.state is InvitationState.WAITING and not invitations.living(row)
    return InvitationOut(
        id=row.id,
        name=row.name,
        functions=row.functions,
        title=row.title,
        place_ids=row.place_ids,
        valid_until=last_day(row.valid_until),
        state="expired" if past else row.state.value,
        created_at=row.created_at,
        expires_at=row.expires_at,
        link=link,
        qr=rows_of(qr(link)) if link else None,
    )


def offer(row: Invitation) -> OfferOut:
    organisation = queries.organisation(row.organisation_id)
    places = [queries.place(row.organisation_id, one) for one in row.place_ids]
    return OfferOut(
        id=row.id,
        organisation=Names(**organisation.names),
        bin=organisation.bin,
        name=row.name,
        functions=row.functions,
        title=row.title,
        places=[Names(**one.names) for one in places],
        valid_until=last_day(row.valid_until),
        expires_at=row.expires_at,
        test=current_app.config["SETTINGS"].trust_profile != "nca-prod",
    )


def offered_document(row: Invitation) -> ToSignList:
    organisation = queries.organisation(row.organisation_id)
    facts = [("organisation", organisation.names["kk"]), ("bin", organisation.bin)]
    paper = to_sign(row.id, documents.ACCEPTANCE, row.document, documents.ACCEPTANCE_NAMES, facts)
    return ToSignList(documents=[paper])


def accepted(row: Invitation) -> AcceptedOut:
    member = queries.member(row.organisation_id, row.membership_id)
    organisation = queries.organisation(row.organisation_id)
    return AcceptedOut(organisation=Names(**organisation.names), name=identity.name_of(member.person_id))


def permissions(actor: Actor) -> PermissionsOut:
    """The functions that mean something in this organisation, with what each gives."""
    organisation = queries.organisation(actor.organisation_id)
    whole = access.permissions_of(organisation.kind, Role.HEAD, [], organisation.trade)
    own = set(access.grantable(organisation, actor.permissions))
    return PermissionsOut(
        functions=[
            FunctionOut(function=one, permissions=sorted(access.BY_FUNCTION[one] & whole), grantable=one in own)
            for one in Function
            if one in access.grantable(organisation, whole)
        ]
    )


def rows_of(matrix: Matrix) -> list[str]:
    """A symbol as rows of 0 and 1, which a screen draws by itself."""
    columns = range(matrix.width)
    return ["".join("1" if matrix.dark(x, y) else "0" for x in columns) for y in range(matrix.height)]


def _state(row: Membership) -> str:
    if row.blocked_at:
        return "blocked"
    return "ended" if row.valid_until and row.valid_until <= clock.now() else "active"
