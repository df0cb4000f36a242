"""Confirming one action with a passkey. A confirmation is kept as evidence and labelled as one: it is no signature, and
nothing that needs a signature takes it."""

import hashlib
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import insert, update

from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import documents, passkey_rules, passkeys, queries, sessions
from backend.identity.models import Confirmation
from backend.identity.passkey_rules import PasskeyRefused, PasskeyUnknown
from backend.identity.passkeys import Recognised
from backend.identity.rules import ChallengeEnded, StepUp


@dataclass(frozen=True, slots=True)
class Asked:
    """`document` are the exact bytes whose SHA-256 is the challenge in `options` (WebAuthn JSON)."""

    id: str
    document: bytes
    options: dict[str, Any]


def ask(actor: Actor, action: str, subject_id: str) -> Asked:
    """Begin to confirm one action on one thing. Raises PasskeyUnknown for a person who has none here."""
    known = queries.passkeys(actor.person_id, actor.organisation_id)
    if not known:
        raise PasskeyUnknown(id="")
    confirmation_id, now = new_id(), clock.now()
    ends = now + passkey_rules.WAITS
    audience = current_app.config["SETTINGS"].public_url
    document = documents.confirmation(audience, confirmation_id, action, subject_id, actor, now, ends)
    row = insert(Confirmation).values(
        id=confirmation_id,
        session_id=actor.session_id,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        action=action,
        subject_id=subject_id,
        document=document,
        created_at=now,
        expires_at=ends,
    )
    db.session.execute(row)
    challenge = hashlib.sha256(document).digest()
    return Asked(confirmation_id, document, passkeys.request_options(challenge, [one.credential for one in known]))


def judge(actor: Actor, confirmation_id: str, answer: dict[str, Any]) -> Recognised:
    """Judge the passkey's answer, outside a transaction. Raises ChallengeEnded, PasskeyRefused, PasskeyEnded."""
    asked = db.session.get(Confirmation, confirmation_id)
    if asked is None or asked.session_id != actor.session_id or asked.confirmed_at or clock.now() >= asked.expires_at:
        raise ChallengeEnded()
    recognised = passkeys.judge(answer, hashlib.sha256(asked.document).digest())
    if (recognised.person_id, recognised.organisation_id) != (actor.person_id, actor.organisation_id):
        raise PasskeyRefused()
    return recognised


def confirm(actor: Actor, confirmation_id: str, recognised: Recognised, answer: dict[str, Any]) -> None:
    """Keep the answer with what it confirms, in the open transaction. Raises ChallengeEnded for the slower of two."""
    passkeys.count(recognised)
    kept = db.session.execute(
        update(Confirmation)
        .where(Confirmation.id == confirmation_id, Confirmation.confirmed_at.is_(None))
        .values(confirmed_at=clock.now(), passkey_id=recognised.passkey_id, assertion=answer.get("response"))
    ).rowcount
    if kept != 1:
        raise ChallengeEnded()


def require(actor: Actor, action: str, subject_id: str, confirmation_id: str | None) -> None:
    """Somebody who signed in a moment ago may go on; everybody else brings a confirmation of this very action, which
    serves once. Raises StepUp."""
    if sessions.fresh(actor):
        return
    used = db.session.execute(
        update(Confirmation)
        .where(
            Confirmation.id == (confirmation_id or ""),
            Confirmation.session_id == actor.session_id,
            Confirmation.action == action,
            Confirmation.subject_id == subject_id,
            Confirmation.confirmed_at.is_not(None),
            Confirmation.used_at.is_(None),
            Confirmation.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
    ).rowcount
    if used != 1:
        raise StepUp(by="any")
    history.record(
        "confirmation:used",
        subject=("confirmation", confirmation_id or ""),
        organisation_id=actor.organisation_id,
        actor=actor,
        detail={"action": action, "subject": subject_id},
    )
