"""Tables of the ledger. Codes and their movements are spread by one column, `code_id`, on PostgreSQL as partitions."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime

CODE_ID = LargeBinary(16)


class Code(Base):
    """One mark. `number` counts inside the emission; `act_id` names the open act while IN_ACT; `place_id` is where
    the owner keeps it, None while nobody said; `reason` is the category of the last withdrawal, write-off,
    cancellation, block or recall."""

    __tablename__ = "codes"
    __table_args__ = (
        Index("ix_codes_emission_id_number", "emission_id", "number"),
        Index("ix_codes_stock", "owner_id", "card_id", "state", "flags", "place_id", "package_id", "serial"),
        Index("ix_codes_package_id", "package_id"),
        {"sqlite_with_rowid": False, "postgresql_partition_by": "HASH (id)"},
    )

    id: Mapped[bytes] = mapped_column(CODE_ID, primary_key=True)
    gtin: Mapped[str | None] = mapped_column(String(14))
    serial: Mapped[str] = mapped_column(String(20))
    group: Mapped[str] = mapped_column("product_group", String(24))
    key_id: Mapped[str | None] = mapped_column(String(4))
    card_id: Mapped[str] = mapped_column(String(26))
    emission_id: Mapped[str | None] = mapped_column(String(26))
    number: Mapped[int | None] = mapped_column(Integer)
    owner_id: Mapped[str] = mapped_column(String(26))
    package_id: Mapped[str | None] = mapped_column(String(18))
    act_id: Mapped[str | None] = mapped_column(String(26))
    place_id: Mapped[str | None] = mapped_column(String(26))
    state: Mapped[str] = mapped_column(String(11))
    flags: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(String(24))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    introduced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_on: Mapped[date | None] = mapped_column(Date)


class Movement(Base):
    """That a code took part in a fact, and what it was before: version counts its life without gaps."""

    __tablename__ = "movements"
    __table_args__ = (
        Index("ix_movements_fact_id", "fact_id"),
        {"sqlite_with_rowid": False, "postgresql_partition_by": "HASH (code_id)"},
    )

    code_id: Mapped[bytes] = mapped_column(CODE_ID, primary_key=True)
    fact_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    state: Mapped[str | None] = mapped_column(String(11))
    flags: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(Integer)


class Package(Base):
    """A transport package: SSCC without its application identifier. `parent_id` is the package around it."""

    __tablename__ = "packages"

    sscc: Mapped[str] = mapped_column(String(18), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("packages.sscc"), index=True)
    level: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StockEntry(Base):
    """What one movement added to or took from a heap of like codes: the sum over a heap is how many there are now.

    Entries are only ever added beside the movement that causes them, so that no two writers wait for one row; a job
    replaces the entries of a heap by their sum. `packed` says that the codes lie in a package.
    """

    __tablename__ = "stock"
    __table_args__ = (Index("ix_stock_heap", "owner_id", "card_id", "state", "flags", "place_id", "packed", "count"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(26))
    card_id: Mapped[str] = mapped_column(String(26))
    place_id: Mapped[str | None] = mapped_column(String(26))
    state: Mapped[str] = mapped_column(String(11))
    flags: Mapped[int] = mapped_column(SmallInteger)
    packed: Mapped[bool]
    count: Mapped[int] = mapped_column(Integer)


class Emission(Base):
    """A run of codes for one card. `emitted` is its visible progress; the job may be cut off and run again."""

    __tablename__ = "emissions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_keys.id"))
    count: Mapped[int]
    emitted: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SigningKey(Base):
    """An Ed25519 key that makes tails: one per product group and month, the private half encrypted at rest.

    `ordinal` counts rotations inside a month; the unique key makes two processes agree on one key.
    """

    __tablename__ = "signing_keys"
    __table_args__ = (UniqueConstraint("product_group", "month", "ordinal"),)

    id: Mapped[str] = mapped_column(String(4), primary_key=True)
    group: Mapped[str] = mapped_column("product_group", String(24))
    month: Mapped[str] = mapped_column(String(7))
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WithdrawnList(Base):
    """A published withdrawn filter of one key; older ones stay readable until phones have moved on."""

    __tablename__ = "withdrawn_lists"

    key_id: Mapped[str] = mapped_column(ForeignKey("signing_keys.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    as_of: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    issued: Mapped[int]
    withdrawn: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
