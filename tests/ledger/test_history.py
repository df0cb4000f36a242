"""History that was rewritten on disk is found and named; two sequencers never fork it. Both engines."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from backend.codes import fsck, ledger, packages
from backend.codes.rules import Event
from backend.core import gs1
from backend.core.api import unit_of_work
from backend.core.db import db, is_sqlite
from backend.history import queries, rules, service, tasks
from backend.history.models import Checkpoint, Fact, Link, content
from tests import factories

WRITTEN_ONCE = ("facts", "movements", "chain", "checkpoints")


def activity() -> list[bytes]:
    """A small day: emission, movements, a box, a sale; chained in three batches."""
    owner = factories.organisation()
    codes = factories.codes(owner, 4)
    tasks.sequence()
    unit_of_work(lambda: packages.form(gs1.sscc("487000000", 1), owner_id=owner, actor=None, codes=codes[:2]))
    tasks.sequence()
    unit_of_work(lambda: ledger.move(Event.SELL, codes[:1], actor=None, owner_id=owner, reason="RETAIL"))
    tasks.sequence()
    return codes


@pytest.fixture
def sold(app: Flask) -> list[bytes]:
    return activity()


def disk(*statements: str) -> None:
    """What somebody with the database in his hands does: the triggers that stand in the way go first."""
    for table in WRITTEN_ONCE:
        if is_sqlite():
            for action in ("update", "delete"):
                db.session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{action}"))
        else:
            db.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    for statement in statements:
        db.session.execute(text(statement))
    db.session.commit()


def verify(app: Flask) -> Result:
    db.session.remove()
    return app.test_cli_runner().invoke(args=["verify-history"])


def last() -> int:
    db.session.rollback()
    return queries.head().sequence


def fact_at(sequence: int) -> str:
    db.session.rollback()
    return db.session.get_one(Link, sequence).fact_id


def test_a_history_that_nobody_touched_holds(app: Flask, sold: list[bytes]) -> None:
    head = queries.head()
    result = verify(app)
    assert (result.exit_code, result.output) == (0, f"holds: {head.sequence} facts, head {head.hash.hex()}\n")
    assert queries.unchained() == 0
    assert [*queries.broken(), *fsck.broken()] == []


def test_an_empty_history_holds(app: Flask) -> None:
    result = verify(app)
    assert (result.exit_code, result.output) == (0, "holds: 0 facts, head -\n")


def test_the_chain_is_what_it_says(sold: list[bytes]) -> None:
    """Made again from the facts alone: anyone with the table and SHA-256 comes to the same head."""
    digest = rules.GENESIS
    rows = select(Link, Fact).join(Fact, Fact.id == Link.fact_id).order_by(Link.sequence)
    for link, fact in db.session.execute(rows):
        digest = rules.link(digest, rules.canonical(content(fact)))
        assert link.hash == digest
    assert queries.head().hash == digest


def test_each_batch_has_a_checkpoint_and_what_waits_is_chained_by_the_command(app: Flask, sold: list[bytes]) -> None:
    assert len(db.session.scalars(select(Checkpoint)).all()) == 3
    factories.codes(factories.organisation(), 1)
    assert queries.unchained() > 0
    assert verify(app).exit_code == 0
    assert queries.unchained() == 0


COLUMNS = {
    "kind": "'codes:apply'",
    "subject_id": "'other'",
    "organisation_id": "'other'",
    "actor_id": "'somebody'",
    "via": "'session'",
    "document_id": "'other'",
    "signature_id": "'none'",
    "before": """'{"owner": "other"}'""",
    "after": """'{"state": "INTRODUCED"}'""",
    "detail": """'{"a": 1}'""",
    "count": "3",
}


def test_every_column_of_a_fact_is_protected(app: Flask, sold: list[bytes]) -> None:
    fact = fact_at(4)
    assert set(COLUMNS) | {"id", "at", "merkle_root", "subject_kind", "document_kind"} == set(
        Fact.__table__.columns.keys()
    )
    disk()
    for column, value in COLUMNS.items():
        db.session.execute(text(f"UPDATE facts SET {column} = {value} WHERE id = '{fact}'"))
        db.session.expire_all()
        first, *_ = queries.broken()
        assert first == f"sequence 4: fact {fact} was changed", column
        db.session.rollback()
    later = db.session.get_one(Fact, fact).at + timedelta(microseconds=1)
    db.session.get_one(Fact, fact).at = later
    db.session.flush()
    first, *_ = queries.broken()
    assert first == f"sequence 4: fact {fact} was changed"
    db.session.rollback()


def test_an_edit_is_named(app: Flask, sold: list[bytes]) -> None:
    fact = fact_at(4)
    disk(f"UPDATE facts SET actor_id = 'somebody' WHERE id = '{fact}'")
    result = verify(app)
    assert result.exit_code == 1
    assert result.output.splitlines() == [f"sequence 4: fact {fact} was changed"]


def test_a_deletion_is_named(app: Flask, sold: list[bytes]) -> None:
    fact = fact_at(4)
    disk(f"DELETE FROM facts WHERE id = '{fact}'")
    result = verify(app)
    assert result.exit_code == 1
    assert result.output.splitlines()[0] == f"sequence 4: fact {fact} is gone"
    assert f"fact {fact}: is gone, 4 movements point to it" in result.output


def test_a_fact_taken_out_with_its_link_is_named(app: Flask, sold: list[bytes]) -> None:
    fact = fact_at(4)
    disk(f"DELETE FROM facts WHERE id = '{fact}'", "DELETE FROM chain WHERE sequence = 4")
    result = verify(app)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == "sequence 4: missing"
    assert not [line for line in lines if line.startswith("sequence 5")], "the next one is not accused"


def test_a_swap_is_named(app: Flask, sold: list[bytes]) -> None:
    first, second = fact_at(4), fact_at(5)
    disk(
        f"UPDATE facts SET id = 'x' WHERE id = '{first}'",
        f"UPDATE facts SET id = '{first}' WHERE id = '{second}'",
        f"UPDATE facts SET id = '{second}' WHERE id = 'x'",
    )
    result = verify(app)
    assert (result.exit_code, result.output.splitlines()[0]) == (1, f"sequence 4: fact {first} was changed")


def test_swapped_links_are_named(app: Flask, sold: list[bytes]) -> None:
    first, second = fact_at(4), fact_at(5)
    disk(
        "UPDATE chain SET fact_id = 'x' WHERE sequence = 4",
        f"UPDATE chain SET fact_id = '{first}' WHERE sequence = 5",
        f"UPDATE chain SET fact_id = '{second}' WHERE sequence = 4",
    )
    assert verify(app).output.splitlines()[0] == f"sequence 4: fact {second} was changed"


def test_an_end_cut_off_is_named(app: Flask, sold: list[bytes]) -> None:
    end = last()
    disk(f"DELETE FROM chain WHERE sequence = {end}")
    result = verify(app)
    assert (result.exit_code, result.output.splitlines()[0]) == (1, f"checkpoint {end}: the chain ends before it")


def test_an_end_cut_off_with_its_checkpoint_leaves_movements_without_their_fact(app: Flask, sold: list[bytes]) -> None:
    end, fact = last(), fact_at(last())
    disk(
        f"DELETE FROM checkpoints WHERE sequence = {end}",
        f"DELETE FROM chain WHERE sequence = {end}",
        f"DELETE FROM facts WHERE id = '{fact}'",
    )
    result = verify(app)
    assert (result.exit_code, result.output) == (1, f"fact {fact}: is gone, 1 movements point to it\n")


def chained_anew() -> list[str]:
    """The statements of one who knows how the chain is made, but not the platform's key."""
    digest, statements = rules.GENESIS, []
    rows = db.session.execute(select(Link, Fact).join(Fact, Fact.id == Link.fact_id).order_by(Link.sequence))
    for link, fact in rows:
        digest = rules.link(digest, rules.canonical(content(fact)))
        value = f"x'{digest.hex()}'" if is_sqlite() else f"decode('{digest.hex()}', 'hex')"
        statements.append(f"UPDATE chain SET hash = {value} WHERE sequence = {link.sequence}")
    return statements


