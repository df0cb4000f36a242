"""What is told to people and to integrators' systems, and how far it has come on its way."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime


class Letter(Base):
    """An outgoing letter. `sealed` is {"to", "subject", "text", "html"}, encrypted at rest, gone once it is sent.

    `state`: waiting, sent, failed (after a day, or refused for good), kept (there is no mail server: the mailbox).
    """

    __tablename__ = "letters"
    __table_args__ = (Index("ix_letters_state_next_at", "state", "next_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    template: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(2))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8))
    attempts: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Notification(Base):
    """One line in a person's inbox, shown while they act for `organisation_id` (always, when None).

    `cause` is the fact or the approaching day behind it; nobody is told twice of the same. `params` are the values of
    its words: text, numbers, or names in three languages. `digest_at` is when a digest shall mention it.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("cause", "kind", "person_id"),
        Index("ix_notifications_person_id_read_at_id", "person_id", "read_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(32))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    link: Mapped[str] = mapped_column(String(200))
    cause: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class ToldFact(Base):
    """A fact that has been looked at: its notifications and webhook deliveries are made."""

    __tablename__ = "told_facts"

    fact_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Choice(Base):
    """How a person wants to be told of one kind; without a row the kind's own default holds."""

    __tablename__ = "notification_choices"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    push: Mapped[bool]
    mail: Mapped[str] = mapped_column(String(8))


class PushSubscription(Base):
    """A browser that may be woken. `sealed` is {"endpoint", "p256dh", "auth"}, encrypted at rest; it ends with the
    session that made it."""

    __tablename__ = "push_subscriptions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    session_id: Mapped[str] = mapped_column(String(26))
    endpoint_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PushMessage(Base):
    """One notification on its way to one browser; gone once it arrived or cannot any more."""

    __tablename__ = "push_messages"
    __table_args__ = (UniqueConstraint("subscription_id", "notification_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("push_subscriptions.id", ondelete="CASCADE"))
    notification_id: Mapped[str] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"))
    attempts: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class WebhookEndpoint(Base):
    """An address of an integrator that is told of an organisation's facts.

    `state`: active, or failing after a day without one good answer. The secret is encrypted at rest; the old one also
    signs until `old_secret_until`.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    url: Mapped[str] = mapped_column(String(1000))
    events: Mapped[list[str]] = mapped_column(JSON)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    old_secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_secret_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8))
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WebhookDelivery(Base):
    """One event on its way to one endpoint. `body` holds the exact bytes that are signed; `turn` counts replays.

    `state`: waiting, delivered, failed. `status` is the last answer's code; `error` says why there was none.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id", "turn"),
        Index("ix_webhook_deliveries_state_next_at", "state", "next_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(40))
    event_id: Mapped[str] = mapped_column(String(26))
    turn: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(9))
    attempts: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(24))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
