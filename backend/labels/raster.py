"""Labels as pictures in the dots of the printer: what PDF draws with fonts is drawn here dot by dot."""

import io
import math
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from backend.core.pdf import face
from backend.core.symbols import Matrix

from .layout import Place
from .rules import LabelItem
from .sheet import Labels
from .words import Run, Words, number_runs

_FINER = 4
_INK = 100  # a dot at least two fifths covered is black: thin strokes must not break


def picture(labels: Labels, item: LabelItem, matrix: Matrix) -> Image.Image:
    """One label, black on white, one pixel a dot."""
    place = labels.place(matrix)
    words = labels.words(place, item)
    canvas = blank(labels)
    canvas.paste(symbol(place, matrix), (place.x, place.y))
    draw_words(canvas, words, labels.dpi)
    if words.slot:
        draw_runs(canvas, number_runs(labels.preset, place, words.slot, item.number), labels.dpi)
    return canvas


def png(labels: Labels, item: LabelItem, matrix: Matrix) -> bytes:
    """One label as PNG that knows its resolution."""
    written = io.BytesIO()
    picture(labels, item, matrix).save(written, "PNG", dpi=(labels.dpi, labels.dpi), optimize=True)
    return written.getvalue()


def blank(labels: Labels) -> Image.Image:
    """A white label."""
    per_mm = labels.dpi / 25.4
    return Image.new("1", (round(labels.preset.width * per_mm), round(labels.preset.height * per_mm)), 1)


def symbol(place: Place, matrix: Matrix) -> Image.Image:
    """The symbol at its size in dots, without quiet zone."""
    return matrix.image(1, 0).resize((place.width, place.height), Image.Resampling.NEAREST)


def draw_words(canvas: Image.Image, words: Words, dpi: int) -> None:
    """The words that labels of one product share."""
    per_mm = dpi / 25.4
    if words.frame:
        frame = words.frame
        left, top = frame.x * per_mm, frame.y * per_mm
        corners = (left, top, left + frame.width * per_mm, top + frame.height * per_mm)
        ImageDraw.Draw(canvas).rectangle(corners, outline=0, width=max(1, round(0.2 * per_mm)))
    draw_runs(canvas, words.runs, dpi)


def draw_runs(canvas: Image.Image, runs: tuple[Run, ...] | list[Run], dpi: int) -> None:
    """Text without grey: a thermal printer has none, and would make dust of it.

    Letters are drawn large and reduced, because at their own size FreeType rounds every width to whole dots: words fall
    apart, and lines outgrow their room.
    """
    per_mm = dpi / 25.4
    for run in runs:
        size = run.size * per_mm
        font = _font(run.style, round(size * _FINER, 1))
        width, height = math.ceil(face(run.style).width(run.text) * size) + 2, math.ceil(size * 1.4)
        large = Image.new("L", (width * _FINER, height * _FINER), 0)
        x, y = run.x * per_mm, run.y * per_mm
        left, top = math.floor(x) - 1, math.floor(y - size)
        at = ((x - left) * _FINER, (round(y) - top) * _FINER)  # baselines on whole dots keep letters equally high
        ImageDraw.Draw(large).text(at, run.text, fill=255, font=font, anchor="ls")
        black = large.reduce(_FINER).point(lambda value: 255 if value >= _INK else 0)
        canvas.paste(0, (left, top), black)


@lru_cache(maxsize=256)
def _font(style: str, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(face(style).data), pixels, layout_engine=ImageFont.Layout.BASIC)
