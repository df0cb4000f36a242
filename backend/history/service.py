"""The only writer of facts, and the sequencer that chains and checkpoints them afterwards."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from backend.core import clock, vault
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import queries, rules
from backend.history.models import Checkpoint, Fact, Link, content

BATCH = 2_000


class HistoryBroken(RuntimeError):
    """The end of the chain was rewritten; `verify-history` says where."""


def record(
    kind: str,
    *,
    subject: tuple[str, str],
    organisation_id: str | None = None,
    actor: Actor | None = None,
    document: tuple[str, str] | None = None,
    signature_id: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
    codes: Iterable[bytes] | None = None,
    fact_id: str | None = None,
) -> str:
    """Append one fact in the open transaction and return its id.

    `kind` reads `subject:action`; `codes` are the ids of the codes that moved, kept as count and Merkle root;
    `fact_id` is given where rows already point to the fact.
    """
    moved = list(codes) if codes is not None else None
    fact_id = fact_id or new_id()
    db.session.execute(
        insert(Fact).values(
            id=fact_id,
            kind=kind,
            subject_kind=subject[0],
            subject_id=subject[1],
            organisation_id=organisation_id,
            actor_id=actor.person_id if actor else None,
            via=actor.via if actor else "system",
            document_kind=document[0] if document else None,
            document_id=document[1] if document else None,
            signature_id=signature_id,
            at=clock.now(),
            before=before,
            after=after,
            detail=detail,
            count=len(moved) if moved is not None else None,
            merkle_root=rules.merkle_root(moved) if moved is not None else None,
        )
    )
    return fact_id


def sequence_some() -> int:
    """Chain up to BATCH facts that are not chained yet and sign the new head; returns how many.

    Two sequencers at once collide on the sequence's primary key, and the later one gives way. Raises HistoryBroken
    rather than sign what follows a head that the platform did not sign.
    """
    head = db.session.execute(select(Link).order_by(Link.sequence.desc()).limit(1)).scalar_one_or_none()
    if head:
        checkpoint = db.session.get(Checkpoint, head.sequence)
        if checkpoint is None or not queries.promised(checkpoint, head.hash):
            raise HistoryBroken(f"sequence {head.sequence}: the head is not the one that was signed")
    number, digest = (head.sequence, head.hash) if head else (0, rules.GENESIS)
    waiting = select(Fact).outerjoin(Link, Link.fact_id == Fact.id).where(Link.fact_id.is_(None))
    links = []
    for fact in db.session.scalars(waiting.order_by(Fact.at, Fact.id).limit(BATCH)):
        number += 1
        digest = rules.link(digest, rules.canonical(content(fact)))
        links.append({"sequence": number, "fact_id": fact.id, "hash": digest})
    if not links:
        return 0
    try:
        db.session.execute(insert(Link), links)
    except IntegrityError:
        db.session.rollback()
        return 0
    _checkpoint(number, digest)
    return len(links)


def _checkpoint(number: int, digest: bytes) -> None:
    moment = clock.now()
    promise = {"sequence": number, "hash": digest.hex(), "at": moment.isoformat(timespec="microseconds")}
    db.session.execute(
        insert(Checkpoint).values(
            sequence=number, hash=digest, at=moment, signature=vault.platform_sign(rules.PURPOSE, promise)
        )
    )
