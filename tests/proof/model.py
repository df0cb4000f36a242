"""What acts and their codes must do, in plain Python and nothing of the platform's: the machine holds the platform
against this after each step. Codes, boxes and organisations are named by their texts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

DRAFT, WAITING, SENT, VIEWED, ASKED = "draft", "waiting_participant", "sent", "viewed", "clarification"
ACCEPTED, PARTLY, REJECTED = "accepted", "partly_accepted", "rejected"
CANCELLED, EXPIRED, ANNULMENT, ANNULLED = "cancelled", "expired", "annulment_requested", "annulled"

AWAITED = {SENT, VIEWED, ASKED}
OPEN = AWAITED | {WAITING}
TAKEN = {ACCEPTED, PARTLY}

BEGINS = {
    "send": {DRAFT},
    "clarify": {SENT, VIEWED},
    "answer": {ASKED},
    "cancel": OPEN,
    "decide": AWAITED,
    "ask_annulment": TAKEN,
    "annul": {ANNULMENT},
    "keep": {ANNULMENT},
}
DRAFTING = {"put", "take_out", "save", "discard"}

MOVED, WRONG_SIDE, UNKNOWN = "acts.moved_meanwhile", "acts.not_your_side", "acts.unknown"


@dataclass(frozen=True)
class Ask:
    """A request: who asks for what of which act. `given` holds what the verb needs besides."""

    by: str
    verb: str
    act: str
    given: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass
class Code:
    """`life` lists what happened to it since the example began: (event, document)."""

    owner: str
    box: str | None = None
    act: str | None = None
    life: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Box:
    owner: str
    closed: bool = True


@dataclass
class Act:
    """`bound` are the codes that it was sent with, `taken` those that were accepted, each with the length of its life
    at that moment. `steps` are the steps that the audit trail must name."""

    sender: str
    receiver: str | None
    original: str | None = None
    state: str = DRAFT
    version: int = 1
    units: set[str] = field(default_factory=set)
    boxes: set[str] = field(default_factory=set)
    bound: frozenset[str] = frozenset()
    taken: dict[str, int] = field(default_factory=dict)
    asked_by: str | None = None
    before: str = ""
    steps: list[str] = field(default_factory=list)


@dataclass
class World:
    codes: dict[str, Code] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)

    def inside(self, box: str) -> set[str]:
        return {name for name, code in self.codes.items() if code.box == box}

    def content(self, act: Act) -> frozenset[str]:
        """The codes that a draft names now, or that a sent act was sent with."""
        if act.state != DRAFT:
            return act.bound
        return frozenset(act.units.union(*(self.inside(box) for box in act.boxes)))

    def sees(self, by: str, act: Act) -> bool:
        return by == act.sender or (by == act.receiver and act.state != DRAFT)

    def why_not(self, ask: Ask) -> set[str]:
        """Every reason for which this may be refused now. Where there is one the platform must name one of them;
        where there is none it must do what was asked."""
        act = self.acts.get(ask.act)
        if act is None or not self.sees(ask.by, act):
            return {UNKNOWN}
        if ask.verb in DRAFTING:
            stale = ask.verb == "save" and ask.given["version"] != act.version
            return {MOVED} if act.state != DRAFT else {"acts.draft_changed"} if stale else set()
        why = set() if ask.by in self.sides(ask, act) else {WRONG_SIDE}
        if act.state not in BEGINS.get(ask.verb, {act.state}):
            why.add(MOVED)
        return why | getattr(self, f"_not_{ask.verb}", lambda _ask, _act: set())(ask, act)

    def sides(self, ask: Ask, act: Act) -> set[str | None]:
        """Whose step it is."""
        if ask.verb in DRAFTING:
            return {act.sender}
        if ask.verb in ("view", "clarify", "decide"):
            return {act.receiver}
        if ask.verb in ("send", "answer", "cancel"):
            return {act.sender}
        both = {act.sender, act.receiver}
        return both if len(both) == 1 or ask.verb == "ask_annulment" else both - {act.asked_by}

    def _not_send(self, ask: Ask, act: Act) -> set[str]:
        content = self.content(act)
        why = set() if content else {"acts.empty"}
        if ask.given.get("signed", self.paper(act)) != self.paper(act):
            why |= {"signatures.document_changed", "acts.document_changed", "acts.draft_changed"}
        if any(self.codes[one].act or self.codes[one].owner != act.sender for one in content):
            why.add("codes.moved_meanwhile")
        if act.original and not content <= self.acts[act.original].taken.keys():
            why.add("acts.original_invalid")
        return why

    def _not_decide(self, ask: Ask, act: Act) -> set[str]:
        return set() if ask.given["rejected"] <= act.bound else {"acts.decision_invalid"}

    def _not_ask_annulment(self, ask: Ask, act: Act) -> set[str]:
        moved = any(len(self.codes[one].life) != length for one, length in act.taken.items())
        return {"acts.later_event"} if moved else set()

    _not_annul = _not_ask_annulment

    def paper(self, act: Act) -> tuple[frozenset[str], frozenset[str]]:
        """What the sender's signature covers of the goods."""
        return self.content(act), frozenset(act.boxes)

    def happen(self, ask: Ask) -> list[str] | None:
        """Do what may be done; says what became of each scan, where there were some."""
        act = self.acts[ask.act]
        before = act.state
        results = getattr(self, f"_{ask.verb}")(ask, act)
        if ask.verb in DRAFTING or act.state != before:
            act.version += 1
        return results

    def expire(self, name: str) -> None:
        act = self.acts[name]
        if act.state in OPEN:
            self._release(act, act.bound)
            self._step(act, "expire", EXPIRED)
            act.version += 1

    def putting(self, act: Act, goods: str) -> str:
        """What a scan into a draft is answered with: added, already, or why not."""
        if box := self.boxes.get(goods):
            if box.owner != act.sender:
                return "unknown"
            if not box.closed or goods in act.boxes:
                return "already" if box.closed else "opened"
            inside = (self._staying(act, code) for code in self.codes.values() if code.box == goods)
            return next(filter(None, inside), "added")
        code = self.codes[goods]
        if code.box in act.boxes:
            return "already"
        if why := self._staying(act, code):
            return why
        return "packed" if code.box else "already" if goods in act.units else "added"

    def _staying(self, act: Act, code: Code) -> str | None:
        if code.owner != act.sender:
            return "not_yours"
        return "in_act" if code.act else None

    def _put(self, ask: Ask, act: Act) -> list[str]:
        results = []
        for goods in ask.given["goods"]:
            results.append(self.putting(act, goods))
            if results[-1] == "added":
                (act.boxes if goods in self.boxes else act.units).add(goods)
        return results

    def _take_out(self, ask: Ask, act: Act) -> None:
        act.units -= set(ask.given["goods"])
        act.boxes -= set(ask.given["goods"])

    def _save(self, ask: Ask, act: Act) -> None:
        pass

    def _discard(self, ask: Ask, act: Act) -> None:
        del self.acts[ask.act]

    def _send(self, ask: Ask, act: Act) -> None:
        act.bound = self.content(act)
        self._live(act.bound, "send", ask.act, act=ask.act)
        self._step(act, "send", SENT if act.receiver else WAITING)

    def _view(self, ask: Ask, act: Act) -> None:
        if act.state == SENT:
            self._step(act, "view", VIEWED)

    def _clarify(self, ask: Ask, act: Act) -> None:
        self._step(act, "clarify", ASKED)

    def _answer(self, ask: Ask, act: Act) -> None:
        self._step(act, "answer", VIEWED)

    def _cancel(self, ask: Ask, act: Act) -> None:
        self._release(act, act.bound)
        self._step(act, "cancel", CANCELLED)

    def _decide(self, ask: Ask, act: Act) -> None:
        rejected = act.bound if ask.given.get("all") else ask.given["rejected"]
        self._release(act, rejected)
        if rejected == act.bound:
            self._step(act, "reject", REJECTED)
            return
        taken = act.bound - rejected
        self._live(taken, "confirm", ask.act, act=None, owner=act.receiver)
        act.taken = {one: len(self.codes[one].life) for one in taken}
        self._step(act, *(("accept_partly", PARTLY) if rejected else ("accept", ACCEPTED)))

    def _ask_annulment(self, ask: Ask, act: Act) -> None:
        act.asked_by, act.before = ask.by, act.state
        self._step(act, "request_annulment", ANNULMENT)

    def _annul(self, ask: Ask, act: Act) -> None:
        self._live(act.taken, "give_back", ask.act, act=None, owner=act.sender)
        self._step(act, "annul", ANNULLED)

    def _keep(self, ask: Ask, act: Act) -> None:
        act.asked_by = None
        self._step(act, "refuse_annulment", act.before)

    def _step(self, act: Act, step: str, state: str) -> None:
        act.state = state
        act.steps.append(step)

    def _release(self, act: Act, codes: Collection[str]) -> None:
        """Free the codes; a box of which only a part is freed is opened."""
        name = next(name for name, one in self.acts.items() if one is act)
        self._live(codes, "release", name, act=None)
        for box in {self.codes[one].box for one in codes} - {None}:
            if not self.inside(box) <= set(codes):
                self.boxes[box].closed = False
                for one in self.inside(box):
                    self.codes[one].box = None

    def _live(self, codes: Collection[str], event: str, document: str, **values: Any) -> None:
        for one in codes:
            code = self.codes[one]
            code.life.append((event, document))
            for name, value in values.items():
                setattr(code, name, value)
            if "owner" in values and code.box:
                self.boxes[code.box].owner = values["owner"]
