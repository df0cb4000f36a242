"""Labels as a printer sees them: every preset is made into dots, measured, and read back."""

import gc
import io
import itertools
import random
import re
import tracemalloc
from collections.abc import Iterator

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageChops

from backend.core.symbols import data_matrix
from backend.labels.layout import Place, place
from backend.labels.presets import PRESETS, Arrangement, Carrier, Preset, custom, preset
from backend.labels.render import render
from backend.labels.rules import (
    CodeRefused,
    DpiUnsupported,
    LabelItem,
    NothingToPrint,
    OneAtATime,
    PresetInvalid,
    PresetTooSmall,
    PresetUnknown,
    StartOutside,
)
from backend.labels.words import TEST, price
from tests.rules.label_samples import NAMES, SSCC, label, mark

MARKS = [one for one in PRESETS.values() if one.carrier is Carrier.DATA_MATRIX]
BIG_ENOUGH_FOR_FOOTWEAR = {"43x25", "58x40", "58x60", "a4-24", "a4-24-36", "a4-21"}


def pdf(stock: Preset, items: list[LabelItem], dpi: int = 203, **options: object) -> bytes:
    return b"".join(render(stock, items, dpi=dpi, **options))


def pages(data: bytes, dpi: int) -> Iterator[Image.Image]:
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            yield page.render(scale=dpi / 72, grayscale=True).to_pil()


def text(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def read(picture: Image.Image) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)


def corner(stock: Preset, number: int, at: Place) -> tuple[int, int]:
    """Where the symbol of the label on this place (from 0) must begin, in dots of the page."""
    row, column = divmod(number, stock.columns)
    left, top = stock.left + column * stock.pitch[0], stock.top + row * stock.pitch[1]
    return round(left / 25.4 * at.dpi) + at.x, round(top / 25.4 * at.dpi) + at.y


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("stock", MARKS, ids=lambda stock: stock.id)
def test_every_label_is_read_back_and_every_module_is_whole_dots(stock: Preset, dpi: int) -> None:
    items = [label(number) for number in range(stock.places + 1)]
    data = pdf(stock, items, dpi)
    left = {item.code for item in items}
    drawn = list(pages(data, dpi))
    assert len(drawn) == 2
    for number, item in enumerate(items):
        sheet, spot = divmod(number, stock.places)
        matrix = data_matrix(item.code)
        at = place(stock, matrix, dpi, 0)
        x, y = corner(stock, spot, at)
        assert (at.width, at.height) == (44 * at.dots, 44 * at.dots)
        seen = drawn[sheet].crop((x, y, x + at.width, y + at.height))
        assert ImageChops.difference(seen, matrix.image(at.dots, 0).convert("L")).getbbox() is None, number
    for picture in drawn:
        for found in read(picture):
            assert found.symbology_identifier == "]d2"
            left.remove(found.text)
    assert not left


@pytest.mark.parametrize("stock", MARKS, ids=lambda stock: stock.id)
@pytest.mark.parametrize("test", [False, True])
def test_the_quiet_zone_is_white_and_nothing_is_printed_past_the_margin(stock: Preset, test: bool) -> None:
    item = label()
    (page,) = pages(pdf(stock, [item], test=test), 203)
    at = place(stock, data_matrix(item.code), 203, 0, test)
    x, y = corner(stock, 0, at)
    quiet = page.crop((x - at.dots, y - at.dots, x + at.width + at.dots, y + at.height + at.dots))
    quiet.paste(255, (at.dots, at.dots, at.dots + at.width, at.dots + at.height))
    assert set(quiet.tobytes()) == {255}
    assert at.x - at.dots >= stock.margin * 203 / 25.4 - 0.001
    assert at.y - at.dots >= stock.margin * 203 / 25.4 - 0.001
    dark = page.point(lambda value: 255 if value < 200 else 0).getbbox()
    assert dark
    dots = 203 / 25.4
    inside = stock.margin - 0.15
    assert dark[0] >= (stock.left + inside) * dots
    assert dark[1] >= (stock.top + inside) * dots
    assert dark[2] <= (stock.left + stock.width - inside) * dots
    assert dark[3] <= (stock.top + stock.height - inside) * dots


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("stock", MARKS, ids=lambda stock: stock.id)
def test_footwear_gets_20_mm_or_a_reason(stock: Preset, dpi: int) -> None:
    if stock.id in BIG_ENOUGH_FOR_FOOTWEAR:
        at = place(stock, data_matrix(mark()), dpi, 20)
        assert at.width * 25.4 / dpi >= 20
        assert text(pdf(stock, [label()], dpi, minimum_mm=20))
    else:
        with pytest.raises(PresetTooSmall) as refused:
            render(stock, [label()], dpi=dpi, minimum_mm=20)
        numbers = refused.value.params
        assert numbers["needed_mm"] > numbers["available_mm"]
        assert (numbers["preset"], numbers["modules"], numbers["minimum_mm"]) == (stock.id, 44, 20)


