"""The verbs of identity: people, challenges, sessions."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import delete, insert, update

from backend.core import clock, vault
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import documents, queries, rules
from backend.identity.models import LoginChallenge, Person, Session
from backend.identity.rules import ChallengeEnded, NotRegistered, SessionUnknown
from backend.signatures import service as signatures
from backend.signatures.rules import Purpose
from backend.signatures.verifier import Verified


@dataclass(frozen=True, slots=True)
class Asked:
    """A fresh challenge; `browser` is the cookie that must come back with the signature."""

    challenge_id: str
    document: bytes
    browser: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh session. `token` goes to the cookie and is kept nowhere else."""

    session_id: str
    token: str


def person(iin: str, name: str) -> str:
    """The id of the person with this IIN, made when there is none."""
    found = queries.person_id_of(iin)
    if found:
        return found
    person_id = new_id()
    db.session.execute(
        insert(Person).values(
            id=person_id,
            iin_key=vault.pseudonym("iin", iin),
            iin_sealed=vault.close(iin.encode()),
            name=name,
            created_at=clock.now(),
        )
    )
    return person_id


def set_contacts(
    person_id: str,
    *,
    email: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    confirmed: bool = False,
    actor: Actor | None = None,
) -> None:
    """Note how a person is reached; what is None stays as it is, "" takes the e-mail or the phone away.

    `confirmed` says that the person has answered from this e-mail. A new address that nobody confirmed takes the old
    one's confirmation with it. Raises ContactsInvalid.
    """
    changed: dict[str, object] = {}
    if email is not None:
        kept = rules.email_of(email) if email else None
        same = kept is not None and kept == queries.contacts(person_id).email
        changed["email_sealed"] = vault.close(kept.encode()) if kept else None
        if not same or confirmed:
            changed["email_confirmed_at"] = clock.now() if kept and confirmed else None
    if phone is not None:
        changed["phone_sealed"] = vault.close(rules.phone_of(phone).encode()) if phone else None
    if language is not None:
        changed["language"] = rules.language_of(language)
    if not changed:
        return
    db.session.execute(update(Person).where(Person.id == person_id).values(**changed))
    # What was changed, never to what: addresses are nobody else's business and a fact cannot be forgotten.
    history.record(
        "person:contacts_changed",
        subject=("person", person_id),
        organisation_id=actor.organisation_id if actor else None,
        actor=actor,
        detail={"changed": sorted({name.split("_")[0] for name in changed}), "confirmed": confirmed},
    )


def ask() -> Asked:
    """Make a challenge in the open transaction; those that ran out are forgotten on the way."""
    now = clock.now()
    db.session.execute(delete(LoginChallenge).where(LoginChallenge.expires_at < now))
    browser = rules.new_token()
    ends = now + rules.CHALLENGE_LIVES
    audience = current_app.config["SETTINGS"].public_url
    document = documents.challenge(audience, rules.new_token(), rules.token_hash(browser).hex(), now, ends)
    challenge_id = new_id()
    db.session.execute(
        insert(LoginChallenge).values(
            id=challenge_id,
            document=document,
            browser_hash=rules.token_hash(browser),
            created_at=now,
            expires_at=ends,
        )
    )
    return Asked(challenge_id, document, browser)


def verify_challenge(challenge_id: str, cms: bytes, browser: str | None) -> Verified:
    """Judge the signature under a challenge. Writes nothing: this is the slow part and must hold no lock.

    A refused signature leaves the challenge alive, so that a person who picked the wrong key tries again.
    Raises ChallengeEnded and the errors of signatures.rules.
    """
    challenge = queries.challenge(challenge_id, browser)
    if challenge is None:
        raise ChallengeEnded()
    return signatures.verify(
        challenge.document, cms, schema=rules.SCHEMA, purpose=Purpose.LOGIN, signed_after=challenge.created_at
    )


def use_challenge(challenge_id: str) -> None:
    """Use a challenge up: whoever comes second with it finds it gone. Raises ChallengeEnded."""
    if db.session.execute(delete(LoginChallenge).where(LoginChallenge.id == challenge_id)).rowcount != 1:
        raise ChallengeEnded()


def open_session(challenge_id: str, verified: Verified, device: str, previous: str | None) -> Opened:
    """Use the challenge up and begin a session for the organisation in the certificate: its BIN, or for an
    individual's certificate the sole trader with that IIN. `previous` is the token that this browser had before.

    Raises ChallengeEnded (also for the slower of two log-ins with one challenge), NotRegistered, SignatureReused and
    what organisations say of the membership.
    """
    use_challenge(challenge_id)
    person_id = queries.person_id_of(verified.signer.iin)
    if person_id is None:
        raise NotRegistered()
    tax_number = verified.signer.bin or verified.signer.iin
    organisation_id = current_app.extensions["represent"](person_id, tax_number)
    signature_id = signatures.keep(verified)
    if previous:
        end(previous)
    session_id, token, now = new_id(), rules.new_token(), clock.now()
    db.session.execute(
        insert(Session).values(
            id=session_id,
            token_hash=rules.token_hash(token),
            person_id=person_id,
            organisation_id=organisation_id,
            signature_id=signature_id,
            device=device,
            created_at=now,
            seen_at=now,
            expires_at=now + rules.LONGEST,
        )
    )
    history.record(
        "session:opened",
        subject=("session", session_id),
        organisation_id=organisation_id,
        actor=Actor(person_id=person_id, organisation_id=organisation_id, session_id=session_id),
        signature_id=signature_id,
        detail={"device": device, "roles": verified.verdict["roles"], "profile": verified.profile},
    )
    return Opened(session_id, token)


def end(token: str) -> None:
    """Log out: revoke the session of this token, if it is one."""
    _revoke(Session.token_hash == rules.token_hash(token), actor=None)


def revoke(person_id: str, session_id: str, actor: Actor) -> None:
    """Revoke one of a person's own sessions. Raises SessionUnknown, for another's as for one that is not."""
    if not _revoke(Session.id == session_id, Session.person_id == person_id, actor=actor):
        raise SessionUnknown(id=session_id)


def revoke_all(person_id: str, organisation_id: str) -> int:
    """End every session of a person for an organisation; returns how many."""
    return _revoke(Session.person_id == person_id, Session.organisation_id == organisation_id, actor=None)


def touch(session_id: str) -> None:
    """Note that a session is in use; asked for at most once in a few minutes."""
    db.session.execute(update(Session).where(Session.id == session_id).values(seen_at=clock.now()))


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
