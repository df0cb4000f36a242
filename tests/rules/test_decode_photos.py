"""Reading photos: what others photographed, what went wrong on the way, and what was never a photo."""

import base64
import io
import json
import math
import random
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from backend.core import sandbox
from backend.core.symbols import ImageRefused, data_matrix, qr, read_image, reading
from tests.conftest import vectors_folder
from tests.rules.label_samples import mark

FOLDER = vectors_folder()
SCAN = FOLDER / "scan" if FOLDER else None
# Folder and how many of its pictures must be read (SCANNING §1.2 and §1.4).
CORPORA = {"datamatrix-1": 30, "datamatrix-2": 13, "datamatrix-4": 21, "qrcode-1": 8, "qrcode-2": 55, "qrcode-5": 16}
# Picture B of the round trip was printed without FNC1, C with a GS in its place.
ROUND_TRIP = {
    "A_gs1_fnc1sep": ("]d2", ""), "B_plain_gs_noFNC1": ("]d1", ""), "C_plain_leadingGS": ("]d1", "\x1d"),
    "D_fnc1_first_gs_sep": ("]d2", ""), "E_gs1_qr": ("]Q3", ""), "F_gs1_128": ("]C1", ""), "G_gs1_dmre": ("]d8", ""),
}  # fmt: skip
FULL = "0104607049380344215Dt3NR4BIkMBE\x1d91EE11\x1d92UafAnkeI5pRXpBI9eFusEP0aHgAlSGvakn3evYCAxU8="


def pictures(folder: str) -> list[Path]:
    if SCAN is None:
        return []
    return sorted(path for path in (SCAN / folder).iterdir() if path.suffix in (".png", ".webp", ".jpg"))


def shot(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def scene(*codes: Image.Image, size: tuple[int, int] = (1000, 700), paper: int = 205) -> Image.Image:
    canvas = Image.new("L", size, paper)
    left = 60
    for code in codes:
        canvas.paste(code, (left, 120))
        left += code.width + 60
    return canvas


def decode(data: bytes) -> list[dict[str, object]]:
    return json.loads(sandbox.call("decode", data, seconds=10, megabytes=512))


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.mark.parametrize("folder", CORPORA if SCAN else [])
def test_black_box_pictures_are_read_and_none_wrongly(folder: str) -> None:
    read = 0
    for path in pictures(folder):
        found = [symbol for symbol in read_image(path.read_bytes(), math.inf) if symbol.error is None]
        read += bool(found)
        if not found:
            continue
        truth = path.with_suffix(".bin")
        if truth.exists():
            assert truth.read_bytes() in [symbol.bytes for symbol in found], path.name
        else:
            text = path.with_suffix(".txt").read_bytes().decode()
            assert text in [symbol.text for symbol in found], path.name
    assert read >= CORPORA[folder]


@pytest.mark.parametrize("path", pictures("falsepositives-1"), ids=lambda path: path.name)
def test_nothing_is_read_where_nothing_is(path: Path) -> None:
    with Image.open(path) as picture:
        side = min(picture.size)
    if side < reading.MIN_SIDE:
        with pytest.raises(ImageRefused, match="too_small"):
            read_image(path.read_bytes(), math.inf)
    else:
        assert read_image(path.read_bytes(), math.inf) == []


@pytest.mark.parametrize("name", ROUND_TRIP if SCAN else [])
def test_gs_and_identifier_survive(name: str) -> None:
    assert SCAN
    (found,) = decode((SCAN / "fnc1-roundtrip" / f"{name}.png").read_bytes())
    symbology, lead = ROUND_TRIP[name]
    expected = lead + (FULL if name != "F_gs1_128" else "0104607049380344215Dt3NR4BIkMBE\x1d93abcd")
    assert (found["symbology"], found["text"]) == (symbology, expected)
    assert base64.b64decode(str(found["bytes"])) == expected.encode()


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {}), ("PNG", {}), ("WEBP", {}), ("HEIF", {"quality": 90})])
def test_every_kind_of_picture(kind: str, options: dict[str, int]) -> None:
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    (found,) = decode(shot(scene(data_matrix(mark()).image(6, 3)), kind, **options))
    assert (found["format"], found["symbology"], found["text"]) == ("DataMatrix", "]d2", mark())
    assert found["error"] is None


