"""Inviting a buyer who has no account, and what the holder of the link is shown."""

from flask import g

from backend.acts import goods, invitations
from backend.acts.models import Act, Invitation
from backend.acts.schemas import ActInvitationOut, ActInviteIn, InvitedIn, InvitedOut
from backend.core.actor import current_actor
from backend.core.api import PUBLIC, Api
from backend.core.i18n import Names
from backend.core.symbols import qr
from backend.organisations import queries as organisations
from backend.organisations.access import Permission

api = Api("act_invitations")

SIGN = Permission.ACTS_SIGN


@api.get("/acts/<act_id>/invitation", allow=SIGN, gives=ActInvitationOut)
def show_invitation(act_id: str) -> ActInvitationOut:
    """The link for a buyer who is not registered, and whether it was opened."""
    return _shown(*invitations.of(current_actor(), act_id))


@api.post("/acts/<act_id>/invitation", allow=SIGN, takes=ActInviteIn, gives=ActInvitationOut)
def invite_buyer(act_id: str, body: ActInviteIn) -> ActInvitationOut:
    """Write the buyer a letter with the link."""
    return _shown(*invitations.mail(current_actor(), act_id, body.email, body.language))


@api.post("/invited", allow=PUBLIC, takes=InvitedIn, gives=InvitedOut, limit="invitation")
def open_invitation(body: InvitedIn) -> InvitedOut:
    """Who sent how much to whom, for the holder of a link."""
    return _invited(invitations.opened(body.token, g.actor))


def _shown(row: Act, invitation: Invitation | None) -> ActInvitationOut:
    link = invitations.link(row.id)
    symbol = qr(link)
    rows = ["".join("01"[symbol.dark(x, y)] for x in range(symbol.width)) for y in range(symbol.height)]
    found = invitation or Invitation(letters=0)
    left = invitations.MOST_LETTERS - found.letters
    return ActInvitationOut(
        link=link, qr=rows, letters_left=left, mailed_at=found.mailed_at, opened_at=found.opened_at, until=row.due_at
    )


def _invited(row: Act) -> InvitedOut:
    sender = organisations.organisation(row.sender_id)
    return InvitedOut(
        standing=invitations.standing(row.state),
        number=row.number,
        sender=Names(**sender.names),
        sender_tax_number=sender.bin,
        receiver=row.receiver_name,
        receiver_tax_number=row.receiver_tax or "",
        units=row.units,
        packages=len(goods.packages(row.id)),
        products=len(goods.lines(row)),
        sent_at=row.sent_at,
        due_at=row.due_at,
        test=sender.sandbox_of is not None,
    )
