"""The life of codes and acts as a random walk over HTTP, with repeats of any earlier request, papers signed long ago,
and requests overtaken while their signature is verified. After each step the platform must be where the model is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import update

from backend.acts import tasks
from backend.acts.models import Act
from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from tests.proof import model, reading
from tests.proof.floor import Floor, Request
from tests.proof.model import Ask

PICK = st.integers(0, 11)
MANY = st.sets(PICK, max_size=4)
SIGNED = ("send", "decide", "ask_annulment", "annul")
PLAIN = ("view", "clarify", "answer", "cancel", "keep", "save", "discard", "put", "take_out")
ONWARD = {
    model.DRAFT: ("send", "send", "put", "take_out"),
    model.WAITING: ("cancel",),
    model.SENT: ("decide", "decide", "decide", "view", "clarify", "cancel"),
    model.VIEWED: ("decide", "clarify", "cancel"),
    model.ASKED: ("answer", "decide", "cancel"),
    model.ACCEPTED: ("ask_annulment",),
    model.PARTLY: ("ask_annulment",),
    model.ANNULMENT: ("annul", "keep"),
}
"""What lawfully comes next, for the walk to get anywhere."""


MOVES = (
    *["onward"] * 8,
    *["overtaken", "repeat", "repeat", "draft", "anything", "deliver"] * 2,
    *["sign", "give_back", "twist", "try_again", "anothers_key", "time_passes"],
)


class Trade(RuleBasedStateMachine):
    """`papers` are signed and not delivered yet, `done` was answered, `refused` was not."""

    floor: Floor

    def __init__(self) -> None:
        super().__init__()
        self.world = self.floor.goods()
        self.papers: list[Request] = []
        self.done: list[Request] = []
        self.refused: list[Request] = []
        self.used: set[str] = set()
        self.touched: str | None = None

    @initialize(seller=PICK, buyer=PICK, goods=MANY)
    def begin(self, seller: int, buyer: int, goods: set[int]) -> None:
        """Each walk begins with an act that was sent, and a draft that wants some of the same goods."""
        for some in ({0, 2}, goods):
            self.draft(seller, max(2, buyer), "", some)
        self.onward(1, 0, "", set())

    @rule(move=st.sampled_from(MOVES), which=PICK, choice=PICK, verb=st.sampled_from(SIGNED + PLAIN), some=MANY)
    def step(self, move: str, which: int, choice: int, verb: str, some: set[int]) -> None:
        """One rule, so that the walk goes on more often than it stumbles."""
        getattr(self, move)(which, choice, verb, some)

    # What participants do

    def draft(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """A draft to another, to oneself, or to somebody who is not registered, with goods in it."""
        by = self.party(which)
        others = [one for one in self.floor.parties if one != by]
        to = {0: by, 1: None}.get(choice, others[choice % 2])
        self.make(by, to)
        self.go(self.ask(0, "put", by, some))

    def give_back(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """A return names the act by which the goods came."""
        original = self.act(which)
        old = self.world.acts[original]
        by = old.receiver if choice < 9 and old.receiver else self.party(choice)
        lawful = old.state in model.TAKEN and old.receiver == by != old.sender
        if by != old.sender:
            self.make(by, old.sender, original, lawful)
        if lawful:
            self.go(self.ask(0, "put", by, some))

    def onward(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """What lawfully comes next."""
        name = self.act(which)
        one = self.world.acts[name]
        if one.state not in ONWARD:
            self.draft(which, choice, verb, some)
            return
        verbs = ONWARD[one.state]
        verb = verbs[choice % len(verbs)]
        if verb == "send":
            why = self.world.why_not(Ask(one.sender, verb, name))
            verb = "put" if "acts.empty" in why else "take_out" if why else verb
        whose = sorted(side for side in self.world.sides(Ask("", verb, ""), one) if side) or [one.sender]
        self.go(self.named(name, verb, whose[choice % len(whose)], some))

    def anything(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """Whatever anybody may try."""
        self.go(self.ask(which, verb, self.party(choice), some))

    def sign(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """A paper is signed and stays on the device."""
        one = self.world.acts[self.act(which)]
        verb = next((verb for verb in ONWARD.get(one.state, ()) if verb in SIGNED), "send")
        whose = sorted(side for side in self.world.sides(Ask("", verb, ""), one) if side) or [one.sender]
        self.go(self.ask(which, verb, whose[choice % len(whose)], some), late=True)

    def deliver(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """A paper that was signed before, perhaps offline: the world has moved on meanwhile."""
        if self.papers:
            self.do(self.papers.pop(which % len(self.papers)))

    def overtaken(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """While the signature of one request is verified, another about the same act gets through."""
        self.sign(which, choice, verb, some)
        slow = self.papers.pop() if self.papers else None
        if slow and slow.ask.act in self.world.acts:
            act = self.world.acts[slow.ask.act]
            verbs = [one for one in ONWARD.get(act.state, ()) if one != slow.ask.verb] + [slow.ask.verb]
            quick = verbs[choice % len(verbs)]
            whose = sorted(side for side in self.world.sides(Ask("", quick, ""), act) if side) or [act.sender]
            first = self.named(slow.ask.act, quick, whose[-1], some)
            self.do(slow, meanwhile=lambda: self.go(first))

    # What the network and time do

    def repeat(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """Any earlier request comes again with its old key: the stored answer, and no effect."""
        old = self.done[-1 - (which + 12 * choice) % len(self.done)]
        answer = self.floor.deliver(old)
        assert (answer.status_code, answer.json) == (old.answer.status_code, old.answer.json), "another answer"
        assert answer.headers.get("Idempotent-Replay") == "true"

    def twist(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """Something else under an old key is refused."""
        old = self.done[-1 - which % len(self.done)]
        answer = self.floor.deliver(replace(old, body=(old.body or {}) | {"text": "Басқа"}))
        assert answer.status_code == 422, answer.text
        assert answer.json["error"]["code"] in ("request.idempotency_key_reused", "request.invalid"), answer.text

    def try_again(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """What was refused is not remembered: with the same key it is judged anew."""
        if self.refused:
            self.do(self.refused.pop(which % len(self.refused)))

    def anothers_key(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """A key counts for whoever made it: another organisation with the same request gets its own answer."""
        old = self.done[-1 - which % len(self.done)]
        whose = self.party(choice)
        if whose != old.ask.by and old.ask.verb in ("view", "clarify", "answer", "cancel", "keep"):
            self.do(replace(old, ask=replace(old.ask, by=whose)))

    def time_passes(self, which: int, choice: int, verb: str, some: set[int]) -> None:
        """The fifteenth working day ends, or is about to."""
        open_ = [name for name, one in self.world.acts.items() if one.state in model.OPEN]
        rows = db.session.query(Act.id, Act.due_at).filter(Act.id.in_(open_), Act.due_at.is_not(None)).all()
        db.session.rollback()
        if not rows:
            return
        over = bool(choice % 3)
        moments = [due for _, due in rows]
        with clock.at(max(moments) if over else min(moments) - timedelta(seconds=1)):
            tasks.expire_due()
        for name, _ in rows if over else ():
            self.world.expire(name)

    # What must always hold

    @invariant()
    def register_and_history_are_the_models(self) -> None:
        reading.hold(self.world, self.floor.ids)

    @invariant()
    def both_sides_see_the_act_and_others_nothing(self) -> None:
        if self.touched is None:
            return
        name, self.touched = self.touched, None
        act = self.world.acts.get(name)
        for by in list(self.floor.parties)[len(self.done) % 2 :]:
            seen = self.floor.see(by, f"/acts/{name}")
            if act is None or not self.world.sees(by, act):
                assert (seen.status_code, seen.json["error"]["code"]) == (404, model.UNKNOWN), seen.text
            else:
                assert (seen.json["state"], seen.json["version"]) == (act.state, act.version)
                if act.state != model.DRAFT:
                    assert (seen.json["units"], sum(one["units"] for one in seen.json["lines"])) == (
                        len(act.bound),
                    ) * 2

    def teardown(self) -> None:
        """What is still open waits for no later example's clock."""
        names = list(self.world.acts)
        unit_of_work(lambda: db.session.execute(update(Act).where(Act.id.in_(names)).values(due_at=None)))

    # How

    def make(self, by: str, to: str | None, original: str | None = None, lawful: bool = True) -> None:
        request = self.floor.draft(by, to, original)
        request.answer = made = self.floor.deliver(request)
        assert made.status_code == (201 if lawful else 422), made.text
        if lawful:
            self.world.acts[made.json["id"]] = model.Act(by, to, original)
            self.done.append(request)

    def do(self, request: Request, meanwhile: Callable[[], None] | None = None) -> None:
        """Deliver a request, see that its answer is one that the model allows, and let it happen in the model too."""
        ask = request.ask
        version = self.version(ask.act)
        answer = self.floor.deliver(request, meanwhile)
        self.touched = ask.act
        why = self.world.why_not(ask)
        if ask.verb == "send" and version and self.version(ask.act) != version:
            why = why | {"acts.draft_changed"}
        if request.cms in self.used:
            why = why | {"signatures.reused"}
        if why:
            self.expect_refusal(answer, why, ask)
            self.refused.append(request)
            return
        assert answer.status_code == 200, (ask, answer.text)
        results = self.world.happen(ask)
        if results is not None:
            assert [one["reason"] or one["status"] for one in answer.json["results"]] == results
        elif ask.verb != "discard":
            assert answer.json["state"] == self.world.acts[ask.act].state
        request.answer = answer
        self.used |= {request.cms} - {None}
        self.done.append(request)

    def version(self, name: str) -> int:
        return self.world.acts[name].version if name in self.world.acts else 0

    def expect_refusal(self, answer: Any, why: set[str], ask: Ask) -> None:
        assert answer.status_code in (403, 404, 409, 422), (ask, answer.text)
        error = answer.json["error"]
        assert error["code"] in why, (ask, error, why)
        if error["code"] == model.MOVED:
            assert error["params"]["state"] == self.world.acts[ask.act].state, "the other is not told what happened"
            assert error["params"]["at"], error

    def go(self, ask: Ask, late: bool = False) -> None:
        """Sign where the verb needs it, and deliver."""
        if ask.verb not in SIGNED:
            self.do(self.floor.plain(ask))
            return
        why = self.world.why_not(ask)
        request, listed = self.floor.sign(ask)
        if request is None:
            self.expect_refusal(listed, why - {"acts.later_event", "codes.moved_meanwhile"}, ask)
        elif late:
            self.papers.append(request)
        else:
            self.do(request)

    def ask(self, act: int, verb: str, by: str, some: set[int]) -> Ask:
        return self.named(self.act(act), verb, by, some)

    def named(self, name: str, verb: str, by: str, some: set[int]) -> Ask:
        """A request about this act; `some` chooses goods, units that are refused, or what else the verb needs."""
        one = self.world.acts[name]
        given: dict[str, Any] = {}
        if verb == "save":
            given["version"] = max(1, one.version - (len(some) % 2))
        if verb == "send":
            given["signed"] = self.world.paper(one)
        if verb == "put":
            given["goods"] = self.offered(one.sender, some)
        if verb == "take_out":
            inside = [name for name in (*self.world.codes, *self.world.boxes) if name in one.units | one.boxes]
            given["goods"] = tuple(inside[: len(some)]) or (next(iter(self.world.codes)),)
        if verb == "decide":
            bound = [code for code in self.world.codes if code in one.bound]
            given["all"] = len(some) == 4
            given["rejected"] = frozenset(bound[place % len(bound)] for place in some if bound and not given["all"])
        return Ask(by, verb, name, given)

    def offered(self, sender: str, some: set[int]) -> tuple[str, ...]:
        """Codes and boxes: the sender's own before those of others, what is loose before what is packed."""
        every = [*self.world.codes.items(), *self.world.boxes.items()]
        rank = [(one.owner != sender, self.held(one), place, name) for place, (name, one) in enumerate(every)]
        names = [name for *_, name in sorted(rank)]
        return tuple(dict.fromkeys(names[place % len(names)] for place in sorted(some or {0})))

    @staticmethod
    def held(one: model.Code | model.Box) -> bool:
        return isinstance(one, model.Code) and bool(one.box or one.act)

    def act(self, place: int) -> str:
        """Mostly one that something may still become of."""
        live = [name for name, one in self.world.acts.items() if one.state in ONWARD and place < 10]
        names = live or list(self.world.acts)
        return names[-1 - place % len(names)]

    def party(self, place: int) -> str:
        return list(self.floor.parties)[place % len(self.floor.parties)]

    def rows(self) -> list[Act]:
        return db.session.query(Act).filter(Act.id.in_(self.world.acts)).all()


def walk(floor: Floor) -> type[Trade]:
    """The machine on this floor."""
    return type("Walk", (Trade,), {"floor": floor})
