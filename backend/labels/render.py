"""One call for every medium: labels in, bytes out, piece by piece."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal

from .presets import Preset
from .raster import png
from .render_pdf import pdf
from .rules import LabelItem, NothingToPrint, OneAtATime, StartOutside
from .sheet import Labels
from .zpl import zpl

Medium = Literal["pdf", "png", "zpl"]


def render(
    preset: Preset,
    items: Iterable[LabelItem],
    *,
    dpi: int,
    media: Medium = "pdf",
    minimum_mm: float = 0.0,
    start: int = 1,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    test: bool = False,
) -> Iterator[bytes]:
    """Labels on the stock of `preset` for a printer of `dpi`, as bytes to stream; memory does not grow with them.

    `minimum_mm` is the least side of the symbol without quiet zone, from the product group; `start` the first free
    place of a used sheet, from 1; `offset_mm` moves everything right and down; `test` prints TEST on every label. PNG
    is a picture of one label. The stock is checked with the first label before anything is returned. Raises
    PresetTooSmall, DpiUnsupported, StartOutside, NothingToPrint, OneAtATime, CodeRefused; the last, and PresetTooSmall
    for a code longer than the first, also later, while streaming.
    """
    if not 1 <= start <= preset.places:
        raise StartOutside(start=start, places=preset.places)
    waiting = iter(items)
    first = next(waiting, None)
    if first is None:
        raise NothingToPrint
    alone = Labels(preset, [first], dpi, minimum_mm, test)
    (item, matrix), *_ = alone
    alone.place(matrix)
    if media == "png":
        if next(waiting, None) is not None:
            raise OneAtATime
        return iter([png(alone, item, matrix)])
    labels = Labels(preset, chain([first], waiting), dpi, minimum_mm, test)
    return pdf(labels, start, offset_mm) if media == "pdf" else zpl(labels, offset_mm)
