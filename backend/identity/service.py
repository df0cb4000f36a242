"""The verbs of identity: people, the challenges they sign, and what follows. Sessions, passkeys, confirmations,
letters and programs' keys have files of their own."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import delete, insert, update

from backend.core import clock, vault
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import documents, passkeys, queries, rules, sessions
from backend.identity.models import LoginChallenge, Person
from backend.identity.rules import ChallengeEnded, NotRegistered
from backend.identity.sessions import Browser, Opened
from backend.signatures import service as signatures
from backend.signatures.rules import Purpose
from backend.signatures.verifier import Verified


@dataclass(frozen=True, slots=True)
class Asked:
    """A fresh challenge; `browser` is the cookie that must come back with the signature."""

    challenge_id: str
    document: bytes
    browser: str


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


def open_session(challenge_id: str, verified: Verified, browser: Browser, wanted: str | None = None) -> Opened:
    """Use the challenge up and begin a session for the organisation in the certificate: its BIN, or for an
    individual's certificate the sole trader with that IIN or an employer of the person, of whom `wanted` chooses one.

    Raises ChallengeEnded (also for the slower of two log-ins with one challenge), NotRegistered, SignatureReused and
    what organisations say of the membership.
    """
    use_challenge(challenge_id)
    person_id = queries.person_id_of(verified.signer.iin)
    if person_id is None:
        raise NotRegistered()
    tax_number = verified.signer.bin or verified.signer.iin
    organisation_id = current_app.extensions["represent"](person_id, tax_number, wanted)
    signature_id = signatures.keep(verified)
    detail = {"roles": verified.verdict["roles"], "profile": verified.profile}
    return sessions.begin(person_id, organisation_id, signature_id, browser, detail)


def touch(session_id: str) -> None:
    """Note that a session is in use; asked for at most once in a few minutes."""
    sessions.touch(session_id)


def revoke_all(person_id: str, organisation_id: str) -> int:
    """End every session and every passkey of a person for an organisation; returns how many sessions."""
    passkeys.retire("membership", person_id=person_id, organisation_id=organisation_id)
    return sessions.revoke_for(person_id, organisation_id)
