"""A repeated request gets the stored answer: key, request hash and answer live in the effect's own transaction."""

import hashlib
from datetime import datetime, timedelta

from flask import request
from sqlalchemy import LargeBinary, String, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from backend.core import clock, vault
from backend.core.db import Base, UtcDateTime, db
from backend.core.errors import KeyMissing, KeyReused

KEPT = timedelta(days=400)
LONGEST = 255


class IdempotencyKey(Base):
    """`actor` scopes the key, so that one organisation never sees another's answer. Answers are encrypted at rest: some
    hold what is shown once."""

    __tablename__ = "idempotency_keys"

    actor: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int | None]
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Repeated(Exception):
    """This key has been answered before; carries the stored status and body."""

    def __init__(self, status: int, answer: bytes):
        super().__init__(status)
        self.status = status
        self.answer = answer


def key_of_request() -> str:
    """The caller's `Idempotency-Key`. Raises KeyMissing."""
    key = request.headers.get("Idempotency-Key", "")
    if not 8 <= len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise KeyMissing()
    return key


def begin(actor: str, key: str) -> None:
    """Claim the key inside the open transaction. Raises Repeated or KeyReused."""
    digest = look(actor, key)
    try:
        db.session.execute(
            insert(IdempotencyKey).values(actor=actor, key=key, request_hash=digest, created_at=clock.now())
        )
    except IntegrityError as error:
        raise Raced() from error


def look(actor: str, key: str) -> bytes:
    """The hash of this request, when its key is new: asked before slow work that an answered request must not repeat.
    Raises Repeated or KeyReused."""
    digest = _digest()
    stored = db.session.execute(
        select(IdempotencyKey.request_hash, IdempotencyKey.status, IdempotencyKey.answer).where(
            IdempotencyKey.actor == actor, IdempotencyKey.key == key
        )
    ).first()
    if stored is None:
        return digest
    if stored.request_hash != digest:
        raise KeyReused()
    raise Repeated(stored.status, vault.open_(stored.answer))


class Raced(Exception):
    """The same key is being answered by another worker at this moment: roll back and look again."""


def finish(actor: str, key: str, status: int, answer: bytes) -> None:
    db.session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.actor == actor, IdempotencyKey.key == key)
        .values(status=status, answer=vault.close(answer))
    )


def forget_old() -> None:
    db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < clock.now() - KEPT))


def _digest() -> bytes:
    line = f"{request.method} {request.path}?{request.query_string.decode('latin-1')}\n".encode()
    return hashlib.sha256(line + request.get_data(cache=True)).digest()
