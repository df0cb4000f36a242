"""The one door: compare-and-set, owners, acts, packages, and the history that every movement leaves. Both engines."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from backend.codes import fsck, ledger, packages
from backend.codes.models import Code, Movement, Package
from backend.codes.rules import (
    CodesEmpty,
    CodesMoved,
    CodesRepeated,
    CodesUnknown,
    Event,
    Flag,
    PackageBroken,
    PackageNotMovable,
    ReasonInvalid,
)
from backend.core import gs1
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.history.rules import merkle_root
from tests import factories
from tests.factories import one

ACT = ("act", "01ACT")


def move(event: Event, codes: object, owner: str | None = None, **more: object) -> ledger.Moved:
    return unit_of_work(lambda: ledger.move(event, codes, actor=None, owner_id=owner, **more))


def sscc(number: int) -> str:
    return gs1.sscc("487000000", number)


def test_a_movement_changes_all_and_says_so(app: Flask) -> None:
    owner = factories.organisation()
    codes = factories.codes(owner, 5, state="EMITTED")
    moved = move(Event.RECEIVE, codes, owner)
    assert moved.count == 5
    assert {one(code).state for code in codes} == {"RECEIVED"}
    assert {one(code).version for code in codes} == {1}
    fact = db.session.get_one(Fact, moved.fact_id)
    assert (fact.kind, fact.count, fact.merkle_root) == ("codes:receive", 5, merkle_root(codes))
    rows = db.session.execute(select(Movement.state, Movement.version).where(Movement.fact_id == moved.fact_id)).all()
    assert rows == [("EMITTED", 0)] * 5
    assert list(fsck.broken()) == []


def test_one_code_in_the_way_stops_all_and_is_named(app: Flask) -> None:
    owner = factories.organisation()
    codes = factories.codes(owner, 4)
    move(Event.WITHDRAW, codes[:1], owner, reason="DEFECT")
    with pytest.raises(CodesMoved) as refused:
        move(Event.SELL, codes, owner, reason="RETAIL")
    assert refused.value.params["count"] == 1
    assert refused.value.params["codes"] == [
        {"code": ledger.identification(one(codes[0]).gtin, one(codes[0]).serial), "reason": "state_withdrawn"}
    ]
    assert [one(code).state for code in codes] == ["WITHDRAWN", "INTRODUCED", "INTRODUCED", "INTRODUCED"]
    assert db.session.scalar(select(func.count()).select_from(Movement)) == 4 * 4 + 1


def test_foreign_unknown_repeated_and_no_codes(app: Flask) -> None:
    owner, other = factories.organisation(), factories.organisation()
    codes = factories.codes(owner, 2)
    with pytest.raises(CodesMoved) as refused:
        move(Event.SELL, codes, other, reason="RETAIL")
    assert {row["reason"] for row in refused.value.params["codes"]} == {"not_yours"}
    with pytest.raises(CodesUnknown) as unknown:
        move(Event.SELL, [*codes, b"\0" * 16], owner, reason="RETAIL")
    assert unknown.value.params == {"count": 1, "places": [2]}
    with pytest.raises(CodesRepeated):
        move(Event.SELL, [*codes, codes[0]], owner, reason="RETAIL")
    with pytest.raises(CodesEmpty):
        move(Event.SELL, [], owner, reason="RETAIL")
    with pytest.raises(CodesEmpty):
        move(Event.SELL, select(Code.id).where(Code.state == "EMITTED"), owner, reason="RETAIL")
    with pytest.raises(ReasonInvalid):
        move(Event.WITHDRAW, codes, owner, reason="BECAUSE")


def test_the_owner_changes_when_the_receiver_confirms_and_not_before(app: Flask) -> None:
    """S0-29."""
    seller, buyer = factories.organisation(), factories.organisation()
    codes = factories.codes(seller, 3)
    move(Event.SEND, codes, seller, document=ACT)
    assert {one(code).owner_id for code in codes} == {seller}
    assert {one(code).flags for code in codes} == {int(Flag.IN_ACT)}
    with pytest.raises(CodesMoved) as held:
        move(Event.SELL, codes, seller, reason="RETAIL")
    assert {row["reason"] for row in held.value.params["codes"]} == {"in_act"}
    with pytest.raises(CodesMoved) as other_act:
        move(Event.CONFIRM, codes, None, to=buyer, document=("act", "02ACT"))
    assert {row["reason"] for row in other_act.value.params["codes"]} == {"not_in_this_document"}
    move(Event.CONFIRM, codes, None, to=buyer, document=ACT)
    assert {(one(code).owner_id, one(code).flags, one(code).act_id) for code in codes} == {(buyer, 0, None)}
    with pytest.raises(CodesMoved):
        move(Event.CONFIRM, codes, None, to=seller, document=ACT)


def test_a_large_document_moves_by_select(app: Flask) -> None:
    owner = factories.organisation()
    codes = factories.codes(owner, 300, state="EMITTED")
    moved = move(Event.RECEIVE, select(Code.id).where(Code.owner_id == owner), owner)
    assert moved.count == 300
    assert {one(code).state for code in codes} == {"RECEIVED"}


def test_a_sale_opens_every_package_around_it(app: Flask) -> None:
    owner = factories.organisation()
    codes = factories.codes(owner, 4)
    box, pallet = sscc(1), sscc(2)
    unit_of_work(lambda: packages.form(box, owner_id=owner, actor=None, codes=codes[:3]))
    unit_of_work(lambda: packages.form(pallet, owner_id=owner, actor=None, codes=codes[3:], packages=[box]))
    move(Event.SELL, codes[:1], owner, reason="RETAIL")
    assert {db.session.get_one(Package, one_).state for one_ in (box, pallet)} == {"DISAGGREGATED"}
    assert {one(code).package_id for code in codes} == {None}
    assert list(fsck.broken()) == []


def test_a_box_changes_hands_whole_or_is_opened(app: Flask) -> None:
    seller, buyer = factories.organisation(), factories.organisation()
    codes = factories.codes(seller, 4)
    box, pallet = sscc(1), sscc(2)
    unit_of_work(lambda: packages.form(box, owner_id=seller, actor=None, codes=codes[:3]))
    unit_of_work(lambda: packages.form(pallet, owner_id=seller, actor=None, codes=codes[3:], packages=[box]))
    with pytest.raises(PackageBroken) as broken:
        move(Event.SEND, codes[:3], seller, document=ACT)
    assert broken.value.params == {"count": 1, "sscc": pallet}
    move(Event.SEND, packages.contents(pallet), seller, document=ACT)
    move(Event.CONFIRM, packages.contents(pallet), None, to=buyer, document=ACT)
    assert {db.session.get_one(Package, one_).owner_id for one_ in (box, pallet)} == {buyer}
    assert {one(code).owner_id for code in codes} == {buyer}


def test_packages_close_and_open_only_around_what_is_free_and_own(app: Flask) -> None:
    owner, other = factories.organisation(), factories.organisation()
    codes = factories.codes(owner, 3)
    unit_of_work(lambda: packages.form(sscc(1), owner_id=owner, actor=None, codes=codes[:2]))
    with pytest.raises(CodesMoved) as packed:
        unit_of_work(lambda: packages.form(sscc(2), owner_id=owner, actor=None, codes=codes))
    assert {row["reason"] for row in packed.value.params["codes"]} == {"packed"}
    with pytest.raises(packages.PackageUnknown):
        unit_of_work(lambda: packages.form(sscc(3), owner_id=other, actor=None, packages=[sscc(1)]))
    unit_of_work(lambda: packages.form(sscc(4), owner_id=owner, actor=None, packages=[sscc(1)]))
    with pytest.raises(PackageNotMovable):
        unit_of_work(lambda: packages.form(sscc(5), owner_id=owner, actor=None, packages=[sscc(1)]))
    unit_of_work(lambda: packages.open_(sscc(4), owner_id=owner, actor=None))
    assert db.session.get_one(Package, sscc(1)).parent_id is None
    unit_of_work(lambda: packages.open_(sscc(1), owner_id=owner, actor=None))
    assert {one(code).package_id for code in codes} == {None}
    assert list(fsck.broken()) == []


def test_what_waits_in_an_act_is_neither_opened_nor_packed(app: Flask) -> None:
    """Of a pallet of boxes no code lies in the pallet itself: what is inside the boxes binds it all the same."""
    seller, buyer = factories.organisation(), factories.organisation()
    codes = factories.codes(seller, 4)
    box, pallet, other, outer = (sscc(number) for number in range(1, 5))
    for one_, inside in ((box, codes[:2]), (other, codes[2:])):
        unit_of_work(lambda one_=one_, inside=inside: packages.form(one_, owner_id=seller, actor=None, codes=inside))
    unit_of_work(lambda: packages.form(pallet, owner_id=seller, actor=None, packages=[box]))
    move(Event.SEND, packages.contents(pallet), seller, document=ACT)
    with pytest.raises(PackageNotMovable):
        unit_of_work(lambda: packages.open_(pallet, owner_id=seller, actor=None))
    with pytest.raises(PackageNotMovable):
        unit_of_work(lambda: packages.form(outer, owner_id=seller, actor=None, packages=[other, pallet]))
    move(Event.CONFIRM, packages.contents(pallet), None, to=buyer, document=ACT)
    db.session.rollback()
    shown = {row.sscc: (row.owner_id, row.parent_id, row.state) for row in db.session.scalars(select(Package))}
    assert shown == {
        box: (buyer, pallet, "FORMED"),
        pallet: (buyer, None, "FORMED"),
        other: (seller, None, "FORMED"),
    }
    unit_of_work(lambda: packages.open_(pallet, owner_id=buyer, actor=None))


def test_of_many_sellers_at_once_exactly_one_sells(app: Flask) -> None:
    owner = factories.organisation()
    codes = factories.codes(owner, 2)
    start, done = threading.Barrier(6), []

    def sell() -> None:
        with app.app_context():
            start.wait()
            try:
                move(Event.SELL, codes, owner, reason="RETAIL")
                done.append("sold")
            except CodesMoved:
                done.append("refused")

    threads = [threading.Thread(target=sell) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["refused"] * 5 + ["sold"]
    assert {one(code).version for code in codes} == {4}
    assert list(fsck.broken()) == []


@pytest.mark.parametrize("table", ["facts", "movements", "chain", "checkpoints"])
@pytest.mark.parametrize("attack", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_history_cannot_be_rewritten_through_the_database(app: Flask, table: str, attack: str) -> None:
    from backend.history import tasks

    factories.codes(factories.organisation(), 1)
    tasks.sequence()
    column = {"facts": "kind", "movements": "version", "chain": "hash", "checkpoints": "hash"}[table]
    with pytest.raises(DBAPIError):
        db.session.execute(text(attack.format(table, column)))
    db.session.rollback()


def test_fsck_names_a_state_changed_behind_the_ledgers_back(app: Flask) -> None:
    owner = factories.organisation()
    code = factories.codes(owner, 1)[0]
    db.session.execute(text("UPDATE codes SET state = 'WITHDRAWN'"))
    db.session.commit()
    named, *heaps = fsck.broken()
    assert named == f"code {code.hex()}: is WITHDRAWN, its history says INTRODUCED"
    assert len(heaps) == 2
    assert all(heap.startswith(f"stock of {owner}, ") for heap in heaps)
