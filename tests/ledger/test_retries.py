"""A database may refuse a commit that it could do (40001), or do one and lose the answer: one effect all the same."""

import random

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from backend.codes import fsck, ledger, tasks
from backend.codes.models import Code, Emission
from backend.codes.rules import CodesMoved, Event
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.errors import TryAgain
from backend.organisations.rules import Kind
from tests import factories
from tests.factories import key, one


class Flaky:
    """Raises a serialisation failure in a share of the commits, before or after the commit really happened."""

    def __init__(self, share: float, when: str, seed: int = 7):
        self.commit = db.session.commit
        self.random = random.Random(seed)
        self.share, self.when, self.failed = share, when, 0

    def __call__(self) -> None:
        fails = self.random.random() < self.share
        self.failed += fails
        if fails and self.when == "before":
            raise refusal()
        self.commit()
        if fails:
            raise refusal()


def refusal() -> OperationalError:
    return OperationalError("COMMIT", {}, psycopg.errors.SerializationFailure("injected"))


def test_serializable_is_what_it_says(app: Flask, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["database_url"] == "serializable":
        assert db.session.execute(text("SHOW transaction_isolation")).scalar() == "serializable"


@pytest.mark.parametrize("when", ["before", "after"])
def test_requests_with_keys_happen_once(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    factories.sign_in(client, factories.organisation(Kind.OPERATOR))
    owner = factories.organisation()
    order = {"card_id": factories.card(owner), "count": 1, "owner_id": owner}
    flaky = Flaky(0.3, when)
    monkeypatch.setattr(db.session, "commit", flaky)
    answers = [client.post("/api/v1/emissions", json=order, headers=key()) for _ in range(20)]
    monkeypatch.undo()
    assert flaky.failed > 5
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["id"] for answer in answers}) == 20
    assert db.session.scalar(select(func.count()).select_from(Emission)) == 20
    tasks.resume_emissions()
    assert db.session.scalar(select(func.count()).select_from(Code)) == 20, "a lost job is found by the sweep"
    assert list(fsck.broken()) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_movement_without_a_key_never_happens_twice(app: Flask, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Tried again after a commit that happened, it finds its codes already moved and says so."""
    owner = factories.organisation()
    codes = factories.codes(owner, 2)
    monkeypatch.setattr(db.session, "commit", Flaky(0.6, when, seed=1))

    def sell() -> None:
        unit_of_work(lambda: ledger.move(Event.SELL, codes, actor=None, owner_id=owner, reason="RETAIL"))

    if when == "after":
        with pytest.raises(CodesMoved):
            sell()
    else:
        sell()
    monkeypatch.undo()
    assert {(one(code).state, one(code).version) for code in codes} == {("WITHDRAWN", 4)}


def test_a_database_that_stays_busy_is_said_and_nothing_is_done(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = factories.organisation()
    codes = factories.codes(owner, 1)
    monkeypatch.setattr(db.session, "commit", Flaky(1.0, "before"))
    with pytest.raises(TryAgain):
        unit_of_work(lambda: ledger.move(Event.SELL, codes, actor=None, owner_id=owner, reason="RETAIL"))
    monkeypatch.undo()
    assert one(codes[0]).state == "INTRODUCED"
