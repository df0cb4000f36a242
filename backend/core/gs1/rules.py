"""Rules for the parts of values: dates, times, check digits (GS1 General Specifications, section 3)."""
import re
from calendar import monthrange
from collections.abc import Callable

from backend.core.gs1.check_digits import has_check_pair, is_checked


def _is_date(text: str, zero_day: bool = False) -> bool:
    year, month, day = int(text[:-4]), int(text[-4:-2]), int(text[-2:])
    if len(text) == 6:
        # General Specifications 7.12: two digits of a year lie 49 years back to 50 ahead; only leap days depend on it.
        year += 2000
    if not 1 <= month <= 12 or year < 1:
        return False
    return (zero_day and day == 0) or 1 <= day <= monthrange(year, month)[1]


def _position(text: str) -> bool:
    return re.fullmatch("[1-9]/[1-9]", text) is not None and text[0] <= text[2]


def _pieces(text: str) -> bool:
    return 1 <= int(text[:2]) <= int(text[2:])


# rule -> (problem when broken, test)
RULES: dict[str, tuple[str, Callable[[str], bool]]] = {
    "check": ("check_digit", is_checked),
    "pair": ("check_digit", has_check_pair),
    "date": ("date", _is_date),
    "date0": ("date", lambda text: _is_date(text, zero_day=True)),
    "birth": ("date", _is_date),
    "time": ("date", lambda text: text[:2] < "24" and text[2:] < "60"),
    "latest": ("date", lambda text: text == "9999" or (text[:2] < "24" and text[2:] < "60")),
    "hour": ("date", lambda text: text < "24"),
    "minutes": ("date", lambda text: text < "60"),
    "yesno": ("value", lambda text: text in "01"),
    "sex": ("value", lambda text: text in "0129"),
    "minus": ("value", lambda text: text == "-"),
    "zero": ("value", lambda text: text == "0"),
    "nonzero": ("value", lambda text: text.strip("0") != ""),
    "winding": ("value", lambda text: text in "019"),
    "leading": ("value", lambda text: text == "0" or text[0] != "0"),
    "letters": ("value", lambda text: re.fullmatch("[A-Z]{2}", text) is not None),
    "prefix": ("value", lambda text: re.match("[0-9]{4}", text) is not None),
    "triples": ("length", lambda text: len(text) % 3 == 0),
    "pieces": ("value", _pieces),
    "position": ("value", _position),
    "latitude": ("value", lambda text: int(text) <= 1_800_000_000),
    "longitude": ("value", lambda text: int(text) <= 3_600_000_000),
}
