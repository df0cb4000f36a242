"""Does the ledger hold? Every code's life is replayed against its movements, every movement against its fact."""

from collections.abc import Iterator

from sqlalchemy import func, select

from backend.codes import counters
from backend.codes.models import Code, Emission, Movement
from backend.core.db import db
from backend.history import rules as history_rules
from backend.history.models import Fact


def broken() -> Iterator[str]:
    """One line for every place where the ledger contradicts itself."""
    yield from _versions()
    yield from _states()
    yield from _roots()
    yield from _emissions()
    yield from _stock()


def _versions() -> Iterator[str]:
    """I2: versions have no gaps, so a code took part in exactly as many movements as its version says, plus birth."""
    lives = select(Movement.code_id, func.count().label("steps"), func.max(Movement.version).label("last"))
    lives = lives.group_by(Movement.code_id).subquery()
    rows = select(Code.id, Code.version, lives.c.steps, lives.c.last).outerjoin(lives, lives.c.code_id == Code.id)
    wrong = rows.where(
        (lives.c.steps.is_(None)) | (lives.c.steps != Code.version + 1) | (lives.c.last != Code.version - 1)
    )
    for code, version, steps, _ in db.session.execute(wrong):
        yield f"code {code.hex()}: version {version} but {steps or 0} movements"
    orphans = select(Movement.code_id).outerjoin(Code, Code.id == Movement.code_id).where(Code.id.is_(None)).distinct()
    for code in db.session.scalars(orphans):
        yield f"code {code.hex()}: has movements but is gone"


def _states() -> Iterator[str]:
    """The state now is what the last movement that names a state left."""
    latest = select(Movement.code_id, func.max(Movement.version).label("version")).group_by(Movement.code_id).subquery()
    rows = (
        select(Code.id, Code.state, Movement.state, Fact.after)
        .join(latest, latest.c.code_id == Code.id)
        .join(Movement, (Movement.code_id == Code.id) & (Movement.version == latest.c.version))
        .join(Fact, Fact.id == Movement.fact_id)
    )
    for code, state, before, after in db.session.execute(rows.execution_options(yield_per=5_000)):
        expected = (after or {}).get("state") or before
        if state != expected:
            yield f"code {code.hex()}: is {state}, its history says {expected}"


def _roots() -> Iterator[str]:
    """Count and Merkle root of each fact are those of the codes that point to it, and no row points to nothing."""
    facts = select(Fact.id, Fact.count, Fact.merkle_root).where(Fact.count.is_not(None))
    for fact_id, count, root in db.session.execute(facts).all():
        ids = db.session.scalars(select(Movement.code_id).where(Movement.fact_id == fact_id)).all()
        if len(ids) != count or history_rules.merkle_root(ids) != root:
            yield f"fact {fact_id}: names {count} codes, {len(ids)} rows, and their tree does not match"
    lost = select(Movement.fact_id, func.count()).outerjoin(Fact, Fact.id == Movement.fact_id).where(Fact.id.is_(None))
    for fact_id, count in db.session.execute(lost.group_by(Movement.fact_id)):
        yield f"fact {fact_id}: is gone, {count} movements point to it"


def _emissions() -> Iterator[str]:
    """I1: what an emission says it emitted is there."""
    held = select(Code.emission_id, func.count().label("held")).group_by(Code.emission_id).subquery()
    rows = select(Emission.id, Emission.emitted, held.c.held).outerjoin(held, held.c.emission_id == Emission.id)
    for emission_id, emitted, count in db.session.execute(rows):
        if emitted != (count or 0):
            yield f"emission {emission_id}: says {emitted}, holds {count or 0}"


def _stock() -> Iterator[str]:
    """What is counted beside the movements is what is there."""
    for heap, said, there in counters.difference():
        yield f"stock of {heap.owner_id}, card {heap.card_id}, {heap.state} {heap.flags}: counts {said}, holds {there}"