def test_a_chain_made_anew_does_not_match_what_was_signed(app: Flask, sold: list[bytes]) -> None:
    disk(f"UPDATE facts SET actor_id = 'somebody' WHERE id = '{fact_at(2)}'")
    disk(*chained_anew())
    result = verify(app)
    assert result.exit_code == 1
    first = db.session.scalars(select(Checkpoint.sequence).order_by(Checkpoint.sequence)).first()
    assert result.output.splitlines()[0] == f"checkpoint {first}: signature or head does not match"


def test_a_chain_made_anew_without_its_checkpoints_has_no_signed_head(app: Flask, sold: list[bytes]) -> None:
    end = last()
    disk(f"UPDATE facts SET actor_id = 'somebody' WHERE id = '{fact_at(2)}'", "DELETE FROM checkpoints")
    disk(*chained_anew())
    result = verify(app)
    assert (result.exit_code, result.output) == (1, f"sequence {end}: no checkpoint signs the head\n")


def test_nothing_is_signed_on_top_of_a_head_that_was_not(app: Flask, sold: list[bytes]) -> None:
    """Else one honest batch would make a rewritten chain whole again."""
    disk(f"UPDATE facts SET actor_id = 'somebody' WHERE id = '{fact_at(2)}'", "DELETE FROM checkpoints")
    disk(*chained_anew())
    factories.codes(factories.organisation(), 1)
    with pytest.raises(service.HistoryBroken):
        tasks.sequence()
    assert verify(app).exit_code == 1


