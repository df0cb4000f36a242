"""Working days of Kazakhstan, against days taken from published calendars."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.calendar import after_working_days, end_of, is_working, working_days_between


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-02", False),  # New Year
        ("2026-01-07", False),  # Orthodox Christmas, a Wednesday
        ("2026-01-08", True),
        ("2026-03-09", False),  # 8 March fell on a Sunday
        ("2026-03-23", False),  # Nauryz
        ("2026-03-24", False),  # its Saturday, moved
        ("2026-03-25", False),  # its Sunday, moved
        ("2026-03-26", True),
        ("2026-05-11", False),  # 9 May fell on a Saturday
        ("2026-05-27", False),  # Kurban Ait
        ("2026-08-31", False),  # Constitution Day fell on a Sunday
        ("2026-10-26", False),  # Republic Day fell on a Sunday
        ("2026-11-22", False),  # a Sunday
        ("2026-11-23", True),
        ("2027-05-17", True),  # Kurban Ait on a Sunday moves nothing
        ("2028-01-07", False),
        ("2023-01-09", True),  # Christmas on a Saturday moves nothing
    ],
)
def test_known_days(day: str, works: bool) -> None:
    assert is_working(date.fromisoformat(day)) is works


def test_fifteen_working_days() -> None:
    """A term over Nauryz: 16 March 2026 and fifteen working days end on 9 April."""
    assert after_working_days(date(2026, 3, 16), 15) == date(2026, 4, 9)
    assert after_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert after_working_days(date(2026, 11, 22), 0) == date(2026, 11, 22)


def test_a_day_ends_at_midnight_in_kazakhstan() -> None:
    assert end_of(date(2026, 11, 22)) == datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(1, 60))
def test_a_term_ends_on_a_working_day_and_counts_back(start: date, count: int) -> None:
    end = after_working_days(start, count)
    assert is_working(end)
    assert working_days_between(start, end) == count
