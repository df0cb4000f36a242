"""Pure rules of reading a packing list: what is refused as a whole, and rows told as runs."""

from collections.abc import Iterable
from itertools import pairwise

from backend.core.errors import Invalid, TooLarge

LARGEST_FILE = 15 * 1024 * 1024
MOST_ROWS = 200_000
LISTED = 10_000
"""Refused lines that one answer names; a list with more of them is the wrong list."""


class PackingListEmpty(Invalid):
    """No code anywhere in the file."""

    code = "acts.packing_list_empty"


class PackingListUnreadable(Invalid):
    """Neither XLSX nor text, damaged, or made so that reading it takes all memory."""

    code = "acts.packing_list_unreadable"


class PackingListTooLarge(TooLarge):
    """`limit` in rows."""

    code = "acts.packing_list_too_large"


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as first and last of each unbroken run: 1, 2, 3, 7 are (1, 3), (7, 7)."""
    ordered = sorted(set(numbers))
    if not ordered:
        return []
    breaks = [(one, other) for one, other in pairwise(ordered) if other != one + 1]
    firsts = [ordered[0], *(other for _, other in breaks)]
    return list(zip(firsts, [*(one for one, _ in breaks), ordered[-1]], strict=True))


def column(at: int) -> str:
    """The letters by which spreadsheets call a column: 0 is A, 27 is AB."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
