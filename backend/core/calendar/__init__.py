"""Working days of Kazakhstan: terms that the law counts in working days are counted here.

The holidays are data (`kz.json`). By the law on holidays (267-II of 2001, article 5) a holiday on a Saturday or Sunday
makes the next working day free; that does not hold for Orthodox Christmas and the first day of Kurban Ait. Days that
the government moves stand in the data as `free` and `working`.
"""

import json
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from backend.core.clock import ALMATY

DAY = timedelta(days=1)


@cache
def _data() -> dict[str, Any]:
    return json.loads((Path(__file__).parent / "kz.json").read_text(encoding="utf-8"))


def is_working(day: date) -> bool:
    """Whether offices of a five-day week work on this day."""
    text = day.isoformat()
    if text in _data()["working"]:
        return True
    return day.weekday() < 5 and day not in _free(day.year)


def after_working_days(day: date, count: int) -> date:
    """The day on which a term of so many working days ends; the day itself is not counted (Civil Code, article 173)."""
    while count:
        day += DAY
        count -= is_working(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and with `end`; 0 when `end` is not later."""
    days = (start + DAY * step for step in range(1, (end - start).days + 1))
    return sum(is_working(one) for one in days)


def end_of(day: date) -> datetime:
    """The moment at which a day is over in Kazakhstan: when a term that ends on this day has run out."""
    return datetime.combine(day + DAY, time(), ALMATY).astimezone(UTC)


@cache
def _free(year: int) -> frozenset[date]:
    """Holidays of a year, the days they move to, and the days that the government moved."""
    data = _data()
    own = {date(year, *map(int, text.split("-"))) for text in data["yearly"]}
    still = {date(year, *map(int, text.split("-"))) for text in data["yearly_unmoved"]}
    still |= {date.fromisoformat(text) for text in data["unmoved"] if text.startswith(str(year))}
    free = own | still | {date.fromisoformat(text) for text in data["free"] if text.startswith(str(year))}
    for holiday in sorted(one for one in own if one.weekday() >= 5):
        moved = holiday
        while moved.weekday() >= 5 or moved in free:
            moved += DAY
        free.add(moved)
    return frozenset(free)
