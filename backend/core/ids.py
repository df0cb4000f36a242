"""Identifiers: ULIDs, sortable by time, random enough not to be guessed, 26 characters of Crockford's base 32."""

import secrets

from backend.core import clock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
SHIFTS = range(120, -10, -10)


def new_id() -> str:
    """A fresh ULID: 48 bits of milliseconds, 80 random bits."""
    number = int(clock.now().timestamp() * 1000) << 80 | secrets.randbits(80)
    return "".join([PAIRS[number >> shift & 1023] for shift in SHIFTS])
