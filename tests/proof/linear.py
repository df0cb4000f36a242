"""Is there an order in which these requests could have happened one after the other? (Wing and Gong 1993, with the
memory of Lowe 2017: a set of requests done and the state they led to is looked at once.)"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """A request and its answer. `called` and `answered` are moments of one clock: whoever was answered before another
    called came first; between others any order is possible."""

    called: float
    answered: float
    what: Any
    said: Any


Step = Callable[[Any, Any, Any], Hashable | None]
"""From a state, by a request that was answered so, to the next state; None where no such answer is possible."""


def linearizable(history: Sequence[Event], start: Hashable, step: Step) -> bool:
    events = sorted(history, key=lambda event: event.called)
    every = (1 << len(events)) - 1
    seen: set[tuple[int, Hashable]] = set()
    stack: list[tuple[int, Hashable]] = [(0, start)]
    while stack:
        done, state = stack.pop()
        if done == every:
            return True
        left = [place for place in range(len(events)) if not done >> place & 1]
        soonest = min(events[place].answered for place in left)
        for place in left:
            event = events[place]
            if event.called > soonest:
                break
            following = step(state, event.what, event.said)
            reached = (done | 1 << place, following)
            if following is not None and reached not in seen:
                seen.add(reached)
                stack.append(reached)
    return False
