"""Emission: how many, how unguessable, with which key, and that nothing is lost or doubled on the way. Both engines."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from nacl.signing import VerifyKey
from sqlalchemy import func, select

from backend.catalogue import groups
from backend.catalogue.rules import CardState
from backend.codes import emission, fsck, keys, tails, tasks
from backend.codes.models import Code, Emission, SigningKey
from backend.codes.rules import CardNotOrderable, EmissionUnknown, GroupNotPrintable, KeyUnknown
from backend.core import clock, vault
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from tests import factories

JANUARY = datetime(2026, 1, 31, 18, 59, tzinfo=UTC)
"""A minute before February in Kazakhstan."""


@pytest.fixture
def owner(app: Flask) -> str:
    return factories.organisation()


def order(card: str, count: int, owner: str) -> str:
    return unit_of_work(lambda: emission.order(card, count, owner_id=owner, actor=None).id)


def emitted(emission_id: str) -> int:
    db.session.rollback()
    return db.session.get_one(Emission, emission_id).emitted


def serials(emission_id: str) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Code.serial).where(Code.emission_id == emission_id)))


@pytest.mark.parametrize("count", [1, 100, 25_000])
def test_an_emission_is_whole_and_its_serials_are_distinct(owner: str, count: int) -> None:
    made = order(factories.card(owner), count, owner)
    tasks.emit(made)
    found = serials(made)
    assert (emitted(made), len(found), len(set(found))) == (count, count, count)
    template = groups.get("footwear").code
    assert {len(serial) for serial in found} == {template.serial_length} == {13}
    drawn = set("".join(found))
    assert drawn <= set(template.alphabet)
    assert not drawn & set("0OIl1")
    numbers = db.session.scalars(select(Code.number).where(Code.emission_id == made).order_by(Code.number)).all()
    assert list(numbers) == list(range(1, count + 1))
    chunks = db.session.scalars(select(Fact.count).where(Fact.kind == "codes:emit").order_by(Fact.id)).all()
    assert list(chunks) == ([10_000, 10_000, 5_000] if count == 25_000 else [count])


def test_serials_are_drawn_evenly() -> None:
    """57 letters do not divide 256; who forgets that makes some likelier."""
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
    drawn = "".join(emission.serials(20_000, alphabet, 13))
    counts = [drawn.count(letter) for letter in alphabet]
    expected = len(drawn) / 57
    assert sum((count - expected) ** 2 / expected for count in counts) < 130, "chi-squared, 56 degrees: p < 1e-7"


def test_two_emissions_of_a_card_share_no_serial(owner: str) -> None:
    card = factories.card(owner)
    first, second = (factories.emitted(owner, card, 500) for _ in range(2))
    assert len({*serials(first), *serials(second)}) == 1_000


def test_a_killed_worker_is_finished_by_the_sweep(owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emission, "CHUNK", 10)
    made = order(factories.card(owner), 35, owner)
    begin, chunks = emission.ledger.begin, []

    def killed(*asked: object, **more: object) -> object:
        chunks.append(1)
        if len(chunks) == 3:
            raise KeyboardInterrupt
        return begin(*asked, **more)

    monkeypatch.setattr(emission.ledger, "begin", killed)
    with pytest.raises(KeyboardInterrupt):
        tasks.emit(made)
    assert (emitted(made), len(serials(made))) == (20, 20), "a chunk is there whole or not at all"
    monkeypatch.setattr(emission.ledger, "begin", begin)
    tasks.resume_emissions()
    assert (emitted(made), len(set(serials(made)))) == (35, 35)
    assert list(fsck.broken()) == []


def test_an_order_that_the_queue_forgot_is_found(owner: str) -> None:
    made = order(factories.card(owner), 3, owner)
    assert emitted(made) == 0
    tasks.resume_emissions()
    assert len(serials(made)) == 3


def test_a_job_that_runs_twice_emits_once(owner: str) -> None:
    made = order(factories.card(owner), 5, owner)
    for _ in range(2):
        tasks.emit(made)
        tasks.resume_emissions()
    assert (emitted(made), len(serials(made))) == (5, 5)
    with pytest.raises(EmissionUnknown):
        tasks.emit("none")


def test_two_workers_at_once_emit_once(app: Flask, owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emission, "CHUNK", 10)
    made = order(factories.card(owner), 60, owner)
    start = threading.Barrier(3)

    def work() -> None:
        with app.app_context():
            start.wait()
            tasks.emit(made)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (emitted(made), len(serials(made))) == (60, 60)
    assert list(fsck.broken()) == []


@pytest.mark.parametrize("count", [0, -1, 150_001])
def test_how_many_is_bounded(owner: str, count: int) -> None:
    card = factories.card(owner)
    with pytest.raises(ValueError, match="150000"):
        order(card, count, owner)
    assert db.session.scalar(select(func.count()).select_from(Emission)) == 0


def test_only_for_a_published_card_of_ones_own(owner: str) -> None:
    drafts = [factories.card(owner, state=state) for state in CardState if state is not CardState.PUBLISHED]
    for card in [*drafts, factories.card(factories.organisation()), "none"]:
        with pytest.raises(CardNotOrderable):
            order(card, 1, owner)
    assert db.session.scalar(select(func.count()).select_from(SigningKey)) == 0


def test_marks_of_fur_are_not_emitted_as_data_matrix(owner: str) -> None:
    fur = factories.card(owner, group="fur", gtin=None, tnved="4303109080")
    with pytest.raises(GroupNotPrintable):
        order(fur, 1, owner)


def test_one_key_for_a_group_and_month(make_app: Callable[..., Flask], app: Flask) -> None:
    with clock.at(JANUARY):
        first = unit_of_work(lambda: keys.current("footwear").id)
        assert unit_of_work(lambda: keys.current("footwear").id) == first
        assert unit_of_work(lambda: keys.current("fur").id) != first
    with clock.at(JANUARY + timedelta(minutes=1)):
        second = unit_of_work(lambda: keys.current("footwear"))
        db.session.refresh(second)
    assert (second.month, second.id != first) == ("2026-02", True)
    january = db.session.get_one(SigningKey, first)
    assert (january.month, january.not_after) == ("2026-01", JANUARY + timedelta(minutes=1))
    assert all(key.id[0] == "T" and len(key.id) == 4 for key in keys.published())


def test_two_workers_agree_on_one_key(app: Flask) -> None:
    start, found = threading.Barrier(4), []

    def look() -> None:
        with app.app_context():
            start.wait()
            found.append(unit_of_work(lambda: keys.current("footwear").id))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_rotation_changes_the_key_and_spoils_no_old_tail(owner: str) -> None:
    card = factories.card(owner)
    old = factories.texts(factories.emitted(owner, card, 2))
    new_key = unit_of_work(lambda: keys.rotate("footwear", None).id)
    new = factories.texts(factories.emitted(owner, card, 2))
    for printed in [*old, *new]:
        identification, key, tail = printed.split("\x1d")
        assert (key[2:] == new_key) is (printed in new)
        assert tails.check(key[2:], identification, tail[2:])
        assert len(tail[2:]) == 88
    retired = [key.id for key in keys.published() if key.retired_at]
    assert retired == [old[0].split("\x1d")[1][2:]]
    fact = db.session.scalars(select(Fact).where(Fact.kind == "keys:rotated")).one()
    assert (fact.before, fact.after) == ({"key": retired[0]}, {"key": new_key, "group": "footwear"})


def test_an_emission_keeps_the_key_it_was_ordered_under(owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emission, "CHUNK", 1)
    made = order(factories.card(owner), 2, owner)
    unit_of_work(lambda: emission.emit_some(made))
    unit_of_work(lambda: keys.rotate("footwear", None))
    tasks.emit(made)
    assert {printed.split("\x1d")[1] for printed in factories.texts(made)} == {
        "91" + db.session.get_one(Emission, made).key_id
    }


def test_the_private_half_is_never_in_the_database_in_clear(owner: str) -> None:
    key_id = unit_of_work(lambda: keys.current("footwear").id)
    key = db.session.get_one(SigningKey, key_id)
    seed = vault.open_(key.sealed)
    assert keys.Ed25519(seed).verify_key == VerifyKey(key.public_key)
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            assert seed not in repr(row).encode()
            assert all(seed not in value for value in row if isinstance(value, bytes))
            assert seed.hex() not in repr(row)


def test_another_master_key_opens_nothing(make_app: Callable[..., Flask], sqlite_url: str) -> None:
    with make_app(sqlite_url).app_context():
        key_id = unit_of_work(lambda: keys.current("footwear").id)
    with make_app(sqlite_url, master_key=b"x" * 32).app_context(), pytest.raises(vault.VaultLocked):
        keys.signer(key_id)


def test_unknown_key(app: Flask) -> None:
    with pytest.raises(KeyUnknown):
        keys.signer("TXXX")
    assert tails.check("TXXX", "010487000000001221A", "A" * 88) is None


def test_a_pack_is_the_same_every_time_and_in_parts(owner: str) -> None:
    made = factories.emitted(owner, factories.card(owner), 5)
    whole = list(emission.pack(made, 1, 5))
    assert [number for number, _ in whole] == [1, 2, 3, 4, 5]
    assert [*emission.pack(made, 1, 2), *emission.pack(made, 3, 3)] == whole
    assert list(emission.pack(made, 6, 5)) == []
    with pytest.raises(EmissionUnknown):
        next(emission.pack("none", 1, 1))


def test_no_tail_is_stored(owner: str) -> None:
    made = factories.emitted(owner, factories.card(owner), 1)
    tail = factories.texts(made)[0].split("\x1d92")[1]
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(select(table)).all()
        assert tail not in repr(rows)
