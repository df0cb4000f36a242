"""Routes of powers of attorney. Whoever manages the staff sees them; only the head gives, suspends and revokes."""

from backend.core.actor import current_actor
from backend.core.api import Api
from backend.organisations import power_queries, power_views
from backend.organisations import powers as verbs
from backend.organisations.access import Permission
from backend.organisations.power_schemas import PowerIn, PowerOut, PowersOut
from backend.organisations.staff_schemas import SignaturesIn
from backend.signatures.cms import unarmour
from backend.signatures.exchange import ToSignList
from backend.signatures.verifier import Verified

api = Api("powers")

STAFF = Permission.STAFF_MANAGE


@api.get("/powers", allow=STAFF, gives=PowersOut)
def list_powers() -> PowersOut:
    """Powers of attorney given by one's own organisation, and given to it."""
    return power_views.powers(current_actor().organisation_id)


@api.post("/powers", allow=STAFF, takes=PowerIn, gives=ToSignList, status=201)
def draft_power(body: PowerIn) -> ToSignList:
    """Write a power of attorney down; the answer holds the bytes for the head to sign."""
    return power_views.document(verbs.draft(current_actor(), body.typed()))


@api.get("/powers/<power_id>/document", allow=STAFF, gives=ToSignList)
def get_power_document(power_id: str) -> ToSignList:
    """The bytes that were, or are to be, signed."""
    return power_views.document(power_queries.own(current_actor().organisation_id, power_id))


def _judge(power_id: str, body: SignaturesIn) -> Verified:
    given = body.signatures[0]
    return verbs.verify(current_actor(), power_id, given.id, unarmour(given.cms))


@api.post("/powers/<power_id>/sign", allow=STAFF, takes=SignaturesIn, gives=PowerOut, judge=_judge)
def sign_power(power_id: str, body: SignaturesIn, judged: Verified) -> PowerOut:
    """Give the power by the head's signature."""
    return power_views.power(verbs.sign(current_actor(), power_id, judged))


@api.delete("/powers/<power_id>", allow=STAFF, gives=PowersOut)
def drop_power(power_id: str) -> PowersOut:
    """Throw away a draft that was not signed."""
    verbs.drop(current_actor(), power_id)
    return power_views.powers(current_actor().organisation_id)


@api.post("/powers/<power_id>/suspend", allow=STAFF, gives=PowerOut)
def suspend_power(power_id: str) -> PowerOut:
    """Let a power rest."""
    return power_views.power(verbs.suspend(current_actor(), power_id))


@api.post("/powers/<power_id>/confirm", allow=STAFF, gives=PowerOut)
def confirm_power(power_id: str) -> PowerOut:
    """Let a suspended power work again; a new head takes over the former one's."""
    return power_views.power(verbs.confirm(current_actor(), power_id))


@api.post("/powers/<power_id>/revoke", allow=STAFF, gives=PowerOut)
def revoke_power(power_id: str) -> PowerOut:
    """End a power for good."""
    return power_views.power(verbs.revoke(current_actor(), power_id))
