"""The one source of time. UTC in storage; Asia/Almaty, UTC+5 all the year, for people and deadlines."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, timezone

ALMATY = timezone(timedelta(hours=5), "Asia/Almaty")

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)


def now() -> datetime:
    """The present moment, aware, UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The present day in Kazakhstan."""
    return now().astimezone(ALMATY).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at a moment, for tests and for the backdated part of the demo world."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
