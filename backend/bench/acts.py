"""An act of 100 000 codes, sent and confirmed, by the ledger alone and as a signed document, against the bare
statements on as many rows of the same table; and how long others wait meanwhile."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event as Signal
from typing import TypeVar

from flask import Flask
from sqlalchemy import select

from backend.acts import deciding, drafts, picking, sending, views
from backend.acts.rules import Decision
from backend.bench import register
from backend.bench.rows import Result, Row
from backend.bench.signatory import Signatory, signatory
from backend.bench.world import ENGINES, World, card, world
from backend.codes import ledger
from backend.codes.models import Code, Movement
from backend.codes.rules import Event, Flag
from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.ids import new_id

COUNT = 100_000
PAUSE = 0.01
HEADS = ((200140000004, "900101300007"), (200140000014, "850202400000"), (200140000024, "920303300009"))
"""BIN and the head's IIN, with true check digits."""

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

Spent = dict[str, list[float]]
Given = TypeVar("Given")


def measure(large: bool) -> Iterator[Result]:
    for engine in ENGINES:
        with world(engine) as made:
            made.app.extensions["queue_run"] = lambda *_: None  # jobs have a process of their own
            yield from moved(engine, made)


def moved(engine: str, made: World) -> Iterator[Result]:
    here, there, beside = (signatory(made.folder, *one) for one in HEADS)
    stocks = [stock(here.actor.organisation_id, number) for number in (1, 2, 3)]
    spent: Spent = {}
    waits = [0.0]

    def beside_others(card_id: str, giver: Signatory, taker: Signatory, spent: Spent) -> None:
        with another_writer(made.app, beside, waits) if engine != "sqlite" else nullcontext():
            by_document(card_id, giver, taker, spent)

    ways = dict(zip(stocks, (by_ledger, beside_others, by_hand), strict=True))
    # There and back again, by turns with the bare statements: none gets the warmer pages.
    for giver, taker, turn in ((here, there, stocks), (there, here, stocks[::-1])):
        for one in turn:
            ways[one](one, giver, taker, spent)
    total = {name: sum(times) for name, times in spent.items()}
    for name in ("send", "confirm"):
        yield Row(f"act {name}, {engine}", "act", total[name], total[f"bare {name}"], "s")
    for name in ("send", "confirm"):
        note = f"and to make what is signed: {total[f'{name} paper'] / 2:.1f} s"
        yield Row(f"act {name} as document, {engine}", "act", total[f"{name} signed"], total[f"bare {name}"], "s", note)
    if engine != "sqlite":
        yield Row(
            f"others wait for an act, {engine}", "others wait", max(waits), None, "s", f"of {len(waits)} writes beside"
        )


def stock(owner_id: str, number: int) -> str:
    """100 000 codes in circulation, of one card; returns the card's id."""
    card_id, gtin = card(owner_id, number)
    register.stock(owner_id, card_id, gtin, COUNT)
    return card_id


def by_ledger(card_id: str, giver: Signatory, taker: Signatory, spent: Spent) -> None:
    act = ("act", new_id())
    owner, to = giver.actor.organisation_id, taker.actor.organisation_id
    codes = select(Code.id).where(Code.owner_id == owner, Code.card_id == card_id)
    common = {"actor": None, "owner_id": owner, "document": act}
    timed(spent, "send", lambda: unit_of_work(lambda: ledger.move(Event.SEND, codes, **common)))
    timed(spent, "confirm", lambda: unit_of_work(lambda: ledger.move(Event.CONFIRM, codes, to=to, **common)))


def by_document(card_id: str, giver: Signatory, taker: Signatory, spent: Spent) -> None:
    """What the routes do: a signature is judged, then the act takes its step and is shown."""
    act = unit_of_work(lambda: drafts.create(giver.actor, {"receiver_tax": taker.bin}).id)
    timed(spent, "pick", lambda: unit_of_work(lambda: pick(giver, act, card_id)))
    paper = timed(spent, "send paper", lambda: outside(lambda: sending.document(giver.actor, act)[1]))
    cms = giver.sign(paper)

    def send() -> None:
        judged = sending.judge(giver.actor, act, cms)
        unit_of_work(lambda: views.act(sending.send(giver.actor, act, judged), giver.actor.organisation_id))

    timed(spent, "send signed", send)
    paper = timed(spent, "confirm paper", lambda: outside(lambda: deciding.document(taker.actor, act, Decision())[1]))
    decided = taker.sign(paper)

    def confirm() -> None:
        judged = deciding.judge(taker.actor, act, Decision(), decided)
        unit_of_work(
            lambda: views.act(deciding.decide(taker.actor, act, Decision(), judged), taker.actor.organisation_id)
        )

    timed(spent, "confirm signed", confirm)


def by_hand(card_id: str, giver: Signatory, taker: Signatory, spent: Spent) -> None:
    given = {"card": card_id, "giver": giver.actor.organisation_id, "taker": taker.actor.organisation_id}
    given |= {"act": new_id(), "in_act": int(Flag.IN_ACT)}
    for name, update in (("bare send", SENT), ("bare confirm", CONFIRMED)):
        values = given | {"fact": new_id(), "at": clock.now().isoformat(" ")}

        def both(update: str = update, values: dict[str, object] = values) -> None:
            for statement in (WRITTEN, update):
                db.session.execute(db.text(statement), values)

        timed(spent, name, lambda both=both: unit_of_work(both))


def timed(spent: Spent, name: str, effect: Callable[[], Given]) -> Given:
    started = time.perf_counter()
    result = effect()
    spent.setdefault(name, []).append(time.perf_counter() - started)
    return result


@contextmanager
def another_writer(app: Flask, who: Signatory, waits: list[float]) -> Iterator[None]:
    """Somebody of another organisation begins and deletes drafts all the while, in a process of its own, as another
    worker would; how long each write took, in seconds, is put into `waits`."""
    forked = multiprocessing.get_context("fork")
    over, told = forked.Event(), forked.Queue()
    writer = forked.Process(target=_write, args=(app, who, over, told))
    writer.start()
    try:
        yield
    finally:
        over.set()
        waits.extend(told.get())
        writer.join()


def _write(app: Flask, who: Signatory, over: Signal, told: Queue) -> None:
    waits: list[float] = []
    with app.app_context():
        db.engine.dispose(close=False)
        while not over.wait(PAUSE):
            started = time.perf_counter()
            act = unit_of_work(lambda: drafts.create(who.actor, {}).id)
            begun = time.perf_counter()
            unit_of_work(lambda act=act: drafts.discard(who.actor, act))
            waits.extend((begun - started, time.perf_counter() - begun))
    told.put(waits)


def pick(giver: Signatory, act: str, card_id: str) -> None:
    picking.pick(giver.actor, act, card_id, place_id=None, count=None)


def outside(read: Callable[[], bytes]) -> bytes:
    """Read in a transaction of its own, as a request does."""
    found = read()
    db.session.rollback()
    return found