def test_footwear_at_203_dpi_is_four_dots_a_module() -> None:
    data = pdf(preset("58x40"), [label()], minimum_mm=20)
    assert place(preset("58x40"), data_matrix(mark()), 203, 20).dots == 4
    assert "X = 0.500 mm · 203 dpi · 22.0 mm" in text(data)


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("stock", PRESETS.values(), ids=lambda stock: stock.id)
def test_pages_are_the_stock_to_half_a_dot(stock: Preset, dpi: int) -> None:
    item = label() if stock.carrier is Carrier.DATA_MATRIX else LabelItem("00" + SSCC)
    with pypdfium2.PdfDocument(pdf(stock, [item], dpi)) as document:
        size = [side / 72 * 25.4 for side in document[0].get_size()]
    assert size == pytest.approx(stock.page_size, abs=0.5 * 25.4 / dpi + 0.001)


def test_words_are_found_by_search() -> None:
    found = " ".join(text(pdf(preset("58x60"), [label(line="Өлшемі 42 · қара / чёрный")])).split())
    assert NAMES["kk"] in found
    assert NAMES["ru"] in found
    assert "Өлшемі 42 · қара / чёрный" in found
    assert label().number in found
    assert "12 990 ₸" in found


def test_what_does_not_fit_is_cut_but_never_the_number() -> None:
    long = label(names={"kk": "Ұ" * 400, "ru": "Ж" * 400}, line="42 " * 100)
    for stock in MARKS:
        if stock.arrangement is not Arrangement.CODE:
            found = text(pdf(stock, [long]))
            assert re.sub(r"\s", "", long.number) in re.sub(r"\s", "", found), stock.id
            assert "…" in found


def test_a_label_without_words_is_a_label() -> None:
    for stock in MARKS:
        (page,) = pages(pdf(stock, [LabelItem(mark())], test=True), 300)
        assert [found.text for found in read(page)] == [mark()]


def test_invisible_and_reversing_characters_do_not_reach_the_label() -> None:
    found = text(pdf(preset("58x40"), [label(names={"kk": "Ақ\u202eқара\u200b\x00\x1d тон"}, line="a\nb")]))
    assert "Аққара тон" in found
    assert "a b" in found


@pytest.mark.parametrize("stock", MARKS, ids=lambda stock: stock.id)
def test_test_labels_say_so(stock: Preset) -> None:
    assert TEST in text(pdf(stock, [label()], test=True))
    assert "TEST" not in text(pdf(stock, [label()]))


def test_a_used_sheet_is_continued() -> None:
    stock = preset("a4-24")
    (first, second) = pages(pdf(stock, [label(1), label(2), label(3)], start=23), 203)
    at = place(stock, data_matrix(mark()), 203, 0)
    spots = {found.text: found.position.top_left for found in read(first)}
    assert set(spots) == {mark(1), mark(2)}
    for code, number in ((mark(1), 22), (mark(2), 23)):
        x, y = corner(stock, number, at)
        assert abs(spots[code].x - x) <= 3
        assert abs(spots[code].y - y) <= 3
    assert [found.text for found in read(second)] == [mark(3)]


