"""The law of the ledger: states, flags, the one transition table, and what is refused. Pure."""

import hashlib
from dataclasses import dataclass, field
from enum import IntFlag, StrEnum

from backend.core.errors import Conflict, Invalid, NotFound


class State(StrEnum):
    EMITTED = "EMITTED"
    RECEIVED = "RECEIVED"
    APPLIED = "APPLIED"
    INTRODUCED = "INTRODUCED"
    WITHDRAWN = "WITHDRAWN"
    WRITTEN_OFF = "WRITTEN_OFF"
    CANCELLED = "CANCELLED"


class Flag(IntFlag):
    """What stands beside the state; a set, kept as one number."""

    IN_ACT = 1
    BLOCKED = 2
    RECALLED = 4
    LOST = 8
    EAEU_WAITING = 16
    CUSTOMS_REJECTED = 32
    REMARKED = 64


NONE = Flag(0)
HELD = Flag.IN_ACT | Flag.BLOCKED | Flag.RECALLED | Flag.LOST | Flag.EAEU_WAITING


class Event(StrEnum):
    """Everything that can happen to a code; numbers are the rows of the transition table."""

    EMIT = "emit"  # T1
    RECEIVE = "receive"  # T2
    ANNUL_UNUSED = "annul_unused"  # T3
    CANCEL = "cancel"  # T4
    APPLY = "apply"  # T5
    INTRODUCE_PRODUCTION = "introduce_production"  # T6
    INTRODUCE_IMPORT = "introduce_import"  # T7
    REJECT_AT_CUSTOMS = "reject_at_customs"  # T7, negative
    CLEAR_AT_CUSTOMS = "clear_at_customs"  # T7, after mending
    ACCEPT_EAEU = "accept_eaeu"  # T8
    INTRODUCE_REMAINS = "introduce_remains"  # T9
    INTRODUCE_REMARKED = "introduce_remarked"  # T10, the new code
    REPLACE_REMARKED = "replace_remarked"  # T10, the old code
    SEND = "send"  # T11
    CONFIRM = "confirm"  # T12
    RELEASE = "release"  # T13
    GIVE_BACK = "give_back"  # T12 undone: both sides annulled their act
    SELL = "sell"  # T14
    WITHDRAW = "withdraw"  # T15
    WRITE_OFF = "write_off"  # T16
    RETURN = "return"  # T17
    CANCEL_WITHDRAWAL = "cancel_withdrawal"  # T18
    AGGREGATE = "aggregate"  # T19
    DISAGGREGATE = "disaggregate"  # T20
    BLOCK = "block"  # T21
    UNBLOCK = "unblock"  # T21
    RECALL = "recall"  # T21
    LIFT_RECALL = "lift_recall"  # T21
    LOSE = "lose"  # T22
    FIND = "find"  # T22
    CORRECT = "correct"  # T23
    FIND_WITHDRAWN = "find_withdrawn"  # T24


class By(StrEnum):
    """Whose act it is. OWNER: the present owner. RECEIVER: the other side of the act. TAKER: the shop that takes a
    thing back. OPERATOR and SYSTEM move codes whoever owns them."""

    OWNER = "owner"
    RECEIVER = "receiver"
    TAKER = "taker"
    OPERATOR = "operator"
    SYSTEM = "system"


