"""Reads of letters and notifications."""

from typing import Any

import orjson
from flask import current_app
from sqlalchemy import select

from backend.core import vault
from backend.core.db import db
from backend.notifications.models import Letter
from backend.notifications.rules import LetterUnknown, MailboxClosed


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