def test_an_offset_moves_everything_by_millimetres() -> None:
    stock = preset("a4-21")
    (before,) = pages(pdf(stock, [label()], 300), 300)
    (after,) = pages(pdf(stock, [label()], 300, offset_mm=(1.5, -2.0)), 300)
    moved = (round((stock.left + 1.5) / 25.4 * 300), round((stock.top - 2.0) / 25.4 * 300))
    dx = moved[0] - round(stock.left / 25.4 * 300)
    dy = moved[1] - round(stock.top / 25.4 * 300)
    assert (dx, dy) == (18, -23) or (dx, dy) == (18, -24)
    assert ImageChops.difference(ImageChops.offset(before, dx, dy), after).getbbox() is None


def test_custom_stock() -> None:
    stock = custom(50, 30, page=(110, 100), columns=2, rows=3, left=4, top=3, pitch=(52, 32), margin=1)
    (page,) = pages(pdf(stock, [label(number) for number in range(6)], 300), 300)
    assert {found.text for found in read(page)} == {mark(number) for number in range(6)}


@pytest.mark.parametrize(
    ("changes", "what"),
    [({"columns": 3}, "page"), ({"rows": 4}, "page"), ({"pitch": (40, 32)}, "pitch"), ({"left": -1}, "pitch"),
     ({"width": 5}, "label"), ({"margin": 20}, "label"), ({"columns": 0}, "places"), ({"page": None}, "places")],
)  # fmt: skip
def test_custom_stock_that_cannot_be(changes: dict[str, object], what: str) -> None:
    good = {"width": 50, "height": 30, "page": (110, 100), "columns": 2, "rows": 3, "pitch": (52, 32)}
    with pytest.raises(PresetInvalid) as refused:
        custom(**{**good, **changes})
    assert refused.value.params == {"what": what}


def test_what_cannot_be_printed_is_refused_before_the_first_byte() -> None:
    stock = preset("58x40")
    with pytest.raises(NothingToPrint):
        render(stock, [], dpi=203)
    with pytest.raises(CodeRefused) as refused:
        render(stock, [LabelItem("no element string")], dpi=203)
    assert refused.value.params == {"number": 1}
    with pytest.raises(StartOutside):
        render(preset("a4-24"), [label()], dpi=203, start=25)
    with pytest.raises(StartOutside):
        render(stock, [label()], dpi=203, start=0)
    with pytest.raises(DpiUnsupported):
        render(stock, [label()], dpi=10)
    with pytest.raises(OneAtATime):
        render(stock, [label(1), label(2)], dpi=203, media="png")
    with pytest.raises(PresetUnknown):
        preset("1x1")