class Packing(StrEnum):
    """What an event means for the package around a code: ANY ignores it; WHOLE moves only with everything inside;
    OPENS opens every package around it; SPLITS opens those of which only a part takes part; FREE refuses a packed
    code; INSIDE refuses a loose one."""

    ANY = "any"
    WHOLE = "whole"
    OPENS = "opens"
    SPLITS = "splits"
    FREE = "free"
    INSIDE = "inside"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. `to` None keeps the state. `forbids` and `requires` are flags before the event."""

    sources: frozenset[State]
    to: State | None
    by: By
    sets: Flag = NONE
    clears: Flag = NONE
    requires: Flag = NONE
    forbids: Flag = HELD
    packing: Packing = Packing.ANY
    changes_owner: bool = False
    needs_reason: bool = False
    reasons: frozenset[str] = field(default_factory=frozenset)


def _row(sources: str, to: State | None, by: By, **more: object) -> Transition:
    return Transition(frozenset(State(name) for name in sources.split()), to, by, **more)


EVERY = " ".join(State)
LOSSES = frozenset({"LOSS", "DAMAGE_LOSS", "KM_LOST", "GOODS_LOST"})

TRANSITIONS: dict[Event, Transition] = {
    Event.RECEIVE: _row("EMITTED", State.RECEIVED, By.OWNER, forbids=Flag.BLOCKED),
    Event.ANNUL_UNUSED: _row("EMITTED RECEIVED", State.CANCELLED, By.SYSTEM, forbids=NONE, needs_reason=True),
    Event.CANCEL: _row("EMITTED RECEIVED", State.CANCELLED, By.OWNER, needs_reason=True, packing=Packing.OPENS),
    Event.APPLY: _row("RECEIVED", State.APPLIED, By.OWNER),
    Event.INTRODUCE_PRODUCTION: _row("APPLIED", State.INTRODUCED, By.OWNER, forbids=HELD | Flag.CUSTOMS_REJECTED),
    Event.INTRODUCE_IMPORT: _row("APPLIED", State.INTRODUCED, By.OWNER, forbids=HELD | Flag.CUSTOMS_REJECTED),
    Event.REJECT_AT_CUSTOMS: _row("APPLIED", None, By.OPERATOR, sets=Flag.CUSTOMS_REJECTED),
    Event.CLEAR_AT_CUSTOMS: _row(
        "APPLIED", None, By.OPERATOR, requires=Flag.CUSTOMS_REJECTED, clears=Flag.CUSTOMS_REJECTED
    ),
    Event.INTRODUCE_REMAINS: _row("APPLIED", State.INTRODUCED, By.OWNER),
    Event.INTRODUCE_REMARKED: _row("APPLIED", State.INTRODUCED, By.OWNER),
    Event.REPLACE_REMARKED: _row(
        "INTRODUCED WITHDRAWN",
        State.WRITTEN_OFF,
        By.OWNER,
        sets=Flag.REMARKED,
        packing=Packing.OPENS,
        needs_reason=True,
    ),
    Event.SEND: _row("INTRODUCED", None, By.OWNER, sets=Flag.IN_ACT, packing=Packing.WHOLE),
    Event.CONFIRM: _row(
        "INTRODUCED",
        None,
        By.RECEIVER,
        requires=Flag.IN_ACT,
        clears=Flag.IN_ACT,
        forbids=Flag.BLOCKED | Flag.RECALLED,
        changes_owner=True,
    ),
    Event.RELEASE: _row(
        "INTRODUCED",
        None,
        By.SYSTEM,
        requires=Flag.IN_ACT,
        clears=Flag.IN_ACT,
        forbids=NONE,
        packing=Packing.SPLITS,
    ),
    Event.GIVE_BACK: _row("INTRODUCED", None, By.OWNER, packing=Packing.WHOLE, changes_owner=True),
    Event.SELL: _row("INTRODUCED", State.WITHDRAWN, By.OWNER, packing=Packing.OPENS, needs_reason=True),
    Event.WITHDRAW: _row("INTRODUCED", State.WITHDRAWN, By.OWNER, packing=Packing.OPENS, needs_reason=True),
    Event.WRITE_OFF: _row(
        "RECEIVED APPLIED INTRODUCED", State.WRITTEN_OFF, By.OWNER, packing=Packing.OPENS, needs_reason=True
    ),
    Event.RETURN: _row("WITHDRAWN", State.INTRODUCED, By.TAKER, changes_owner=True),
    Event.CANCEL_WITHDRAWAL: _row("WITHDRAWN", State.INTRODUCED, By.OWNER),
    Event.AGGREGATE: _row("APPLIED INTRODUCED", None, By.OWNER, packing=Packing.FREE),
    Event.DISAGGREGATE: _row(EVERY, None, By.OWNER, forbids=Flag.IN_ACT, packing=Packing.INSIDE),
    Event.BLOCK: _row(EVERY, None, By.OPERATOR, sets=Flag.BLOCKED, forbids=Flag.BLOCKED, needs_reason=True),
    Event.UNBLOCK: _row(EVERY, None, By.OPERATOR, clears=Flag.BLOCKED, requires=Flag.BLOCKED, forbids=NONE),
    Event.RECALL: _row(EVERY, None, By.OPERATOR, sets=Flag.RECALLED, forbids=Flag.RECALLED, needs_reason=True),
    Event.LIFT_RECALL: _row(EVERY, None, By.OPERATOR, clears=Flag.RECALLED, requires=Flag.RECALLED, forbids=NONE),
    Event.LOSE: _row("INTRODUCED", None, By.OWNER, sets=Flag.LOST, packing=Packing.FREE),
    Event.FIND: _row("INTRODUCED", None, By.OWNER, requires=Flag.LOST, clears=Flag.LOST, forbids=HELD & ~Flag.LOST),
    Event.CORRECT: _row("EMITTED RECEIVED APPLIED INTRODUCED WITHDRAWN", None, By.OPERATOR, forbids=NONE),
    Event.FIND_WITHDRAWN: _row("WITHDRAWN", State.INTRODUCED, By.OWNER, reasons=LOSSES),
}
"""DOMAIN 3.2, T2 to T24. T1 and T8 (EMIT, ACCEPT_EAEU) begin a life and so have no source."""

BEGINS: dict[Event, State] = {Event.EMIT: State.EMITTED, Event.ACCEPT_EAEU: State.INTRODUCED}

RETAIL = "RETAIL"

WITHDRAWAL_REASONS = frozenset(
    [
        "RETAIL",
        "DISTANCE",
        "BY_SAMPLES",
        "DEMO_SAMPLES",
        "VENDING",
        "OWN_USE",
        "OWN_USE_EXCISE",
        "PRODUCTION_USE",
        "MEDICAL_USE",
        "VETERINARY_USE",
        "PACKING",
        "DAMAGE_LOSS",
        "LOSS",
        "KM_LOST",
        "GOODS_LOST",
        "DEFECT",
        "KM_SPOILED",
        "DESTRUCTION",
        "KM_DESTROYED",
        "UTILIZATION",
        "CONFISCATION",
        "EXPIRATION",
        "RECALL",
        "COMPLAINTS",
        "PRODUCT_TESTING",
        "QA_SAMPLES",
        "LIQUIDATION",
        "RETURN",
        "DONATION",
        "STATE_CONTRACT",
        "STATE_SECRET",
        "EAS_TRADE",
        "BEYOND_EEC_EXPORT",
        "MISMATCH",
        "BEFORE_MARKING",
        "BALANCE_CORRECTION",
        "AUTO_CANCELLATION",
        "KM_CANCELLATION",
        "REMAINS_CANCELLATION",
        "DESCRIPTION_ERRORS",
        "RETURN_SUPPLIER",
        "NOT_ACCEPTED",
        "AUTHORITY",
        "SAFETY",
        "OTHER",
    ]
)
"""DOMAIN 4.3 with S0-33, S4-17, S4-22, S4-23; AUTHORITY and SAFETY are grounds of a block and of a recall."""

LARGEST_EMISSION = 150_000


def code_id(identification_code: str) -> bytes:
    """The 16-byte key of a code: the head of SHA-256 over its identification code without the tail.

    GTIN and serial are both in it, so it is the one column that every unique key of the ledger contains and by
    which codes and movement rows are spread. Its first 8 bytes are the key in the withdrawn filter.
    """
    return hashlib.sha256(identification_code.encode("utf-8", "surrogatepass")).digest()[:16]


def why_not(event: Event, state: State, flags: Flag, *, owned: bool, bound: bool, reason: str | None) -> str | None:
    """Why one code may not take part in an event: a stable word, or None when it may."""
    rule = TRANSITIONS[event]
    if not owned and rule.by is By.OWNER:
        return "not_yours"
    for flag in (Flag.BLOCKED, Flag.RECALLED, Flag.LOST, Flag.IN_ACT, Flag.EAEU_WAITING, Flag.CUSTOMS_REJECTED):
        if flags & rule.forbids & flag:
            return (flag.name or "").lower()
    if state not in rule.sources:
        return f"state_{state.lower()}"
    if (flags & rule.requires) != rule.requires or not bound:
        return "not_in_this_document"
    if rule.reasons and reason not in rule.reasons:
        return "reason"
    return None


class CodesMoved(Conflict):
    """Some codes are not where the caller believed. `codes` lists up to 20 of them with the reason of each."""

    code = "codes.moved_meanwhile"


class CodesUnknown(NotFound):
    code = "codes.unknown"


class CodesEmpty(Invalid):
    code = "codes.none_given"


class CodesRepeated(Invalid):
    code = "codes.given_twice"


class ReasonInvalid(Invalid):
    code = "codes.reason_invalid"


class PackageBroken(Conflict):
    """Part of a package cannot change hands: the whole package moves, or it is opened first."""

    code = "codes.package_not_whole"


class PackageExists(Conflict):
    code = "codes.package_exists"


class PackageUnknown(NotFound):
    code = "codes.package_unknown"


class PackageInvalid(Invalid):
    code = "codes.sscc_invalid"


class PackageNotMovable(Conflict):
    """A package that is opened, already inside another, or of another owner."""

    code = "codes.package_not_free"


class EmissionUnknown(NotFound):
    code = "codes.emission_unknown"


class CardNotOrderable(Conflict):
    """Codes are emitted only for a published card (DOMAIN 3.2 T1)."""

    code = "codes.card_not_published"


class GroupNotPrintable(Conflict):
    """Marks of this group are made by the emitter of physical marks, not as Data Matrix codes."""

    code = "codes.group_without_data_matrix"


class KeyUnknown(NotFound):
    code = "codes.key_unknown"