def test_corners_are_where_the_symbol_is() -> None:
    (found,) = read_image(shot(scene(data_matrix(mark()).image(6, 3))))
    for (x, y), (left, top) in zip(found.position, ((78, 138), (342, 138), (342, 402), (78, 402)), strict=True):
        assert abs(x - left) <= 6
        assert abs(y - top) <= 6


def test_corners_of_a_second_chance_are_in_pixels_of_the_photo() -> None:
    picture = scene(data_matrix(mark()).image(8, 3))
    (found,) = reading._read(picture, picture.resize((500, 350), Image.Resampling.BILINEAR))
    for (x, y), (left, top) in zip(found.position, ((84, 144), (436, 144), (436, 496), (84, 496)), strict=True):
        assert abs(x - left) <= 10
        assert abs(y - top) <= 10


def test_a_dark_and_grainy_photo_gets_a_second_chance() -> None:
    chance = random.Random(1)
    picture = scene(data_matrix(mark()).image(8, 3).convert("L").point(lambda value: 100 if value else 60), paper=100)
    grainy = bytes(min(255, max(0, round(value + chance.gauss(0, 20)))) for value in picture.tobytes())
    dark = Image.frombytes("L", picture.size, grainy)
    assert not zxingcpp.read_barcodes(dark, formats=zxingcpp.BarcodeFormat.DataMatrix), "no chance was needed"
    assert [found.text for found in read_image(shot(dark), math.inf) if found.error is None] == [mark()]


def test_several_codes_in_one_photo_turned_and_blurred() -> None:
    codes = [mark(1), mark(2), "https://example.kz/stock"]
    picture = scene(data_matrix(codes[0]).image(5, 3), data_matrix(codes[1]).image(5, 3), qr(codes[2]).image(6, 4))
    picture = picture.rotate(8, Image.Resampling.BICUBIC, fillcolor=205).filter(ImageFilter.GaussianBlur(0.8))
    assert sorted(str(found["text"]) for found in decode(shot(picture, "JPEG"))) == sorted(codes)


def test_a_symbol_on_transparent_ground_is_read() -> None:
    symbol = data_matrix(mark()).image(6, 3).convert("L")
    picture = Image.new("RGBA", symbol.size, (0, 0, 0, 0))
    picture.putalpha(symbol.point(lambda value: 255 - value))
    assert [found["text"] for found in decode(shot(picture))] == [mark()]


