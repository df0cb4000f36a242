"""Files of an act: papers beside it, which its sender signs with it, and photos of what the receiver did not take."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import delete, insert, literal, select

from backend.acts.attachments_models import Attachment, RejectionPhoto
from backend.acts.attachments_rules import PhotoMissing
from backend.acts.models import Act
from backend.acts.rules import Decision
from backend.codes.rules import code_id
from backend.core.db import db
from backend.files import service as files
from backend.files.models import File
from backend.files.rules import FileUnknown, Media, tidy


class Named(NamedTuple):
    """An attachment as the signed act says it, and its kind."""

    name: str
    sha256: str
    size: int
    media: str


def document_of(row: Act) -> files.Document:
    return "act", row.id


def of(act_id: str) -> Sequence[Named]:
    """In the order of adding."""
    rows = select(Attachment.name, Attachment.file_id, File.size, File.media).join(File, File.id == Attachment.file_id)
    rows = rows.where(Attachment.act_id == act_id).order_by(Attachment.added_at, Attachment.file_id)
    return [Named(*one) for one in db.session.execute(rows)]


def signed(act_id: str) -> dict[str, list[dict[str, object]]]:
    """What the act's envelope says of its files; acts without any keep the bytes that they always had."""
    found = [{"name": one.name, "sha256": one.sha256, "size": one.size} for one in of(act_id)]
    return {"attachments": sorted(found, key=lambda one: str(one["sha256"]))} if found else {}


def arrive(row: Act) -> None:
    """The receiver may read from now on what lies beside the act."""
    if row.receiver_id:
        files.share(document_of(row), row.receiver_id)


def forget(row: Act) -> None:
    """The draft is discarded: nothing holds its files any more."""
    db.session.execute(delete(Attachment).where(Attachment.act_id == row.id))
    files.let_go(document_of(row))


def require_photos(organisation_id: str, decision: Decision) -> None:
    """All photos that a decision names are there. Raises PhotoMissing."""
    wanted = {photo for one in decision.rejected for photo in one.photos}
    try:
        found = files.require(organisation_id, wanted) if wanted else {}
    except FileUnknown as error:
        raise PhotoMissing(**error.params) from error
    if strange := sorted(one.id for one in found.values() if not one.media.startswith("image/")):
        raise PhotoMissing(id=strange[0])


def keep_photos(row: Act, decision: Decision) -> None:
    """Photos are part of the discrepancy notice, and both sides see them."""
    rows = [
        {"act_id": row.id, "code_id": code_id(one.code), "place": place, "file_id": photo}
        for one in decision.rejected
        for place, photo in enumerate(one.photos)
    ]
    if rows:
        db.session.execute(insert(RejectionPhoto), rows)
        names = dict.fromkeys((str(one["file_id"]) for one in rows), "")
        files.belong(document_of(row), names, (row.sender_id, row.receiver_id))


def forget_photos(row: Act) -> None:
    """The decision is dropped, because its signature did not hold: its photos are the receiver's alone again, but for
    those that lie beside the act as papers too."""
    named = {one for found in photos(row.id).values() for one in found}
    for photo in named - {one.sha256 for one in of(row.id)}:
        files.let_go(document_of(row), photo)
    db.session.execute(delete(RejectionPhoto).where(RejectionPhoto.act_id == row.id))


def photos(act_id: str) -> dict[bytes, tuple[str, ...]]:
    """The photos of each unit that was not taken, in their order."""
    rows = select(RejectionPhoto.code_id, RejectionPhoto.file_id).where(RejectionPhoto.act_id == act_id)
    found = db.session.execute(rows.order_by(RejectionPhoto.code_id, RejectionPhoto.place))
    return {code: tuple(one.file_id for one in group) for code, group in groupby(found, lambda one: one.code_id)}


def attach(row: Act, file: File, name: str, person_id: str, at: object) -> None:
    """Put a file beside a draft, under a name that tells the truth; again changes its name."""
    told = tidy(name, Media(file.media))
    _detach(row, [file.id])
    db.session.execute(
        insert(Attachment).values(act_id=row.id, file_id=file.id, name=told, added_by=person_id, added_at=at)
    )
    files.belong(document_of(row), {file.id: told}, [row.sender_id])


def carry(origin: Act, row: Act) -> None:
    """The papers beside an act lie beside a draft that takes its place: as they were named, in their order."""
    kept = select(literal(row.id), Attachment.file_id, Attachment.name, Attachment.added_by, Attachment.added_at)
    kept = kept.where(Attachment.act_id == origin.id)
    columns = ["act_id", "file_id", "name", "added_by", "added_at"]
    db.session.execute(insert(Attachment).from_select(columns, kept))
    files.belong(document_of(row), {one.sha256: one.name for one in of(row.id)}, [row.sender_id])


def detach(row: Act, file_id: str) -> bool:
    """Take a file away from a draft; False when it is not there."""
    return _detach(row, [file_id])


def _detach(row: Act, ids: Iterable[str]) -> bool:
    gone = delete(Attachment).where(Attachment.act_id == row.id, Attachment.file_id.in_(list(ids)))
    done = db.session.execute(gone).rowcount
    for one in ids:
        files.let_go(document_of(row), one)
    return bool(done)
