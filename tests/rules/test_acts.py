"""The life of an act as a table: every state against every verb, sides, and terms in working days."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from backend.acts import rules
from backend.acts.rules import AWAITED, CLOSED, OPEN, STEPS, Decision, Rejection, Side, State, Verb

SENT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


def allowed(verb: Verb) -> set[State]:
    found = set()
    for state in State:
        try:
            rules.require(verb, state)
        except rules.ActMoved:
            continue
        found.add(state)
    return found


@pytest.mark.parametrize(
    ("verb", "states"),
    [
        (Verb.SEND, {State.DRAFT}),
        (Verb.CANCEL, {State.WAITING_PARTICIPANT, State.SENT, State.VIEWED, State.CLARIFICATION}),
        (Verb.EXPIRE, {State.WAITING_PARTICIPANT, State.SENT, State.VIEWED, State.CLARIFICATION}),
        (Verb.ACCEPT, {State.SENT, State.VIEWED, State.CLARIFICATION}),
        (Verb.ACCEPT_PARTLY, {State.SENT, State.VIEWED, State.CLARIFICATION}),
        (Verb.REJECT, {State.SENT, State.VIEWED, State.CLARIFICATION}),
        (Verb.CLARIFY, {State.SENT, State.VIEWED}),
        (Verb.ANSWER, {State.CLARIFICATION}),
        (Verb.VIEW, {State.SENT}),
        (Verb.JOIN, {State.WAITING_PARTICIPANT}),
        (Verb.REQUEST_ANNULMENT, {State.ACCEPTED, State.PARTLY_ACCEPTED}),
        (Verb.ANNUL, {State.ANNULMENT_REQUESTED}),
        (Verb.REFUSE_ANNULMENT, {State.ANNULMENT_REQUESTED}),
        (Verb.SUBMIT, {State.DRAFT}),
        (Verb.TAKE_BACK, {State.CHECKING}),
        (Verb.SETTLE, {State.CHECKING}),
        (Verb.DISCARD, {State.CHECKING}),
        (Verb.HOLD, {State.SENT, State.VIEWED, State.CLARIFICATION}),
        (Verb.TAKE_EFFECT, {State.DECIDING}),
        (Verb.DROP, {State.DECIDING}),
        (Verb.CORRECT, {State.WAITING_PARTICIPANT, State.SENT, State.VIEWED, State.CLARIFICATION}),
        (Verb.PROPOSE_CORRECTION, {State.ACCEPTED, State.PARTLY_ACCEPTED}),
        (Verb.AGREE_CORRECTION, {State.ACCEPTED, State.PARTLY_ACCEPTED}),
        (Verb.REFUSE_CORRECTION, {State.ACCEPTED, State.PARTLY_ACCEPTED}),
        (Verb.WITHDRAW_CORRECTION, {State.ACCEPTED, State.PARTLY_ACCEPTED}),
    ],
)
def test_a_verb_starts_from_its_states_only(verb: Verb, states: set[State]) -> None:
    assert allowed(verb) == states


def test_what_is_closed_stays_closed_except_by_annulment() -> None:
    """Corrections leave the state as it is."""
    corrections = {verb for verb in Verb if "correct" in verb}
    assert {STEPS[verb].to for verb in corrections} == {None}
    for verb in set(Verb) - {Verb.REQUEST_ANNULMENT} - corrections:
        assert STEPS[verb].sources & CLOSED == set(), verb


def test_nobody_decides_or_takes_back_while_a_decision_is_checked() -> None:
    leaving = {verb for verb, step in STEPS.items() if State.DECIDING in step.sources}
    assert leaving == {Verb.TAKE_EFFECT, Verb.DROP}
    assert {STEPS[verb].by for verb in leaving} == {Side.SYSTEM}


def test_an_open_act_always_ends() -> None:
    """From every open state the sender can cancel and time runs out; the receiver decides wherever it is registered."""
    for state in OPEN:
        assert state in STEPS[Verb.CANCEL].sources & STEPS[Verb.EXPIRE].sources
    assert OPEN - {State.WAITING_PARTICIPANT} == AWAITED


def test_whatever_moves_goods_is_signed() -> None:
    signed = {verb for verb, step in STEPS.items() if step.signed}
    binding = {Verb.SEND, Verb.ACCEPT, Verb.ACCEPT_PARTLY, Verb.REJECT, Verb.REQUEST_ANNULMENT, Verb.ANNUL}
    assert signed == binding | {Verb.SUBMIT, Verb.HOLD, Verb.CORRECT, Verb.PROPOSE_CORRECTION, Verb.AGREE_CORRECTION}


@pytest.mark.parametrize(
    ("verb", "sender", "receiver", "asked_by_us", "may"),
    [
        (Verb.CANCEL, True, False, False, True),
        (Verb.CANCEL, False, True, False, False),
        (Verb.ACCEPT, False, True, False, True),
        (Verb.ACCEPT, True, False, False, False),
        (Verb.ACCEPT, True, True, False, True),  # an internal move: both sides are one organisation
        (Verb.REQUEST_ANNULMENT, True, False, False, True),
        (Verb.REQUEST_ANNULMENT, False, True, False, True),
        (Verb.REQUEST_ANNULMENT, False, False, False, False),
        (Verb.ANNUL, True, False, True, False),  # who asked does not also agree
        (Verb.ANNUL, False, True, False, True),
        (Verb.ANNUL, True, True, True, True),
        (Verb.EXPIRE, True, True, False, False),  # time alone does that
    ],
)
def test_sides(verb: Verb, sender: bool, receiver: bool, asked_by_us: bool, may: bool) -> None:
    try:
        rules.require_side(verb, sender=sender, receiver=receiver, asked_by_us=asked_by_us)
    except rules.NotYourSide:
        assert not may
        return
    assert may


def test_every_verb_names_its_side() -> None:
    assert {step.by for step in STEPS.values()} == set(Side)


def test_fifteen_working_days_to_confirm() -> None:
    """Sent on Friday 20 November 2026; the fifteenth working day is Friday 11 December."""
    assert rules.due(SENT) == datetime(2026, 12, 11, 19, 0, tzinfo=UTC)


def test_an_evening_in_utc_is_the_next_day_in_kazakhstan() -> None:
    assert rules.due(datetime(2026, 11, 19, 20, 0, tzinfo=UTC)) == rules.due(SENT)


@pytest.mark.parametrize(
    ("today", "expected"),
    [("2026-12-03", None), ("2026-12-04", 10), ("2026-12-09", 10), ("2026-12-10", 14), ("2026-12-11", 14)],
)
def test_reminders(today: str, expected: int | None) -> None:
    assert rules.reminder(rules.due(SENT), date.fromisoformat(today)) == expected


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        ({"all_rejected": True, "reason": Rejection.DAMAGED}, True),
        ({"all_rejected": True, "reason": Rejection.OTHER, "words": "Қажет емес"}, True),
        ({"all_rejected": True, "reason": Rejection.OTHER, "words": " "}, False),
        ({"all_rejected": True}, True),
        ({"reason": Rejection.DAMAGED}, False),  # a reason for all of it, and not all is rejected
        ({"words": "Қажет емес"}, False),
    ],
)
def test_why_all_is_rejected(given: dict[str, Any], fits: bool) -> None:
    try:
        rules.require_decision(Decision(**given), 3)
    except rules.DecisionInvalid:
        assert not fits
        return
    assert fits


@pytest.mark.parametrize(
    ("said", "verb"),
    [
        ({"all_rejected": True, "rejected": []}, Verb.REJECT),
        ({"all_rejected": False, "rejected": [1, 2]}, Verb.REJECT),
        ({"all_rejected": False, "rejected": [1]}, Verb.ACCEPT_PARTLY),
        ({"all_rejected": False, "rejected": []}, Verb.ACCEPT),
    ],
)
def test_what_signed_bytes_decide(said: dict[str, Any], verb: Verb) -> None:
    assert rules.verb_said(said, 2) is verb


def test_late_is_after_the_day_of_sale() -> None:
    assert not rules.late(date(2026, 11, 22), date(2026, 11, 22))
    assert rules.late(date(2026, 11, 21), date(2026, 11, 22))
