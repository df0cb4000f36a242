"""The exact bytes that are signed to log in, and only to log in."""

from datetime import datetime

from backend.identity.rules import SCHEMA
from backend.signatures import documents

# Shown by whatever signs (NCALayer, a phone), so that nobody takes a log-in for an agreement.
TEXT = {
    "kk": "Tanba жүйесіне кіру, шарт емес",
    "ru": "Вход в систему Tanba, не договор",
    "en": "Log-in to Tanba, not a contract",
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
