"""Two drafts over the same goods, and eight clients who send, cancel, look at and decide about both at once; and what
of their answers could have been given if one had come after the other."""

import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Flask

from backend.acts import documents
from backend.acts.models import Act
from backend.acts.rules import Decision, Refusal, Rejection
from backend.core.db import db
from backend.organisations.models import Organisation
from backend.organisations.rules import Kind
from tests import factories, signing, trading
from tests.proof import model
from tests.proof.linear import Event, linearizable
from tests.proof.serving import Answer, Client, Server
from tests.trading import Party

CLIENTS, EACH, CODES = 8, 3, 3
MINTED = 40 * CODES
SELLING = ("send", "send", "send", "cancel", "see")
BUYING = ("accept", "partly", "reject", "view", "see")
REUSED = "signatures.reused"


@dataclass(frozen=True)
class Wish:
    """One request: `verb` about the act at `place`. Two of the same `key` are the same request, sent twice."""

    verb: str
    place: int
    path: str
    body: Any
    key: str


class Said(NamedTuple):
    """What an answer says: the error, or the state and version of the act; of an error that the act has moved, to
    where."""

    error: str | None
    state: str | None = None
    version: int | None = None


class Now(NamedTuple):
    """Both acts as (state, version); which of them holds the goods, or "buyer" once they are taken; the answers that
    repeats must get."""

    acts: tuple[tuple[str, int], tuple[str, int]]
    held: int | str | None
    answers: frozenset[tuple[str, Said]]


ENDS = {"accept": model.ACCEPTED, "partly": model.PARTLY, "reject": model.REJECTED, "cancel": model.CANCELLED}


def follow(now: Now, wish: Wish, said: Said) -> Now | None:
    """The next state, when this answer is right in this one."""
    for key, answer in now.answers:
        if key == wish.key:
            return now if said == answer else None
    state, version = now.acts[wish.place]
    if said.error:
        truthful = said.error != model.MOVED or said.state == state
        return now if truthful and said.error in _why_not(now, wish) else None
    if _why_not(now, wish):
        return None
    after, held = state, now.held
    if wish.verb == "send":
        after, held = model.SENT, wish.place
    elif wish.verb == "view":
        after = model.VIEWED if state == model.SENT else state
    elif wish.verb in ENDS:
        after, held = ENDS[wish.verb], "buyer" if wish.verb in ("accept", "partly") else None
    reached = (after, version + (after != state))
    if (said.state, said.version) != reached:
        return None
    acts = tuple(reached if place == wish.place else act for place, act in enumerate(now.acts))
    answers = now.answers if wish.verb == "see" else now.answers | {(wish.key, said)}
    return Now(acts, held, answers)


def _why_not(now: Now, wish: Wish) -> set[str]:
    state = now.acts[wish.place][0]
    if wish.verb == "send":
        if state != model.DRAFT:
            return {model.MOVED, REUSED}
        return set() if now.held is None else {"codes.moved_meanwhile"}
    if wish.verb == "cancel":
        return set() if state in model.OPEN else {model.MOVED}
    if wish.verb in BUYING and state == model.DRAFT and not wish.path.endswith("?sender"):
        return {model.UNKNOWN}
    if wish.verb in ("accept", "partly", "reject"):
        return set() if state in model.AWAITED else {model.MOVED, REUSED}
    return set()


