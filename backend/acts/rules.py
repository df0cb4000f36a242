"""Pure rules of the act of acceptance-transfer: its kinds, states, who may do what when, terms, and what is refused."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from backend.core import calendar
from backend.core.clock import ALMATY
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound

CONFIRM_WITHIN = 15
REMINDED_AT = (10, 14)
"""Working days from sending: the buyer confirms within 15 (KZ-44 п.38); both sides are reminded before."""

LARGEST_ACT = 150_000
"""Units in one act: an order of codes is no larger, and a whole order may change hands at once."""

LARGEST_PRICE = 60_000_000_000
"""Tiyn for one unit: what the largest act costs is still a whole number to every reader of JSON (below 2**53)."""


class Kind(StrEnum):
    """SALE, COMMISSION and AGENT are kinds of turnover (DOMAIN 4.1); INTERNAL moves goods to a branch or another place
    without being a sale in accounting (S4-67); RETURN goes back to the supplier and names the original act."""

    SALE = "sale"
    COMMISSION = "commission"
    AGENT = "agent"
    INTERNAL = "internal"
    RETURN = "return"


class State(StrEnum):
    """CHECKING: sent under a signature of whose revocation nobody can tell yet; the codes are bound, the receiver knows
    nothing. DECIDING: decided under such a signature; nothing has changed hands, and nobody can decide again."""

    DRAFT = "draft"
    CHECKING = "checking"
    WAITING_PARTICIPANT = "waiting_participant"
    SENT = "sent"
    VIEWED = "viewed"
    CLARIFICATION = "clarification"
    DECIDING = "deciding"
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    ANNULMENT_REQUESTED = "annulment_requested"
    ANNULLED = "annulled"


class Verb(StrEnum):
    """What can be done to an act. JOIN happens when the invited buyer has registered.

    SUBMIT is sending, and HOLD deciding, under a signature whose revocation is unknown. When it turns out good, SETTLE
    and TAKE_EFFECT follow; when not, DISCARD and DROP. Meanwhile the sender may TAKE_BACK what nobody has seen.
    """

    SEND = "send"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    SETTLE = "settle"
    DISCARD = "discard"
    JOIN = "join"
    VIEW = "view"
    CLARIFY = "clarify"
    ANSWER = "answer"
    ACCEPT = "accept"
    ACCEPT_PARTLY = "accept_partly"
    REJECT = "reject"
    HOLD = "hold"
    TAKE_EFFECT = "take_effect"
    DROP = "drop"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REQUEST_ANNULMENT = "request_annulment"
    ANNUL = "annul"
    REFUSE_ANNULMENT = "refuse_annulment"
    CORRECT = "correct"
    PROPOSE_CORRECTION = "propose_correction"
    AGREE_CORRECTION = "agree_correction"
    REFUSE_CORRECTION = "refuse_correction"
    WITHDRAW_CORRECTION = "withdraw_correction"


class Side(StrEnum):
    SENDER = "sender"
    RECEIVER = "receiver"
    EITHER = "either"
    OTHER = "other"
    SYSTEM = "system"


OPEN = frozenset({State.WAITING_PARTICIPANT, State.SENT, State.VIEWED, State.CLARIFICATION})
"""Codes are bound to the act and wait for the receiver."""

DECIDED = frozenset({State.ACCEPTED, State.PARTLY_ACCEPTED})
CLOSED = frozenset(
    {State.ACCEPTED, State.PARTLY_ACCEPTED, State.REJECTED, State.EXPIRED, State.CANCELLED, State.ANNULLED}
)
AWAITED = frozenset({State.SENT, State.VIEWED, State.CLARIFICATION})
"""The receiver may decide."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table. `signed`: the step binds, so it carries a signature. OTHER is the side that did not ask.
    `to` None: the act stays where it is, or goes back to where it was."""

    sources: frozenset[State]
    to: State | None
    by: Side
    signed: bool = False


STEPS: dict[Verb, Step] = {
    Verb.SEND: Step(frozenset({State.DRAFT}), State.SENT, Side.SENDER, signed=True),
    Verb.SUBMIT: Step(frozenset({State.DRAFT}), State.CHECKING, Side.SENDER, signed=True),
    Verb.TAKE_BACK: Step(frozenset({State.CHECKING}), State.DRAFT, Side.SENDER),
    Verb.SETTLE: Step(frozenset({State.CHECKING}), State.SENT, Side.SYSTEM),
    Verb.DISCARD: Step(frozenset({State.CHECKING}), State.DRAFT, Side.SYSTEM),
    Verb.JOIN: Step(frozenset({State.WAITING_PARTICIPANT}), State.SENT, Side.SYSTEM),
    Verb.VIEW: Step(frozenset({State.SENT}), State.VIEWED, Side.RECEIVER),
    Verb.CLARIFY: Step(frozenset({State.SENT, State.VIEWED}), State.CLARIFICATION, Side.RECEIVER),
    Verb.ANSWER: Step(frozenset({State.CLARIFICATION}), State.VIEWED, Side.SENDER),
    Verb.ACCEPT: Step(AWAITED, State.ACCEPTED, Side.RECEIVER, signed=True),
    Verb.ACCEPT_PARTLY: Step(AWAITED, State.PARTLY_ACCEPTED, Side.RECEIVER, signed=True),
    Verb.REJECT: Step(AWAITED, State.REJECTED, Side.RECEIVER, signed=True),
    Verb.HOLD: Step(AWAITED, State.DECIDING, Side.RECEIVER, signed=True),
    Verb.TAKE_EFFECT: Step(frozenset({State.DECIDING}), None, Side.SYSTEM),
    Verb.DROP: Step(frozenset({State.DECIDING}), None, Side.SYSTEM),
    Verb.CANCEL: Step(OPEN, State.CANCELLED, Side.SENDER),
    Verb.EXPIRE: Step(OPEN, State.EXPIRED, Side.SYSTEM),
    Verb.REQUEST_ANNULMENT: Step(DECIDED, State.ANNULMENT_REQUESTED, Side.EITHER, signed=True),
    Verb.ANNUL: Step(frozenset({State.ANNULMENT_REQUESTED}), State.ANNULLED, Side.OTHER, signed=True),
    Verb.REFUSE_ANNULMENT: Step(frozenset({State.ANNULMENT_REQUESTED}), None, Side.OTHER),
    Verb.CORRECT: Step(OPEN, None, Side.SENDER, signed=True),
    Verb.PROPOSE_CORRECTION: Step(DECIDED, None, Side.SENDER, signed=True),
    Verb.AGREE_CORRECTION: Step(DECIDED, None, Side.RECEIVER, signed=True),
    Verb.REFUSE_CORRECTION: Step(DECIDED, None, Side.RECEIVER),
    Verb.WITHDRAW_CORRECTION: Step(DECIDED, None, Side.SENDER),
}
"""DOMAIN 4.1. After REFUSE_ANNULMENT and DROP the act is again what it was before; TAKE_EFFECT leads to what was
decided. Corrections change no state: before the decision the sender corrects alone, afterwards both agree."""


class Rejection(StrEnum):
    """Why the receiver does not take a unit; OTHER needs words."""

    MISSING = "missing"
    DAMAGED = "damaged"
    OTHER_GOODS = "other_goods"
    NOT_ORDERED = "not_ordered"
    UNREADABLE = "unreadable"
    OTHER = "other"


class Mode(StrEnum):
    """How the receiver checked: every unit, a sample with the rest on trust, or nothing at all (DOMAIN 6, 4)."""

    FULL = "full"
    SAMPLE = "sample"
    TRUST = "trust"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A unit that is not taken: its identification code, why, words where the reason is OTHER, and the SHA-256 of
    photos that show it."""

    code: str
    reason: Rejection
    words: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What the receiver decided. `rejected` names units, `extra` codes that came and are not in the act, `sampled` how
    many units were scanned where the rest is taken on trust, `place_id` where the goods will be kept. `reason` and
    `words` say why everything is rejected at once."""

    mode: Mode = Mode.TRUST
    rejected: tuple[Refusal, ...] = ()
    extra: tuple[str, ...] = ()
    sampled: int = 0
    all_rejected: bool = False
    place_id: str | None = None
    reason: Rejection | None = None
    words: str = ""


class ActUnknown(NotFound):
    """No such act, or none that this organisation takes part in."""

    code = "acts.unknown"


class ActMoved(Conflict):
    """The act is not in a state that allows this. `state` is what it is, `verb` what was asked, `at` since when."""

    code = "acts.moved_meanwhile"


class DraftChanged(Conflict):
    """Somebody else of the organisation saved the draft since it was read. `version` is the present one."""

    code = "acts.draft_changed"


class NotYourSide(Forbidden):
    """Only the other party of the act may do this."""

    code = "acts.not_your_side"


class SigningRightMissing(Forbidden):
    """The signature is good, but its owner may not bind this organisation: neither the certificate nor a power of
    attorney says so."""

    code = "acts.signing_right_missing"


class NothingInside(Invalid):
    code = "acts.empty"


class TooLarge(Invalid):
    code = "acts.too_large"


class ReceiverInvalid(Invalid):
    """The buyer is missing, is the sender itself (except for an internal move), or is no tax number."""

    code = "acts.receiver_invalid"


class OriginalInvalid(Invalid):
    """A return names an accepted act from that supplier to this organisation."""

    code = "acts.original_invalid"


class DecisionInvalid(Invalid):
    """Decisions must name units of the act, each once, with a reason where they reject."""

    code = "acts.decision_invalid"


class DocumentChanged(Conflict):
    """The act is not any more what was signed: read it again and sign that."""

    code = "acts.document_changed"


class ActCorrected(Conflict):
    """The sender corrected the act after the receiver had signed. `changed` names what, `at` says when: the receiver
    reads it and signs again."""

    code = "acts.corrected_meanwhile"


class NothingLeft(Conflict):
    """None of the goods of the earlier act can be sent now: they were sold, moved on, or are held."""

    code = "acts.nothing_left"


class InvitationUnknown(NotFound):
    """No link of ours."""

    code = "acts.invitation_unknown"


class TooManyLetters(Conflict):
    """One act is no reason to fill a mailbox."""

    code = "acts.too_many_letters"


class LaterEvent(Conflict):
    """An act is annulled only while it is the last thing that happened to all its codes."""

    code = "acts.later_event"


def require_decision(decision: Decision, units: int) -> None:
    """Raises DecisionInvalid: a unit named twice, OTHER without words, everything and single units rejected at once, or
    a sample that is none; or a reason for all of it where not all is rejected."""
    codes = [one.code for one in decision.rejected]
    wordless = any(one.reason is Rejection.OTHER and not one.words.strip() for one in (*decision.rejected, decision))
    reasoned = decision.reason is not None or decision.words != ""
    sample = decision.mode is Mode.SAMPLE and not 0 < decision.sampled < units
    doubled = decision.all_rejected and codes
    if len(set(codes)) != len(codes) or wordless or sample or doubled or (reasoned and not decision.all_rejected):
        raise DecisionInvalid()


def verb_of(decision: Decision, units: int) -> Verb:
    """ACCEPT, ACCEPT_PARTLY or REJECT."""
    if decision.all_rejected or len(decision.rejected) == units:
        return Verb.REJECT
    return Verb.ACCEPT_PARTLY if decision.rejected else Verb.ACCEPT


def verb_said(said: dict[str, Any], units: int) -> Verb:
    """The verb of a decision that was signed, from what its bytes say."""
    if said["all_rejected"] or len(said["rejected"]) == units:
        return Verb.REJECT
    return Verb.ACCEPT_PARTLY if said["rejected"] else Verb.ACCEPT


def require(verb: Verb, state: State, *, at: datetime | None = None) -> None:
    """Raises ActMoved when the table has no such step from this state."""
    if state not in STEPS[verb].sources:
        raise ActMoved(verb=verb.value, state=state.value, at=at.isoformat() if at else None)


def require_side(verb: Verb, *, sender: bool, receiver: bool, asked_by_us: bool = False) -> None:
    """Whether the asking organisation is on the side that may do this. In an internal move it is on both.

    Raises NotYourSide.
    """
    allowed = {
        Side.SENDER: sender,
        Side.RECEIVER: receiver,
        Side.EITHER: sender or receiver,
        Side.OTHER: (sender or receiver) and (not asked_by_us or (sender and receiver)),
        Side.SYSTEM: False,
    }
    if not allowed[STEPS[verb].by]:
        raise NotYourSide(verb=verb.value)


REPEATABLE = frozenset({State.REJECTED, State.EXPIRED, State.CANCELLED, State.PARTLY_ACCEPTED})
"""Goods, or some of them, are the sender's again."""


