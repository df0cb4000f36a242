"""Participants of the turnover, the places where they work, and the people who may act for them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, Enum, ForeignKey, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime
from backend.organisations.rules import DeclarationHolder, Function, Kind, PlaceKind, Role


class OrganisationState(StrEnum):
    ACTIVE = "active"
    BLOCKED = "blocked"


class InvitationState(StrEnum):
    """What a row says; that its days are over is told by the clock."""

    WAITING = "waiting"
    SUSPENDED = "suspended"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class PowerState(StrEnum):
    """A draft waits for its signature; that a term is over is told by the clock."""

    DRAFT = "draft"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


def _stored(kinds: type[StrEnum]) -> Enum:
    """Kept as text, so that a new member needs no migration."""
    return Enum(kinds, native_enum=False, length=24, values_callable=lambda members: [one.value for one in members])


class Organisation(Base):
    """`bin` is the BIN of a legal entity or the IIN of a sole trader, 12 digits; `names` is {"kk", "ru", "en"}.

    `trade` is what a sole trader does, and decides what the cabinet allows; `declaration_holder` says as what an
    importer holds the customs declaration (S0-39 … S0-42); `groups` are ids of product groups. `sandbox_of` names the
    participant for whose trials this organisation was made: nothing of it is ever legal.
    """

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[Kind] = mapped_column(_stored(Kind))
    bin: Mapped[str] = mapped_column(String(12), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    trade: Mapped[Kind | None] = mapped_column(_stored(Kind))
    declaration_holder: Mapped[DeclarationHolder | None] = mapped_column(_stored(DeclarationHolder))
    groups: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    sandbox_of: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), unique=True, index=True)
    country: Mapped[str] = mapped_column(String(2), default="KZ")
    state: Mapped[OrganisationState] = mapped_column(_stored(OrganisationState), default=OrganisationState.ACTIVE)
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(16))
    contract_state: Mapped[str | None] = mapped_column(String(12))
    producer: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    gln: Mapped[str | None] = mapped_column(String(13))
    gcp: Mapped[str | None] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Place(Base):
    """A place of activity (место осуществления деятельности); one of them is the main one.

    `address` is {"region", "locality", "line", "postcode"}; `bin` a branch's own."""

    __tablename__ = "places"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[PlaceKind] = mapped_column(_stored(PlaceKind))
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    address: Mapped[dict[str, Any]] = mapped_column(JSON)
    main: Mapped[bool] = mapped_column(default=False, server_default=false())
    gln: Mapped[str | None] = mapped_column(String(13))
    bin: Mapped[str | None] = mapped_column(String(12))
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Base):
    """A person's right to act for an organisation. The head gives `functions`, a term and may block (S4-31, S4-32);
    the head's own functions are all of them and are not listed.

    `place_ids` are the places the work is tied to, none for all. Whoever was removed keeps the row, which whoever is
    taken in again gets back."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[Role] = mapped_column(_stored(Role))
    functions: Mapped[list[Function]] = mapped_column(JSON)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(String(80), default="", server_default="")
    place_ids: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Invitation(Base):
    """A head's offer to act for the organisation. It grants nothing until the invited one signs `document` with a key
    of their own. The link's token is derived from the id and kept nowhere; `iin_key` ties the offer to one person."""

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    iin_key: Mapped[str | None] = mapped_column(String(32))
    functions: Mapped[list[Function]] = mapped_column(JSON)
    title: Mapped[str] = mapped_column(String(80))
    place_ids: Mapped[list[str]] = mapped_column(JSON)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[InvitationState] = mapped_column(_stored(InvitationState))
    invited_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    membership_id: Mapped[str | None] = mapped_column(ForeignKey("memberships.id"))
    signature_id: Mapped[str | None] = mapped_column(ForeignKey("signatures.id"))


class Power(Base):
    """A power of attorney: the head lets a member, or another organisation (a service provider), sign and act for the
    organisation in `functions` and product `groups` (none for all), from one day through another, by days of
    Kazakhstan. It binds by the head's signature under `document`."""

    __tablename__ = "powers"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    membership_id: Mapped[str | None] = mapped_column(ForeignKey("memberships.id"))
    provider_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    functions: Mapped[list[Function]] = mapped_column(JSON)
    groups: Mapped[list[str]] = mapped_column(JSON)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[PowerState] = mapped_column(_stored(PowerState))
    given_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    signature_id: Mapped[str | None] = mapped_column(ForeignKey("signatures.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