@pytest.mark.parametrize("column", ["signature", "hash", "at"])
def test_a_checkpoint_that_was_touched_is_named(app: Flask, sold: list[bytes], column: str) -> None:
    end = last()
    db.session.rollback()
    zero = "x'" + "00" * 32 + "'" if is_sqlite() else "decode('" + "00" * 32 + "', 'hex')"
    value = {"signature": f"'{'A' * 86}=='", "hash": zero, "at": "'2020-01-01 00:00:00.000000'"}[column]
    disk(f"UPDATE checkpoints SET {column} = {value} WHERE sequence = {end}")
    result = verify(app)
    assert result.exit_code == 1
    assert result.output.splitlines() == [f"checkpoint {end}: signature or head does not match"]


def test_another_platforms_key_signed_nothing_here(make_app: Callable[..., Flask], sqlite_url: str) -> None:
    with make_app(sqlite_url).app_context():
        activity()
    with (app := make_app(sqlite_url, platform_seed=b"s" * 32)).app_context():
        assert verify(app).output.count("signature or head does not match") == 3


def test_a_movement_moved_to_another_code_is_named(app: Flask, sold: list[bytes]) -> None:
    """The fact's Merkle root holds the codes that took part."""
    fact = fact_at(last())
    other = sold[3].hex()
    value = f"x'{other}'" if is_sqlite() else f"decode('{other}', 'hex')"
    disk(f"UPDATE movements SET code_id = {value} WHERE fact_id = '{fact}'")
    result = verify(app)
    assert result.exit_code == 1
    assert f"fact {fact}: names 1 codes, 1 rows, and their tree does not match" in result.output


def test_two_sequencers_at_once_make_one_chain(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 7)
    owner, card = (made := factories.organisation()), factories.card(made)
    for _ in range(15):
        factories.emitted(owner, card, 1)
    total = queries.unchained()
    start, failed = threading.Barrier(3), []

    def work() -> None:
        with app.app_context():
            start.wait()
            try:
                tasks.sequence()
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tasks.sequence()
    assert failed == []
    assert db.session.scalars(select(Link.sequence).order_by(Link.sequence)).all() == list(range(1, total + 1))
    assert list(queries.broken()) == []


def test_a_chain_grows_and_never_changes(sold: list[bytes]) -> None:
    """An old head is a prefix of every later chain."""
    old = {link.sequence: link.hash for link in db.session.scalars(select(Link))}
    factories.codes(factories.organisation(), 1)
    tasks.sequence()
    db.session.expire_all()
    new = {link.sequence: link.hash for link in db.session.scalars(select(Link))}
    assert len(new) > len(old)
    assert {number: new[number] for number in old} == old
