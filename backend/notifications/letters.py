"""The outgoing mail: rows first, sent by a job, tried again for a day."""

import logging
import smtplib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from flask import current_app
from sqlalchemy import delete, insert, select, update

from backend.core import clock, queue, vault
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.ids import new_id
from backend.notifications import rules, smtp, wording
from backend.notifications.models import Letter

log = logging.getLogger("tanba.mail")

AT_ONCE = 50
KEPT = timedelta(days=30)


def write(*, to: str, template: str, language: str, params: Mapping[str, Any]) -> str:
    """Queue a letter in the open transaction; returns its id. Raises AddressInvalid; KeyError, FileNotFoundError and
    ValueError are mistakes of the caller."""
    settings = current_app.config["SETTINGS"]
    if "link" in params and not str(params["link"]).startswith(f"{settings.public_url}/"):
        raise ValueError("a letter links to this installation and nowhere else")
    words = wording.write(template, language, params)
    content = {"to": rules.address(to), "subject": words.subject, "text": words.text, "html": words.html}
    letter_id, now = new_id(), clock.now()
    db.session.execute(
        insert(Letter).values(
            id=letter_id,
            template=template,
            language=language,
            sealed=vault.close(orjson.dumps(content)),
            state="waiting" if settings.smtp else "kept",
            attempts=0,
            next_at=now,
            created_at=now,
        )
    )
    if settings.smtp:
        queue.after_commit("notifications.send_letter", letter_id)
    return letter_id


def send(letter_id: str) -> None:
    """Try to send a letter that is due; what happened is noted in the row."""
    sealed = unit_of_work(lambda: _take(letter_id))
    if sealed is None:
        return
    content = orjson.loads(vault.open_(sealed))
    try:
        smtp.send(current_app.config["SETTINGS"], letter_id, **content)
    except smtp.Refused as error:
        log.warning("letter refused", extra={"reason": str(error)})
        unit_of_work(lambda: _end(letter_id, "failed"))
    except (OSError, smtplib.SMTPException) as error:
        log.warning("letter not sent", extra={"reason": type(error).__name__})
        unit_of_work(lambda: _again(letter_id))
    else:
        unit_of_work(lambda: _end(letter_id, "sent"))


def due() -> list[str]:
    """Ids of letters whose time has come, oldest first."""
    rows = select(Letter.id).where(Letter.state == "waiting", Letter.next_at <= clock.now())
    found = list(db.session.scalars(rows.order_by(Letter.next_at).limit(AT_ONCE)))
    db.session.rollback()
    return found


def forget() -> None:
    """Letters are nobody's archive."""
    db.session.execute(delete(Letter).where(Letter.created_at < clock.now() - KEPT))


def _take(letter_id: str) -> bytes | None:
    """Claim a due letter for the length of a lease, so that two workers do not send it twice."""
    now = clock.now()
    taken = (
        update(Letter)
        .where(Letter.id == letter_id, Letter.state == "waiting", Letter.next_at <= now)
        .values(attempts=Letter.attempts + 1, next_at=now + rules.LEASE)
    )
    return db.session.execute(taken.returning(Letter.sealed)).scalar()


def _again(letter_id: str) -> None:
    attempts = db.session.execute(select(Letter.attempts).where(Letter.id == letter_id)).scalar_one()
    wait = rules.wait_after(attempts, rules.MAIL_WAITS)
    if wait is None:
        _end(letter_id, "failed")
    else:
        db.session.execute(update(Letter).where(Letter.id == letter_id).values(next_at=clock.now() + wait))


def _end(letter_id: str, state: str) -> None:
    sent_at = clock.now() if state == "sent" else None
    db.session.execute(update(Letter).where(Letter.id == letter_id).values(state=state, sealed=None, sent_at=sent_at))
