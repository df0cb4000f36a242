"""Prices beside the codes of a packing list: of one unit, from the column whose head says so."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

_HEAD = re.compile(r"(?i)^(цена|баға|price|unit price|бірлік бағасы)\b")
_NOT_OF_A_UNIT = re.compile(r"(?i)сумм|барлы|жалпы|итог|total|sum|код|code")
_AMOUNT = re.compile(r"[0-9]{1,12}([.,][0-9]{1,2})?")
_ROWS_OF_HEADS = 30
_MOST = 60_000_000_000  # tiyn, as acts.rules.LARGEST_PRICE


class Prices:
    """`found`: every price of each GTIN, in tiyn; two mean that the list contradicts itself."""

    def __init__(self) -> None:
        self.found: dict[str, set[int]] = {}
        self.unread = 0
        self.begin()

    def begin(self) -> None:
        """Another sheet, with heads of its own."""
        self._column: int | None = None
        self._seen = 0

    def row(self, cells: Sequence[object], gtins: Sequence[str]) -> None:
        self._seen += 1
        if self._column is None:
            if self._seen <= _ROWS_OF_HEADS and not gtins:
                self._column = next((at for at, cell in enumerate(cells) if _is_head(cell)), None)
            return
        cell = cells[self._column] if self._column < len(cells) else None
        if not gtins or cell in (None, ""):
            return
        amount = tiyn(cell)
        if amount is None:
            self.unread += 1
            return
        for gtin in gtins:
            self.found.setdefault(gtin, set()).add(amount)


def tiyn(cell: object) -> int | None:
    """ "18 900,50 ₸" or 18900.5 in tiyn; None for what is no amount."""
    if isinstance(cell, bool):
        return None
    text = repr(cell) if isinstance(cell, float | int) else str(cell)
    text = re.sub(r"(?i)\s|₸|тг\.?$|тенге$|теңге$|kzt$", "", text)
    if not _AMOUNT.fullmatch(text):
        return None
    try:
        amount = int(Decimal(text.replace(",", ".")) * 100)
    except InvalidOperation:
        return None
    return amount if amount <= _MOST else None


def _is_head(cell: object) -> bool:
    return isinstance(cell, str) and bool(_HEAD.match(cell.strip())) and not _NOT_OF_A_UNIT.search(cell)
