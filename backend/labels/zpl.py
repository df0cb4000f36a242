"""Labels in ZPL II: the printer makes the Data Matrix, text comes as graphics, for its fonts lack ә, ғ and қ."""

from collections.abc import Iterator
from itertools import groupby

from PIL import Image, ImageOps

from backend.core.symbols import Matrix
from backend.core.symbols.making import GS

from . import raster
from .layout import Place
from .presets import Carrier
from .sheet import Labels
from .words import Words, number_runs


def zpl(labels: Labels, offset_mm: tuple[float, float]) -> Iterator[bytes]:
    """One format (^XA … ^XZ) a label."""
    per_mm = labels.dpi / 25.4
    dx, dy = (round(value * per_mm) for value in offset_mm)
    width, height = raster.blank(labels).size
    kept: tuple[Words, str] | None = None
    for item, matrix in labels:
        place = labels.place(matrix)
        words = labels.words(place, item)
        if kept is None or kept[0] is not words:
            canvas = raster.blank(labels)
            raster.draw_words(canvas, words, labels.dpi)
            kept = words, _graphic(canvas, dx, dy)
        number = ""
        if words.slot:
            canvas = raster.blank(labels)
            raster.draw_runs(canvas, number_runs(labels.preset, place, words.slot, item.number), labels.dpi)
            number = _graphic(canvas, dx, dy)
        symbol = _symbol(labels, place, matrix, item.code, dx, dy)
        yield f"^XA\n^PW{width}\n^LL{height}\n^LH0,0\n{symbol}{kept[1]}{number}^XZ\n".encode("ascii")


def _symbol(labels: Labels, place: Place, matrix: Matrix, code: str, dx: int, dy: int) -> str:
    if labels.preset.carrier is not Carrier.DATA_MATRIX:
        canvas = raster.blank(labels)
        canvas.paste(raster.symbol(place, matrix), (place.x, place.y))
        return _graphic(canvas, dx, dy)
    # Orientation, dots a module, ECC 200, columns, rows, format (fixed), escape character, square.
    settings = f"N,{place.dots},200,{matrix.width},{matrix.height},6,_,1"
    return f"^FO{max(0, place.x + dx)},{max(0, place.y + dy)}^BX{settings}^FD{field_data(code)}^FS\n"


def field_data(code: str) -> str:
    """An element string as the data of ^BX with the escape character `_`: FNC1 in front and for every GS."""
    escaped = []
    for one in code:
        if one == "_":
            escaped.append("__")
        elif one == GS:
            escaped.append("_1")
        elif one in "^~" or not " " <= one <= "~":  # these would be commands, or not arrive at all
            escaped.append(f"_d{ord(one):03}")
        else:
            escaped.append(one)
    return "_1" + "".join(escaped)


def _graphic(canvas: Image.Image, dx: int, dy: int) -> str:
    """What is black in the picture, as a ^GF field at its place, in ZPL's own run-length notation."""
    box = ImageOps.invert(canvas.convert("L")).getbbox()
    if box is None:
        return ""
    part = canvas.crop(box)
    stride = (part.width + 7) // 8
    bits = part.tobytes("raw", "1;I")
    rows = [_row(bits[at : at + stride].hex().upper()) for at in range(0, len(bits), stride)]
    data = "".join(":" if number and row == rows[number - 1] else row for number, row in enumerate(rows))
    return f"^FO{max(0, box[0] + dx)},{max(0, box[1] + dy)}^GFA,{len(bits)},{len(bits)},{stride},{data}^FS\n"


def _row(digits: str) -> str:
    """A row of hexadecimal digits: a letter before a digit repeats it, `,` fills the rest with 0 and `!` with F."""
    for filler, sign in (("0", ","), ("F", "!")):
        rest = digits.rstrip(filler)
        if len(rest) < len(digits):
            return _runs(rest) + sign
    return _runs(digits)


def _runs(digits: str) -> str:
    packed = []
    for digit, run in groupby(digits):
        length = sum(1 for _ in run)
        while length:
            step = min(length, 419)
            twenties, ones = divmod(step, 20)
            counts = (chr(ord("g") + twenties - 1) if twenties else "") + (chr(ord("F") + ones) if ones else "")
            packed.append((counts if step > 1 else "") + digit)
            length -= step
    return "".join(packed)
