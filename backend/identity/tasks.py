"""What is over is forgotten: challenges at once, sessions when nobody can ask about them any more."""

from datetime import timedelta

from sqlalchemy import delete

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.queue import every
from backend.identity.models import Confirmation, EmailChange, LoginChallenge, PasskeyChallenge, Session

KEPT = timedelta(days=90)


@every(minutes=30)
def forget() -> None:
    """The history keeps that a session was; the row goes."""
    unit_of_work(_forget)


def _forget() -> None:
    now = clock.now()
    for waiting in (LoginChallenge, PasskeyChallenge, EmailChange):
        db.session.execute(delete(waiting).where(waiting.expires_at < now))
    db.session.execute(delete(Confirmation).where(Confirmation.confirmed_at.is_(None), Confirmation.expires_at < now))
    db.session.execute(delete(Session).where(Session.expires_at < now - KEPT))
