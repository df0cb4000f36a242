"""An act of 100 000 codes, sent and confirmed, against the bare statements on as many rows of the same table."""

import time
from collections.abc import Callable, Iterator

from sqlalchemy import select

from backend.bench import register
from backend.bench.rows import Result, Row
from backend.bench.world import ENGINES, card, organisation, world
from backend.codes import ledger
from backend.codes.models import Code, Movement
from backend.codes.rules import Event, Flag
from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.ids import new_id

COUNT = 100_000

WRITTEN = (
    f"INSERT INTO {Movement.__tablename__} (code_id, fact_id, state, flags, version)"
    f" SELECT id, :fact, state, flags, version FROM {Code.__tablename__} WHERE owner_id = :giver AND card_id = :card"
)
SENT = (
    f"UPDATE {Code.__tablename__} SET flags = :in_act, version = version + 1, act_id = :act, changed_at = :at"
    " WHERE owner_id = :giver AND card_id = :card"
)
CONFIRMED = (
    f"UPDATE {Code.__tablename__} SET flags = 0, version = version + 1, act_id = NULL, changed_at = :at,"
    " owner_id = :taker WHERE owner_id = :giver AND card_id = :card"
)


def measure(large: bool) -> Iterator[Result]:
    for engine in ENGINES:
        with world(engine):
            here, there = organisation(1), organisation(2)
            stocks = [stock(here, number) for number in (1, 2)]
            spent: dict[str, list[float]] = {name: [] for name in ("send", "confirm", "bare send", "bare confirm")}
            # There and back again, each time the other half by the bare statements: neither gets the warmer pages.
            for ours, bare, giver, taker in ((*stocks, here, there), (*reversed(stocks), there, here)):
                by_ledger(ours, giver, taker, spent)
                by_hand(bare, giver, taker, spent)
            for name in ("send", "confirm"):
                yield Row(f"act {name}, {engine}", "act", sum(spent[name]), sum(spent[f"bare {name}"]), "s")


def stock(owner_id: str, number: int) -> str:
    """100 000 codes in circulation, of one card; returns the card's id."""
    card_id, gtin = card(owner_id, number)
    register.stock(owner_id, card_id, gtin, COUNT)
    return card_id


def by_ledger(card_id: str, giver: str, taker: str, spent: dict[str, list[float]]) -> None:
    act = ("act", new_id())
    codes = select(Code.id).where(Code.owner_id == giver, Code.card_id == card_id)
    common = {"actor": None, "owner_id": giver, "document": act}
    spent["send"].append(timed(lambda: ledger.move(Event.SEND, codes, **common)))
    spent["confirm"].append(timed(lambda: ledger.move(Event.CONFIRM, codes, to=taker, **common)))


def by_hand(card_id: str, giver: str, taker: str, spent: dict[str, list[float]]) -> None:
    given = {"card": card_id, "giver": giver, "taker": taker, "act": new_id(), "in_act": int(Flag.IN_ACT)}
    for name, update in (("bare send", SENT), ("bare confirm", CONFIRMED)):
        values = given | {"fact": new_id(), "at": clock.now().isoformat(" ")}

        def both(update: str = update, values: dict[str, object] = values) -> None:
            for statement in (WRITTEN, update):
                db.session.execute(db.text(statement), values)

        spent[name].append(timed(both))


def timed(effect: Callable[[], object]) -> float:
    started = time.perf_counter()
    unit_of_work(effect)
    return time.perf_counter() - started
