"""Reading symbols in photos. The bytes are a stranger's: call this through core.sandbox ("decode"), never directly."""

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import zxingcpp
from PIL import Image, ImageFilter, UnidentifiedImageError

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 16_000_000
MIN_SIDE = 10  # the smallest Data Matrix has 10 modules a side
# Past this much processor time on one picture no further chance is begun; one that reads at once never comes near.
PATIENCE_SECONDS = 0.6
# A progressive JPEG has about ten scans; thousands of them are an attack on the processor.
MAX_JPEG_SCANS = 100

_F = zxingcpp.BarcodeFormat
_FORMATS = [
    _F.DataMatrix, _F.QRCode, _F.QRCodeModel1, _F.QRCodeModel2, _F.MicroQRCode, _F.RMQRCode,
    _F.Code128, _F.EANUPC, _F.ITF,
]  # fmt: skip
_SQUARE = (_F.DataMatrix, _F.QRCode, _F.QRCodeModel2)
_SHARP = (ImageFilter.UnsharpMask(4, 400, 0), ImageFilter.UnsharpMask(2, 200, 0))

Point = tuple[int, int]


class ImageRefused(Exception):
    """The picture cannot be read at all; `code` is unsupported, too_large, too_small or damaged."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol found in a picture.

    `text` is the content as transmitted (GS kept, no FNC1 in front), `bytes` the same before any decoding into letters,
    `symbology` the ISO/IEC 15424 identifier such as `]d2`. `position` are the corners in pixels of the stored picture,
    clockwise from the symbol's own top left. `error` is None, or `checksum` for a square symbol that was located
    but not deciphered (dirty, covered, torn): then text and bytes are empty.
    """

    format: str
    symbology: str
    text: str
    bytes: bytes
    position: tuple[Point, Point, Point, Point]
    error: str | None = None


def read_image(data: bytes, patience: float = PATIENCE_SECONDS) -> list[Symbol]:
    """Find the symbols in a JPEG, PNG, WebP or HEIC picture; the first bytes decide which it is.

    Up to 15 MB and 16 megapixels, at least 10 pixels a side, judged by the header before anything is unpacked. EXIF
    orientation is ignored: symbols are found at any angle. Where nothing reads, the picture gets the second chances of
    `_chances`, until one of them reads or `patience` seconds of processor time are used up. Raises ImageRefused.
    """
    picture = open_grey(data)
    located: list[Symbol] = []
    started = time.process_time()
    for read in _chances(picture):
        symbols = read()
        found = [symbol for symbol in symbols if symbol.error is None]
        torn = [symbol for symbol in symbols if symbol.error]
        if found:
            # Beside symbols that read, a spot much smaller than they are is clutter.
            least = min(map(_side, found)) / 2
            return found + [symbol for symbol in torn if _side(symbol) >= least and not _overlaps(symbol, found)]
        located.extend(torn)
        if time.process_time() - started > patience:
            break
    return _seen_twice(located)


def open_grey(data: bytes) -> Image.Image:
    """Unpack a picture into 8-bit grey, transparent parts white. Raises ImageRefused."""
    if len(data) > MAX_BYTES:
        raise ImageRefused("too_large")
    kind = _kind(data)
    if kind is None:
        raise ImageRefused("unsupported")
    if kind == "JPEG" and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise ImageRefused("damaged")
    try:
        picture = Image.open(io.BytesIO(data), formats=[kind])
        if picture.width * picture.height > MAX_PIXELS:
            raise ImageRefused("too_large")
        if min(picture.size) < MIN_SIDE:
            raise ImageRefused("too_small")
        picture.load()
        return _grey(picture)
    except Image.DecompressionBombError:
        raise ImageRefused("too_large") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, KeyError):
        # Pillow's plugins let all of these out on damaged input
        raise ImageRefused("damaged") from None


