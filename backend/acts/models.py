"""Acts of acceptance-transfer, what stands in them, and what the receiver did not take."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Enum, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.acts.correcting import Corrected
from backend.acts.rules import Kind, Mode, Rejection, State
from backend.core.db import Base, UtcDateTime


def _stored(kinds: type) -> Enum:
    return Enum(kinds, native_enum=False, length=24, values_callable=lambda members: [one.value for one in members])


class Act(Base):
    """`number` is the sender's own. `receiver_tax` is the buyer's BIN or IIN as typed or scanned; `receiver_id` None
    while the buyer is not registered. `terms` {"contract", "waybill", "invoice": {"number", "date"}, "comment"};
    `prices` {GTIN-14: price of one unit in tiyn}. `version` counts every change: whoever saves a draft or takes a
    step says which version was seen.

    `sent_fact` is the movement that bound the codes: through it they are found, however long ago. `signed_as` keeps
    the act's bytes, `decided_as` those of the decision, which the other side verifies. `asked_by` is the organisation
    that asked for annulment, `state_before` what the act was then, or before a decision that is not settled.
    `refusal` and `refusal_words` say why all was rejected at once. `resent_from` is the act whose goods came back and
    are sent again with this one.
    """

    __tablename__ = "acts"
    __table_args__ = (
        Index("ix_acts_sender_id_id", "sender_id", "id"),
        Index("ix_acts_receiver_id_id", "receiver_id", "id"),
        Index("ix_acts_receiver_tax", "receiver_tax"),
        Index("ix_acts_state_due_at", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[Kind] = mapped_column(_stored(Kind))
    state: Mapped[State] = mapped_column(_stored(State))
    version: Mapped[int] = mapped_column(Integer)
    sender_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    sender_place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"))
    receiver_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    receiver_tax: Mapped[str | None] = mapped_column(String(12))
    receiver_name: Mapped[str] = mapped_column(String(300))
    receiver_place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"))
    original_id: Mapped[str | None] = mapped_column(ForeignKey("acts.id"))
    transfer_date: Mapped[date] = mapped_column(Date)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    prices: Mapped[dict[str, int]] = mapped_column(JSON)
    units: Mapped[int] = mapped_column(Integer)
    signed_as: Mapped[bytes | None] = mapped_column(LargeBinary)
    sender_signature_id: Mapped[str | None] = mapped_column(ForeignKey("signatures.id"))
    sent_fact: Mapped[str | None] = mapped_column(String(26))
    decided_as: Mapped[bytes | None] = mapped_column(LargeBinary)
    receiver_signature_id: Mapped[str | None] = mapped_column(ForeignKey("signatures.id"))
    mode: Mapped[Mode | None] = mapped_column(_stored(Mode))
    asked_by: Mapped[str | None] = mapped_column(String(26))
    state_before: Mapped[State | None] = mapped_column(_stored(State))
    refusal: Mapped[Rejection | None] = mapped_column(_stored(Rejection))
    refusal_words: Mapped[str] = mapped_column(String(300), default="", server_default="")
    resent_from: Mapped[str | None] = mapped_column(ForeignKey("acts.id"))
    created_by: Mapped[str] = mapped_column(String(26))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    viewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded: Mapped[int] = mapped_column(SmallInteger)


class Unit(Base):
    """A single unit that the sender put into the act."""

    __tablename__ = "act_units"

    act_id: Mapped[str] = mapped_column(ForeignKey("acts.id"), primary_key=True)
    code_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    added_by: Mapped[str] = mapped_column(String(26))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Box(Base):
    """A closed transport package that the sender put into the act, with everything inside it."""

    __tablename__ = "act_packages"

    act_id: Mapped[str] = mapped_column(ForeignKey("acts.id"), primary_key=True)
    sscc: Mapped[str] = mapped_column(String(18), primary_key=True)
    added_by: Mapped[str] = mapped_column(String(26))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Rejected(Base):
    """A unit that the receiver did not take. What stands here, and what came that the act does not name, is the
    discrepancy notice."""

    __tablename__ = "act_rejections"

    act_id: Mapped[str] = mapped_column(ForeignKey("acts.id"), primary_key=True)
    code_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    reason: Mapped[Rejection] = mapped_column(_stored(Rejection))
    words: Mapped[str] = mapped_column(String(300))


class Extra(Base):
    """What lay in the box and not in the act, as it was scanned, without its tail."""

    __tablename__ = "act_extras"

    act_id: Mapped[str] = mapped_column(ForeignKey("acts.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(120), primary_key=True)


class Correction(Base):
    """A change of prices and papers after sending. `before` and `after` hold what changed, as acts.correcting names it.

    Before the decision the sender corrects alone: `document` is the whole act anew, `replaced` the bytes that it takes
    the place of, under `replaced_signature_id`. Afterwards both sign `document`, which says what is to change in the
    act that stands.
    """

    __tablename__ = "act_corrections"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    act_id: Mapped[str] = mapped_column(ForeignKey("acts.id"), index=True)
    state: Mapped[Corrected] = mapped_column(_stored(Corrected))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    sender_signature_id: Mapped[str] = mapped_column(ForeignKey("signatures.id"))
    receiver_signature_id: Mapped[str | None] = mapped_column(ForeignKey("signatures.id"))
    replaced: Mapped[bytes | None] = mapped_column(LargeBinary)
    replaced_signature_id: Mapped[str | None] = mapped_column(ForeignKey("signatures.id"))
    reason: Mapped[str] = mapped_column(String(1000))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Invitation(Base):
    """The link that a buyer without an account gets; its token is derived from the act and kept nowhere. `letters`
    counts what was mailed; `opened_at` is when somebody else than the sender first looked."""

    __tablename__ = "act_invitations"

    act_id: Mapped[str] = mapped_column(ForeignKey("acts.id"), primary_key=True)
    letters: Mapped[int] = mapped_column(SmallInteger)
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Remark(Base):
    """What one side wrote to the other: a request for clarification, its answer, a reason."""

    __tablename__ = "act_remarks"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    act_id: Mapped[str] = mapped_column(ForeignKey("acts.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(String(26))
    person_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(24))
    text: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
