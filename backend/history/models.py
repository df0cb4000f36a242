"""Facts are written once and never changed; the chain and its checkpoints are laid over them afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime


class Fact(Base):
    """What happened, to what, by whom, because of which document, before and after.

    A movement of codes carries `count` and `merkle_root` (SHA-256 tree over the sorted code ids).
    """

    __tablename__ = "facts"
    __table_args__ = (Index("ix_facts_organisation_id_at_id", "organisation_id", "at", "id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[str] = mapped_column(String(64), index=True)
    organisation_id: Mapped[str | None] = mapped_column(String(26))
    actor_id: Mapped[str | None] = mapped_column(String(26))
    via: Mapped[str] = mapped_column(String(12))
    document_kind: Mapped[str | None] = mapped_column(String(24))
    document_id: Mapped[str | None] = mapped_column(String(64))
    signature_id: Mapped[str | None] = mapped_column(String(26))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    count: Mapped[int | None]
    merkle_root: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class Link(Base):
    """The place of a fact in the chain: `hash` = SHA-256(previous hash || canonical bytes of the fact)."""

    __tablename__ = "chain"

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    fact_id: Mapped[str] = mapped_column(String(26), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Checkpoint(Base):
    """A signed promise: up to `sequence` the chain's head is `hash`."""

    __tablename__ = "checkpoints"

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    signature: Mapped[str] = mapped_column(String(88))


def content(fact: Fact) -> dict[str, Any]:
    """The columns that the chain protects: all of them."""
    return {column.key: getattr(fact, column.key) for column in Fact.__table__.columns}
