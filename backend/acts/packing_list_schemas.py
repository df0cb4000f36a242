"""What reading a packing list answers."""

from typing import Literal

from pydantic import BaseModel

from backend.acts.models import Act
from backend.acts.packing_list import Result
from backend.acts.packing_list_rules import LISTED, column, runs

Status = Literal["added", "already", "refused"]


class Rows(BaseModel):
    """Rows of one sheet, as people count them: `first` to `last`."""

    sheet: str
    first: int
    last: int


class RefusedLine(BaseModel):
    """A cell whose code did not come into the draft. `column` as spreadsheets call it; `reason` in one word, `package`
    the box around a unit that cannot go without it."""

    sheet: str
    row: int
    column: str
    text: str
    code: str | None
    reason: str
    package: str | None


class PackingListOut(BaseModel):
    """What became of every line. Rows whose codes were all added, or were all there, are told as runs; `passed` are
    rows without a code. `unlisted` refused lines are beyond those that one answer names. `prices` in tiyn by GTIN."""

    version: int
    units: int
    rows: int
    added: int
    already: int
    refused: int
    added_rows: list[Rows]
    already_rows: list[Rows]
    passed: list[Rows]
    lines: list[RefusedLine]
    unlisted: int
    prices: dict[str, int]
    price_conflicts: list[str]
    prices_unread: int


def shown(row: Act, result: Result) -> PackingListOut:
    listed = result.read
    refused = [(line, one) for line, one in zip(listed.lines, result.done, strict=True) if one.status == "refused"]
    return PackingListOut(
        version=row.version,
        units=row.units,
        rows=listed.rows,
        added=_count(result, "added"),
        already=_count(result, "already"),
        refused=len(refused),
        added_rows=_rows(result, "added"),
        already_rows=_rows(result, "already"),
        passed=_runs(listed.sheets, listed.passed),
        lines=[
            RefusedLine(
                sheet=listed.sheets[line.sheet],
                row=line.row,
                column=column(line.column),
                text=line.text,
                code=one.code,
                reason=one.reason or "other",
                package=one.package,
            )
            for line, one in refused[:LISTED]
        ],
        unlisted=max(0, len(refused) - LISTED),
        prices=result.prices,
        price_conflicts=list(result.conflicts),
        prices_unread=listed.prices_unread,
    )


def _count(result: Result, status: Status) -> int:
    return sum(one.status == status for one in result.done)


def _rows(result: Result, status: Status) -> list[Rows]:
    """Rows in which a code has this status."""
    places = [
        (line.sheet, line.row) for line, one in zip(result.read.lines, result.done, strict=True) if one.status == status
    ]
    return _runs(result.read.sheets, places)


def _runs(sheets: list[str], places: list[tuple[int, int]]) -> list[Rows]:
    return [
        Rows(sheet=name, first=first, last=last)
        for number, name in enumerate(sheets)
        for first, last in runs(row for sheet, row in places if sheet == number)
    ]
