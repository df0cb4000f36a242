"""Putting files beside a draft and taking them away again."""

from backend.acts import attachments, drafts
from backend.acts.attachments_rules import MOST_ATTACHMENTS, TooManyAttachments
from backend.acts.models import Act
from backend.core import clock
from backend.core.actor import Actor
from backend.files import service as files
from backend.files.rules import FileUnknown
from backend.history import service as history


def add(actor: Actor, act_id: str, file_id: str, name: str) -> Act:
    """Put a file that the organisation brought beside a draft. Raises ActUnknown, ActMoved, FileUnknown,
    TooManyAttachments."""
    row = drafts.claim(actor, act_id, None)
    file = files.require(row.sender_id, [file_id])[file_id]
    others = [one for one in attachments.of(row.id) if one.sha256 != file_id]
    if len(others) >= MOST_ATTACHMENTS:
        raise TooManyAttachments(limit=MOST_ATTACHMENTS)
    attachments.attach(row, file, name, actor.person_id, clock.now())
    _record("act:attachment_added", row, actor, file_id)
    return row


def remove(actor: Actor, act_id: str, file_id: str) -> Act:
    """Take a file away from a draft. Raises ActUnknown, ActMoved, FileUnknown."""
    row = drafts.claim(actor, act_id, None)
    if not attachments.detach(row, file_id):
        raise FileUnknown(id=file_id)
    _record("act:attachment_removed", row, actor, file_id)
    return row


def _record(kind: str, row: Act, actor: Actor, file_id: str) -> None:
    history.record(
        kind,
        subject=("act", row.id),
        organisation_id=row.sender_id,
        actor=actor,
        document=("act", row.id),
        detail={"number": row.number, "sha256": file_id},
    )
