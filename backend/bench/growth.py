"""Does a check become slower as the register grows? The same checks on a small and on a large one, by turns."""

import random
import time
from collections.abc import Iterable, Iterator
from typing import Any

from backend.bench import questions, register
from backend.bench.rows import Result, Row, median
from backend.bench.world import World, world
from backend.core.db import db

ASKED = 20_000
SMALL, MIDDLE, LARGE = 100_000, 2_000_000, 10_000_000
ROUNDS, TOGETHER = 30, 200


class Refused(RuntimeError):
    """A check that did not answer 200."""


def measure(large: bool) -> Iterator[Result]:
    size = LARGE if large else MIDDLE
    with world("sqlite") as small, world("sqlite") as grown:
        texts = {}
        for made, count in ((small, SMALL), (grown, size)):
            with made.app.app_context():
                texts[made] = register.real(ASKED)
                register.filler(count - ASKED)
                db.session.remove()
        rng = random.Random(1)
        rounds = []
        for _ in range(ROUNDS):
            rounds.append([spent(made, rng.sample(texts[made], TOGETHER)) for made in (grown, small)])
    rounds = rounds[ROUNDS // 10 :]  # the first ones find cold caches
    ours, yardstick = (median([one[place] for one in rounds]) for place in (0, 1))
    return_note = "" if large else "2 million codes; --large measures 10 million"
    yield Row(f"verify at {size // 1_000_000} M codes against 100 k", "growth", ours, yardstick, "µs", return_note)


def spent(made: World, texts: Iterable[str]) -> float:
    """Median time of a check, in microseconds, without a server around it."""
    times = []
    for text in texts:
        asked = questions.environ(text)
        started = time.perf_counter()
        b"".join(made.app.wsgi_app(asked, _answered))
        times.append((time.perf_counter() - started) * 1e6)
    return median(times)


def _answered(status: str, _headers: Any, *_: Any) -> None:
    if not status.startswith("200"):
        raise Refused(status)