def _kind(data: bytes) -> str | None:
    head = data[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"):
        return "HEIF"
    return None


def _grey(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a pixel: convert() would clip them to white instead of scaling
        picture = picture.convert("F").point(lambda value: value * (1 / 256) + 0)
    if picture.has_transparency_data:
        picture = picture.convert("LA")
        white = Image.new("L", picture.size, 255)
        white.paste(picture.getchannel("L"), mask=picture.getchannel("A"))
        return white
    return picture.convert("L")


def _chances(picture: Image.Image) -> Iterator[Callable[[], list[Symbol]]]:
    """The cascade: each rescues what the ones before cannot, the cheap and fruitful first.

    Halving and smoothing rescue dark and noisy pictures, sharpening rescues blur, enlarging small modules.
    """
    width, height = picture.size

    def scaled(factor: float) -> Image.Image:
        size = max(1, round(width * factor)), max(1, round(height * factor))
        return picture.resize(size, Image.Resampling.BILINEAR if factor < 1 else Image.Resampling.BICUBIC)

    def sharp(image: Image.Image) -> Image.Image:
        return image.filter(_SHARP[0]).filter(_SHARP[1])

    yield lambda: _read(picture, picture)
    yield lambda: _read(picture, scaled(0.5))
    yield lambda: _read(picture, picture.filter(ImageFilter.GaussianBlur(1)))
    yield lambda: _read(picture, sharp(picture))
    if width * height < 1_200_000:
        yield lambda: _read(picture, scaled(2))
    yield lambda: _read(picture, scaled(0.75))
    yield partial(_read, picture, picture, binarizer=zxingcpp.Binarizer.GlobalHistogram)
    yield lambda: _read(picture, sharp(scaled(0.5)))
    yield lambda: _read(picture, picture.filter(ImageFilter.GaussianBlur(1.5)).reduce(2))


def _read(
    original: Image.Image, picture: Image.Image, binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage
) -> list[Symbol]:
    # Plain keeps GS; the default text mode drops it, and the separators of a mark with it.
    found = zxingcpp.read_barcodes(
        picture, formats=_FORMATS, text_mode=zxingcpp.TextMode.Plain, binarizer=binarizer, return_errors=True
    )
    across, down = original.width / picture.width, original.height / picture.height
    return [_symbol(barcode, across, down) for barcode in found if barcode.valid or _torn(barcode)]


def _torn(barcode: zxingcpp.Barcode) -> bool:
    # Stripes fail their checksum everywhere in a photo; only a located square tells of a damaged symbol.
    return barcode.format in _SQUARE and barcode.error.type == zxingcpp.ErrorType.Checksum


def _symbol(barcode: zxingcpp.Barcode, across: float, down: float) -> Symbol:
    at = barcode.position
    corners = tuple(
        (round(point.x * across), round(point.y * down))
        for point in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    )
    if barcode.valid:
        return Symbol(barcode.format.name, barcode.symbology_identifier, barcode.text, barcode.bytes, corners)
    return Symbol(barcode.format.name, barcode.symbology_identifier, "", b"", corners, "checksum")


def _seen_twice(located: list[Symbol]) -> list[Symbol]:
    """Of the symbols that no chance deciphered, those that two chances located in the same place, once each."""
    kept: list[Symbol] = []
    for number, symbol in enumerate(located):
        if _overlaps(symbol, located[number + 1 :]) and not _overlaps(symbol, kept):
            kept.append(symbol)
    return kept


def _overlaps(symbol: Symbol, others: list[Symbol]) -> bool:
    left, top, right, bottom = _box(symbol)
    return any(left < e and w < right and top < s and n < bottom for w, n, e, s in map(_box, others))


def _box(symbol: Symbol) -> tuple[int, int, int, int]:
    across, down = [x for x, _ in symbol.position], [y for _, y in symbol.position]
    return min(across), min(down), max(across), max(down)


def _side(symbol: Symbol) -> int:
    left, top, right, bottom = _box(symbol)
    return max(right - left, bottom - top)
