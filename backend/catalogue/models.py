"""Cards of goods: what a GTIN (or a fur mark) stands for."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.catalogue.rules import CardState
from backend.core.db import Base, UtcDateTime


class Card(Base):
    """Goods as the consumer sees them. `gtin` is GTIN-14, None where the group marks without one (fur).

    `names` is {"kk", "ru", "en"}; `attributes` {code of the group: value}; `producer` {"name", "country"};
    `importer_id` the holder of the customs declaration (S0-39), None for goods made in Kazakhstan.
    """

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("gtin", "owner_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    gtin: Mapped[str | None] = mapped_column(String(14))
    group: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    brand: Mapped[str | None] = mapped_column(String(120))
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON)
    tnved: Mapped[str] = mapped_column(String(10))
    country: Mapped[str] = mapped_column(String(2))
    producer: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    importer_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[CardState] = mapped_column(
        Enum(CardState, native_enum=False, length=24, values_callable=lambda states: [one.value for one in states])
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
