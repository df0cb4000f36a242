"""Reads of the history: timelines, and the proof that nothing was rewritten."""

import base64
from collections.abc import Iterator

import rfc8785
from nacl.exceptions import BadSignatureError
from sqlalchemy import func, select

from backend.core import vault
from backend.core.db import db
from backend.history import rules
from backend.history.models import Checkpoint, Fact, Link, content


def of_subject(organisation_id: str, kind: str, subject_id: str) -> list[Fact]:
    """The timeline of one thing as one organisation may see it: its own facts only."""
    own = (Fact.organisation_id == organisation_id, Fact.subject_kind == kind, Fact.subject_id == subject_id)
    return list(db.session.scalars(select(Fact).where(*own).order_by(Fact.at, Fact.id)))


def head() -> Checkpoint | None:
    return db.session.execute(select(Checkpoint).order_by(Checkpoint.sequence.desc()).limit(1)).scalar_one_or_none()


def unchained() -> int:
    """How many facts wait for the sequencer."""
    chained = select(func.count()).select_from(Link).scalar_subquery()
    return db.session.execute(select(func.count() - chained).select_from(Fact)).scalar_one()


def broken() -> Iterator[str]:
    """Walk the whole chain; yield one line for every place where it does not hold, the first one first.

    The head must be signed: who cannot sign could otherwise drop the checkpoints and chain rewritten facts anew.
    """
    checkpoints = {one.sequence: one for one in db.session.scalars(select(Checkpoint))}
    digest, expected, signed = rules.GENESIS, 1, True
    rows = select(Link, Fact).outerjoin(Fact, Fact.id == Link.fact_id).order_by(Link.sequence)
    for link, fact in db.session.execute(rows.execution_options(yield_per=1_000)):
        follows = link.sequence == expected
        if not follows:
            yield f"sequence {expected}: missing"
        if fact is None:
            yield f"sequence {link.sequence}: fact {link.fact_id} is gone"
        elif follows and rules.link(digest, rules.canonical(content(fact))) != link.hash:
            yield f"sequence {link.sequence}: fact {fact.id} was changed"
        expected, digest = link.sequence + 1, link.hash
        checkpoint = checkpoints.pop(link.sequence, None)
        signed = checkpoint is not None
        if checkpoint and not promised(checkpoint, digest):
            yield f"checkpoint {checkpoint.sequence}: signature or head does not match"
    for sequence in sorted(checkpoints):
        yield f"checkpoint {sequence}: the chain ends before it"
    # A sequencer that worked meanwhile wrote link and checkpoint together, so a second look finds both.
    if not signed and db.session.get(Checkpoint, expected - 1) is None:
        yield f"sequence {expected - 1}: no checkpoint signs the head"


def promised(checkpoint: Checkpoint, digest: bytes) -> bool:
    """Whether the platform signed this checkpoint and it speaks of this hash."""
    at = checkpoint.at.isoformat(timespec="microseconds")
    promise = {"sequence": checkpoint.sequence, "hash": checkpoint.hash.hex(), "at": at}
    signed = rules.PURPOSE.encode() + b"|" + rfc8785.dumps(promise)
    try:
        vault.platform_key().verify_key.verify(signed, base64.b64decode(checkpoint.signature))
    except (BadSignatureError, ValueError):
        return False
    return checkpoint.hash == digest
