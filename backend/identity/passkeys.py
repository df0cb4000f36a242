"""Passkeys: a quick way back in for whoever has signed in with a key here. Never a signature (370-II knows only EDS).

A passkey is enrolled in a session that a signature opened minutes ago, and rests on that signature's certificate and on
the person's place in the organisation. When one of them falls, so does the passkey.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask import current_app
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from webauthn.helpers import base64url_to_bytes, structs
from webauthn.helpers.exceptions import WebAuthnException

from backend.core import clock, queue, vault
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import passkey_rules, queries, rules, sessions
from backend.identity.models import Passkey, PasskeyChallenge
from backend.identity.passkey_rules import (
    CERTIFICATE_FALLEN,
    PasskeyEnded,
    PasskeyKnown,
    PasskeyRefused,
    PasskeyUnknown,
    Terms,
    TooManyPasskeys,
)
from backend.identity.rules import ChallengeEnded
from backend.identity.sessions import Browser, Opened
from backend.signatures import standing

# What the library raises on an answer that no authenticator gives: besides its own errors, those of what it reads with.
MALFORMED = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError, EOFError)
SECONDS = int(passkey_rules.WAITS.total_seconds())


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks, as an authenticator sees it: the host of our address, and the address itself."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A ceremony begun. `options` are the browser's (WebAuthn JSON); `browser` is the cookie that must come back."""

    challenge_id: str
    options: dict[str, Any]
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A passkey that answered rightly and is good at this moment, as plain data that outlives the reading. `counted`
    is the counter that we knew, `count` the one that it said now."""

    passkey_id: str
    person_id: str
    organisation_id: str
    signature_id: str
    counted: int
    count: int


def party() -> Party:
    address = urlsplit(current_app.config["SETTINGS"].public_url)
    return Party(address.hostname or "", f"{address.scheme}://{address.netloc}")


def offer(actor: Actor) -> Asked:
    """Begin to enrol a passkey. Raises StepUp unless a signature opened this session minutes ago, TooManyPasskeys."""
    sessions.require_signed(actor)
    known = queries.passkeys(actor.person_id, actor.organisation_id)
    if len(known) >= passkey_rules.MOST:
        raise TooManyPasskeys(limit=passkey_rules.MOST)
    challenge_id, challenge = _challenge("enrol", actor.session_id or "")
    options = webauthn.generate_registration_options(
        rp_id=party().id,
        rp_name="Tanba",
        user_id=_handle(actor.person_id, actor.organisation_id),
        user_name=queries.name_of(actor.person_id),
        challenge=challenge,
        timeout=SECONDS * 1000,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one.credential) for one in known],
    )
    return Asked(challenge_id, json.loads(webauthn.options_to_json(options)))


def enrol(actor: Actor, challenge_id: str, answer: dict[str, Any], name: str) -> str:
    """Keep a fresh passkey; returns its id. Raises StepUp, ChallengeEnded, PasskeyRefused, PasskeyKnown."""
    session = sessions.require_signed(actor)
    challenge = _use(challenge_id, "enrol", actor.session_id or "")
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party().id,
            expected_origin=party().origin,
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise PasskeyRefused() from error
    terms = _terms(actor.person_id, actor.organisation_id)
    passkey_id = new_id()
    row = insert(Passkey).values(
        id=passkey_id,
        credential=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        signature_id=session.signature_id,
        serial=standing.serial(session.signature_id),
        role=terms.role,
        head_id=terms.head_id,
        name=name,
        created_at=clock.now(),
    )
    try:
        db.session.execute(row)
    except IntegrityError as error:
        raise PasskeyKnown() from error
    _note("passkey:enrolled", passkey_id, actor.organisation_id, actor, signature_id=session.signature_id, tell=True)
    return passkey_id


def ask() -> Asked:
    """Begin a log-in: whichever passkey the person has for this host may answer."""
    browser = rules.new_token()
    challenge_id, challenge = _challenge("login", browser)
    return Asked(challenge_id, request_options(challenge), browser)


def request_options(challenge: bytes, allowed: list[bytes] | None = None) -> dict[str, Any]:
    options = webauthn.generate_authentication_options(
        rp_id=party().id,
        challenge=challenge,
        timeout=SECONDS * 1000,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in allowed or []],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return json.loads(webauthn.options_to_json(options))


def recognise(challenge_id: str, answer: dict[str, Any], browser: str | None) -> Recognised:
    """Judge the answer of a log-in, outside a transaction: asking about a certificate may be slow.

    Raises ChallengeEnded, PasskeyRefused, PasskeyEnded, and what organisations say of the membership.
    """
    challenge = db.session.get(PasskeyChallenge, challenge_id)
    if browser is None or challenge is None or not _lives(challenge, "login", browser):
        raise ChallengeEnded()
    return judge(answer, challenge.challenge)


def judge(answer: dict[str, Any], challenge: bytes) -> Recognised:
    """Which passkey answered this challenge, and whether it is good now. One whose counter went back, or whose terms
    fell, is ended for good. Writes only that; call it outside a transaction."""
    found = _named(answer)
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party().id,
            expected_origin=party().origin,
            credential_public_key=found.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise PasskeyRefused() from error
    if not passkey_rules.counter_grew(found.sign_count, verified.new_sign_count):
        raise _fallen(found, "counter")
    if why := passkey_rules.fallen(_remembered(found), _terms(found.person_id, found.organisation_id)):
        raise _fallen(found, why)
    try:
        standing.require(found.signature_id)
    except CERTIFICATE_FALLEN as error:
        raise _fallen(found, "certificate") from error
    return Recognised(
        passkey_id=found.id,
        person_id=found.person_id,
        organisation_id=found.organisation_id,
        signature_id=found.signature_id,
        counted=found.sign_count,
        count=verified.new_sign_count,
    )


def log_in(challenge_id: str, recognised: Recognised, browser: Browser) -> Opened:
    """Use the challenge up and begin a session, in the open transaction. Raises ChallengeEnded (the slower of two)."""
    used = db.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.id == challenge_id)).rowcount
    if used != 1:
        raise ChallengeEnded()
    count(recognised)
    return sessions.begin(
        recognised.person_id,
        recognised.organisation_id,
        recognised.signature_id,
        browser,
        {"passkey": recognised.passkey_id},
        passkey_id=recognised.passkey_id,
    )


def count(recognised: Recognised) -> None:
    """Note the use of a passkey. Raises PasskeyRefused when it was used elsewhere in the same moment."""
    known = (Passkey.id == recognised.passkey_id, Passkey.sign_count == recognised.counted)
    noted = db.session.execute(
        update(Passkey)
        .where(*known, Passkey.ended_at.is_(None))
        .values(sign_count=recognised.count, used_at=clock.now()),
        execution_options={"synchronize_session": False},
    ).rowcount
    if noted != 1:
        raise PasskeyRefused()


def rename(actor: Actor, passkey_id: str, name: str) -> None:
    """Raises PasskeyUnknown."""
    _own(actor, passkey_id).name = name
    _note("passkey:renamed", passkey_id, actor.organisation_id, actor)


def remove(actor: Actor, passkey_id: str) -> None:
    """End one's own passkey and the sessions that it opened, but the one that asks. Raises PasskeyUnknown."""
    _end(_own(actor, passkey_id), "removed", actor)


