"""Signing keys of the tails: made, rotated, opened, and the tail itself (DESIGN 5)."""

import secrets
from binascii import b2a_base64
from datetime import datetime, timedelta

from nacl.bindings import crypto_sign
from nacl.signing import SigningKey as Ed25519
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from backend.catalogue import groups
from backend.codes.models import SigningKey
from backend.codes.rules import KeyUnknown
from backend.core import clock, vault
from backend.core.actor import Actor
from backend.core.db import db
from backend.history import service as history

SIGNATURE = 64
ID_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Signer:
    """The opened private half of one key."""

    def __init__(self, key_id: str, seed: bytes):
        self.key_id = key_id
        key = Ed25519(seed)
        self._secret = seed + key.verify_key.encode()
        self._prefix = f"tanba/1|{key_id}|".encode()

    def tail(self, identification_code: str) -> str:
        """AI 92 of a code: standard base64 with padding, 88 characters, of the Ed25519 signature."""
        signed = crypto_sign(self._prefix + identification_code.encode(), self._secret)
        return b2a_base64(signed[:SIGNATURE], newline=False).decode()


def current(group: str) -> SigningKey:
    """The key that signs this group this month; made when there is none yet."""
    groups.get(group)
    month = clock.now().astimezone(clock.ALMATY).strftime("%Y-%m")
    for _ in range(5):
        newest = db.session.scalars(
            select(SigningKey)
            .where(SigningKey.group == group, SigningKey.month == month)
            .order_by(SigningKey.ordinal.desc())
            .limit(1)
        ).first()
        if newest and newest.retired_at is None:
            return newest
        _make(group, month, newest.ordinal + 1 if newest else 0)
    raise KeyUnknown(group=group)


def rotate(group: str, actor: Actor | None) -> SigningKey:
    """Retire the present key (what it signed stays valid) and begin another."""
    old = current(group)
    db.session.execute(update(SigningKey).where(SigningKey.id == old.id).values(retired_at=clock.now()))
    db.session.expire_all()
    new = current(group)
    history.record(
        "keys:rotated",
        subject=("key", new.id),
        actor=actor,
        before={"key": old.id},
        after={"key": new.id, "group": group},
    )
    return new


def signer(key_id: str) -> Signer:
    """Open a key. Raises KeyUnknown."""
    key = db.session.get(SigningKey, key_id)
    if key is None:
        raise KeyUnknown(key=key_id)
    return Signer(key.id, vault.open_(key.sealed))


def published() -> list[SigningKey]:
    return list(db.session.scalars(select(SigningKey).order_by(SigningKey.not_before, SigningKey.id)))


def _make(group: str, month: str, ordinal: int) -> None:
    """Insert a key; a process that made the same one first wins, and the caller looks again."""
    seed = secrets.token_bytes(32)
    key_id = "T" + "".join(secrets.choice(ID_ALPHABET) for _ in range(3))
    values = {
        "id": key_id,
        "group": group,
        "month": month,
        "ordinal": ordinal,
        "public_key": Ed25519(seed).verify_key.encode(),
        "sealed": vault.close(seed),
        "not_before": clock.now(),
        "not_after": _month_end(month),
    }
    try:
        with db.session.begin_nested():
            db.session.execute(insert(SigningKey).values(values))
    except IntegrityError:
        return
    history.record("keys:made", subject=("key", key_id), after={"group": group, "month": month})


def _month_end(month: str) -> datetime:
    first = datetime.strptime(month + "-01", "%Y-%m-%d").replace(tzinfo=clock.ALMATY)
    return (first + timedelta(days=32)).replace(day=1)
