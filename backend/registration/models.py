"""Applications to take part, each attempt at them, and the contracts that follow."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Enum, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime
from backend.organisations.rules import DeclarationHolder, Kind
from backend.registration.rules import ContractState, Purpose, State


def _stored(kinds: type[StrEnum]) -> Enum:
    """Kept as text, so that a new member needs no migration."""
    return Enum(kinds, native_enum=False, length=24, values_callable=lambda members: [one.value for one in members])


class Application(Base):
    """One person's application for one participant. What the certificate says is not typed.

    `living` is the applicant and the participant while the application is open, so that there is one at a time, and
    None afterwards. `party_key` is the pseudonym of the BIN or IIN to be registered. `fixed_name` is the language whose
    name is the certificate's own. `revision` grows with every change of what gets signed, so that no signature serves
    twice. The applicant's browser is known by `browser_hash`, SHA-256 of its cookie.
    """

    __tablename__ = "applications"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    living: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[State] = mapped_column(_stored(State), index=True)
    purpose: Mapped[Purpose] = mapped_column(_stored(Purpose))
    revision: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    browser_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    browser_until: Mapped[datetime] = mapped_column(UtcDateTime)

    iin_key: Mapped[str] = mapped_column(String(32))
    iin_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(String(200))
    bin: Mapped[str | None] = mapped_column(String(12))
    party_key: Mapped[str] = mapped_column(String(32), index=True)
    organisation_name: Mapped[str | None] = mapped_column(String(500))
    legal_form: Mapped[str] = mapped_column(String(16))
    fixed_name: Mapped[str] = mapped_column(String(2))
    roles: Mapped[list[str]] = mapped_column(JSON)
    profile: Mapped[str] = mapped_column(String(12))

    names: Mapped[dict[str, str]] = mapped_column(JSON)
    kind: Mapped[Kind | None] = mapped_column(_stored(Kind))
    trade: Mapped[Kind | None] = mapped_column(_stored(Kind))
    declaration_holder: Mapped[DeclarationHolder | None] = mapped_column(_stored(DeclarationHolder))
    groups: Mapped[list[str]] = mapped_column(JSON)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(2))
    text_version: Mapped[str] = mapped_column(String(16))

    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    filled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirm_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attempt(Base):
    """One signing of an application and what came of it. `signatures` is {"application": id, "contract": id};
    `outcome` "approved" or "refused"; `reasons` codes of reasons.json, `text` the operator's own words."""

    __tablename__ = "application_attempts"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"))
    number: Mapped[int]
    signatures: Mapped[dict[str, str]] = mapped_column(JSON)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(26))
    outcome: Mapped[str | None] = mapped_column(String(12))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(String(1000))


class Contract(Base):
    """The standard contract between the operator and a participant (S0-04, S0-05), in the version that was signed."""

    __tablename__ = "contracts"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    application_id: Mapped[str] = mapped_column(String(26))
    version: Mapped[str] = mapped_column(String(16))
    signatures: Mapped[dict[str, str]] = mapped_column(JSON)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ContractState] = mapped_column(_stored(ContractState))
