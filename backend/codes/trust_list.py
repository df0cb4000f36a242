"""The trust list and the withdrawn lists: what a phone without network can know (DESIGN 5 and 8)."""

import base64
import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from backend.codes import filter as withdrawn_filter
from backend.codes import keys
from backend.codes.models import Code, SigningKey, WithdrawnList
from backend.codes.rules import RETAIL, Flag, State
from backend.core import clock, vault
from backend.core.db import db

PURPOSE = "tanba/trust-list/1"
HARD_AGE = timedelta(days=7)
KEPT = timedelta(days=14)
LARGEST = 10 * 1024 * 1024
SAMPLE = 1_000

log = logging.getLogger("tanba.trust_list")


class GateClosed(RuntimeError):
    """A new withdrawn list answered wrongly or grew past its limit, so the old one stays published."""


def trust_list() -> dict[str, Any]:
    """Public keys, addresses of the withdrawn lists, dates, and the platform's signature over all of it (JCS)."""
    moment = clock.now().replace(microsecond=0)
    content = {
        "keys": [_key(key) for key in keys.published()],
        "withdrawn": [_entry(key_id, digest, as_of) for key_id, digest, as_of in _newest()],
        "issued_at": _iso(moment),
        "expires_at": _iso(moment + HARD_AGE),
    }
    return content | {"signature": vault.platform_sign(PURPOSE, content)}


def withdrawn_list(key_id: str, digest: str) -> bytes | None:
    """The bytes of one published list, or None."""
    return db.session.scalar(
        select(WithdrawnList.body).where(WithdrawnList.key_id == key_id, WithdrawnList.sha256 == digest)
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A withdrawn list that passed its gate: its bytes, and how things stood at `as_of`."""

    key_id: str
    as_of: datetime
    issued: int
    withdrawn: int
    body: bytes


def make(key_id: str) -> Made:
    """The withdrawn list of a key as of now. Only reads: for a large key it takes seconds, and on SQLite nobody else
    could write meanwhile. Raises GateClosed.

    On it stands what was withdrawn for cause, written off, cancelled, blocked, recalled or lost; never a retail sale.
    """
    moment, issued, listed = clock.now(), [], []
    bad = int(Flag.BLOCKED | Flag.RECALLED | Flag.LOST)
    cause = or_(
        Code.flags.op("&")(bad) != 0,
        Code.state.in_([State.WRITTEN_OFF.value, State.CANCELLED.value]),
        (Code.state == State.WITHDRAWN.value) & (Code.reason != RETAIL),
    )
    rows = select(Code.id, cause).where(Code.key_id == key_id).execution_options(yield_per=10_000)
    for code, withdrawn in db.session.execute(rows):
        key = int.from_bytes(code[:8], "big")
        issued.append(key)
        if withdrawn:
            listed.append(key)
    body = withdrawn_filter.build(issued, listed)
    _gate(body, issued, listed)
    return Made(key_id, moment, len(issued), len(listed), body)


def publish(made: Made) -> bool:
    """Put a list in place of the newest of its key; returns whether it says anything new."""
    digest = hashlib.sha256(made.body).hexdigest()
    same = (WithdrawnList.key_id == made.key_id) & (WithdrawnList.sha256 == digest)
    if any(known == made.key_id and newest == digest for known, newest, _ in _newest()):
        # It says the same, but of a later moment, which is what a phone tells its user.
        db.session.execute(update(WithdrawnList).where(same).values(as_of=made.as_of))
        return False
    db.session.execute(delete(WithdrawnList).where(same))
    db.session.execute(
        insert(WithdrawnList).values(
            key_id=made.key_id,
            sha256=digest,
            as_of=made.as_of,
            issued=made.issued,
            withdrawn=made.withdrawn,
            body=made.body,
        )
    )
    extra = {"key_id": made.key_id, "count": made.withdrawn, "bytes": len(made.body)}
    log.info("withdrawn list published", extra=extra)
    return True


def forget_old() -> None:
    """Drop lists that newer ones replaced long ago."""
    newest = {(key_id, digest) for key_id, digest, _ in _newest()}
    old = select(WithdrawnList.key_id, WithdrawnList.sha256).where(WithdrawnList.as_of < clock.now() - KEPT)
    for key_id, digest in db.session.execute(old).all():
        if (key_id, digest) not in newest:
            db.session.execute(
                delete(WithdrawnList).where(WithdrawnList.key_id == key_id, WithdrawnList.sha256 == digest)
            )


def _gate(body: bytes, issued: list[int], listed: list[int]) -> None:
    """Refuse to publish what is too large or answers wrongly (CRLite's rule, RELIABILITY 3.4)."""
    parsed = withdrawn_filter.Filter.parse(body)
    marked = set(listed)
    wrong = [key for key in listed[:SAMPLE] if not parsed.contains(key)]
    wrong += [key for key in issued[:SAMPLE] if key not in marked and parsed.contains(key)]
    if len(body) > LARGEST or wrong:
        raise GateClosed(json.dumps({"bytes": len(body), "wrong": len(wrong)}))


def _newest() -> list[tuple[str, str, Any]]:
    latest = (
        select(WithdrawnList.key_id, func.max(WithdrawnList.as_of).label("as_of")).group_by(WithdrawnList.key_id)
    ).subquery()
    same = (WithdrawnList.key_id == latest.c.key_id) & (WithdrawnList.as_of == latest.c.as_of)
    rows = select(WithdrawnList.key_id, WithdrawnList.sha256, WithdrawnList.as_of).join(latest, same)
    return [tuple(row) for row in db.session.execute(rows.order_by(WithdrawnList.key_id)).all()]


def _key(key: SigningKey) -> dict[str, str]:
    return {
        "id": key.id,
        "group": key.group,
        "alg": "Ed25519",
        "public_key": base64.b64encode(key.public_key).decode(),
        "not_before": _iso(key.not_before),
        "not_after": _iso(key.not_after),
    }


def _entry(key_id: str, digest: str, as_of: Any) -> dict[str, str]:
    return {"key_id": key_id, "url": f"/api/v1/withdrawn/{key_id}/{digest}", "as_of": _iso(as_of), "sha256": digest}


def _iso(moment: Any) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
