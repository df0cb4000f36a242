"""What a movement means for the packages around its codes. Called by the ledger inside a movement."""

from sqlalchemy import CTE, ColumnElement, func, select, update

from backend.codes import counters
from backend.codes.models import Code, Movement, Package
from backend.codes.rules import CodesMoved, PackageBroken, Packing
from backend.core.db import db, is_sqlite

FORMED, DISAGGREGATED = "FORMED", "DISAGGREGATED"


def prepare(packing: Packing, fact_id: str) -> None:
    """Check or open the packages around the staged codes. Raises PackageBroken or CodesMoved."""
    if packing is Packing.WHOLE:
        _demand_whole(fact_id)
    elif packing is Packing.OPENS:
        _open(list(db.session.scalars(select(around(fact_id).c.sscc))))
    elif packing is Packing.SPLITS:
        _open(_split(fact_id))
    elif packing in (Packing.FREE, Packing.INSIDE):
        _demand_packed(fact_id, packed=packing is Packing.INSIDE)


def around(fact_id: str) -> CTE:
    """Every package, at any depth, around the staged codes."""
    moved = select(Movement.code_id).where(Movement.fact_id == fact_id)
    near = select(Code.package_id).where(Code.id.in_(moved), Code.package_id.is_not(None)).distinct()
    ring = select(Package.sscc, Package.parent_id).where(Package.sscc.in_(near)).cte("around", recursive=True)
    return ring.union(select(Package.sscc, Package.parent_id).join(ring, Package.sscc == ring.c.parent_id))


def inside(sscc: str) -> CTE:
    """The package itself and every package inside it, at any depth."""
    ring = select(Package.sscc).where(Package.sscc == sscc).cte("inside", recursive=True)
    return ring.union(select(Package.sscc).join(ring, Package.parent_id == ring.c.sscc))


def hand_over(fact_id: str, to: str) -> None:
    """The packages around codes that changed hands whole go with them."""
    ring = list(db.session.scalars(select(around(fact_id).c.sscc)))
    if ring:
        statement = update(Package).where(Package.sscc.in_(ring)).values(owner_id=to)
        db.session.execute(statement, execution_options={"synchronize_session": False})


def _demand_whole(fact_id: str) -> None:
    ring = around(fact_id)
    if not is_sqlite():  # nobody packs or opens them between this look and the movement
        held = select(Package.sscc).where(Package.sscc.in_(select(ring.c.sscc))).order_by(Package.sscc)
        db.session.execute(held.with_for_update())
    outermost = select(ring.c.sscc).where(ring.c.parent_id.is_(None))
    tree = select(Package.sscc).where(Package.sscc.in_(outermost)).cte("tree", recursive=True)
    tree = tree.union(select(Package.sscc).join(tree, Package.parent_id == tree.c.sscc))
    left = select(func.count(), func.min(Code.package_id)).where(
        Code.package_id.in_(select(tree.c.sscc)), _stays(fact_id)
    )
    count, example = db.session.execute(left).one()
    if count:
        raise PackageBroken(count=count, sscc=example)


def _split(fact_id: str) -> list[str]:
    """The packages, at any depth, that hold staged codes and others beside them."""
    ring = around(fact_id)
    outermost = select(ring.c.sscc).where(ring.c.parent_id.is_(None))
    tree = select(Package.sscc).where(Package.sscc.in_(outermost)).cte("tree", recursive=True)
    tree = tree.union(select(Package.sscc).join(tree, Package.parent_id == tree.c.sscc))
    staying = select(Code.package_id).where(Code.package_id.in_(select(tree.c.sscc)), _stays(fact_id)).distinct()
    above = select(Package.sscc, Package.parent_id).where(Package.sscc.in_(staying)).cte("above", recursive=True)
    above = above.union(select(Package.sscc, Package.parent_id).join(above, Package.sscc == above.c.parent_id))
    return list(db.session.scalars(select(above.c.sscc).where(above.c.sscc.in_(select(ring.c.sscc)))))


def _stays(fact_id: str) -> ColumnElement[bool]:
    """A code is not among the staged ones. Asked of each by the key: a long list behind NOT IN PostgreSQL may search
    from end to end for every code."""
    staged = select(Movement.code_id).where(Movement.fact_id == fact_id, Movement.code_id == Code.id)
    return ~staged.correlate(Code).exists()


def _open(ring: list[str]) -> None:
    """Open these packages: what was directly inside becomes loose."""
    if not ring:
        return
    quiet = {"synchronize_session": False}
    # The packages first: whoever is about to count what is packed waits for them.
    db.session.execute(
        update(Package).where(Package.sscc.in_(ring)).values(state=DISAGGREGATED, parent_id=None),
        execution_options=quiet,
    )
    db.session.execute(
        update(Package).where(Package.parent_id.in_(ring)).values(parent_id=None), execution_options=quiet
    )
    loosened = update(Code).where(Code.package_id.in_(ring)).values(package_id=None).returning(*counters.LOOSE)
    counters.opened(db.session.execute(loosened, execution_options=quiet))


def _demand_packed(fact_id: str, *, packed: bool) -> None:
    moved = select(Movement.code_id).where(Movement.fact_id == fact_id)
    wrong = Code.package_id.is_(None) if packed else Code.package_id.is_not(None)
    rows = db.session.execute(select(Code.gtin, Code.serial).where(Code.id.in_(moved), wrong).limit(20)).all()
    if rows:
        reason = "not_packed" if packed else "packed"
        named = [{"code": f"01{gtin}21{serial}" if gtin else serial, "reason": reason} for gtin, serial in rows]
        raise CodesMoved(count=len(named), codes=named)
