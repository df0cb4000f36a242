"""The annex as PDF: codes in columns, written page by page, so that memory stays flat however many there are."""

from collections.abc import Iterable, Iterator

from backend.acts.models import Act
from backend.acts.paper import annex, content
from backend.acts.paper.words import Words, grouped, money
from backend.core.pdf import Document, face
from backend.core.pdf.writer import POINTS_PER_MM

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
LEFT, RIGHT, TOP, BOTTOM = 18.0, 14.0, 26.0, 16.0
COLUMNS = 3
GAP = 4.0
SIZE, LEADING = 7.0, 9.6  # points
HEAD = 10.0

Entry = tuple[str, str]
"""(style, text): one line of a column."""


def write(act: Act, words: Words, lines_from: int) -> Iterator[bytes]:
    """The annex in pieces: products from `lines_from` on, for which the sheet had no room, then every code."""
    sheet = content.of(act)
    flow = _Flow(sheet, words)
    yield flow.begin()
    yield from flow.fill(_products(sheet, words, lines_from), columns=1)
    yield from flow.fill(_codes(act, words), columns=COLUMNS)
    yield from flow.end()


def _products(sheet: content.Content, words: Words, lines_from: int) -> Iterator[Entry]:
    for number, line in enumerate(sheet.lines[lines_from:], lines_from + 1):
        price = f" × {money(line.price)} = {money(line.sum)} ₸" if line.price and line.sum else ""
        names = " / ".join(dict.fromkeys(line.names[one] for one in words.spoken))
        count = words.text("count", count=grouped(line.units))
        yield "regular", f"{number}. {line.gtin or '—'} · {count}{price} · {names}"


def _codes(act: Act, words: Words) -> Iterator[Entry]:
    around, lead = None, words.apart()[0]
    for sscc, code, reason in annex.rows(act):
        if sscc != around:
            around = sscc
            yield "bold", words.text("box", sscc=sscc) if sscc else words.text("loose")
        yield "regular", code
        if reason:
            yield "regular", f"    × {lead.text(f'reason_{reason}')}"


class _Flow:
    """Lines that fill columns, and columns that fill pages."""

    def __init__(self, sheet: content.Content, words: Words) -> None:
        self._document = Document(WIDTH_MM, HEIGHT_MM, title=f"{words.text('annex')}, {sheet.number}", packed=True)
        number, count, at = sheet.number, grouped(sheet.total[0]), f"{sheet.printed_at:%d.%m.%Y %H:%M}"
        apart = words.apart()
        self._heads = [f"{one.text('annex')}. {one.text('annex_of', number=number, count=count)}" for one in apart]
        self._foots = [f"{one.text('printed', at=at)}. {one.text('annex_packed')}" for one in apart]
        self._rows = int((HEIGHT_MM - TOP - BOTTOM) * POINTS_PER_MM / LEADING)
        self._pages = 0

    def begin(self) -> bytes:
        return self._document.begin()

    def end(self) -> Iterator[bytes]:
        return self._document.end()

    def fill(self, entries: Iterable[Entry], columns: int) -> Iterator[bytes]:
        """Pages of these lines. A heading is never the last line of a column."""
        width = ((WIDTH_MM - LEFT - RIGHT + GAP) / columns - GAP) * POINTS_PER_MM
        shown: list[str] = []
        row = column = 0
        for style, text in entries:
            if row == self._rows or (style == "bold" and row == self._rows - 1):
                row, column = 0, column + 1
            if column == columns:
                yield self._page(shown)
                shown, row, column = [], 0, 0
            x = LEFT * POINTS_PER_MM + column * (width + GAP * POINTS_PER_MM)
            y = (HEIGHT_MM - TOP) * POINTS_PER_MM - row * LEADING
            shown.append(self._line(style, SIZE, x, y, _fitting(style, SIZE, text, width)))
            row += 1
        if shown:
            yield self._page(shown)

    def _page(self, shown: list[str]) -> bytes:
        self._pages += 1
        left, top = LEFT * POINTS_PER_MM, (HEIGHT_MM - 12) * POINTS_PER_MM
        lines = [self._framing("bold", HEAD, left, top - 13 * at, head) for at, head in enumerate(self._heads)]
        foots = [*self._foots[:-1], f"{self._foots[-1]} · {self._pages}"]
        bottom = 6 * POINTS_PER_MM
        lines += [self._framing("regular", SIZE, left, bottom + 9 * at, foot) for at, foot in enumerate(foots[::-1])]
        return self._document.page("".join((*lines, *shown)).encode("ascii"))

    def _framing(self, style: str, size: float, x: float, y: float, text: str) -> str:
        whole = (WIDTH_MM - LEFT - RIGHT) * POINTS_PER_MM
        return self._line(style, size, x, y, _fitting(style, size, text, whole))

    def _line(self, style: str, size: float, x: float, y: float, text: str) -> str:
        return f"BT/{style} {size} Tf {x:.1f} {y:.1f} Td<{self._document.hex_text(style, text)}>Tj ET\n"


def _fitting(style: str, size: float, text: str, width: float) -> str:
    """The text, cut where it would leave its column."""
    used, kept = face(style), text
    while kept and used.width(text) * size > width:
        kept = kept[:-1]
        text = f"{kept}…"
    return text
