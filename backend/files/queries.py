"""Reads of files. The asking organisation comes first; None is the operator, who sees what belongs to a document."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import func, select

from backend.core.db import db
from backend.files.models import Belonging, Bringing, File
from backend.files.rules import FileUnknown


class Readable(NamedTuple):
    """A file that may be read, under the name that a document gives it; empty where none does."""

    file: File
    name: str


def readable(organisation_id: str | None, person_id: str, kinds: Collection[str], file_id: str) -> Readable:
    """A file that belongs to a document of these kinds, of which the organisation is a party, or that this person
    brought. Raises FileUnknown, for another's as for one that is not."""
    named = select(File, Belonging.name).join(Belonging, Belonging.file_id == File.id).where(File.id == file_id)
    named = named.where(Belonging.document_kind.in_(kinds)).order_by(Belonging.document_id.desc())
    if organisation_id is not None:
        named = named.where(Belonging.organisation_id == organisation_id)
    own = select(File).join(Bringing, Bringing.file_id == File.id).where(File.id == file_id)
    own = own.where(Bringing.organisation_id == organisation_id, Bringing.person_id == person_id)
    if found := db.session.execute(named).first():
        return Readable(*found)
    if brought := db.session.scalars(own).first():
        return Readable(brought, "")
    raise FileUnknown(id=file_id)


def at_hand(organisation_id: str, ids: Collection[str]) -> dict[str, File]:
    """Those of these files that the organisation brought or may read, by id."""
    brought = select(Bringing.file_id).where(Bringing.organisation_id == organisation_id)
    belongs = select(Belonging.file_id).where(Belonging.organisation_id == organisation_id)
    rows = select(File).where(File.id.in_(ids), File.id.in_(brought.union(belongs)))
    return {one.id: one for one in db.session.scalars(rows)}


def of_document(kind: str, document_id: str) -> dict[str, File]:
    """The files that belong to a document, by id; whoever asks has seen to it that the document may be read."""
    own = select(Belonging.file_id).where(Belonging.document_kind == kind, Belonging.document_id == document_id)
    return {one.id: one for one in db.session.scalars(select(File).where(File.id.in_(own)))}


def used(organisation_id: str) -> int:
    """Bytes of all that the organisation brought."""
    total = select(func.coalesce(func.sum(File.size), 0)).join(Bringing, Bringing.file_id == File.id)
    return db.session.scalar(total.where(Bringing.organisation_id == organisation_id)) or 0
