"""ZPL as a printer would take it apart: data of the symbol, graphics of the words, places and sizes."""

import re
from itertools import pairwise

import pytest
from PIL import Image

from backend.core.symbols import data_matrix
from backend.labels.layout import place
from backend.labels.presets import custom, preset
from backend.labels.render import render
from backend.labels.rules import LabelItem
from backend.labels.zpl import field_data
from tests.rules.label_samples import SSCC, label, mark

NASTY = "0104607049380344" + "21a_b^c~\"<&>%'x\x1d91T001\x1d92__1^"


def unescape(data: str) -> str:
    """Field data of ^BX with the escape character _, by Zebra's table: _1 FNC1, __ an underscore, _dNNN a byte."""

    def one(match: re.Match[str]) -> str:
        sign = match[1]
        return "\x1d" if sign == "1" else "_" if sign == "_" else chr(int(sign[1:]))

    assert data.startswith("_1")
    return re.sub(r"_(1|_|d\d{3})", one, data[2:])


def unpack(field: str) -> tuple[int, int, Image.Image]:
    """A ^GF field with its ^FO: corner and picture, by Zebra's notation for repeated digits and rows."""
    found = re.fullmatch(r"\^FO(\d+),(\d+)\^GFA,(\d+),(\d+),(\d+),([0-9A-Za-z,!:]*)\^FS", field)
    assert found, field[:80]
    x, y, size, total, stride = map(int, found.groups()[:5])
    assert size == total
    rows: list[str] = []
    row, times = "", 0
    for sign in found[6]:
        if sign == ":":
            rows.append(rows[-1])
        elif sign in ",!":
            rows.append(row.ljust(stride * 2, "0" if sign == "," else "F"))
            row = ""
        elif "G" <= sign <= "Y":
            times += ord(sign) - ord("F")
        elif "g" <= sign <= "z":
            times += 20 * (ord(sign) - ord("f"))
        else:
            row += sign * (times or 1)
            times = 0
        if len(row) == stride * 2:
            rows.append(row)
            row = ""
    bits = bytes.fromhex("".join(rows))
    assert len(bits) == total
    return x, y, Image.frombytes("1", (stride * 8, len(rows)), bits, "raw", "1;I")


def formats(**options: object) -> list[str]:
    items = options.pop("items", [label()])
    stock = options.pop("stock", preset("43x25"))
    data = b"".join(render(stock, items, dpi=203, media="zpl", **options)).decode("ascii")
    return re.findall(r"\^XA\n(.*?)\^XZ\n", data, re.DOTALL)


@pytest.mark.parametrize("code", [mark(), NASTY, "0104607049380344" + "21_1_d029"])
def test_field_data_is_escaped_so_that_the_printer_gets_the_code(code: str) -> None:
    data = field_data(code)
    assert unescape(data) == code
    assert not set(data) & {"^", "~"}
    assert data.isprintable()


def test_the_symbol_is_the_one_of_the_other_media() -> None:
    (form,) = formats(minimum_mm=20)
    found = re.search(r"\^FO(\d+),(\d+)\^BXN,(\d+),200,(\d+),(\d+),6,_,1\^FD([^^]*)\^FS", form)
    assert found
    x, y, dots, columns, rows = map(int, found.groups()[:5])
    at = place(preset("43x25"), data_matrix(mark()), 203, 20)
    assert (x, y, dots, columns, rows) == (at.x, at.y, 4, 44, 44)
    assert unescape(found[6]) == mark()
    assert "^PW344\n^LL200\n" in form


def test_words_and_number_are_the_dots_of_the_png() -> None:
    import io

    png = Image.open(io.BytesIO(b"".join(render(preset("43x25"), [label()], dpi=203, media="png"))))
    (form,) = formats()
    canvas = Image.new("1", png.size, 1)
    graphics = [line for line in form.splitlines() if "^GFA" in line]
    assert len(graphics) == 2
    for line in graphics:
        x, y, picture = unpack(line)
        canvas.paste(0, (x, y), Image.eval(picture.convert("L"), lambda value: 255 - value).convert("1"))
    at = place(preset("43x25"), data_matrix(mark()), 203, 0)
    canvas.paste(data_matrix(mark()).image(at.dots, 0), (at.x, at.y))
    assert canvas.tobytes() == png.tobytes()


def test_labels_of_one_product_share_the_words() -> None:
    first, second = (form.splitlines() for form in formats(items=[label(1), label(2)]))
    same = [one == other for one, other in zip(first, second, strict=True)]
    assert same.count(False) == 2  # the symbol and the number


def test_an_offset_moves_symbol_and_words() -> None:
    (before,), (after,) = formats(), formats(offset_mm=(1, 2))
    places = [[tuple(map(int, spot)) for spot in re.findall(r"\^FO(\d+),(\d+)", form)] for form in (before, after)]
    assert [(b[0] - a[0], b[1] - a[1]) for a, b in zip(*places, strict=True)] == [(8, 16)] * 3


def test_other_symbols_are_drawn() -> None:
    import zxingcpp

    (form,) = formats(stock=preset("box-100x50"), items=[LabelItem("00" + SSCC)])
    assert "^BX" not in form
    *_, bars = unpack(next(line for line in form.splitlines() if "^GFA" in line))
    canvas = Image.new("L", (bars.width + 200, bars.height + 200), 255)
    canvas.paste(bars, (100, 100))
    assert [found.text for found in zxingcpp.read_barcodes(canvas, text_mode=zxingcpp.TextMode.Plain)] == ["00" + SSCC]
    rows = [bars.crop((0, row, bars.width, row + 1)).tobytes() for row in range(bars.height)]
    assert all(one == other for one, other in pairwise(rows))


def test_long_runs_are_packed_right() -> None:
    from backend.labels.zpl import _graphic

    for width, height in ((4_000, 3), (3_352, 2), (8, 1), (161, 40)):
        canvas = Image.new("1", (width + 9, height + 5), 1)
        canvas.paste(0, (3, 2, 3 + width, 2 + height))
        canvas.paste(1, (4, 2, 5, 3))
        x, y, picture = unpack(_graphic(canvas, 0, 0).strip())
        assert (x, y) == (3, 2)
        assert picture.crop((0, 0, width, height)).tobytes() == canvas.crop((3, 2, 3 + width, 2 + height)).tobytes()


def test_a_custom_label_keeps_its_size() -> None:
    (form,) = formats(stock=custom(100, 60, margin=2))
    assert "^PW799\n^LL480\n" in form