def test_a_symbol_of_16_bits_a_pixel_is_read() -> None:
    symbol = data_matrix(mark()).image(6, 3).convert("L")
    deep = Image.frombytes("I;16", symbol.size, b"".join(bytes((0, value // 4 + 20)) for value in symbol.tobytes()))
    assert [found["text"] for found in decode(shot(deep))] == [mark()]


def covered() -> Image.Image:
    picture = scene(data_matrix(mark()).image(5, 4).convert("L"))
    ImageDraw.Draw(picture).rectangle((150, 180, 240, 290), fill=240)
    return picture


def test_a_covered_symbol_is_reported_as_located() -> None:
    (found,) = decode(shot(covered()))
    assert (found["error"], found["text"], found["bytes"]) == ("checksum", "", "")


def test_a_covered_symbol_beside_a_good_one() -> None:
    picture = covered()
    picture.paste(data_matrix(mark(5)).image(5, 4), (500, 120))
    assert sorted((found["error"] or "", found["text"]) for found in decode(shot(picture))) == [
        ("", mark(5)), ("checksum", "")
    ]  # fmt: skip


def test_the_limited_process_finds_what_plain_zxing_finds() -> None:
    for path in pictures("qrcode-2")[:12] + pictures("datamatrix-2")[:6]:
        plain = zxingcpp.read_barcodes(Image.open(path).convert("L"), text_mode=zxingcpp.TextMode.Plain)
        assert {one.text for one in plain} <= {found["text"] for found in decode(path.read_bytes())}, path.name


def png_header(width: int, height: int, packed: bytes) -> bytes:
    """A PNG that says to be so large, with these packed rows."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def bombs() -> dict[str, tuple[bytes, str]]:
    jpeg = shot(scene(data_matrix(mark()).image(6, 3)), "JPEG")
    row = b"\x00" * (1 + 13_000 // 8)
    progressive = shot(scene(data_matrix(mark()).image(6, 3)), "JPEG", progressive=True)
    last = progressive.rindex(b"\xff\xda")
    scans = progressive[:-2] + progressive[last:-2] * 500 + progressive[-2:]
    return {
        "169 megapixels in 20 kB": (
            png_header(13_000, 13_000, zlib.compress(row * 13_000, 9)),
            "too_large",
        ),
        "a header that lies": (png_header(4_000, 4_000, zlib.compress(b"\x00" * 90)), "damaged"),
        "a truncated JPEG": (jpeg[: len(jpeg) // 2], "damaged"),
        "half a PNG": (shot(scene(qr("x").image(8, 4)))[:300], "damaged"),
        "thousands of scans": (scans, "damaged"),
        "a zip": (b"PK\x03\x04" + bytes(2_000), "unsupported"),
        "a GIF": (shot(scene(), "GIF"), "unsupported"),
        "a vector drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported"),
        "nothing": (b"", "unsupported"),
        "one pixel": (shot(Image.new("L", (1, 1))), "too_small"),
        "chance": (random.Random(7).randbytes(100_000), "unsupported"),
        "chance behind the right magic": (b"\xff\xd8\xff\xe0" + random.Random(8).randbytes(50_000), "damaged"),
        "HEIC in name only": (b"\x00\x00\x00\x18ftypheic" + random.Random(9).randbytes(5_000), "damaged"),
        "too many bytes": (b"\x89PNG\r\n\x1a\n" + bytes(reading.MAX_BYTES), "too_large"),
    }


@pytest.mark.parametrize("name", bombs())
def test_bombs_are_answered_with_a_reason_by_a_process_that_lives_on(name: str) -> None:
    data, reason = bombs()[name]
    with pytest.raises(sandbox.SandboxFailed) as failed:
        sandbox.call("decode", data, seconds=10, megabytes=256)
    assert failed.value.reason == reason


def test_the_first_bytes_decide_the_type_not_a_claim() -> None:
    # what a phone calls photo.jpg may be PNG
    assert [found["text"] for found in decode(shot(scene(data_matrix(mark()).image(6, 3))))] == [mark()]


def test_sixteen_megapixels_are_allowed_and_fit_the_memory() -> None:
    picture = Image.effect_noise((4_000, 3_990), 20).convert("RGBA")
    picture.paste(data_matrix(mark()).image(8, 4).convert("RGBA"), (1_500, 1_500))
    data = shot(picture, "WEBP", quality=60)
    assert len(data) < reading.MAX_BYTES
    found = json.loads(sandbox.call("decode", data, seconds=60, megabytes=320))
    assert [one["text"] for one in found] == [mark()]


def test_random_damage_never_breaks_the_process() -> None:
    chance = random.Random(3)
    decode(shot(scene()))
    replaced = sandbox._pools["decode"].replaced
    whole = [shot(scene(data_matrix(mark()).image(6, 3), size=(400, 400)), kind) for kind in ("JPEG", "PNG", "WEBP")]
    for _ in range(60):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(12, len(data))] = chance.randrange(256)
        with suppress(sandbox.SandboxFailed):
            decode(bytes(data))
    assert sandbox._pools["decode"].replaced == replaced, "a process died or ran out of time or memory"