def require_repeat(state: State, *, sender: bool, at: datetime) -> None:
    """Whether this side may begin the act anew. Raises NotYourSide, ActMoved."""
    if not sender:
        raise NotYourSide(verb="again")
    if state not in REPEATABLE:
        raise ActMoved(verb="again", state=state.value, at=at.isoformat())


def require_return(state: State, kind: Kind, *, receiver: bool, at: datetime) -> None:
    """Whether this side may return what the act brought. Nothing came by an internal move. Raises NotYourSide,
    ActMoved."""
    if not receiver or kind is Kind.INTERNAL:
        raise NotYourSide(verb="return")
    if state not in DECIDED:
        raise ActMoved(verb="return", state=state.value, at=at.isoformat())


def require_route(kind: Kind, sender_place: str | None, receiver_place: str | None) -> None:
    """An internal move goes to another of one's own places. Raises ReceiverInvalid."""
    if kind is Kind.INTERNAL and (receiver_place is None or receiver_place == sender_place):
        raise ReceiverInvalid(fields=[{"field": "receiver_place_id", "code": "place"}])


def due(sent: datetime) -> datetime:
    """When an act that was sent at this moment expires: the end of the fifteenth working day in Kazakhstan."""
    return calendar.end_of(calendar.after_working_days(sent.astimezone(ALMATY).date(), CONFIRM_WITHIN))


def last_day(due: datetime) -> date:
    """The last day of a term that runs out at this moment."""
    return (due - timedelta(microseconds=1)).astimezone(ALMATY).date()


def reminder(due: datetime, today: date) -> int | None:
    """Which of REMINDED_AT is reached on this day, the last one first; None before the first. Counted back from the
    end of the term, because a term may begin later than the act was signed."""
    passed = CONFIRM_WITHIN - calendar.working_days_between(today, last_day(due))
    return next((days for days in reversed(REMINDED_AT) if passed >= days), None)


def late(transfer_date: date, today: date) -> bool:
    """Whether the act is sent after the day of the sale (S0-27). A warning: the goods have changed hands already."""
    return today > transfer_date
