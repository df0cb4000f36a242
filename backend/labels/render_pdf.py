"""Labels as PDF: a symbol is an in-line 1-bit mask of one bit a module, so every printer draws it exact."""

from collections.abc import Iterator

from backend.core.pdf import Document
from backend.core.pdf.writer import POINTS_PER_MM
from backend.core.symbols import Matrix

from .layout import Place
from .presets import Preset
from .rules import LabelItem
from .sheet import Labels
from .words import Run, Words, number_runs

_CHUNK = 1 << 16
# A tenth of a dot less on every side: printers paint each dot that an image touches, and a rounding error in the last
# digit would make one module a dot wider than the others.
_INSET = 0.1
_HAIR_MM = 0.0003


def pdf(labels: Labels, start: int, offset_mm: tuple[float, float]) -> Iterator[bytes]:
    """The labels on pages of the preset, the first on place `start` (from 1) of the first sheet."""
    preset, dpi = labels.preset, labels.dpi
    # The page is the stock to the nearest dot, less a hair: programs round pages up to whole pixels and stretch what is
    # on them, by a third of a dot if it has 343.66.
    width, height = (round(side * dpi / 25.4) * 25.4 / dpi - _HAIR_MM for side in preset.page_size)
    document = Document(width, height, title=f"Tanba {preset.id}")
    draw = _Drawing(document, dpi)
    corners = [draw.corner(preset, place, offset_mm) for place in range(preset.places)]
    pending = [document.begin()]
    size = 0
    page: list[str] = []
    at = start - 1
    for item, matrix in labels:
        page.append(draw.label(labels, item, matrix, corners[at]))
        at += 1
        if at == preset.places:
            pending.append(draw.page(page))
            page, at = [], 0
            size += len(pending[-1])
            if size >= _CHUNK:
                yield b"".join(pending)
                pending, size = [], 0
    if page:
        pending.append(draw.page(page))
    yield b"".join(pending)
    yield from document.end()


class _Drawing:
    """Content of pages. Words of a product are a form, written once and shown by every label that follows with them."""

    def __init__(self, document: Document, dpi: int) -> None:
        self._document = document
        self._dot = 72 / dpi
        self._words: Words | None = None
        self._form = 0
        self._framed: tuple[Place, str] | None = None
        self._forms: set[int] = set()  # shown on this page
        self._written: list[bytes] = []  # forms that must go out before the page

    def page(self, labels: list[str]) -> bytes:
        """The page with these labels, and the forms that they were the first to show."""
        page = self._document.page("".join(labels).encode("ascii"), sorted(self._forms))
        page = b"".join([*self._written, page])
        self._forms.clear()
        self._written.clear()
        return page

    def corner(self, preset: Preset, place: int, offset_mm: tuple[float, float]) -> str:
        """Moves the origin to a label's top left corner, on a whole dot counted from the page's top left corner."""
        row, column = divmod(place, preset.columns)
        x = preset.left + column * preset.pitch[0] + offset_mm[0]
        y = preset.top + row * preset.pitch[1] + offset_mm[1]
        across, down = (round(value * POINTS_PER_MM / self._dot) for value in (x, y))
        return f"1 0 0 1 {across * self._dot:.4f} {self._document.height - down * self._dot:.4f} cm"

    def label(self, labels: Labels, item: LabelItem, matrix: Matrix, corner: str) -> str:
        """The content that draws one label with its top left corner there."""
        place = labels.place(matrix)
        words = labels.words(place, item)
        if self._words is not words:
            self._words, self._form = words, 0
            if words.runs:
                self._form, written = self._document.form(self._content(words))
                self._written.append(written)
        shown = ""
        if self._form:
            self._forms.add(self._form)
            shown = f"/W{self._form} Do\n"
        number = number_runs(labels.preset, place, words.slot, item.number) if words.slot else []
        return (
            f"q {corner}\nq {self._frame(place, matrix)}{matrix.rows.hex()}> EI\nQ\n"
            f"{shown}{''.join(map(self._run, number))}Q\n"
        )

    def _frame(self, place: Place, matrix: Matrix) -> str:
        """What stands before the bits of a symbol; the same for all of one size."""
        if self._framed is None or self._framed[0] is not place:
            width, height = (place.width - 2 * _INSET) * self._dot, (place.height - 2 * _INSET) * self._dot
            left, bottom = (place.x + _INSET) * self._dot, -(place.y + place.height - _INSET) * self._dot
            # The rows of bits come from the top down, as an image mask has them; [1 0] paints the ones.
            self._framed = (
                place,
                (
                    f"{width:.4f} 0 0 {height:.4f} {left:.4f} {bottom:.4f} cm\n"
                    f"BI/W {matrix.width}/H {matrix.height}/IM true/D[1 0]/F/AHx ID "
                ),
            )
        return self._framed[1]

    def _content(self, words: Words) -> bytes:
        frame = words.frame
        box = ""
        if frame:
            left, top, width, height = (v * POINTS_PER_MM for v in (frame.x, frame.y, frame.width, frame.height))
            box = f"0.6 w {left:.2f} {-top - height:.2f} {width:.2f} {height:.2f} re S\n"
        return (box + "".join(map(self._run, words.runs))).encode("ascii")

    def _run(self, run: Run) -> str:
        return (
            f"BT/{run.style} {run.size * POINTS_PER_MM:.2f} Tf {run.x * POINTS_PER_MM:.2f} "
            f"{-run.y * POINTS_PER_MM:.2f} Td<{self._document.hex_text(run.style, run.text)}>Tj ET\n"
        )
