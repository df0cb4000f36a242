"""Two who want different things of one act at the same instant: exactly one wins, the other is told what happened, and
the goods agree with the winner. Over a real server, on both engines."""

import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import pytest
from flask import Flask

from backend.acts import deciding
from backend.acts.rules import ActMoved, Decision
from backend.codes import fsck
from backend.codes.rules import Flag
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.ids import new_id
from backend.organisations.rules import Kind
from tests import factories, signing, trading
from tests.proof.contest import decided
from tests.proof.serving import Answer, Client, served
from tests.signing import BIN, IIN, OTHER_BIN, OTHER_IIN
from tests.trading import Party, decide, draft, flags, owners, refused, sent, signed_decision, texts

ROUNDS, STEP = 100, 0.002


class Ring(NamedTuple):
    """Both sides, each with two devices that speak to one real server."""

    seller: Party
    buyer: Party
    devices: dict[str, Client]


@pytest.fixture
def parties(app: Flask) -> tuple[Party, Party]:
    signing.copy(app.config["SETTINGS"].instance / "devca")
    app.extensions["queue_run"] = lambda *_: None  # who is told what is proved elsewhere
    return trading.party(app, BIN, IIN), trading.party(app, OTHER_BIN, OTHER_IIN, Kind.RETAIL)


@contextmanager
def ring(app: Flask, seller: Party, buyer: Party) -> Iterator[Ring]:
    with served(app) as server:
        devices = {"seller": Client(server.port, seller), "buyer": Client(server.port, buyer)}
        devices["another"] = Client(server.port, buyer)
        yield Ring(seller, buyer, devices)
        for device in devices.values():
            device.close()


class Duel:
    """Two requests at once. The later one starts so much later that both have won about as often: that is the same
    instant, however slow the machine is."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.pool = ThreadPoolExecutor(2)

    def __call__(self, first: Callable[[], Answer], second: Callable[[], Answer]) -> tuple[Answer, Answer]:
        wait = self.delay

        def later() -> Answer:
            time.sleep(max(0.0, wait))
            return second()

        def sooner() -> Answer:
            time.sleep(max(0.0, -wait))
            return first()

        asked = self.pool.submit(sooner), self.pool.submit(later)
        answers = asked[0].result(), asked[1].result()
        self.delay += STEP if answers[1].status == 200 else -STEP
        return answers


def test_cancel_against_confirm_at_the_same_instant(app: Flask, parties: tuple[Party, Party]) -> None:
    seller, buyer = parties
    codes = factories.codes(seller.id, ROUNDS)
    with ring(app, seller, buyer) as (_, _, devices):
        duel = Duel()
        for code in codes:
            act, body = waiting(seller, buyer, [code], [])
            confirm, cancel = duel(
                lambda act=act, body=body: devices["buyer"].post(f"/acts/{act}/decision", body),
                lambda act=act: devices["seller"].post(f"/acts/{act}/cancel", {}),
            )
            if confirm.status == 200:
                told(cancel, "cancel", "accepted")
            else:
                told(confirm, "accept", "cancelled")
                assert cancel.status == 200, cancel
            owner = buyer.id if confirm.status == 200 else seller.id
            assert (owners([code]), flags([code])) == ([owner], {Flag(0)})
    assert list(fsck.broken()) == []


def test_two_confirmations_that_differ(app: Flask, parties: tuple[Party, Party]) -> None:
    """Two of the buyer's staff decide at once, one to take all, the other to reject a unit."""
    seller, buyer = parties
    codes = factories.codes(seller.id, ROUNDS)
    with ring(app, seller, buyer) as (_, _, devices):
        duel = Duel()
        for pair in zip(codes[::4], codes[1::4], strict=True):
            act, wholly, partly = waiting(seller, buyer, list(pair), [], [pair[0]])
            answers = duel(
                lambda act=act, body=wholly: devices["buyer"].post(f"/acts/{act}/decision", body),
                lambda act=act, body=partly: devices["another"].post(f"/acts/{act}/decision", body),
            )
            accepted = answers[0].status == 200
            told(answers[accepted], *(("accept_partly", "accepted") if accepted else ("accept", "partly_accepted")))
            assert answers[not accepted].status == 200, answers
            assert owners(list(pair)) == [buyer.id if accepted else seller.id, buyer.id]
    assert list(fsck.broken()) == []


def test_a_stale_confirmation_is_told_what_happened(parties: tuple[Party, Party]) -> None:
    """Signed without network, delivered when the act was cancelled and its goods had gone into another one."""
    seller, buyer = parties
    codes = factories.codes(seller.id, 2)
    first = sent(seller, buyer, texts(codes))
    body, key = signed_decision(buyer, first, {"mode": "trust"}), factories.key()
    seller.post(f"/acts/{first}/cancel", {})
    second = sent(seller, buyer, texts(codes))
    for _ in range(2):
        params = refused(buyer.post(f"/acts/{first}/decision", body, key), 409, "acts.moved_meanwhile")
        assert (params["state"], params["verb"]) == ("cancelled", "accept")
        assert datetime.fromisoformat(params["at"]).tzinfo is not None
    assert (owners(codes), flags(codes)) == ([seller.id] * 2, {Flag.IN_ACT})
    assert decide(buyer, second).json["state"] == "accepted"
    assert owners(codes) == [buyer.id] * 2


def test_the_same_decision_delivered_twice_is_told_of_the_first(parties: tuple[Party, Party]) -> None:
    """Two tabs, one paper, the second verified while the first was not yet there: not the signature is at fault."""
    seller, buyer = parties
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    actor = Actor(new_id(), buyer.id)
    body = signed_decision(buyer, act, {"mode": "trust"})
    judged = deciding.judge(actor, act, Decision(), b64decode(body["signatures"][0]["cms"]))
    assert buyer.post(f"/acts/{act}/decision", body).status_code == 200
    db.session.rollback()
    with pytest.raises(ActMoved) as told:
        unit_of_work(lambda: deciding.decide(actor, act, Decision(), judged))
    assert told.value.params["state"] == "accepted"


def waiting(seller: Party, buyer: Party, codes: list[bytes], *rejected: list[bytes]) -> list[Any]:
    """The id of a sent act over these codes, and the signed body of a decision for each list of what is rejected."""
    act = draft(seller, buyer, texts(codes))
    listed = seller.get(f"/acts/{act}/document")
    assert seller.post(f"/acts/{act}/send", {"signatures": seller.sign(listed)}).status_code == 200
    return [act, *(decided(buyer, act, listed, texts(some), False) for some in rejected)]


def told(answer: Answer, verb: str, state: str) -> None:
    """The loser hears what the act has become, what was asked, and since when."""
    assert (answer.status, answer.code) == (409, "acts.moved_meanwhile"), answer
    assert (answer.params["verb"], answer.params["state"]) == (verb, state)
    assert datetime.fromisoformat(answer.params["at"]).tzinfo is not None
