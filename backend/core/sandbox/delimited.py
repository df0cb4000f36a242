"""Text tables: with semicolons, commas or tabs between the cells, or a bare list of codes, one a line.

Codes themselves hold semicolons, commas and quotes, so that what stands between the cells is decided by which way more
of the lines give codes of a known shape.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from backend.core import gs1
from backend.core.gs1 import Kind, Template
from backend.core.gs1.restore import fits

from .job import Refused

_DELIMITERS = ("\t", ";", ",")
_SAMPLE = 200
_ALIKE = 0.8
# More line ends than that inside one cell mean that a quote was never closed.
_MOST_BREAKS = 5
_LIKELY = re.compile("[0-9]{12}|-")
_LONG_NUMBER = re.compile("[0-9]{14}")
_NEWLINE = re.compile(r"\r\n|\n|\r")


def rows_of(text: str, templates: Sequence[Template]) -> Iterator[Sequence[str]]:
    """The cells of every row, empty rows too, so that their numbers are those that people see."""
    named = re.match(r"sep=(.)\r?\n", text)
    if named:
        yield []
        yield from _split(text[named.end() :], named[1])
        return
    delimiter = _delimiter(text, templates)
    if delimiter is None:
        yield from ([line] for line in _NEWLINE.split(text))
    else:
        yield from _split(text, delimiter)


def _split(text: str, delimiter: str) -> list[list[str]]:
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        if any(_swallowed(cell, delimiter) for row in found for cell in row):
            return list(csv.reader(_NEWLINE.split(text), delimiter=delimiter, quoting=csv.QUOTE_NONE))
    except csv.Error:
        raise Refused("damaged") from None
    return found


def _swallowed(cell: str, delimiter: str) -> bool:
    """Whether this is no cell but rows behind a quote that was never closed."""
    breaks = cell.count("\n") or cell.count("\r")
    return breaks > _MOST_BREAKS or (breaks > 0 and delimiter in cell and _LONG_NUMBER.search(cell) is not None)


def _delimiter(text: str, templates: Sequence[Template]) -> str | None:
    """None for a list without columns."""
    sample = [line for line in _NEWLINE.split(text[:200_000]) if line.strip()][:_SAMPLE]
    best, most = None, (_worth([[line] for line in sample], templates), 0.0)
    for delimiter in _DELIMITERS:
        rows = _split("\n".join(sample), delimiter)
        width, count = Counter(len(row) for row in rows).most_common(1)[0] if rows else (1, 0)
        if width < 2 or count < _ALIKE * len(rows):
            continue
        worth = (_worth(rows, templates), float(width))
        if worth[0] >= most[0] and worth > most:
            best, most = delimiter, worth
    return best


def _worth(rows: Sequence[Sequence[str]], templates: Sequence[Template]) -> int:
    """How many rows hold a code of a known shape."""
    return sum(any(_shaped(cell, templates) for cell in row) for row in rows)


def _shaped(cell: str, templates: Sequence[Template]) -> bool:
    if not _LIKELY.search(cell):
        return False
    scan = gs1.read(cell, None, templates)
    if scan.kind is Kind.MARK and templates:
        return any(fits(one, scan.serial or "", None, None) for one in templates)
    return scan.identification_code is not None
