"""The verbs of sessions: one begins on a device, is in use, and ends; and the devices that people are known to use."""

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import rules
from backend.identity.models import Device, Session
from backend.identity.rules import SessionUnknown, StepUp


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a session begins: what the device is called, and the tokens that its cookies brought back, if any.
    `session` is the session that this browser had before."""

    label: str
    device: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh session. `token` and `device` go to cookies and are kept nowhere else."""

    session_id: str
    token: str
    device: str


def begin(
    person_id: str,
    organisation_id: str,
    signature_id: str,
    browser: Browser,
    detail: dict[str, object],
    passkey_id: str | None = None,
) -> Opened:
    """Begin a session in the open transaction; the browser's former one ends, and so do the oldest beyond
    rules.MOST_SESSIONS. A device that this person has not used before is noticed."""
    if browser.session:
        end(browser.session)
    session_id, token, now = new_id(), rules.new_token(), clock.now()
    device_token = browser.device or rules.new_token()
    device_id, strange = _device(person_id, device_token, browser.label)
    via = "passkey" if passkey_id else "session"
    actor = Actor(person_id=person_id, organisation_id=organisation_id, session_id=session_id, via=via)
    db.session.execute(
        insert(Session).values(
            id=session_id,
            token_hash=rules.token_hash(token),
            person_id=person_id,
            organisation_id=organisation_id,
            signature_id=signature_id,
            device=browser.label,
            via=via,
            device_id=device_id,
            passkey_id=passkey_id,
            created_at=now,
            seen_at=now,
            expires_at=now + rules.lives(via),
        )
    )
    said = {"subject": ("session", session_id), "organisation_id": organisation_id, "actor": actor}
    history.record("session:opened", signature_id=signature_id, detail={"device": browser.label, **detail}, **said)
    if strange:
        noticed = history.record("session:new_device", detail={"device": browser.label}, **said)
        queue.after_commit("notifications.on_fact", noticed)
    _end_oldest(person_id, organisation_id)
    return Opened(session_id, token, device_token)


def end(token: str) -> None:
    """Log out: revoke the session of this token, if it is one."""
    _revoke(Session.token_hash == rules.token_hash(token), actor=None)


def revoke(person_id: str, session_id: str, actor: Actor) -> None:
    """Revoke one of a person's own sessions. Raises SessionUnknown, for another's as for one that is not."""
    if not _revoke(Session.id == session_id, Session.person_id == person_id, actor=actor):
        raise SessionUnknown(id=session_id)


def revoke_others(actor: Actor) -> int:
    """End every session of a person but the one that asks, for whichever organisation; returns how many."""
    return _revoke(Session.person_id == actor.person_id, Session.id != actor.session_id, actor=actor)


def revoke_for(person_id: str, organisation_id: str) -> int:
    return _revoke(Session.person_id == person_id, Session.organisation_id == organisation_id, actor=None)


def revoke_opened_with(passkey_id: str, actor: Actor | None) -> int:
    """End the sessions that a passkey opened."""
    return _revoke(Session.passkey_id == passkey_id, actor=actor)


def touch(session_id: str) -> None:
    """Note that a session is in use; asked for at most once in a few minutes."""
    db.session.execute(update(Session).where(Session.id == session_id).values(seen_at=clock.now()))


def fresh(actor: Actor) -> bool:
    """Whether the person signed in so recently that nobody else can have taken the device meanwhile."""
    opened = db.session.execute(select(Session.created_at).where(Session.id == actor.session_id)).scalar()
    return opened is not None and clock.now() - opened < rules.FRESH


def require_signed(actor: Actor) -> Session:
    """The asking session, when a signature opened it within rules.FRESH. Raises StepUp."""
    found = db.session.get(Session, actor.session_id)
    if found is None or found.via != "session" or clock.now() - found.created_at >= rules.FRESH:
        raise StepUp(by="signature")
    return found


def _device(person_id: str, token: str, label: str) -> tuple[str, bool]:
    """The device's id, and whether it is strange: new to a person who has used others."""
    known = select(Device).where(Device.person_id == person_id)
    digest, now = rules.token_hash(token), clock.now()
    found = db.session.scalars(known.where(Device.token_hash == digest)).first()
    if found is not None:
        found.seen_at, found.label = now, label
        return found.id, False
    strange = db.session.scalars(known.limit(1)).first() is not None
    device_id = new_id()
    row = insert(Device).values(
        id=device_id, token_hash=digest, person_id=person_id, label=label, created_at=now, seen_at=now
    )
    db.session.execute(row)
    return device_id, strange


def _end_oldest(person_id: str, organisation_id: str) -> None:
    living = select(Session.id).where(
        Session.person_id == person_id,
        Session.organisation_id == organisation_id,
        Session.revoked_at.is_(None),
        Session.expires_at > clock.now(),
    )
    beyond = db.session.scalars(living.order_by(Session.id.desc()).offset(rules.MOST_SESSIONS)).all()
    if beyond:
        _revoke(Session.id.in_(beyond), actor=None)


def _revoke(*which: object, actor: Actor | None) -> int:
    wanted = update(Session).where(Session.revoked_at.is_(None), *which).values(revoked_at=clock.now())
    ended = db.session.execute(wanted.returning(Session.id, Session.person_id, Session.organisation_id)).all()
    for session in ended:
        own = Actor(session.person_id, session.organisation_id, session_id=session.id)
        history.record(
            "session:revoked",
            subject=("session", session.id),
            organisation_id=session.organisation_id,
            actor=actor or own,
        )
    return len(ended)
