"""The inbox: putting a notification in, with the channels its reader chose, and taking it out as read."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, insert, select, update

from backend.core import clock
from backend.core.db import db
from backend.core.ids import new_id
from backend.identity import queries as identity
from backend.notifications import choices, letters, push, queries, rules, wording
from backend.notifications.kinds import KINDS, Mail
from backend.notifications.models import Notification
from backend.notifications.rules import NotificationUnknown, timedelta

KEPT = timedelta(days=400)


def put(
    person_id: str, organisation_id: str | None, kind: str, params: Mapping[str, Any], *, cause: str, link: str = ""
) -> str | None:
    """Tell a person once of one cause, in the open transaction; None when that was done before.

    `params` are text, numbers, dates, moments, or names in three languages.
    """
    same = (Notification.cause == cause, Notification.kind == kind, Notification.person_id == person_id)
    if db.session.execute(select(Notification.id).where(*same)).first():
        return None
    wakes, mail = choices.of(person_id, kind)
    notification_id, now = new_id(), clock.now()
    db.session.execute(
        insert(Notification).values(
            id=notification_id,
            person_id=person_id,
            organisation_id=organisation_id,
            kind=kind,
            params={name: _plain(value) for name, value in params.items()},
            link=link or KINDS[kind].link,
            cause=cause,
            created_at=now,
            digest_at=rules.next_digest(now) if mail is Mail.DIGEST else None,
        )
    )
    if mail is Mail.AT_ONCE:
        _mail(person_id, kind, params, link or KINDS[kind].link)
    if wakes:
        push.queue_for(person_id, notification_id)
    return notification_id


def mark_read(organisation_id: str, person_id: str, notification_id: str) -> int:
    """Note that one was read; returns how many are still unread. Raises NotificationUnknown."""
    if not _read(organisation_id, person_id, Notification.id == notification_id):
        raise NotificationUnknown(id=notification_id)
    return queries.unread(organisation_id, person_id)


def mark_all_read(organisation_id: str, person_id: str, up_to: str) -> int:
    """Note that everything up to the newest one shown was read; what arrived since stays unread."""
    _read(organisation_id, person_id, Notification.id <= up_to, Notification.read_at.is_(None))
    return queries.unread(organisation_id, person_id)


def forget() -> None:
    """What is older than a year interests nobody; the history keeps what happened."""
    db.session.execute(delete(Notification).where(Notification.created_at < clock.now() - KEPT))


def _read(organisation_id: str, person_id: str, *which: Any) -> int:
    """Rows found; those that were read before keep their moment."""
    own = queries.own(organisation_id, person_id)
    db.session.execute(
        update(Notification).where(own, Notification.read_at.is_(None), *which).values(read_at=clock.now())
    )
    return db.session.execute(select(Notification.id).where(own, *which).limit(1)).first() is not None


def _mail(person_id: str, kind: str, params: Mapping[str, Any], link: str) -> None:
    contacts = identity.contacts(person_id)
    if contacts.email is None or contacts.email_confirmed_at is None:
        return
    said = {**params, "link": current_app.config["SETTINGS"].public_url + link}
    if KINDS[kind].letter == "notification":
        title, line = wording.kind(kind, contacts.language, params)
        said = {"subject": title, "line": line, "link": said["link"]}
    letters.write(to=contacts.email, template=KINDS[kind].letter, language=contacts.language, params=said)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(clock.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
