"""The transition table of DOMAIN 3.2, as a full matrix: every event against every state and every flag."""

import pytest

from backend.codes.rules import BEGINS, TRANSITIONS, By, Event, Flag, State, why_not

ALLOWED = {
    Event.RECEIVE: "EMITTED",
    Event.ANNUL_UNUSED: "EMITTED RECEIVED",
    Event.CANCEL: "EMITTED RECEIVED",
    Event.APPLY: "RECEIVED",
    Event.INTRODUCE_PRODUCTION: "APPLIED",
    Event.INTRODUCE_IMPORT: "APPLIED",
    Event.REJECT_AT_CUSTOMS: "APPLIED",
    Event.CLEAR_AT_CUSTOMS: "APPLIED",
    Event.INTRODUCE_REMAINS: "APPLIED",
    Event.INTRODUCE_REMARKED: "APPLIED",
    Event.REPLACE_REMARKED: "INTRODUCED WITHDRAWN",
    Event.SEND: "INTRODUCED",
    Event.CONFIRM: "INTRODUCED",
    Event.RELEASE: "INTRODUCED",
    Event.GIVE_BACK: "INTRODUCED",
    Event.SELL: "INTRODUCED",
    Event.WITHDRAW: "INTRODUCED",
    Event.WRITE_OFF: "RECEIVED APPLIED INTRODUCED",
    Event.RETURN: "WITHDRAWN",
    Event.CANCEL_WITHDRAWAL: "WITHDRAWN",
    Event.AGGREGATE: "APPLIED INTRODUCED",
    Event.DISAGGREGATE: "EMITTED RECEIVED APPLIED INTRODUCED WITHDRAWN WRITTEN_OFF CANCELLED",
    Event.BLOCK: "EMITTED RECEIVED APPLIED INTRODUCED WITHDRAWN WRITTEN_OFF CANCELLED",
    Event.UNBLOCK: "EMITTED RECEIVED APPLIED INTRODUCED WITHDRAWN WRITTEN_OFF CANCELLED",
    Event.RECALL: "EMITTED RECEIVED APPLIED INTRODUCED WITHDRAWN WRITTEN_OFF CANCELLED",
    Event.LIFT_RECALL: "EMITTED RECEIVED APPLIED INTRODUCED WITHDRAWN WRITTEN_OFF CANCELLED",
    Event.LOSE: "INTRODUCED",
    Event.FIND: "INTRODUCED",
    Event.CORRECT: "EMITTED RECEIVED APPLIED INTRODUCED WITHDRAWN",
    Event.FIND_WITHDRAWN: "WITHDRAWN",
}

TARGETS = {
    Event.RECEIVE: "RECEIVED",
    Event.ANNUL_UNUSED: "CANCELLED",
    Event.CANCEL: "CANCELLED",
    Event.APPLY: "APPLIED",
    Event.INTRODUCE_PRODUCTION: "INTRODUCED",
    Event.INTRODUCE_IMPORT: "INTRODUCED",
    Event.INTRODUCE_REMAINS: "INTRODUCED",
    Event.INTRODUCE_REMARKED: "INTRODUCED",
    Event.REPLACE_REMARKED: "WRITTEN_OFF",
    Event.SELL: "WITHDRAWN",
    Event.WITHDRAW: "WITHDRAWN",
    Event.WRITE_OFF: "WRITTEN_OFF",
    Event.RETURN: "INTRODUCED",
    Event.CANCEL_WITHDRAWAL: "INTRODUCED",
    Event.FIND_WITHDRAWN: "INTRODUCED",
}


def may(event: Event, state: State, flags: Flag) -> bool:
    return why_not(event, state, flags, owned=True, bound=True, reason="LOSS") is None


def test_every_event_has_its_row_or_begins_a_life() -> None:
    assert set(TRANSITIONS) | set(BEGINS) == set(Event)
    assert set(ALLOWED) == set(TRANSITIONS)


@pytest.mark.parametrize("event", list(TRANSITIONS))
@pytest.mark.parametrize("state", list(State))
def test_sources(event: Event, state: State) -> None:
    assert may(event, state, TRANSITIONS[event].requires) is (state.value in ALLOWED[event].split())


@pytest.mark.parametrize("event", list(TRANSITIONS))
def test_targets(event: Event) -> None:
    to = TRANSITIONS[event].to
    assert (to.value if to else None) == TARGETS.get(event)


@pytest.mark.parametrize("event", [event for event, row in TRANSITIONS.items() if row.by is By.OWNER])
def test_another_owners_code_does_not_move(event: Event) -> None:
    state = next(iter(TRANSITIONS[event].sources))
    assert why_not(event, state, Flag(0), owned=False, bound=True, reason="LOSS") == "not_yours"


@pytest.mark.parametrize("flag", [Flag.IN_ACT, Flag.BLOCKED, Flag.RECALLED, Flag.LOST, Flag.EAEU_WAITING])
@pytest.mark.parametrize("event", [Event.SEND, Event.SELL, Event.WITHDRAW, Event.RETURN])
def test_a_held_code_neither_moves_nor_sells(event: Event, flag: Flag) -> None:
    state = next(iter(TRANSITIONS[event].sources))
    assert why_not(event, state, flag, owned=True, bound=True, reason=None) == (flag.name or "").lower()


def test_customs_refusal_keeps_goods_out_of_circulation() -> None:
    refused = Flag.CUSTOMS_REJECTED
    assert not may(Event.INTRODUCE_IMPORT, State.APPLIED, refused)
    assert may(Event.CLEAR_AT_CUSTOMS, State.APPLIED, refused)


def test_confirmation_needs_this_act() -> None:
    no_act = why_not(Event.CONFIRM, State.INTRODUCED, Flag(0), owned=True, bound=True, reason=None)
    other_act = why_not(Event.CONFIRM, State.INTRODUCED, Flag.IN_ACT, owned=True, bound=False, reason=None)
    assert (no_act, other_act) == ("not_in_this_document", "not_in_this_document")
    assert why_not(Event.CONFIRM, State.INTRODUCED, Flag.IN_ACT, owned=False, bound=True, reason=None) is None


def test_only_what_was_lost_is_found_again() -> None:
    assert why_not(Event.FIND_WITHDRAWN, State.WITHDRAWN, Flag(0), owned=True, bound=True, reason="DEFECT") == "reason"


def test_the_owner_changes_only_by_confirmation_its_annulment_or_return() -> None:
    changing = {event for event, row in TRANSITIONS.items() if row.changes_owner}
    assert changing == {Event.CONFIRM, Event.GIVE_BACK, Event.RETURN}
