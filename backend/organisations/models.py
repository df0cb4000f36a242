"""Participants of the turnover, the places where they work, and the people who may act for them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime
from backend.organisations.rules import Function, Kind, Role


class OrganisationState(StrEnum):
    ACTIVE = "active"
    BLOCKED = "blocked"


class PlaceKind(StrEnum):
    OFFICE = "office"
    PRODUCTION = "production"
    WAREHOUSE = "warehouse"
    SHOP = "shop"
    CUSTOMS_WAREHOUSE = "customs_warehouse"


def _stored(kinds: type[StrEnum]) -> Enum:
    """Kept as text, so that a new member needs no migration."""
    return Enum(kinds, native_enum=False, length=24, values_callable=lambda members: [one.value for one in members])


class Organisation(Base):
    """`bin` is the BIN of a legal entity or the IIN of a sole trader, 12 digits; `names` is {"kk", "ru", "en"}."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[Kind] = mapped_column(_stored(Kind))
    bin: Mapped[str] = mapped_column(String(12), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    country: Mapped[str] = mapped_column(String(2), default="KZ")
    state: Mapped[OrganisationState] = mapped_column(_stored(OrganisationState), default=OrganisationState.ACTIVE)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Place(Base):
    """A place of activity (место осуществления деятельности)."""

    __tablename__ = "places"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[PlaceKind] = mapped_column(_stored(PlaceKind))
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    address: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Base):
    """A person's right to act for an organisation. The head gives `functions`, a term and may block (S4-31, S4-32);
    the head's own functions are all of them and are not listed."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[Role] = mapped_column(_stored(Role))
    functions: Mapped[list[Function]] = mapped_column(JSON)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
