"""The checker of linearizability itself: a register that is written and read."""

import itertools
import random
from typing import Any

import pytest

from tests.proof.linear import Event, linearizable


def register(state: int, what: tuple[str, int], said: int) -> int | None:
    verb, value = what
    if verb == "write":
        return value
    return state if said == state else None


def write(called: float, answered: float, value: int) -> Event:
    return Event(called, answered, ("write", value), None)


def read(called: float, answered: float, value: int) -> Event:
    return Event(called, answered, ("read", 0), value)


@pytest.mark.parametrize(
    ("history", "lawful"),
    [
        ([], True),
        ([write(0, 1, 5), read(2, 3, 5)], True),
        ([write(0, 1, 5), read(2, 3, 0)], False),
        ([write(0, 3, 5), read(1, 2, 0)], True),
        ([write(0, 3, 5), read(1, 2, 5)], True),
        ([write(0, 9, 5), read(1, 2, 5), read(3, 4, 0)], False),
        ([write(0, 9, 5), read(1, 2, 0), read(3, 4, 5)], True),
        ([write(0, 9, 1), write(0, 9, 2), read(1, 2, 2), read(3, 4, 1), read(5, 6, 2)], False),
        ([write(0, 9, 1), write(0, 9, 2), read(1, 2, 2), read(3, 4, 1), read(5, 6, 1)], True),
        ([read(0, 1, 7)], False),
    ],
)
def test_known_histories(history: list[Event], lawful: bool) -> None:
    assert linearizable(history, 0, register) is lawful


def test_it_agrees_with_trying_every_order() -> None:
    """Small random histories, judged by brute force beside it."""
    dice = random.Random(5)
    verdicts = [_both(dice) for _ in range(400)]
    assert all(ours == theirs for ours, theirs in verdicts)
    assert {ours for ours, _ in verdicts} == {True, False}


def _both(dice: random.Random) -> tuple[bool, bool]:
    history: list[Event] = []
    for _ in range(5):
        called = dice.randrange(10)
        answered = called + 1 + dice.randrange(6)
        make: Any = dice.choice([write, read])
        history.append(make(called, answered, dice.randrange(3)))
    return linearizable(history, 0, register), any(_lawful(order) for order in itertools.permutations(history))


def _lawful(order: tuple[Event, ...]) -> bool:
    """Whether this order keeps what was plainly before, and each answer is right in it."""
    state: int | None = 0
    for place, event in enumerate(order):
        if any(later.answered < event.called for later in order[place + 1 :]):
            return False
        state = register(state, event.what, event.said)
        if state is None:
            return False
    return True
