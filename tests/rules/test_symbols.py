"""Symbols that we make are read back as what they were, with their identifier."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.symbols import Matrix, SymbolRefused, bracketed, data_matrix, gs1_128, qr
from backend.core.symbols.making import plain_data_matrix
from tests.rules.label_samples import SSCC, mark

# GS1 character set 82
ALPHABET = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


def read(matrix: Matrix, height: int = 1) -> tuple[str, str]:
    picture = matrix.image(4, 10)
    if height > 1:
        picture = picture.resize((picture.width, picture.height * height))
    (found,) = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    return found.symbology_identifier, found.text


def test_a_mark_is_a_square_gs1_data_matrix() -> None:
    matrix = data_matrix(mark())
    assert (matrix.width, matrix.height) == (44, 44)
    assert read(matrix) == ("]d2", mark())


@settings(max_examples=200, deadline=None)
@given(serial=st.text(ALPHABET, min_size=1, max_size=20), tail=st.text(ALPHABET, min_size=1, max_size=88))
def test_every_serial_and_tail_survives(serial: str, tail: str) -> None:
    elements = f"010460704938034421{serial}\x1d91T001\x1d92{tail}"
    matrix = data_matrix(elements)
    assert matrix.width == matrix.height
    assert read(matrix) == ("]d2", elements)


def test_size_depends_on_lengths_alone() -> None:
    sizes = {data_matrix(mark(number)).width for number in range(50)}
    assert sizes | {data_matrix(mark(serial="1234567890123")).width} == {44}


@pytest.mark.parametrize(
    ("elements", "modules"),
    [
        ("0104607049380344215Dt3NR4BIkMBE\x1d93abcd", 22),
        ("0104607049380344215Dt3NR4BIkMBE\x1d91EE11\x1d92" + "U" * 44, 36),
        ("0104607049380344", 16),
    ],
)
def test_size_is_the_smallest_that_always_suffices(elements: str, modules: int) -> None:
    assert data_matrix(elements).width == modules


def test_brackets_from_fixed_and_separated_values() -> None:
    assert bracketed("0104607049380344" + "11260101" + "3103001250" + "10ABC\x1d" + "21x(1)") == (
        "[01]04607049380344[11]260101[3103]001250[10]ABC[21]x(1)"
    )
    assert bracketed("00" + SSCC) == f"[00]{SSCC}"
    assert bracketed("[01]04607049380344[21]a") == "[01]04607049380344[21]a"


@pytest.mark.parametrize(
    "text",
    ["", "01046", "21", "0104607049380344[21]a", "ab123", "0104607049380344\x1d\x1d21a", "010460704938034421a[b",
     "[01]1x[", "0104607049380344210123456789012345678901", "01046070493803442 1a"],
)  # fmt: skip
def test_what_is_no_element_string_is_refused(text: str) -> None:
    with pytest.raises(SymbolRefused):
        data_matrix(text)


def test_bits_match_the_picture() -> None:
    matrix = data_matrix(mark())
    picture = matrix.image(3, 1)
    assert picture.size == (46 * 3, 46 * 3)
    for y in range(44):
        for x in range(44):
            assert matrix.dark(x, y) == (picture.getpixel(((x + 1) * 3 + 1, (y + 1) * 3 + 1)) == 0)


def test_qr_carries_any_text_and_sscc_is_gs1_128() -> None:
    assert read(qr("KZ-430302-AB0C123456")) == ("]Q1", "KZ-430302-AB0C123456")
    assert read(gs1_128("00" + SSCC), height=40) == ("]C1", "00" + SSCC)


def test_a_code_without_identifiers_is_a_plain_square() -> None:
    pack = '00000046066251nCl"YfACBgxB/Ht'
    matrix = plain_data_matrix(pack)
    assert matrix.width == matrix.height
    assert read(matrix) == ("]d1", pack)
