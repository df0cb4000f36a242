"""Codes as tables for lines, accounting programs and spreadsheets: CSV and JSON lines, a row a label."""

import csv as rfc4180
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from .rules import LabelItem

COLUMNS = ("code", "name_kk", "name_ru", "line", "number", "price")
_GS = "\x1d"
_CHUNK = 500
# What spreadsheets take for a formula (OWASP "CSV Injection"), full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class Separator(StrEnum):
    """How GS is written inside a code. Only `raw` can be printed as it stands."""

    RAW = _GS
    ESCAPED = "\\x1D"
    ANGLE = "<GS>"
    FNC1 = "{FNC1}"


def csv(
    items: Iterable[LabelItem],
    *,
    excel: bool = False,
    separator: Separator = Separator.RAW,
    headings: Sequence[str] = (),
) -> Iterator[bytes]:
    """UTF-8, CRLF, every field in quotes (RFC 4180), the header row in fixed English keys.

    Plain for lines and accounting programs; for `excel` with byte order mark and semicolons, and an apostrophe before
    text that a spreadsheet would take for a formula. Codes are never altered. `headings` are the same columns in the
    reader's language, a second row that begins with #.
    """
    buffer = io.StringIO()
    writer = rfc4180.writer(buffer, delimiter=";" if excel else ",", quoting=rfc4180.QUOTE_ALL, lineterminator="\r\n")
    if excel:
        buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    if headings:
        writer.writerow([f"# {headings[0]}", *headings[1:]])
    for number, item in enumerate(items, 1):
        code, *texts = _row(item, separator)
        if excel:
            texts = [f"'{text}" if text.startswith(_FORMULA) else text for text in texts]
        writer.writerow([code, *texts])
        if number % _CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def jsonl(items: Iterable[LabelItem], *, separator: Separator = Separator.RAW) -> Iterator[bytes]:
    """One JSON object a line, with the columns of the CSV as keys; GS is \\u001d unless written otherwise."""
    for item in items:
        row = dict(zip(COLUMNS, _row(item, separator), strict=True))
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _row(item: LabelItem, separator: Separator) -> tuple[str, ...]:
    price = "" if item.price_tiyn is None else f"{item.price_tiyn // 100}.{item.price_tiyn % 100:02}"
    names = item.names
    return (
        item.code.replace(_GS, separator.value),
        names.get("kk", ""),
        names.get("ru", ""),
        item.line,
        item.number,
        price,
    )
