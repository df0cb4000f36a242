"""Tables of codes: what comes out is what went in, for machines exactly, for spreadsheets without harm."""

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.labels import tables
from backend.labels.rules import LabelItem
from tests.rules.label_samples import label, mark

NASTY_TEXTS = [
    "", "plain", 'quo"te', "a;b,c", "line\nbreak", "line\r\nbreak", "=1+1", "+7 701", "-5", "@SUM(A1)", "\tx", "\rx",
    "＝cmd", "'already", "  spaces  ", "Ұлттық «каталог» ₸", "\ufeffbom", "#hash",
]  # fmt: skip
NASTY_CODES = [
    mark(),
    '0104607049380344' + '21",;\'&<>%=+-@_\x1d91T001\x1d92=+/==',
    "0104607049380344" + "21\x1d",
    "KZ-430302-AB0C123456",
    "00046070493803441236",
]  # fmt: skip


def corpus() -> list[LabelItem]:
    return [
        LabelItem(code, {"kk": text, "ru": text[::-1]}, text, text, number * 101)
        for code in NASTY_CODES
        for number, text in enumerate(NASTY_TEXTS)
    ]


def rows(data: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(data.decode().splitlines(keepends=True), delimiter=delimiter, strict=True))


def test_the_plain_table_gives_back_every_byte() -> None:
    data = b"".join(tables.csv(corpus()))
    head, *body = rows(data, ",")
    assert head == ["code", "name_kk", "name_ru", "line", "number", "price"]
    assert not data.startswith(b"\xef\xbb\xbf")
    for item, row in zip(corpus(), body, strict=True):
        price = f"{item.price_tiyn // 100}.{item.price_tiyn % 100:02}"
        assert row == [item.code, item.names["kk"], item.names["ru"], item.line, item.number, price]


def test_lines_end_with_crlf_and_every_field_is_quoted() -> None:
    data = b"".join(tables.csv([label(1), label(2, price_tiyn=None)]))
    assert data.count(b"\r\n") == data.count(b"\n") == 3
    for line in data.decode().split("\r\n")[:-1]:
        assert line.startswith('"')
        assert line.endswith('"')
    assert b"\x1d91T001\x1d92" in data


def test_the_spreadsheet_table_has_mark_semicolons_and_no_formula() -> None:
    data = b"".join(tables.csv(corpus(), excel=True))
    assert data.startswith(b"\xef\xbb\xbf")
    _, *body = rows(data[3:], ";")
    for item, (code, *texts) in zip(corpus(), body, strict=True):
        assert code == item.code
        for text, original in zip(texts, [item.names["kk"], item.names["ru"], item.line, item.number], strict=False):
            assert not text.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
            assert text in (original, f"'{original}")
            assert (text != original) == original.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40))
def test_any_text_survives(text: str) -> None:
    data = b"".join(tables.csv([LabelItem(mark(), {"kk": text})]))
    (found,) = list(csv.reader(data.decode().split("\r\n", 1)[1].splitlines(keepends=True), strict=True)) or [[]]
    assert found[:2] == [mark(), text]


@pytest.mark.parametrize(("separator", "written"), [("RAW", "\x1d"), ("ESCAPED", "\\x1D"), ("ANGLE", "<GS>"),
                                                    ("FNC1", "{FNC1}")])  # fmt: skip
def test_gs_is_written_as_asked(separator: str, written: str) -> None:
    data = b"".join(tables.csv([label()], separator=tables.Separator[separator])).decode()
    assert f"{written}91T001{written}92" in data


def test_headings_in_the_readers_language_are_a_comment() -> None:
    headings = ("Код", "Атауы (kk)", "Атауы (ru)", "Өлшемі", "Нөмірі", "Бағасы")
    _, second, _ = rows(b"".join(tables.csv([label()], headings=headings)), ",")
    assert second == ["# Код", *headings[1:]]


def test_json_lines_give_back_every_character() -> None:
    data = b"".join(tables.jsonl(corpus()))
    found = [json.loads(line) for line in data.decode().split("\n")[:-1]]
    assert [(one["code"], one["name_kk"], one["line"]) for one in found] == [
        (item.code, item.names["kk"], item.line) for item in corpus()
    ]
    assert b"\x1d" not in data


def test_a_long_table_comes_in_pieces() -> None:
    pieces = list(tables.csv(label(number) for number in range(2_000)))
    assert len(pieces) > 2
    assert len(rows(b"".join(pieces), ",")) == 2_001
