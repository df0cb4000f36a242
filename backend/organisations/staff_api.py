"""Routes of the staff: who works here, whom the head invites, and what the invited one answers."""

from backend.core.actor import current_actor
from backend.core.api import PUBLIC, SIGNED_IN, Api
from backend.organisations import invitations, staff_views
from backend.organisations import staff as verbs
from backend.organisations.access import Permission
from backend.organisations.staff_schemas import (
    AcceptedOut,
    InvitationOut,
    InviteIn,
    MemberIn,
    MemberOut,
    OfferOut,
    PermissionsOut,
    SignaturesIn,
    StaffOut,
)
from backend.signatures.cms import unarmour
from backend.signatures.exchange import ToSignList
from backend.signatures.verifier import Verified

api = Api("staff")

STAFF = Permission.STAFF_MANAGE


@api.get("/permissions", allow=SIGNED_IN, gives=PermissionsOut)
def list_permissions() -> PermissionsOut:
    """The functions that can be entrusted here, and what each allows."""
    return staff_views.permissions(current_actor())


@api.get("/staff", allow=STAFF, gives=StaffOut)
def list_staff() -> StaffOut:
    """Everybody among the staff and every open invitation."""
    return staff_views.staff(current_actor())


@api.get("/staff/<membership_id>", allow=STAFF, gives=MemberOut)
def get_member(membership_id: str) -> MemberOut:
    """One of the staff."""
    return staff_views.one(current_actor(), membership_id)


@api.put("/staff/<membership_id>", allow=STAFF, takes=MemberIn, gives=MemberOut)
def change_member(membership_id: str, body: MemberIn) -> MemberOut:
    """Set functions, term, title and places of a member."""
    verbs.change(current_actor(), membership_id, body.terms(), body.version)
    return staff_views.one(current_actor(), membership_id)


@api.post("/staff/<membership_id>/block", allow=STAFF, gives=MemberOut)
def block_member(membership_id: str) -> MemberOut:
    """Take a member's right to act away, and end every session."""
    verbs.block(current_actor(), membership_id)
    return staff_views.one(current_actor(), membership_id)


@api.post("/staff/<membership_id>/restore", allow=STAFF, gives=MemberOut)
def restore_member(membership_id: str) -> MemberOut:
    """Give a blocked member the right to act back."""
    verbs.restore(current_actor(), membership_id)
    return staff_views.one(current_actor(), membership_id)


@api.delete("/staff/<membership_id>", allow=STAFF, gives=StaffOut)
def remove_member(membership_id: str) -> StaffOut:
    """Take a member off the staff; the history of what they did stays."""
    verbs.remove(current_actor(), membership_id)
    return staff_views.staff(current_actor())


@api.post("/staff/invitations", allow=STAFF, takes=InviteIn, gives=InvitationOut, status=201)
def invite(body: InviteIn) -> InvitationOut:
    """Invite somebody: the answer holds the link and its QR code."""
    row = invitations.invite(current_actor(), body.name, body.iin, body.terms())
    return staff_views.invitation(current_actor(), row)


@api.delete("/staff/invitations/<invitation_id>", allow=STAFF, gives=StaffOut)
def cancel_invitation(invitation_id: str) -> StaffOut:
    """Take an invitation back."""
    invitations.cancel(current_actor(), invitation_id)
    return staff_views.staff(current_actor())


@api.post("/staff/invitations/<invitation_id>/confirm", allow=STAFF, gives=StaffOut)
def confirm_invitation(invitation_id: str) -> StaffOut:
    """Let an invitation of the former head stand."""
    invitations.confirm(current_actor(), invitation_id)
    return staff_views.staff(current_actor())


@api.get("/invitations/<token>", allow=PUBLIC, gives=OfferOut, limit="invitation")
def get_offer(token: str) -> OfferOut:
    """What the holder of an invitation's link is offered."""
    return staff_views.offer(invitations.opened(token))


@api.get("/invitations/<token>/document", allow=PUBLIC, gives=ToSignList, limit="invitation")
def get_offered_document(token: str) -> ToSignList:
    """The bytes that the invited one signs."""
    return staff_views.offered_document(invitations.opened(token))


def _judge(token: str, body: SignaturesIn) -> Verified:
    given = body.signatures[0]
    return invitations.verify(token, given.id, unarmour(given.cms))


@api.post(
    "/invitations/<token>/sign",
    allow=PUBLIC,
    takes=SignaturesIn,
    gives=AcceptedOut,
    limit="invitation",
    judge=_judge,
)
def accept_offer(token: str, body: SignaturesIn, judged: Verified) -> AcceptedOut:
    """Take the place among the staff by signing."""
    return staff_views.accepted(invitations.accept(token, judged))
