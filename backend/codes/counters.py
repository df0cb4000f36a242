"""How many like codes an organisation has, kept beside every movement: the ledger and its packing call this.

A count taken from a million codes costs a second; so each movement adds what it changed, in its own transaction, and a
list sums a few thousand entries. Entries are never updated: two sales of one product do not wait for each other.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import case, delete, func, insert, select

from backend.codes.models import Code, Movement, Package, StockEntry
from backend.core.db import db, is_sqlite
from backend.core.ids import new_id

CARDS = 500


class Heap(NamedTuple):
    """Codes of one owner and card that are alike: in one place and state, all packed or all loose."""

    owner_id: str
    card_id: str
    place_id: str | None
    state: str
    flags: int
    packed: bool


LOOSE = (Code.owner_id, Code.card_id, Code.place_id, Code.state, Code.flags)
HEAP = (*LOOSE, case((Code.package_id.is_not(None), True), else_=False).label("packed"))
ENTRY = (
    StockEntry.owner_id,
    StockEntry.card_id,
    StockEntry.place_id,
    StockEntry.state,
    StockEntry.flags,
    StockEntry.packed,
)


def moved(fact_id: str, becomes: Callable[[Heap], Heap]) -> None:
    """The staged codes of a movement go from heap to heap. Call before they are changed: `becomes` says what after."""
    staged = select(*HEAP, func.count()).join(Movement, Movement.code_id == Code.id)
    staged = staged.where(Movement.fact_id == fact_id).group_by(*HEAP)
    counted = db.session.execute(staged).all()
    if not is_sqlite() and any(row.packed for row in counted):
        _hold_packages(fact_id)
        counted = db.session.execute(staged).all()
    changes: Counter[Heap] = Counter()
    for *before, count in counted:
        heap = Heap(*before)
        changes[heap] -= count
        changes[becomes(heap)] += count
    _add(changes)


def opened(loosened: Iterable[Sequence[Any]]) -> None:
    """Codes became loose because the package around them was opened: a row of LOOSE for each, as they are now."""
    changes: Counter[Heap] = Counter()
    for row in loosened:
        changes[Heap(*row, packed=True)] -= 1
        changes[Heap(*row, packed=False)] += 1
    _add(changes)


def born(heap: Heap, count: int) -> None:
    _add({heap: count})


def fold() -> None:
    """Replace the entries of every heap that has several by their sum, owner by owner."""
    several = select(StockEntry.owner_id, StockEntry.card_id).group_by(*ENTRY).having(func.count() > 1).distinct()
    cards: dict[str, set[str]] = {}
    for owner_id, card_id in db.session.execute(several):
        cards.setdefault(owner_id, set()).add(card_id)
    for owner_id, named in cards.items():
        listed = sorted(named)
        for place in range(0, len(listed), CARDS):
            _fold(owner_id, listed[place : place + CARDS])


def difference() -> Iterable[tuple[Heap, int, int]]:
    """Heaps whose entries do not add up to the codes that are there: heap, entries, codes."""
    counted = {Heap(*row[:6]): row[6] for row in db.session.execute(select(*HEAP, func.count()).group_by(*HEAP))}
    summed = select(*ENTRY, func.sum(StockEntry.count)).group_by(*ENTRY)
    said = {Heap(*row[:6]): int(row[6]) for row in db.session.execute(summed)}
    for heap in counted.keys() | said.keys():
        if counted.get(heap, 0) != said.get(heap, 0):
            yield heap, said.get(heap, 0), counted.get(heap, 0)


def _hold_packages(fact_id: str) -> None:
    """Nobody opens a package between the count and the movement: being packed is no part of a code's version."""
    near = select(Code.package_id).join(Movement, Movement.code_id == Code.id).where(Movement.fact_id == fact_id)
    held = select(Package.sscc).where(Package.sscc.in_(near)).order_by(Package.sscc).with_for_update()
    db.session.execute(held)


def _add(changes: Mapping[Heap, int]) -> None:
    rows = [{"id": new_id(), **heap._asdict(), "count": count} for heap, count in changes.items() if count]
    if rows:
        db.session.execute(insert(StockEntry), rows)


def _fold(owner_id: str, cards: list[str]) -> None:
    """Whoever deletes an entry counts it, so two workers at once count each one once."""
    gone = (
        delete(StockEntry)
        .where(StockEntry.owner_id == owner_id, StockEntry.card_id.in_(cards))
        .returning(*ENTRY, StockEntry.count)
    )
    sums: Counter[Heap] = Counter()
    for *heap, count in db.session.execute(gone, execution_options={"synchronize_session": False}):
        sums[Heap(*heap)] += count
    _add(sums)
