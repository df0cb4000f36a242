"""The server is killed (SIGKILL) while a buyer confirms an act of 10 000 codes, at moments spread over the request.
Whatever was acknowledged is there, nothing is half done, and the same request sent again ends it once. Both engines."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import func, insert, literal, select, update

from backend.acts.models import Act, Unit
from backend.bench import register
from backend.catalogue.models import Card
from backend.codes.models import Code, Movement
from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.idempotency import IdempotencyKey
from backend.history.models import Fact
from backend.organisations.rules import Kind
from backend.signatures.models import Signature
from tests import factories, signing, trading
from tests.proof.contest import decided
from tests.proof.faults import PAUSE
from tests.proof.serving import Answer, Client, Lost, Server

KILLS = 200 if os.environ.get("TANBA_PROOF") == "large" else 10
CODES = 10_000


class Drill:
    """Goods that go to and fro between two organisations. A server waits in reserve, since starting one takes longer
    than the request."""

    def __init__(self, app: Flask, fault: str | None = None):
        self.app, self.fault, self.pool = app, fault, ThreadPoolExecutor(1)
        self.server, self.reserve = self._started(), self._started()
        signing.copy(app.config["SETTINGS"].instance / "devca")
        app.extensions["queue_run"] = lambda *_: None
        here = trading.party(app, signing.BIN, signing.IIN)
        there = trading.party(app, signing.OTHER_BIN, signing.OTHER_IIN, Kind.RETAIL)
        self.seller, self.buyer = here, there
        self.card = factories.card(here.id)
        gtin = db.session.get_one(Card, self.card).gtin
        db.session.rollback()
        register.stock(here.id, self.card, gtin, CODES)

    def _started(self) -> Server:
        server = Server(self.app, self.fault)
        server.launch()
        return server

    def send(self) -> None:
        """The next act over all the goods, sent; the buyer's decision lies signed on the device."""
        made = self.seller.post("/acts", {"receiver_tax": self.buyer.bin})
        self.act = made.json["id"]
        unit_of_work(lambda: fill(self.act, self.card))
        paper = self.seller.get(f"/acts/{self.act}/document")
        answer = self.seller.post(f"/acts/{self.act}/send", {"signatures": self.seller.sign(paper)})
        assert answer.json["units"] == CODES, answer.text
        self.body = decided(self.buyer, self.act, paper, [], False)
        self.key = factories.key()

    def confirm(self) -> Answer:
        client = Client(self.server.port, self.buyer)
        try:
            return client.post(f"/acts/{self.act}/decision", self.body, self.key)
        finally:
            client.close()

    def killed_after(self, seconds: float) -> Answer | None:
        """Confirm and be killed; the answer, where it came all the same."""
        self.server.ready()
        asked = self.pool.submit(self.confirm)
        time.sleep(seconds)
        self.server.kill()
        self.server, self.reserve = self.reserve, self._started()
        try:
            return asked.result()
        except Lost:
            return None

    def happened(self) -> bool:
        """Whether the decision is there, whole; raises AssertionError when it is there in part."""
        db.session.rollback()
        row = db.session.get_one(Act, self.act)
        owners = dict(db.session.execute(select(Code.owner_id, func.count()).group_by(Code.owner_id)).all())
        flags = dict(db.session.execute(select(Code.flags, func.count()).group_by(Code.flags)).all())
        held = set(db.session.scalars(select(Code.act_id).distinct()))
        facts = select(Fact.kind, Fact.id, Fact.count).where(Fact.subject_id == self.act)
        kinds = {kind: (fact, count) for kind, fact, count in db.session.execute(facts)}
        moved = (
            select(func.count()).select_from(Movement).where(Movement.fact_id == kinds.get("codes:confirm", ("",))[0])
        )
        keys = select(func.count()).select_from(IdempotencyKey).where(IdempotencyKey.key == self.key["Idempotency-Key"])
        signed = select(func.count()).select_from(Signature).where(Signature.id == row.receiver_signature_id)
        there = {
            "state": row.state.value,
            "owners": owners,
            "flags": flags,
            "held": held,
            "facts": sorted(kinds),
            "movements": db.session.scalar(moved),
            "keys": db.session.scalar(keys),
            "signed": db.session.scalar(signed),
        }
        db.session.rollback()
        undone = {"state": "sent", "owners": {self.seller.id: CODES}, "flags": {1: CODES}, "held": {self.act}}
        undone |= {"facts": ["act:send", "codes:send"], "movements": 0, "keys": 0, "signed": 0}
        done = {"state": "accepted", "owners": {self.buyer.id: CODES}, "flags": {0: CODES}, "held": {None}}
        done |= {"facts": ["act:accept", "act:send", "codes:confirm", "codes:send"], "movements": CODES}
        done |= {"keys": 1, "signed": 1}
        assert there in (undone, done), there
        return there == done

    def until_half_done(self) -> None:
        for _ in range(KILLS):
            self.send()
            self.killed_after(PAUSE / 2)
            self.happened()
            self.server.ready()
            self.confirm()
            self.swap()

    def swap(self) -> None:
        """What was sold is sold back."""
        self.seller, self.buyer = self.buyer, self.seller


def fill(act: str, card: str) -> None:
    """All the goods of a card into a draft, as one statement."""
    now = clock.now()
    row = db.session.get_one(Act, act)
    own = select(literal(act), Code.id, literal(row.created_by), literal(now, Unit.added_at.type))
    own = own.where(Code.card_id == card, Code.owner_id == row.sender_id)
    db.session.execute(insert(Unit).from_select(["act_id", "code_id", "added_by", "added_at"], own))
    db.session.execute(update(Act).where(Act.id == act).values(units=CODES))


@contextmanager
def drill(app: Flask, fault: str | None = None) -> Iterator[Drill]:
    made = Drill(app, fault)
    try:
        yield made
    finally:
        made.server.kill()
        made.reserve.kill()


def test_a_killed_server_leaves_a_confirmation_whole_or_not_at_all(app: Flask) -> None:
    with drill(app) as run:
        run.send()
        run.server.ready()
        started = time.perf_counter()
        assert run.confirm().status == 200
        whole = time.perf_counter() - started
        assert run.happened()
        run.swap()
        run.send()
        for number in range(KILLS):
            answer = run.killed_after(whole * (number + 0.5) / KILLS)
            done = run.happened()
            assert done or answer is None, "acknowledged, and lost"
            if not done and number % 2:
                continue
            run.server.ready()
            again = run.confirm()
            assert (again.status, again.json["state"]) == (200, "accepted"), again
            assert answer is None or again.json == answer.json, "another answer to the same request"
            assert run.happened()
            run.swap()
            run.send()


def test_the_drill_finds_a_commit_in_the_middle(app: Flask) -> None:
    """A seeded fault: the act is committed before its goods are moved."""
    with drill(app, "commit_in_the_middle") as run, pytest.raises(AssertionError, match="state"):
        run.until_half_done()
