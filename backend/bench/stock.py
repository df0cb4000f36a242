"""Does the list of one's own goods become slower with their number? The same products over few and over many codes, and
the list against a count of the codes themselves."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from backend.bench import register
from backend.bench.rows import Result, Row, median
from backend.bench.world import ENGINES, card, organisation, world
from backend.codes import counters, stock_views
from backend.codes.counters import Heap
from backend.codes.models import Code
from backend.codes.rules import State
from backend.codes.stock import Wanted
from backend.core.api import unit_of_work
from backend.core.db import db

CARDS = 200
SMALL, LARGE = 50_000, 1_000_000
ROUNDS, COLD = 15, 3

COUNTED = (
    f"SELECT card_id, state, flags, place_id, count(*) FROM {Code.__tablename__}"
    " WHERE owner_id = :owner GROUP BY card_id, state, flags, place_id"
)


def measure(large: bool) -> Iterator[Result]:
    for engine in ENGINES:
        with world(engine):
            few, some = filled(1, SMALL)
            many, more = filled(2, LARGE)
            db.session.execute(db.text("ANALYZE"))
            db.session.rollback()
            pairs = {
                "list": [partial(listed, many), partial(listed, few)],
                "codes": [partial(codes, many, more), partial(codes, few, some)],
            }
            for name, (ours, yardstick) in pairs.items():
                rounds = [(spent(ours), spent(yardstick)) for _ in range(ROUNDS)][COLD:]
                figures = (median([one[place] for one in rounds]) for place in (0, 1))
                yield Row(f"stock {name} at 1 M, {engine}", "stock", *figures, "ms")
            figures = (median([spent(partial(ask, many)) for _ in range(COLD)]) for ask in (listed, counted))
            yield Row(f"stock list against a count, {engine}", "stock counted", *figures, "ms")


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
