"""Files by their SHA-256, who brought them, and which documents they belong to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime


class File(Base):
    """A file in the store. `id` is the SHA-256 of its bytes, hexadecimal; `media` what they are by content."""

    __tablename__ = "files"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    media: Mapped[str] = mapped_column(String(80))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Bringing(Base):
    """That somebody of an organisation brought a file: it counts against the room of that organisation."""

    __tablename__ = "file_bringings"
    __table_args__ = (Index("ix_file_bringings_organisation_id", "organisation_id"),)

    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Belonging(Base):
    """That an organisation may read a file, because it is a party of a document that the file belongs to. `name` is
    what that document calls it."""

    __tablename__ = "file_belongings"
    __table_args__ = (Index("ix_file_belongings_document_kind_document_id", "document_kind", "document_id"),)

    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    document_kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    document_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
