"""Reads of letters and notifications."""

from typing import Any

import orjson
from flask import current_app
from sqlalchemy import ColumnElement, Row, case, func, or_, select

from backend.core import vault
from backend.core.db import db
from backend.identity.models import Person
from backend.notifications.models import Letter, Notification, WebhookDelivery, WebhookEndpoint
from backend.notifications.rules import LetterUnknown, MailboxClosed, WebhookUnknown
from backend.organisations.models import Organisation


def mailbox(limit: int, before: str | None) -> list[Letter]:
    """Letters that no mail server took, newest first, one more than asked for. Raises MailboxClosed."""
    _require_mailbox()
    rows = select(Letter).where(Letter.state == "kept")
    if before is not None:
        rows = rows.where(Letter.id < before)
    return list(db.session.scalars(rows.order_by(Letter.id.desc()).limit(limit + 1)))


def letter(letter_id: str) -> Letter:
    """One letter of the mailbox. Raises MailboxClosed, LetterUnknown."""
    _require_mailbox()
    found = db.session.get(Letter, letter_id)
    if found is None or found.state != "kept":
        raise LetterUnknown(id=letter_id)
    return found


def shown(letter: Letter) -> dict[str, Any]:
    """A letter that was not sent, with what it says."""
    content = orjson.loads(vault.open_(letter.sealed or b""))
    facts = {"id": letter.id, "template": letter.template, "language": letter.language, "created_at": letter.created_at}
    return facts | {name: content[name] for name in ("to", "subject", "text")}


def _require_mailbox() -> None:
    settings = current_app.config["SETTINGS"]
    if settings.production or settings.smtp:
        raise MailboxClosed()


MOST_UNREAD = 100
"""A badge says no more than 99+, so no more are counted."""

READ = case((Notification.read_at.is_(None), "0"), else_="1")


def own(organisation_id: str, person_id: str) -> ColumnElement[bool]:
    """A person's notifications as seen from one organisation: those of another never show here."""
    here = or_(Notification.organisation_id.is_(None), Notification.organisation_id == organisation_id)
    return (Notification.person_id == person_id) & here


def inbox(
    organisation_id: str, person_id: str, limit: int, after: str | None, unread_only: bool
) -> list[Row[tuple[Notification, dict[str, str] | None]]]:
    """(notification, names of its organisation), unread ones first, each newest first, one more than asked for."""
    rows = select(Notification, Organisation.names).outerjoin(
        Organisation, Organisation.id == Notification.organisation_id
    )
    rows = rows.where(own(organisation_id, person_id))
    if unread_only:
        rows = rows.where(Notification.read_at.is_(None))
    if after is not None:
        group, last = after[0], after[1:]
        rows = rows.where(or_(group < READ, (group == READ) & (Notification.id < last)))
    return list(db.session.execute(rows.order_by(READ, Notification.id.desc()).limit(limit + 1)))


def place(notification: Notification) -> str:
    """The key by which the inbox goes on after this row."""
    return ("0" if notification.read_at is None else "1") + notification.id


def unread(organisation_id: str, person_id: str) -> int:
    """How many are unread, counted up to MOST_UNREAD."""
    some = select(Notification.id).where(own(organisation_id, person_id), Notification.read_at.is_(None))
    return db.session.execute(select(func.count()).select_from(some.limit(MOST_UNREAD).subquery())).scalar_one()


def name_of(person_id: str | None) -> str:
    """A person's name; empty for the machine and for who is no longer known."""
    return db.session.execute(select(Person.name).where(Person.id == person_id)).scalar() or ""


def webhooks(organisation_id: str) -> list[WebhookEndpoint]:
    rows = select(WebhookEndpoint).where(WebhookEndpoint.organisation_id == organisation_id)
    return list(db.session.scalars(rows.order_by(WebhookEndpoint.id)))


def deliveries(organisation_id: str, endpoint_id: str, limit: int, before: str | None) -> list[WebhookDelivery]:
    """Deliveries to one endpoint, newest first, one more than asked for. Raises WebhookUnknown."""
    endpoint = db.session.get(WebhookEndpoint, endpoint_id)
    if endpoint is None or endpoint.organisation_id != organisation_id:
        raise WebhookUnknown(id=endpoint_id)
    rows = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id)
    if before is not None:
        rows = rows.where(WebhookDelivery.id < before)
    return list(db.session.scalars(rows.order_by(WebhookDelivery.id.desc()).limit(limit + 1)))


def reachable_by_mail(person_id: str) -> bool:
    """Whether there is an address from which this person has answered."""
    confirmed = (Person.email_sealed.is_not(None), Person.email_confirmed_at.is_not(None))
    return db.session.execute(select(Person.id).where(Person.id == person_id, *confirmed)).first() is not None
