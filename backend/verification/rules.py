"""What a check answers: the order of judgement of DESIGN 7 as pure code. Never green by accident."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from backend.codes.rules import RETAIL, Flag, State
from backend.core.errors import Invalid, NotFound, TooLarge, Unavailable, UnsupportedMedia


class Outcome(StrEnum):
    IN_CIRCULATION = "in_circulation"
    SOLD = "sold"
    WITHDRAWN = "withdrawn"
    BLOCKED = "blocked"
    RECALLED = "recalled"
    FORGED = "forged"
    UNREGISTERED = "unregistered"
    NOT_INTRODUCED = "not_introduced"
    IN_TRANSFER = "in_transfer"
    EXPIRED = "expired"
    SUSPICIOUS = "suspicious"
    FOREIGN = "foreign"
    NOT_A_MARK = "not_a_mark"
    UNREADABLE = "unreadable"


class Look(StrEnum):
    OK = "ok"
    STOP = "stop"
    CARE = "care"
    UNKNOWN = "unknown"


LOOKS = {
    Outcome.IN_CIRCULATION: Look.OK,
    Outcome.SOLD: Look.STOP,
    Outcome.WITHDRAWN: Look.STOP,
    Outcome.BLOCKED: Look.STOP,
    Outcome.RECALLED: Look.STOP,
    Outcome.FORGED: Look.STOP,
    Outcome.UNREGISTERED: Look.STOP,
    Outcome.NOT_INTRODUCED: Look.CARE,
    Outcome.IN_TRANSFER: Look.CARE,
    Outcome.EXPIRED: Look.CARE,
    Outcome.SUSPICIOUS: Look.CARE,
    Outcome.FOREIGN: Look.UNKNOWN,
    Outcome.NOT_A_MARK: Look.UNKNOWN,
    Outcome.UNREADABLE: Look.UNKNOWN,
}

WORST_FIRST = (
    Outcome.BLOCKED,
    Outcome.RECALLED,
    Outcome.WITHDRAWN,
    Outcome.SOLD,
    Outcome.IN_TRANSFER,
    Outcome.EXPIRED,
    Outcome.NOT_INTRODUCED,
    Outcome.SUSPICIOUS,
    Outcome.IN_CIRCULATION,
)

OWN_PURCHASE = timedelta(days=1)
ALARM = 60

BLOCKED, RECALLED, LOST, IN_ACT = int(Flag.BLOCKED), int(Flag.RECALLED), int(Flag.LOST), int(Flag.IN_ACT)
NOT_ENTERED = int(Flag.EAEU_WAITING | Flag.CUSTOMS_REJECTED)


class Tail(StrEnum):
    """RIGHT and WRONG are certain; ABSENT also covers a tail too damaged to judge and marks that have none by nature
    (then `expected` of the facts is False)."""

    RIGHT = "right"
    WRONG = "wrong"
    ABSENT = "absent"


class Registered(NamedTuple):
    """What the register knows of a code at the moment of the check."""

    state: State
    flags: int
    reason: str | None
    changed_at: datetime
    expires_on: date | None
    score: int
    tail_expected: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    look: Look
    advice: str


def judge(known: Registered, tail: Tail, moment: datetime, today: date) -> Verdict:
    """Judge a code that the register has. A positive answer to a code typed without its tail asks to compare."""
    if tail is Tail.WRONG and known.tail_expected:
        return plain(Outcome.FORGED)
    outcome = by_state(known.state, known.flags, known.reason, known.expires_on, known.score, today)
    if outcome is Outcome.SOLD and moment - known.changed_at < OWN_PURCHASE:
        return Verdict(outcome, Look.CARE, "advice.sold_recently")
    if outcome is Outcome.IN_CIRCULATION and known.tail_expected and tail is Tail.ABSENT:
        return Verdict(outcome, Look.CARE, "advice.typed")
    return plain(outcome)


def by_state(state: State, flags: int, reason: str | None, expires_on: date | None, score: int, today: date) -> Outcome:
    """The register's half of the judgement, in the fixed order."""
    bits = int(flags)  # plain numbers: testing an enum's bits costs more than the rest of the judgement
    if bits & BLOCKED:
        return Outcome.BLOCKED
    if bits & RECALLED:
        return Outcome.RECALLED
    if state is State.WITHDRAWN and reason == RETAIL:
        return Outcome.SOLD
    if state in (State.WITHDRAWN, State.WRITTEN_OFF, State.CANCELLED) or bits & LOST:
        return Outcome.WITHDRAWN
    if bits & IN_ACT:
        return Outcome.IN_TRANSFER
    if expires_on is not None and expires_on < today:
        return Outcome.EXPIRED
    if state is not State.INTRODUCED or bits & NOT_ENTERED:
        return Outcome.NOT_INTRODUCED
    return Outcome.SUSPICIOUS if score >= ALARM else Outcome.IN_CIRCULATION


def judge_package(inside: list[tuple[str, int, str | None, int]]) -> tuple[Verdict, int]:
    """The worst state inside a package, and how many codes are in it. An empty one is not in circulation."""
    outcomes = {
        by_state(State(state), Flag(flags), reason, None, 0, date.min): count for state, flags, reason, count in inside
    }
    total = sum(count for *_, count in inside)
    worst = next((one for one in WORST_FIRST if one in outcomes), Outcome.NOT_INTRODUCED)
    return Verdict(worst, LOOKS[worst], "advice.package"), total


def for_trial(verdict: Verdict) -> Verdict:
    """Goods of a sandbox are never legal: what would be, asks for care and says that it is a trial."""
    return SANDBOX if verdict.outcome is Outcome.IN_CIRCULATION else verdict


def category(state: State, flags: int, reason: str | None) -> str | None:
    """The public category of why a code is out: never the document, never the parties."""
    bits = int(flags)
    if bits & LOST and state is State.INTRODUCED:
        return "LOST"
    if state is State.INTRODUCED and not bits & (BLOCKED | RECALLED):
        return None
    return reason or (state.value if state is not State.WITHDRAWN else None)


PLAIN = {outcome: Verdict(outcome, LOOKS[outcome], f"advice.{outcome.value}") for outcome in Outcome}


SANDBOX = Verdict(Outcome.IN_CIRCULATION, Look.CARE, "advice.sandbox")


def plain(outcome: Outcome) -> Verdict:
    return PLAIN[outcome]


ADVICE = frozenset(
    {f"advice.{outcome.value}" for outcome in Outcome}
    | {"advice.sold_recently", "advice.typed", "advice.package", "advice.barcode", "advice.sandbox"}
)
"""Every advice code that an answer can carry; the PWA has words for each."""


class CodeTooLong(TooLarge):
    code = "verification.code_too_long"


class ImageTooLarge(TooLarge):
    code = "verification.image_too_large"


class ImageUnsupported(UnsupportedMedia):
    code = "verification.image_unsupported"


class ImageDamaged(Invalid):
    code = "verification.image_damaged"


class DecoderBusy(Unavailable):
    """Every decoding process has work; the same photo may be sent again."""

    code = "verification.decoder_busy"


class ImageMissing(Invalid):
    code = "verification.image_missing"


class ListUnknown(NotFound):
    code = "verification.list_unknown"


class LinkInvalid(Invalid):
    code = "verification.link_invalid"
