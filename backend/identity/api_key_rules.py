"""Pure rules of programs' keys: how a secret looks, that it was typed whole, how long it lives."""

import hashlib
import re
import secrets
import zlib
from datetime import datetime, timedelta

from backend.core.errors import Conflict, Invalid, NotFound

# tanba_live_ + 40 random letters and digits (238 bits) + 6 that check them, as leak scanners expect.
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM, CHECK = 40, 6
SECRET = re.compile(rf"tanba_(live|test)_[0-9A-Za-z]{{{RANDOM + CHECK}}}")

LONGEST = timedelta(days=366)
# While both secrets work, every till and server of the integrator gets the new one.
OVERLAP = timedelta(hours=24)
TOUCHED_EVERY = timedelta(minutes=10)
MOST = 50
"""Living keys of one organisation."""


class ApiKeyUnknown(NotFound):
    code = "identity.api_key_unknown"


class ApiKeyExpiry(Invalid):
    """A key lives until a moment ahead, and at most a year."""

    code = "identity.api_key_expiry"


class TooManyApiKeys(Conflict):
    code = "identity.too_many_api_keys"


def new_secret(test: bool) -> str:
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    head = f"tanba_{'test' if test else 'live'}_{random}"
    return head + checksum(head)


def well_formed(secret: str) -> bool:
    """Whether this can be a key at all: the database need not be asked about anything else."""
    return SECRET.fullmatch(secret) is not None and secret[-CHECK:] == checksum(secret[:-CHECK])


def checksum(head: str) -> str:
    """CRC-32 in six digits of the alphabet."""
    rest, digits = zlib.crc32(head.encode()), ""
    for _ in range(CHECK):
        rest, digit = divmod(rest, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def require_expiry(expires_at: datetime, now: datetime) -> None:
    """Raises ApiKeyExpiry."""
    if expires_at.tzinfo is None or not now < expires_at <= now + LONGEST:
        raise ApiKeyExpiry(fields=[{"field": "expires_at", "code": "expiry"}], days=LONGEST.days)
