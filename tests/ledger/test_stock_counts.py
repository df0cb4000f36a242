"""What is counted beside the movements is what a count of the codes would say, whatever happened and in which order."""

from threading import Thread

import pytest
from flask import Flask

from backend.codes import counters, fsck, ledger, packages, tasks
from backend.codes.counters import Heap
from backend.codes.models import StockEntry
from backend.codes.rules import CodesMoved, Event
from backend.core import gs1
from backend.core.api import unit_of_work
from backend.core.db import db
from tests import factories

SSCC = [gs1.sscc("487000000", number) for number in range(900, 904)]


def heaps(owner: str) -> dict[tuple[str, int, bool], int]:
    """Count by state, flags and packing."""
    db.session.rollback()
    found: dict[tuple[str, int, bool], int] = {}
    for row in db.session.query(StockEntry).filter_by(owner_id=owner):
        place = (row.state, row.flags, row.packed)
        found[place] = found.get(place, 0) + row.count
    return {place: count for place, count in found.items() if count}


def happen(event: Event, codes: list[bytes], owner: str, **more: object) -> None:
    unit_of_work(lambda: ledger.move(event, codes, actor=None, owner_id=owner, **more))


def form(sscc: str, owner: str, codes: list[bytes], inner: tuple[str, ...] = ()) -> None:
    unit_of_work(lambda: packages.form(sscc, owner_id=owner, actor=None, codes=codes, packages=inner))


def test_every_step_of_a_life_is_counted(app: Flask) -> None:
    seller, buyer = factories.organisation(), factories.organisation()
    codes = factories.codes(seller, 6)
    assert heaps(seller) == {("INTRODUCED", 0, False): 6}
    form(SSCC[0], seller, codes[:4])
    assert heaps(seller) == {("INTRODUCED", 0, False): 2, ("INTRODUCED", 0, True): 4}
    act = {"document": ("act", "A" * 26)}
    happen(Event.SEND, codes[:5], seller, **act)
    assert heaps(seller) == {("INTRODUCED", 0, False): 1, ("INTRODUCED", 1, False): 1, ("INTRODUCED", 1, True): 4}
    happen(Event.CONFIRM, codes[:5], seller, to=buyer, **act)
    assert (heaps(seller), heaps(buyer)) == (
        {("INTRODUCED", 0, False): 1},
        {("INTRODUCED", 0, False): 1, ("INTRODUCED", 0, True): 4},
    )
    happen(Event.SELL, codes[:1], buyer, reason="RETAIL")
    assert heaps(buyer) == {("INTRODUCED", 0, False): 4, ("WITHDRAWN", 0, False): 1}
    assert list(fsck.broken()) == []


def test_a_package_opened_inside_another_is_counted(app: Flask) -> None:
    owner = factories.organisation()
    codes = factories.codes(owner, 5)
    form(SSCC[0], owner, codes[:2])
    form(SSCC[1], owner, codes[2:4], (SSCC[0],))
    happen(Event.WITHDRAW, codes[:1], owner, reason="OTHER")
    assert heaps(owner) == {("INTRODUCED", 0, False): 4, ("WITHDRAWN", 0, False): 1}
    form(SSCC[2], owner, codes[1:3])
    unit_of_work(lambda: packages.open_(SSCC[2], owner_id=owner, actor=None))
    assert heaps(owner) == {("INTRODUCED", 0, False): 4, ("WITHDRAWN", 0, False): 1}
    assert list(fsck.broken()) == []


def test_what_is_refused_counts_nothing(app: Flask) -> None:
    owner = factories.organisation()
    codes = factories.codes(owner, 2)
    happen(Event.LOSE, codes[:1], owner)
    before = heaps(owner)
    with pytest.raises(CodesMoved):
        happen(Event.WITHDRAW, codes, owner, reason="OTHER")
    assert heaps(owner) == before
    assert list(fsck.broken()) == []


def test_folding_keeps_the_sums_and_leaves_one_entry_a_heap(app: Flask) -> None:
    owner = factories.organisation()
    codes = factories.codes(owner, 3)
    happen(Event.LOSE, codes[:1], owner)
    happen(Event.FIND, codes[:1], owner)
    before = heaps(owner)
    tasks.fold_stock()
    assert heaps(owner) == before
    entries = db.session.query(StockEntry).filter_by(owner_id=owner).all()
    assert [(one.state, one.count) for one in entries] == [("INTRODUCED", 3)]


def test_a_false_count_is_named(app: Flask) -> None:
    owner = factories.organisation()
    factories.codes(owner, 2)
    unit_of_work(lambda: counters.born(Heap(owner, "C" * 26, None, "INTRODUCED", 0, packed=False), 1))
    assert list(fsck.broken()) == [f"stock of {owner}, card {'C' * 26}, INTRODUCED 0: counts 1, holds 0"]


def test_folding_and_moving_at_once_lose_nothing(app: Flask) -> None:
    owner = factories.organisation()
    codes = factories.codes(owner, 12)

    def sell(mine: list[bytes]) -> None:
        with app.app_context():
            for code in mine:
                happen(Event.SELL, [code], owner, reason="RETAIL")
            db.session.remove()

    def fold() -> None:
        with app.app_context():
            for _ in range(4):
                tasks.fold_stock()
            db.session.remove()

    workers = [Thread(target=sell, args=(codes[number::2],)) for number in (0, 1)] + [Thread(target=fold)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert heaps(owner) == {("WITHDRAWN", 0, False): 12}
    assert list(fsck.broken()) == []


def test_a_box_opened_while_its_codes_are_blocked_is_counted_once(app: Flask) -> None:
    owner = factories.organisation()
    codes = factories.codes(owner, 6)
    form(SSCC[0], owner, codes)

    def block() -> None:
        with app.app_context():
            happen(Event.BLOCK, codes[:3], owner, reason="AUTHORITY")
            db.session.remove()

    def sell() -> None:
        with app.app_context():
            happen(Event.SELL, codes[5:], owner, reason="RETAIL")
            db.session.remove()

    workers = [Thread(target=block), Thread(target=sell)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert heaps(owner) == {
        ("INTRODUCED", 0, False): 2,
        ("INTRODUCED", 2, False): 3,
        ("WITHDRAWN", 0, False): 1,
    }
    assert list(fsck.broken()) == []
