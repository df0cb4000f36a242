"""The exact bytes that are signed to log in, and only to log in; and those that a passkey confirms."""

from datetime import datetime

from backend.core.actor import Actor
from backend.identity.rules import CONFIRMATION, SCHEMA
from backend.signatures import documents

# Shown by whatever signs (NCALayer, a phone), so that nobody takes a log-in for an agreement.
TEXT = {
    "kk": "Tanba жүйесіне кіру, шарт емес",
    "ru": "Вход в систему Tanba, не договор",
    "en": "Log-in to Tanba, not a contract",
}

CONFIRMED = {
    "kk": "Tanba жүйесіндегі әрекетті растау, қол қою емес",
    "ru": "Подтверждение действия в системе Tanba, не подпись",
    "en": "Confirmation of an action in Tanba, not a signature",
}


def challenge(audience: str, nonce: str, browser: str, issued: datetime, ends: datetime) -> bytes:
    """JCS of the challenge. `nonce` has 256 bits; `browser` is SHA-256 of the asking browser's cookie, hexadecimal;
    times are whole seconds since 1970 UTC."""
    return documents.envelope(
        SCHEMA,
        {
            "aud": audience,
            "nonce": nonce,
            "iat": int(issued.timestamp()),
            "exp": int(ends.timestamp()),
            "session": browser,
            "text": TEXT,
        },
    )


def confirmation(
    audience: str, number: str, action: str, subject: str, actor: Actor, asked: datetime, ends: datetime
) -> bytes:
    """JCS of an action that a passkey confirms; its SHA-256 is the passkey's challenge. `number` is the confirmation's
    own, so that no two are the same bytes."""
    return documents.envelope(
        CONFIRMATION,
        {
            "aud": audience,
            "number": number,
            "action": action,
            "subject": subject,
            "person": actor.person_id,
            "organisation": actor.organisation_id,
            "session": actor.session_id,
            "iat": int(asked.timestamp()),
            "exp": int(ends.timestamp()),
            "text": CONFIRMED,
        },
    )
