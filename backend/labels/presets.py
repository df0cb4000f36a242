"""Label stock: the measures of rolls and sheets, and how each is filled."""

from dataclasses import dataclass
from enum import StrEnum

from .rules import PresetInvalid, PresetUnknown


class Carrier(StrEnum):
    """The symbol that carries the code."""

    DATA_MATRIX = "data_matrix"
    QR = "qr"
    GS1_128 = "gs1_128"


class Arrangement(StrEnum):
    """Where the words stand."""

    CODE = "code"  # no words
    SIDE = "side"  # right of the symbol
    BELOW = "below"  # under the symbol


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of label stock; all measures in millimetres.

    `width`, `height` of one label; `columns` × `rows` labels on a page of `page` size (None: one label is the page),
    the first at `left`, `top`, the next `pitch` further. Nothing is printed within `margin` of a label's edge.
    `module` is the width of a module to aim at, before rounding to whole dots.
    """

    id: str
    width: float
    height: float
    page: tuple[float, float] | None = None
    columns: int = 1
    rows: int = 1
    left: float = 0.0
    top: float = 0.0
    pitch: tuple[float, float] = (0.0, 0.0)
    margin: float = 0.5
    module: float = 0.5
    carrier: Carrier = Carrier.DATA_MATRIX
    arrangement: Arrangement = Arrangement.SIDE

    @property
    def places(self) -> int:
        """Labels on one page."""
        return self.columns * self.rows

    @property
    def page_size(self) -> tuple[float, float]:
        """Width and height of the page."""
        return self.page or (self.width, self.height)


_A4 = (210.0, 297.0)


def _sheet(
    id: str, width: float, height: float, columns: int, rows: int, gap: float = 0.0, margin: float = 2
) -> Preset:
    left = (_A4[0] - columns * width - (columns - 1) * gap) / 2
    top = (_A4[1] - rows * height) / 2
    return Preset(id, width, height, _A4, columns, rows, left, top, (width + gap, height), margin)


PRESETS: dict[str, Preset] = {
    preset.id: preset
    for preset in (
        Preset("20x20", 20, 20, arrangement=Arrangement.CODE),
        Preset("30x20", 30, 20),
        Preset("43x25", 43, 25),
        Preset("58x40", 58, 40, margin=1.5),
        Preset("58x60", 58, 60, margin=2, arrangement=Arrangement.BELOW),
        # Avery Zweckform 3666 (no gaps) and Avery L7651 (2.5 mm between columns)
        _sheet("a4-65", 38, 21.2, 5, 13, margin=0.9),
        _sheet("a4-65-gap", 38.1, 21.2, 5, 13, gap=2.54, margin=0.9),
        # Outer labels of these touch the edge of the paper, where office printers cannot print: hence 4 mm.
        _sheet("a4-24", 70, 37, 3, 8, margin=4),
        _sheet("a4-24-36", 70, 36, 3, 8, margin=4),
        _sheet("a4-21", 70, 42.3, 3, 7, margin=4),
        # GS1 logistic label: bars of 0.495 mm or more, 31.75 mm high (General Specifications §5.4.2, symbol table 5)
        Preset("box-100x50", 100, 50, margin=2, carrier=Carrier.GS1_128, arrangement=Arrangement.BELOW),
    )
}


def preset(id: str) -> Preset:
    """The preset of this id. Raises PresetUnknown."""
    try:
        return PRESETS[id]
    except KeyError:
        raise PresetUnknown(preset=id) from None


def custom(
    width: float,
    height: float,
    *,
    page: tuple[float, float] | None = None,
    columns: int = 1,
    rows: int = 1,
    left: float = 0.0,
    top: float = 0.0,
    pitch: tuple[float, float] | None = None,
    margin: float = 0.5,
    carrier: Carrier = Carrier.DATA_MATRIX,
    arrangement: Arrangement = Arrangement.SIDE,
) -> Preset:
    """Stock that we do not know, in millimetres. Raises PresetInvalid if the labels do not fit the page."""
    pitch = pitch or (width, height)
    if not (10 <= width <= 300 and 10 <= height <= 450 and 0 <= margin <= min(width, height) / 4):
        raise PresetInvalid(what="label")
    if not (1 <= columns <= 30 and 1 <= rows <= 60) or (page is None and columns * rows != 1):
        raise PresetInvalid(what="places")
    if pitch[0] < width or pitch[1] < height or left < 0 or top < 0 or (page is None and (left or top)):
        raise PresetInvalid(what="pitch")
    if page is not None:
        right = left + (columns - 1) * pitch[0] + width
        bottom = top + (rows - 1) * pitch[1] + height
        if not (right <= page[0] + 0.01 and bottom <= page[1] + 0.01 and max(page) <= 450):
            raise PresetInvalid(what="page")
    return Preset("custom", width, height, page, columns, rows, left, top, pitch, margin, 0.5, carrier, arrangement)
