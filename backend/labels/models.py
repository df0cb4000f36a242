"""Every sheet of labels that was made, and why when it was not the first."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime


class Sheet(Base):
    """A request to print codes `first` … `first + count - 1` of an emission. `reason` is set on a reprint."""

    __tablename__ = "label_sheets"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    emission_id: Mapped[str] = mapped_column(ForeignKey("emissions.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    first: Mapped[int]
    count: Mapped[int]
    media: Mapped[str] = mapped_column(String(8))
    layout: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
