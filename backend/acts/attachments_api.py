"""Files beside a draft."""

from backend.acts import attaching, attachments
from backend.acts.attachments_schemas import AttachmentIn, Attachments, shown
from backend.acts.models import Act
from backend.core.actor import current_actor
from backend.core.api import Api
from backend.organisations.access import Permission

api = Api("attachments")

SIGN = Permission.ACTS_SIGN


@api.post("/acts/<act_id>/attachments", allow=SIGN, takes=AttachmentIn, gives=Attachments)
def attach(act_id: str, body: AttachmentIn) -> Attachments:
    """Put a file beside a draft; it is signed with the act, and the receiver sees it."""
    return _seen(attaching.add(current_actor(), act_id, body.file_id, body.name))


@api.delete("/acts/<act_id>/attachments/<file_id>", allow=SIGN, gives=Attachments)
def detach(act_id: str, file_id: str) -> Attachments:
    """Take a file away from a draft."""
    return _seen(attaching.remove(current_actor(), act_id, file_id))


def _seen(row: Act) -> Attachments:
    return Attachments(version=row.version, attachments=[shown(one) for one in attachments.of(row.id)])
