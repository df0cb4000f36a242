"""Checking tails: the keys are held in memory, because every check needs one."""

import base64
import binascii
import time
from hmac import compare_digest

from flask import current_app
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from sqlalchemy import select

from backend.codes import keys
from backend.codes.models import SigningKey
from backend.core.db import db

FRESH_SECONDS = 30.0


def check(key_id: str, identification_code: str, tail: str) -> bool | None:
    """True or False with certainty; None when the key is not one of ours."""
    key = _key(key_id)
    if key is None:
        return None
    try:
        signature = base64.b64decode(tail + "=" * (-len(tail) % 4), validate=True)
        key.verify(f"tanba/1|{key_id}|{identification_code}".encode("utf-8", "surrogatepass"), signature)
    except (BadSignatureError, ValueError, binascii.Error):
        return False
    return True


def right(key_id: str, identification_code: str, tail: str) -> bool:
    """Whether the tail is the right one for a code of the register.

    Ed25519 is deterministic, so making the tail again and comparing answers nearly every honest question in a third of
    the time that verifying takes. What differs is verified: base64 may come without its padding.
    """
    signers = current_app.extensions.setdefault("signers", {})
    signer = signers.get(key_id)
    if signer is None:
        signer = signers[key_id] = keys.signer(key_id)
    made = signer.tail(identification_code)
    return compare_digest(made.encode(), tail.encode("utf-8", "surrogatepass")) or bool(
        check(key_id, identification_code, tail)
    )


def forget() -> None:
    for name in ("tails", "signers"):
        current_app.extensions.pop(name, None)


def _key(key_id: str) -> VerifyKey | None:
    """A key once seen never changes; an unknown one is looked for again, but not more often than FRESH_SECONDS."""
    held, read_at = current_app.extensions.get("tails", ({}, 0.0))
    if key_id not in held and time.monotonic() - read_at > (FRESH_SECONDS if held else 0):
        rows = db.session.execute(select(SigningKey.id, SigningKey.public_key)).all()
        held = {known: VerifyKey(bytes(public)) for known, public in rows}
        current_app.extensions["tails"] = (held, time.monotonic())
    return held.get(key_id)
