"""The morning letter: what is unread, for those who want mail once a day."""

from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select, update

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity import queries as identity
from backend.notifications import letters, wording
from backend.notifications.models import Notification
from backend.organisations.models import Organisation

AT_ONCE = 200
LONGEST = 20


def send() -> None:
    """Write to everybody whose morning has come; each person in a transaction of their own."""
    while waiting := _waiting():
        for person_id in waiting:
            unit_of_work(lambda person_id=person_id: _write(person_id))


def _waiting() -> Sequence[str]:
    rows = select(Notification.person_id).where(Notification.digest_at <= clock.now()).distinct()
    found = db.session.scalars(rows.order_by(Notification.person_id).limit(AT_ONCE)).all()
    db.session.rollback()
    return found


def _write(person_id: str) -> None:
    """One letter with what is still unread, unless there is nothing or nowhere to write to."""
    rows = select(Notification, Organisation.names).outerjoin(
        Organisation, Organisation.id == Notification.organisation_id
    )
    due = (Notification.person_id == person_id, Notification.digest_at <= clock.now())
    unread = db.session.execute(rows.where(*due, Notification.read_at.is_(None)).order_by(Notification.id.desc())).all()
    contacts = identity.contacts(person_id)
    if unread and contacts.email and contacts.email_confirmed_at:
        language = contacts.language
        lines = [_line(one, names, language) for one, names in unread[:LONGEST]]
        link = f"{current_app.config['SETTINGS'].public_url}/inbox"
        params = {"count": len(unread), "lines": lines, "link": link}
        letters.write(to=contacts.email, template="digest", language=language, params=params)
    db.session.execute(update(Notification).where(*due).values(digest_at=None))


def _line(notification: Notification, names: dict[str, str] | None, language: str) -> str:
    _, line = wording.kind(notification.kind, language, wording.lively(notification.params))
    said = names is None or "organisation" in notification.params
    return line if said else f"{names[language]}: {line}"
