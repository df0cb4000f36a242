"""Sightings: what was checked, when and roughly where, with nothing that tells who asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime


class Sighting(Base):
    """One public check. `cell` is a square of about 20 km, `device` a pseudonym of an id that the app rotates."""

    __tablename__ = "sightings"
    __table_args__ = (Index("ix_sightings_code_id_at", "code_id", "at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    code_id: Mapped[bytes] = mapped_column(LargeBinary(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(8))
    cell: Mapped[str | None] = mapped_column(String(12))
    device: Mapped[str | None] = mapped_column(String(32))


class CheckSummary(Base):
    """What a check must know of earlier checks of the same code, in one row read beside the code.

    `seen` is the working memory of the score: {"devices": {pseudonym: last ISO time}, "cells": {cell: last ISO time}}.
    """

    __tablename__ = "check_summaries"

    code_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    count: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    score: Mapped[int]
    seen: Mapped[dict[str, Any]] = mapped_column(JSON)
