"""Does the list of one's own goods become slower with their number? The same products over few and over many codes, the
list against a count of the codes themselves, and a page of many kinds of goods against one of few."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

from sqlalchemy import insert

from backend.bench import register
from backend.bench.rows import Result, Row, median
from backend.bench.world import ENGINES, card, organisation, world
from backend.codes import counters, stock_views
from backend.codes.counters import Heap
from backend.codes.models import Code, StockEntry
from backend.codes.rules import Flag, State
from backend.codes.stock import Wanted
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.ids import new_id

CARDS = 200
SMALL, LARGE = 50_000, 1_000_000
ROUNDS, COLD = 15, 3
FEW_KINDS, MANY_KINDS, PLACES = 50, 2_000, 3
"""Products in 24 heaps each: in three places or none, free, in an act or not in circulation yet, loose or packed."""
STATES = ((State.INTRODUCED, 0), (State.INTRODUCED, Flag.IN_ACT), (State.APPLIED, 0))

COUNTED = (
    f"SELECT card_id, state, flags, place_id, count(*) FROM {Code.__tablename__}"
    " WHERE owner_id = :owner GROUP BY card_id, state, flags, place_id"
)


def measure(large: bool) -> Iterator[Result]:
    for engine in ENGINES:
        with world(engine):
            yield of_kinds(engine)
            few, some = filled(1, SMALL)
            many, more = filled(2, LARGE)
            db.session.execute(db.text("ANALYZE"))
            db.session.rollback()
            pairs = {
                "list": [partial(listed, many), partial(listed, few)],
                "codes": [partial(codes, many, more), partial(codes, few, some)],
            }
            for name, (ours, yardstick) in pairs.items():
                yield Row(f"stock {name} at 1 M, {engine}", "stock", *by_turns(ours, yardstick), "ms")
            figures = (median([spent(partial(ask, many)) for _ in range(COLD)]) for ask in (listed, counted))
            yield Row(f"stock list against a count, {engine}", "stock counted", *figures, "ms")


def of_kinds(engine: str) -> Row:
    """The first page of 48 000 heaps of like codes, and of 1 200."""
    few, many = kinds(3, FEW_KINDS), kinds(4, MANY_KINDS)
    db.session.execute(db.text("ANALYZE"))
    db.session.rollback()
    figures = by_turns(partial(listed, many), partial(listed, few))
    return Row(f"stock list of 48 000 kinds, {engine}", "stock kinds", *figures, "ms")


def by_turns(ours: Callable[[], None], yardstick: Callable[[], None]) -> list[float]:
    """Both in milliseconds; the first rounds find cold caches."""
    rounds = [(spent(ours), spent(yardstick)) for _ in range(ROUNDS)][COLD:]
    return [median([one[place] for one in rounds]) for place in (0, 1)]


def kinds(number: int, products: int) -> str:
    """An organisation with so many products, each in 24 heaps of ten; returns its id."""
    owner = organisation(number)
    places = [None, *(new_id() for _ in range(PLACES))]
    cards = [card(owner, number * MANY_KINDS + part)[0] for part in range(products)]
    heaps = [
        {"id": new_id(), "owner_id": owner, "card_id": one, "place_id": place, "packed": packed, "count": 10}
        | {"state": state.value, "flags": int(flags)}
        for one, place, (state, flags), packed in product(cards, places, STATES, (False, True))
    ]
    unit_of_work(lambda: db.session.execute(insert(StockEntry), heaps))
    return owner


def filled(number: int, count: int) -> tuple[str, str]:
    """An organisation with so many codes of 200 products, counted; returns its id and a card's."""
    owner = organisation(number)
    cards = [card(owner, number * CARDS + part) for part in range(CARDS)]
    register.spread(owner, cards, count)
    for card_id, _ in cards:
        heap = Heap(owner, card_id, None, State.INTRODUCED.value, 0, packed=False)
        unit_of_work(partial(counters.born, heap, count // CARDS))
    return owner, cards[0][0]


def listed(owner: str) -> None:
    stock_views.overview(owner, Wanted(), None, 20)


def codes(owner: str, card_id: str) -> None:
    stock_views.listed(owner, Wanted(card=card_id), None, 50)


def counted(owner: str) -> None:
    db.session.execute(db.text(COUNTED), {"owner": owner}).all()


def spent(effect: Callable[[], None]) -> float:
    """Milliseconds of one question, as a request of its own would ask it."""
    started = time.perf_counter()
    effect()
    taken = (time.perf_counter() - started) * 1e3
    db.session.rollback()
    return taken
