"""The job "packing_list": a supplier's table becomes the codes that stand in it, cell by cell.

Payload: the length of a JSON header (4 bytes), the header `{"templates": […]}`, the file. Answer: JSON with
`lines` `[[sheet, row, column, text, code | null, problem | null], …]`, `passed` `[[sheet, row], …]` (rows without any
code), `rows`, `sheets` (names), `prices` `{gtin: [tiyn, …]}` and `prices_unread`. Formulas are never worked out: what
stands in their cells is what the spreadsheet last saved.
"""

import io
import json
import re
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from backend.core import gs1
from backend.core.gs1 import Kind, Scan, Template

from .delimited import rows_of
from .files import require_sheet, warm_sheets
from .job import Job, Refused
from .prices import Prices
from .text_files import text_of, warm_texts

MOST_ROWS = 200_000
_SHOWN = 120
# The first number that a spreadsheet cannot hold to its last digit.
_INEXACT = 10**15
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?([0-9]{2,3})")
_LIKELY = re.compile(r"[0-9]{12}|^[A-Za-z]{2}\W[A-Za-z0-9]{6}\W[A-Za-z0-9]{10}$")
_SPACE = re.compile(r"\s+")
_BREAK = re.compile(r"[\r\n]+")
_TOLD = frozenset({"gs_lost", "check_digit", "length"})

Cell = str | float | int | None


class _List:
    """What was found so far."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self.templates = templates
        self.lines: list[list[Any]] = []
        self.passed: list[list[int]] = []
        self.rows = 0
        self.prices = Prices()

    def sheet(self, sheet: int, rows: Iterator[Sequence[Cell]]) -> None:
        self.prices.begin()
        for number, cells in enumerate(rows, 1):
            if all(cell is None or cell == "" for cell in cells):
                continue
            self.rows += 1
            if self.rows > MOST_ROWS:
                raise Refused("too_large")
            self._row(sheet, number, cells)

    def _row(self, sheet: int, number: int, cells: Sequence[Cell]) -> None:
        before, gtins = len(self.lines), []
        for column, cell in enumerate(cells):
            for text, scan, problem in self._cell(cell):
                code = scan.identification_code if scan else None
                self.lines.append([sheet, number, column, text[:_SHOWN], code, problem])
                if scan and scan.gtin:
                    gtins.append(scan.gtin)
        if len(self.lines) == before:
            self.passed.append([sheet, number])
        self.prices.row(cells, gtins)

    def _cell(self, cell: Cell) -> Iterator[tuple[str, Scan | None, str | None]]:
        if isinstance(cell, bool):
            return
        if isinstance(cell, float | int):
            if abs(cell) >= _INEXACT:
                yield f"{cell:.15G}", None, "digits_lost"
            return
        for text in _BREAK.split(cell) if isinstance(cell, str) else ():
            if (found := self._text(text)) is not None:
                yield (text, *found)

    def _text(self, text: str) -> tuple[Scan | None, str | None] | None:
        """The code of a text, or what is wrong with it; None for what never was one."""
        bare = _SPACE.sub("", text)
        if (number := _SCIENTIFIC.fullmatch(bare)) and int(number[1]) >= 15:
            return None, "digits_lost"
        if not _LIKELY.search(bare):
            return None
        scan = gs1.read(text, None, self.templates)
        if scan.identification_code:
            return scan, None
        if scan.kind is Kind.UNREADABLE and not (bare.isdigit() and len(bare) <= 14):
            return None, scan.problem if scan.problem in _TOLD else "damaged"
        if scan.kind is Kind.OTHER and self._without_zeros(bare):
            return None, "zeros_lost"
        return None

    def _without_zeros(self, text: str) -> bool:
        """Whether zeros before it would make it a code: said, but not put there."""
        if not text[:1].isdigit() or not text.isascii():
            return False
        return any(gs1.read(zeros + text, None, self.templates).identification_code for zeros in ("0", "00", "000"))


def _packing_list(payload: bytes) -> bytes:
    (length,) = struct.unpack(">I", payload[:4])
    header = json.loads(payload[4 : 4 + length])
    templates = [Template(**{**one, "tail_lengths": tuple(one["tail_lengths"])}) for one in header["templates"]]
    found = _List(templates)
    content = payload[4 + length :]
    names = _workbook(content, found) if content.startswith(b"PK\x03\x04") else _text_file(content, found)
    return json.dumps(
        {
            "lines": found.lines,
            "passed": found.passed,
            "rows": found.rows,
            "sheets": names,
            "prices": {gtin: sorted(amounts) for gtin, amounts in found.prices.found.items()},
            "prices_unread": found.prices.unread,
        }
    ).encode()


def _workbook(content: bytes, found: _List) -> list[str]:
    require_sheet(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for number, name in enumerate(book.sheet_names):
            found.sheet(number, iter(book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
        return list(book.sheet_names)
    except (CalamineError, ValueError, OSError):
        raise Refused("damaged") from None


def _text_file(content: bytes, found: _List) -> list[str]:
    text = text_of(content)
    if text is None or not text.strip():
        raise Refused("unsupported")
    found.sheet(0, rows_of(text, found.templates))
    return [""]


def _prepare() -> None:
    """Read one of everything, so that modules and tables are there before the door shuts."""
    header = json.dumps({"templates": [{"group": "x", "serial_length": 13, "tail_lengths": [88]}]}).encode()
    for content in (
        'Цена;код\n1,5;"0104650117240408211dmfcZNcM""4"\n4,87E+17;x'.encode("cp1251"),
        b"010465011724040821%221dmfcZNcM4,\n(01)04650117240408(21)1\nKZ-ABCDEF-1234567890\n104650117240408211dmf",
    ):
        _packing_list(struct.pack(">I", len(header)) + header + content)
    warm_sheets()
    warm_texts()
    try:
        CalamineWorkbook.from_filelike(io.BytesIO(b"PK\x03\x04"))
    except (CalamineError, ValueError, OSError):
        return


PACKING_LIST = Job(run=_packing_list, prepare=_prepare)