def test_a_bad_code_in_the_middle_is_named() -> None:
    with pytest.raises(CodeRefused) as refused:
        pdf(preset("58x40"), [label(1), label(2), LabelItem("[")])
    assert refused.value.params == {"number": 3}


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_box_labels_are_gs1_128_with_bars_of_half_a_millimetre(dpi: int) -> None:
    stock = preset("box-100x50")
    data = pdf(stock, [LabelItem("00" + SSCC, NAMES, "24 жұп", f"(00) {SSCC}")], dpi)
    (page,) = pages(data, dpi)
    (found,) = read(page)
    assert (found.symbology_identifier, found.text) == ("]C1", "00" + SSCC)
    row = page.crop((0, page.height // 3, page.width, page.height // 3 + 1)).tobytes()
    runs = [len(list(group)) for _, group in itertools.groupby(row)]
    narrowest = min(runs)
    assert all(run % narrowest == 0 for run in runs[1:-1])
    assert narrowest * 25.4 / dpi >= 0.494
    assert runs[0] >= 10 * narrowest
    assert runs[-1] >= 10 * narrowest
    assert f"(00) {SSCC}" in text(data)


def test_fur_marks_stand_in_a_qr_code() -> None:
    stock = custom(43, 25, carrier=Carrier.QR)
    (page,) = pages(pdf(stock, [LabelItem("KZ-430302-AB0C123456", {"kk": "Күзен тоны"})]), 203)
    assert [found.text for found in read(page)] == ["KZ-430302-AB0C123456"]


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("stock", MARKS, ids=lambda stock: stock.id)
def test_a_png_is_the_label_dot_by_dot(stock: Preset, dpi: int) -> None:
    picture = Image.open(io.BytesIO(b"".join(render(stock, [label()], dpi=dpi, media="png"))))
    assert picture.mode == "1"
    assert picture.size == pytest.approx((stock.width / 25.4 * dpi, stock.height / 25.4 * dpi), abs=0.501)
    assert picture.info["dpi"] == pytest.approx((dpi, dpi), abs=0.02)
    matrix = data_matrix(mark())
    at = place(stock, matrix, dpi, 0)
    seen = picture.crop((at.x, at.y, at.x + at.width, at.y + at.height))
    assert ImageChops.difference(seen.convert("L"), matrix.image(at.dots, 0).convert("L")).getbbox() is None
    assert [(found.symbology_identifier, found.text) for found in read(picture.convert("L"))] == [("]d2", mark())]


def test_png_and_pdf_show_the_same_words() -> None:
    stock = preset("58x40")
    (page,) = pages(pdf(stock, [label()], 300), 300)
    picture = Image.open(io.BytesIO(b"".join(render(stock, [label()], dpi=300, media="png")))).convert("L")
    shared = [picture.reduce(10), page.crop((0, 0, *picture.size)).reduce(10)]
    histogram = ImageChops.difference(*shared).histogram()
    assert sum(histogram[110:]) == 0, "a word is missing, or stands elsewhere"


@pytest.mark.parametrize(
    ("tiyn", "shown"), [(1_299_000, "12 990 ₸"), (1_299_050, "12 990,50 ₸"), (0, "0 ₸"), (5, "0,05 ₸")]
)
def test_prices(tiyn: int, shown: str) -> None:
    assert price(tiyn).replace("\u00a0", " ") == shown


def peak(count: int) -> int:
    chance = random.Random(count)

    def items() -> Iterator[LabelItem]:
        for number in range(count):
            name = f"Аяқкиім {chance.randrange(10**9)}" if number % 2 else "Аяқкиім"
            yield label(number, names={"kk": name})

    # What other tests left behind makes whole collections rare, and garbage would count as growth.
    gc.freeze()
    gc.collect()
    tracemalloc.start()
    for piece in render(preset("58x40"), items(), dpi=203):
        assert len(piece) < 1_000_000
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    gc.unfreeze()
    return highest


def test_memory_does_not_grow_with_the_number_of_labels() -> None:
    """But for the places of its objects, some hundred bytes a label, which a PDF names at its end; what a label itself
    takes, thousands, is gone with its piece."""
    peak(10)  # fonts and caches
    few, many = peak(300), peak(3_000)
    assert (many - few) / 2_700 < 600


def test_the_same_labels_make_the_same_bytes() -> None:
    items = [label(number) for number in range(70)]
    assert pdf(preset("a4-65"), items) == pdf(preset("a4-65"), items)


def test_ten_thousand_labels_come_in_pieces_and_open_everywhere() -> None:
    pieces = list(render(preset("20x20"), (LabelItem(mark(number)) for number in range(10_000)), dpi=203))
    assert len(pieces) > 50
    with pypdfium2.PdfDocument(b"".join(pieces)) as document:
        assert len(document) == 10_000
        picture = document[9_999].render(scale=203 / 72, grayscale=True).to_pil()
    assert [found.text for found in read(picture)] == [mark(9_999)]
