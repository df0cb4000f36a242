"""One's own contacts: a new e-mail counts once its owner has answered from it."""

import hmac

from sqlalchemy import delete, insert

from backend.core import clock, queue, vault
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import confirmations, queries, rules, service
from backend.identity.models import EmailChange
from backend.identity.rules import LinkEnded


def require(actor: Actor, email: str | None, confirmation_id: str | None) -> None:
    """Another e-mail reads what we write, so whoever changes it confirms that it is they. Raises StepUp."""
    if email is not None:
        confirmations.require(actor, "person:contacts", actor.person_id, confirmation_id)


def change(actor: Actor, *, email: str | None, phone: str | None, language: str | None) -> None:
    """Phone and language change at once; an e-mail waits for the answer to a letter, an empty one goes at once.

    Raises ContactsInvalid.
    """
    known = queries.contacts(actor.person_id)
    if email:
        address = rules.email_of(email)
        _forget(actor.person_id)
        if address != known.email or known.email_confirmed_at is None:
            _ask(actor, address)
    elif email == "":
        _forget(actor.person_id)
    removed = "" if email == "" else None
    service.set_contacts(actor.person_id, email=removed, phone=phone, language=language, actor=actor)


def confirm(token: str) -> None:
    """Follow the link of a letter, once, on whichever device. Raises LinkEnded."""
    change_id, _, secret = token.partition(".")
    if not hmac.compare_digest(secret.encode(), queries.email_secret(change_id).encode()):
        raise LinkEnded()
    used = db.session.execute(
        delete(EmailChange)
        .where(EmailChange.id == change_id, EmailChange.expires_at > clock.now())
        .returning(EmailChange.person_id, EmailChange.email_sealed)
    ).first()
    if used is None:
        raise LinkEnded()
    service.set_contacts(used.person_id, email=vault.open_(used.email_sealed).decode(), confirmed=True)


def _ask(actor: Actor, address: str) -> None:
    change_id, now = new_id(), clock.now()
    db.session.execute(
        insert(EmailChange).values(
            id=change_id,
            person_id=actor.person_id,
            email_sealed=vault.close(address.encode()),
            created_at=now,
            expires_at=now + rules.EMAIL_WAITS,
        )
    )
    asked = history.record(
        "person:email_asked",
        subject=("email_change", change_id),
        organisation_id=actor.organisation_id,
        actor=actor,
    )
    queue.after_commit("notifications.on_fact", asked)


def _forget(person_id: str) -> None:
    db.session.execute(delete(EmailChange).where(EmailChange.person_id == person_id))
