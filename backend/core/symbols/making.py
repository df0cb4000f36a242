"""Making symbols: an element string becomes a matrix of modules, exactly as a scanner must see it."""

import re
from bisect import bisect_left
from dataclasses import dataclass

import zxingcpp
from PIL import Image

GS = "\x1d"

# GS1 General Specifications §7.8.4: how many digits an identifier has, by its first two; what is not listed has two.
_AI_DIGITS = {
    **dict.fromkeys(("23", "24", "25", "40", "41", "42", "71"), 3),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82"), 4),
}
# GS1 General Specifications figure 7.8.5-2: values of predefined length, which need no separator behind them.
_VALUE_LENGTH = {
    "00": 18,
    **dict.fromkeys(("01", "02", "03"), 14),
    "04": 16,
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 6),
    "20": 2,
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), 6),
    "41": 13,
}

_BRACKETED = re.compile(r"\[(\d{2,4})\]([^\[\]]+)")
# ISO/IEC 16022 table 7: data codewords of the square sizes from 10 × 10 to 144 × 144, in the order of zint's versions.
_DATA_MATRIX_WORDS = (
    3, 5, 8, 12, 18, 22, 30, 36, 44, 62, 86, 114, 144, 174, 204, 280, 368, 456, 576, 696, 816, 1050, 1304, 1558,
)  # fmt: skip


# A dark module is byte 0 in a picture and the digit 1 here: a row is then read as one number, faster than by Pillow.
_DARK_IS_ONE = bytes(ord("1") if value < 128 else ord("0") for value in range(256))


class SymbolRefused(ValueError):
    """The text cannot be carried by the symbol asked for."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The modules of one symbol without its quiet zone.

    `rows` holds one bit a module, 1 = dark, most significant first, each row padded to whole bytes.
    """

    width: int
    height: int
    rows: bytes

    @property
    def stride(self) -> int:
        """Bytes in a row."""
        return (self.width + 7) // 8

    def dark(self, x: int, y: int) -> bool:
        """Whether the module in column x of row y is dark."""
        return bool(self.rows[y * self.stride + x // 8] >> (7 - x % 8) & 1)

    def image(self, dots: int = 1, quiet: int = 1) -> Image.Image:
        """The symbol as a 1-bit picture, `dots` pixels a module, `quiet` modules of white around it."""
        modules = Image.frombytes("1", (self.width, self.height), self.rows, "raw", "1;I")
        picture = Image.new("1", ((self.width + 2 * quiet) * dots, (self.height + 2 * quiet) * dots), 1)
        picture.paste(modules.resize((self.width * dots, self.height * dots)), (quiet * dots, quiet * dots))
        return picture


def bracketed(elements: str) -> str:
    """Turn an element string ("01…21…<GS>91…") into "[01]…[21]…[91]…", the only form that zxing-cpp makes GS1 from.

    Text that begins with a bracket is taken for bracketed already. Raises SymbolRefused if the text is neither.
    """
    return "".join([f"[{identifier}]{value}" for identifier, value in _split(elements)])


def data_matrix(elements: str) -> Matrix:
    """A square GS1 Data Matrix (`]d2`) of an element string with GS, or of its bracketed form.

    The size depends on the lengths of the values only, not on how well these letters happen to pack: all labels of a
    batch look alike, and what fits the stock can be promised beforehand. Without force_square zint would choose a
    rectangle (DMRE), which many readers cannot read. Raises SymbolRefused.
    """
    pairs = _split(elements)
    text = "".join([f"[{identifier}]{value}" for identifier, value in pairs])
    words = 1  # FNC1 in front
    for identifier, value in pairs:
        length = len(value)
        numeric = identifier[:2] in _VALUE_LENGTH
        words += (len(identifier) + 1) // 2 + ((length + 1) // 2 if numeric else length + 1)
    if not numeric:
        words -= 1  # nothing separates the last value from the end
    version = bisect_left(_DATA_MATRIX_WORDS, words) + 1
    return _make(text, zxingcpp.BarcodeFormat.DataMatrix, gs1=True, force_square=True, version=version)


def plain_data_matrix(text: str) -> Matrix:
    """A square Data Matrix without FNC1 (`]d1`), for marks that have no application identifiers."""
    return _make(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)


def qr(text: str, ec_level: str = "M") -> Matrix:
    """A QR code of any text; `ec_level` is L, M, Q or H."""
    return _make(text, zxingcpp.BarcodeFormat.QRCode, ec_level=ec_level)


def gs1_128(elements: str) -> Matrix:
    """A GS1-128 (`]C1`) of an element string, for instance "00" and an SSCC: one row of modules, to be stretched."""
    matrix = _make(bracketed(elements), zxingcpp.BarcodeFormat.Code128, gs1=True)
    return Matrix(matrix.width, 1, matrix.rows[: matrix.stride])


def _split(elements: str) -> list[tuple[str, str]]:
    """Application identifiers and their values, by the lengths that GS1 has fixed and the separators between."""
    if elements.startswith("["):
        pairs = _BRACKETED.findall(elements)
        if "".join([f"[{identifier}]{value}" for identifier, value in pairs]) != elements:
            raise SymbolRefused("not a bracketed element string")
        return pairs
    pairs = []
    at, end = 0, len(elements)
    while at < end:
        prefix = elements[at : at + 2]
        digits = _AI_DIGITS.get(prefix, 2)
        identifier = elements[at : at + digits]
        at += digits
        length = _VALUE_LENGTH.get(prefix)
        stop = elements.find(GS, at)
        if stop < 0:
            stop = end
        if length is not None:
            stop = min(stop, at + length)
        value = elements[at:stop]
        if not (identifier.isascii() and identifier.isdigit() and value) or (length and len(value) != length):
            raise SymbolRefused(f"not a GS1 element string at character {at - digits}")
        if "[" in value or "]" in value:
            raise SymbolRefused("brackets are outside the GS1 character set")
        pairs.append((identifier, value))
        at = stop + 1 if elements[stop : stop + 1] == GS else stop
    if not pairs:
        raise SymbolRefused("empty")
    return pairs


def _make(text: str, kind: zxingcpp.BarcodeFormat, **options: object) -> Matrix:
    try:
        symbol = zxingcpp.create_barcode(text, kind, **options)
    except ValueError as refused:
        raise SymbolRefused(str(refused)) from None
    view = memoryview(symbol.to_image(scale=1, add_quiet_zones=False))
    height, width = view.shape
    digits, stride = bytes(view).translate(_DARK_IS_ONE), (width + 7) // 8
    pad = stride * 8 - width
    rows = range(0, width * height, width)
    return Matrix(width, height, b"".join((int(digits[at : at + width], 2) << pad).to_bytes(stride) for at in rows))