def retire(why: str, *, organisation_id: str, person_id: str | None = None) -> int:
    """End the passkeys of a member, or of a whole organisation when its head changed; returns how many. `why` is
    "membership", "head" or "role"."""
    wanted = select(Passkey).where(Passkey.organisation_id == organisation_id, Passkey.ended_at.is_(None))
    if person_id is not None:
        wanted = wanted.where(Passkey.person_id == person_id)
    found = db.session.scalars(wanted).all()
    for passkey in found:
        _end(passkey, why, None)
    return len(found)


def _end(passkey: Passkey, why: str, actor: Actor | None) -> None:
    passkey.ended_at, passkey.ended_why = clock.now(), why
    sessions.revoke_opened_with(passkey.id, actor)
    told = why not in ("removed", "membership")
    _note("passkey:ended", passkey.id, passkey.organisation_id, actor, tell=told, person=passkey.person_id, why=why)


def _fallen(passkey: Passkey, why: str) -> PasskeyEnded:
    def end() -> None:
        again = db.session.get(Passkey, passkey.id)
        if again is not None and again.ended_at is None:
            _end(again, why, None)

    unit_of_work(end)
    return PasskeyEnded(why=why)


def _note(
    kind: str,
    passkey_id: str,
    organisation_id: str,
    actor: Actor | None,
    signature_id: str | None = None,
    tell: bool = False,
    **detail: str,
) -> None:
    fact = history.record(
        kind,
        subject=("passkey", passkey_id),
        organisation_id=organisation_id,
        actor=actor,
        signature_id=signature_id,
        detail=detail or None,
    )
    if tell:
        queue.after_commit("notifications.on_fact", fact)


def _own(actor: Actor, passkey_id: str) -> Passkey:
    found = db.session.get(Passkey, passkey_id)
    if found is None or found.ended_at is not None or found.person_id != actor.person_id:
        raise PasskeyUnknown(id=passkey_id)
    return found


def _named(answer: dict[str, Any]) -> Passkey:
    """The passkey that an answer says it is of. Raises PasskeyRefused for an unknown one, PasskeyEnded."""
    try:
        credential = base64url_to_bytes(answer["id"])
        handle = answer["response"].get("userHandle")
        owner = base64url_to_bytes(handle) if handle else None
    except MALFORMED as error:
        raise PasskeyRefused() from error
    found = db.session.scalars(select(Passkey).where(Passkey.credential == credential)).first()
    if found is None or (owner is not None and owner != _handle(found.person_id, found.organisation_id)):
        raise PasskeyRefused()
    if found.ended_at is not None:
        raise PasskeyEnded(why=found.ended_why or "removed")
    return found


def _handle(person_id: str, organisation_id: str) -> bytes:
    """What an authenticator knows a person by: nothing that anybody else could read."""
    return bytes.fromhex(vault.pseudonym("passkey", f"{person_id}|{organisation_id}"))


def _terms(person_id: str, organisation_id: str) -> Terms:
    """Raises what organisations say of a member that does not stand."""
    return Terms(*current_app.extensions["terms"](person_id, organisation_id))


def _remembered(passkey: Passkey) -> Terms:
    return Terms(passkey.role, passkey.head_id)


def _challenge(purpose: str, bound: str) -> tuple[str, bytes]:
    now = clock.now()
    db.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < now))
    challenge_id, challenge = new_id(), secrets.token_bytes(32)
    row = insert(PasskeyChallenge).values(
        id=challenge_id,
        purpose=purpose,
        challenge=challenge,
        bound_hash=rules.token_hash(bound),
        expires_at=now + passkey_rules.WAITS,
    )
    db.session.execute(row)
    return challenge_id, challenge


def _use(challenge_id: str, purpose: str, bound: str) -> bytes:
    found = db.session.get(PasskeyChallenge, challenge_id)
    if found is None or not _lives(found, purpose, bound):
        raise ChallengeEnded()
    db.session.delete(found)
    return found.challenge


def _lives(challenge: PasskeyChallenge, purpose: str, bound: str) -> bool:
    mine = challenge.purpose == purpose and challenge.bound_hash == rules.token_hash(bound)
    return mine and clock.now() < challenge.expires_at
