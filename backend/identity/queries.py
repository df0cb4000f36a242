"""Reads of people and their sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from backend.core import clock, vault
from backend.core.db import db
from backend.identity import rules
from backend.identity.models import EmailChange, LoginChallenge, Passkey, Person, Session


class Contacts(NamedTuple):
    """How a person is reached. `email` may be written to only when `email_confirmed_at` is set; `phone` is E.164;
    `language` is "kk", "ru" or "en"."""

    email: str | None
    email_confirmed_at: datetime | None
    phone: str | None
    language: str


class Letter(NamedTuple):
    """`path` is the address inside the app that confirms, without the host."""

    email: str
    language: str
    name: str
    path: str


def person_id_of(iin: str) -> str | None:
    return db.session.execute(select(Person.id).where(Person.iin_key == vault.pseudonym("iin", iin))).scalar()


def name_of(person_id: str) -> str:
    return db.session.execute(select(Person.name).where(Person.id == person_id)).scalar_one()


def contacts(person_id: str) -> Contacts:
    row = db.session.execute(
        select(Person.email_sealed, Person.email_confirmed_at, Person.phone_sealed, Person.language).where(
            Person.id == person_id
        )
    ).one()
    return Contacts(_opened(row.email_sealed), row.email_confirmed_at, _opened(row.phone_sealed), row.language)


def challenge(challenge_id: str, browser: str | None) -> LoginChallenge | None:
    """A challenge that still lives and belongs to this browser."""
    found = db.session.get(LoginChallenge, challenge_id)
    if found is None or browser is None or found.browser_hash != rules.token_hash(browser):
        return None
    return found if clock.now() < found.expires_at else None


def sessions(person_id: str) -> Sequence[Session]:
    """The living sessions of one person, for whichever organisation, newest first."""
    now = clock.now()
    rows = select(Session).where(
        Session.person_id == person_id,
        Session.revoked_at.is_(None),
        Session.expires_at > now,
        Session.seen_at > now - rules.IDLE,
    )
    return db.session.scalars(rows.order_by(Session.id.desc())).all()


def passkeys(person_id: str, organisation_id: str) -> Sequence[Passkey]:
    """The passkeys of one person for one organisation that are good, newest first."""
    rows = select(Passkey).where(
        Passkey.person_id == person_id, Passkey.organisation_id == organisation_id, Passkey.ended_at.is_(None)
    )
    return db.session.scalars(rows.order_by(Passkey.id.desc())).all()


def email_change(change_id: str) -> Letter | None:
    """What the letter to a new address needs; None when the change is over."""
    row = db.session.execute(
        select(EmailChange.email_sealed, Person.language, Person.name)
        .join(Person, Person.id == EmailChange.person_id)
        .where(EmailChange.id == change_id, EmailChange.expires_at > clock.now())
    ).first()
    if row is None:
        return None
    link = f"/account/email/{change_id}.{email_secret(change_id)}"
    return Letter(vault.open_(row.email_sealed).decode(), row.language, row.name, link)


def email_waiting(person_id: str) -> str | None:
    """The address that a person has asked for and not yet answered from."""
    waiting = select(EmailChange.email_sealed).where(
        EmailChange.person_id == person_id, EmailChange.expires_at > clock.now()
    )
    return _opened(db.session.execute(waiting.order_by(EmailChange.id.desc()).limit(1)).scalar())


def email_secret(change_id: str) -> str:
    """What proves that the letter arrived: derived, so that the database alone opens nothing."""
    return vault.pseudonym("email-change", change_id)


def _opened(sealed: bytes | None) -> str | None:
    return vault.open_(sealed).decode() if sealed is not None else None