class Contest:
    def __init__(self, app: Flask, server: Server):
        signing.copy(app.config["SETTINGS"].instance / "devca")
        self.port = server.port
        self.seller = trading.party(app, signing.BIN, signing.IIN)
        self.buyer = trading.party(app, signing.OTHER_BIN, signing.OTHER_IIN, Kind.RETAIL)
        for party, iin in ((self.seller, signing.IIN), (self.buyer, signing.OTHER_IIN)):
            # Signatures by these keys are random, so that two of one paper are two.
            party.container = signing.container(iin=iin, bin=party.bin, organisation="«Тест» ЖШС", algorithm="ec")
        self.stock: list[bytes] = []

    def lawful(self, seed: int) -> bool:
        """Run one round; whether its answers, and where the goods are afterwards, can be explained."""
        self.stock = self.stock or factories.codes(self.seller.id, MINTED)
        codes = [self.stock.pop() for _ in range(CODES)]
        acts = [trading.draft(self.seller, self.buyer, trading.texts(codes)) for _ in range(2)]
        versions = [self.seller.get(f"/acts/{act}").json["version"] for act in acts]
        last = [Wish("see", place, f"/acts/{act}?sender", None, "") for place, act in enumerate(acts)]
        history = self._run(self._plans(acts, codes, random.Random(seed)), last)
        start = Now(tuple((model.DRAFT, version) for version in versions), None, frozenset())
        taken = {model.ACCEPTED: CODES, model.PARTLY: CODES - 1}
        bought = sum(owner == self.buyer.id for owner in trading.owners(codes))
        agree = bought == sum(taken.get(event.said.state, 0) for event in history[-2:])
        return linearizable(history, start, follow) and agree

    def _plans(self, acts: Sequence[str], codes: list[bytes], dice: random.Random) -> list[list[Wish]]:
        """Half of the clients sell, half buy; some requests are another client's, sent again."""
        papers = [self.seller.get(f"/acts/{act}/document") for act in acts]
        plans: list[list[Wish]] = []
        for number in range(CLIENTS):
            party, verbs = (self.buyer, BUYING) if number % 2 else (self.seller, SELLING)
            known = [wish for plan in plans[number % 2 :: 2] for wish in plan if wish.verb != "see"]
            plan = []
            for turn in range(EACH):
                if known and dice.random() < 0.3:
                    plan.append(dice.choice(known))
                    continue
                place = 0 if dice.random() < 0.7 else 1
                verb = "send" if number == turn == 0 else dice.choice(verbs)
                plan.append(self._wish(party, verb, place, acts[place], papers[place], codes))
            plans.append(plan)
        return plans

    def _wish(self, party: Party, verb: str, place: int, act: str, paper: Any, codes: list[bytes]) -> Wish:
        key = factories.key()["Idempotency-Key"]
        if verb == "see":
            return Wish(verb, place, f"/acts/{act}" + ("?sender" if party is self.seller else ""), None, key)
        if verb == "send":
            return Wish(verb, place, f"/acts/{act}/send", {"signatures": party.sign(paper)}, key)
        if verb in ("view", "cancel"):
            return Wish(verb, place, f"/acts/{act}/{verb}", None if verb == "view" else {}, key)
        refused = trading.texts(codes[:1]) if verb == "partly" else []
        return Wish(verb, place, f"/acts/{act}/decision", decided(party, act, paper, refused, verb == "reject"), key)

    def _run(self, plans: Sequence[Sequence[Wish]], last: Sequence[Wish]) -> list[Event]:
        """All clients at once, and then a last look at both acts."""
        gate = threading.Barrier(len(plans))
        with ExitStack() as stack, ThreadPoolExecutor(len(plans)) as pool:
            clients = [Client(self.port, self.buyer if number % 2 else self.seller) for number in range(len(plans))]
            for client in clients:
                stack.callback(client.close)
            done = [pool.submit(_act, *pair, gate) for pair in zip(clients, plans, strict=True)]
            history = [event for one in done for event in one.result()]
            return history + [_asked(clients[0], wish) for wish in last]


def _act(client: Client, plan: Sequence[Wish], gate: threading.Barrier) -> list[Event]:
    gate.wait()
    return [_asked(client, wish) for wish in plan]


def _asked(client: Client, wish: Wish) -> Event:
    called = time.perf_counter()
    if wish.verb == "see":
        answer = client.get(wish.path.removesuffix("?sender"))
    else:
        answer = client.post(wish.path, wish.body, {"Idempotency-Key": wish.key})
    return Event(called, time.perf_counter(), wish, said(answer))


def said(answer: Answer) -> Said:
    if answer.code:
        return Said(answer.code, answer.params.get("state") if answer.code == model.MOVED else None)
    return Said(None, answer.json["state"], answer.json["version"])


def decided(party: Party, act: str, paper: Any, refused: list[str], everything: bool) -> dict[str, Any]:
    """The body of a decision about an act that is not sent yet, or may not be any more: signed by what the buyer knows
    of it, which is the bytes that the seller signs."""
    content = trading.b64decode(paper.json["documents"][0]["bytes"])
    refusals = tuple(Refusal(code, Rejection.MISSING) for code in refused)
    decision = Decision(rejected=refusals, all_rejected=everything)
    receiver = db.session.get_one(Organisation, party.id)
    signed = party.cms(documents.acceptance(Act(id=act, signed_as=content), receiver, decision))
    db.session.rollback()
    rejected = [{"code": code, "reason": "missing"} for code in refused]
    return {
        "decision": {"mode": "trust", "rejected": rejected, "all_rejected": everything},
        "signatures": [{"id": act, "cms": trading.b64encode(signed).decode()}],
    }
