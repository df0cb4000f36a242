"""Bringing files, and tying them to the documents that name them.

The bytes are in the store for good before a row says so; a row that is rolled back leaves bytes behind, which the sweep
takes away.
"""

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from flask import current_app
from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from backend.core import clock, sandbox
from backend.core.actor import Actor
from backend.core.db import db, is_sqlite
from backend.core.sandbox import SandboxFailed
from backend.files import queries, store
from backend.files.models import Belonging, Bringing, File
from backend.files.rules import (
    LARGEST,
    CheckBusy,
    FileDamaged,
    FileEmpty,
    FileTooLarge,
    FileUnknown,
    FileUnsupported,
    Media,
    PictureTooLarge,
    QuotaReached,
    StoreDown,
    tidy,
)
from backend.organisations.access import Permission

READ_BY: dict[str, Permission] = {"act": Permission.ACTS_SEE}
"""What a member must be allowed to, in order to read files of a kind of document."""

MEGABYTE = 1024 * 1024
SECONDS = 5.0
REFUSALS = {
    "unsupported": FileUnsupported,
    "damaged": FileDamaged,
    "too_large": PictureTooLarge,
    "busy": CheckBusy,
}

log = logging.getLogger("tanba.files")

Document = tuple[str, str]
"""Kind and id of what a file belongs to, as history has it."""


class Judged(NamedTuple):
    """A file that was looked into and lies in the store."""

    id: str
    size: int
    media: Media


def judge(actor: Actor, content: bytes) -> Judged:
    """Say what a file is by its content and put it into the store; slow, writes no row.

    Raises FileEmpty, FileTooLarge, FileUnsupported, FileDamaged, PictureTooLarge, QuotaReached, CheckBusy, StoreDown.
    """
    if not content:
        raise FileEmpty()
    if len(content) > LARGEST:
        raise FileTooLarge(limit=LARGEST // MEGABYTE)
    digest = hashlib.sha256(content).hexdigest()
    _require_room(actor.organisation_id, digest, len(content))
    media = _media(content)
    store.current().put(digest, content)
    return Judged(digest, len(content), media)


def bring(actor: Actor, judged: Judged) -> File:
    """Keep the row of a file that is in the store. Bringing it again keeps it as long as if it were new. Raises
    QuotaReached, and StoreDown where the sweep took the bytes just before: then they are to be brought again."""
    _require_room(actor.organisation_id, judged.id, judged.size)
    now = clock.now()
    _ensure(File.__table__, [{"id": judged.id, "size": judged.size, "media": judged.media.value, "stored_at": now}])
    if not store.current().has(judged.id):
        raise StoreDown()
    own = {"file_id": judged.id, "organisation_id": actor.organisation_id, "person_id": actor.person_id, "at": now}
    _ensure(Bringing.__table__, [own], at=now)
    return db.session.get_one(File, judged.id)


def read(actor: Actor, organisation_id: str | None, file_id: str) -> tuple[File, str, bytes]:
    """A file, the name under which it is handed out, and its bytes. Raises FileUnknown, StoreDown."""
    kinds = [kind for kind, permission in READ_BY.items() if permission in actor.permissions]
    found, name = queries.readable(organisation_id, actor.person_id, kinds, file_id)
    kept = content(found.id)
    if kept is None:
        raise StoreDown()
    return found, tidy(name or found.id[:12], Media(found.media)), kept


def content(file_id: str) -> bytes | None:
    """The bytes of a file as they were brought; None where the store has them no more. Raises StoreDown for a store
    that does not answer."""
    found = store.current().get(file_id)
    if found is None or hashlib.sha256(found).hexdigest() != file_id:
        log.error("a file is not in the store as it was brought", extra={"id": file_id})
        return None
    return found


def require(organisation_id: str, ids: Collection[str]) -> dict[str, File]:
    """The files of these ids, all of which the organisation brought or may read. Raises FileUnknown, naming the first
    that it does not have."""
    found = queries.at_hand(organisation_id, ids)
    if missing := sorted(set(ids) - found.keys()):
        raise FileUnknown(id=missing[0])
    return found


def belong(document: Document, names: Mapping[str, str], organisations: Iterable[str | None]) -> None:
    """Let the parties of a document read its files; `names` are by file id. Parties that are not known yet (None) are
    passed over. Saying it again changes nothing."""
    kind, identity = document
    rows = [
        {"file_id": one, "organisation_id": party, "document_kind": kind, "document_id": identity, "name": name}
        for party in sorted({one for one in organisations if one})
        for one, name in sorted(names.items())
    ]
    if rows:
        _ensure(Belonging.__table__, rows)


def let_go(document: Document, file_id: str | None = None) -> None:
    """A document names this file no more, or (None) none at all."""
    gone = delete(Belonging).where(Belonging.document_kind == document[0], Belonging.document_id == document[1])
    db.session.execute(gone if file_id is None else gone.where(Belonging.file_id == file_id))


def share(document: Document, organisation_id: str) -> None:
    """A further party of the document may read all its files."""
    mine = select(Belonging.file_id, Belonging.name).where(
        Belonging.document_kind == document[0], Belonging.document_id == document[1]
    )
    belong(document, {one: name for one, name in db.session.execute(mine)}, [organisation_id])


def hold(ids: Collection[str]) -> list[str]:
    """Those of these ids that have no row, held until the end of the transaction: nobody else gives them one."""
    rows = [{"id": one, "size": 0, "media": "", "stored_at": clock.now()} for one in sorted(ids)]
    wanted = _insert(File.__table__).on_conflict_do_nothing().returning(File.id)
    return list(db.session.scalars(wanted.values(rows)))


def _media(content: bytes) -> Media:
    try:
        return Media(json.loads(sandbox.call("file", content, seconds=SECONDS))["media"])
    except SandboxFailed as failed:
        raise REFUSALS.get(failed.reason, FileDamaged)() from failed


def _require_room(organisation_id: str, file_id: str, size: int) -> None:
    limit = current_app.config["SETTINGS"].files_quota
    if queries.used(organisation_id) + size <= limit:
        return
    if db.session.get(Bringing, (file_id, organisation_id)) is None:
        raise QuotaReached(limit=limit // MEGABYTE)


def _ensure(table: Table, rows: list[dict[str, object]], **renewed: object) -> None:
    """Insert what is not there yet, or renew it; two who bring the same at once both succeed."""
    wanted = _insert(table)
    if renewed:
        wanted = wanted.on_conflict_do_update(index_elements=table.primary_key, set_=renewed)
    else:
        wanted = wanted.on_conflict_do_nothing()
    db.session.execute(wanted, rows)


def _insert(table: Table) -> sqlite.Insert | postgresql.Insert:
    return (sqlite if is_sqlite() else postgresql).insert(table)
