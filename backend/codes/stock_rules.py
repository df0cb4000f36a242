"""What an organisation can do with its codes, in five words. Pure."""

from enum import StrEnum

from backend.codes.rules import HELD, Flag, State


class Standing(StrEnum):
    """FREE may be sent or sold. IN_ACT waits for a receiver. HELD is blocked, recalled, lost or waits for the EAEU.
    NOT_YET is not in circulation. GONE was sold, withdrawn, written off or cancelled: no stock any more."""

    FREE = "free"
    IN_ACT = "in_act"
    HELD = "held"
    NOT_YET = "not_yet"
    GONE = "gone"


AHEAD = frozenset({State.EMITTED, State.RECEIVED, State.APPLIED})
OVER = frozenset({State.WITHDRAWN, State.WRITTEN_OFF, State.CANCELLED})


def standing(state: State, flags: Flag) -> Standing:
    if state in OVER:
        return Standing.GONE
    if flags & Flag.IN_ACT:
        return Standing.IN_ACT
    if flags & HELD:
        return Standing.HELD
    return Standing.NOT_YET if state in AHEAD else Standing.FREE
