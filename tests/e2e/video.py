"""Films for the browser's fake camera: labels as a hand holds them, and the hard minutes of a warehouse.

An .mjpeg file is nothing but JPEG pictures one after the other; Chromium plays it at 30 frames a second, in a loop:
`--use-fake-device-for-media-stream --use-file-for-fake-video-capture=film.mjpeg`. Every frame carries its number as
twelve squares in its upper left corner, so that a page can say which frame it was looking at.

    python tests/e2e/video.py film.mjpeg label.png sheet.pdf     labels by hand, two seconds each
    python tests/e2e/video.py --lab single film.mjpeg            the lab's segments for one code at a time
    python tests/e2e/video.py --lab bulk film.mjpeg              shelf and conveyor
"""

import argparse
import base64
import math
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIZE = (1280, 720)
RATE = 30
SQUARE = 24
BITS = 12
GREY_CARD = 150
"""Brightness of the surfaces around a label."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of film: which codes it shows and in which of its frames (from the film's start)."""

    name: str
    first: int
    last: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Film:
    frames: list[Image.Image]
    segments: list[Segment]


def mark(rng: random.Random) -> tuple[str, Image.Image]:
    """A full mark with an 88-character tail: its text with GS, and its 44 × 44 symbol at one pixel a module."""
    digits = "0487" + "".join(rng.choice("0123456789") for _ in range(9))
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(digits))
    gtin = digits + str(-total % 10)
    serial = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789abcdefghjkmnpqrstuvwxyz") for _ in range(13))
    key, tail = "T001", base64.b64encode(rng.randbytes(64)).decode()
    symbol = zxingcpp.create_barcode(
        f"[01]{gtin}[21]{serial}[91]{key}[92]{tail}", zxingcpp.BarcodeFormat.DataMatrix, gs1=True, force_square=True
    )
    return f"01{gtin}21{serial}\x1d91{key}\x1d92{tail}", picture_of(symbol)


def link(rng: random.Random) -> tuple[str, Image.Image]:
    """A QR code with a shop's address."""
    text = f"https://example.kz/p/{rng.randrange(10**9)}"
    return text, picture_of(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode))


def picture_of(symbol: zxingcpp.Barcode) -> Image.Image:
    """One pixel a module, with a quiet zone of two more modules than the symbol's own."""
    plain = Image.fromarray(symbol.to_image(scale=1))
    card = Image.new("L", (plain.width + 4, plain.height + 4), 255)
    card.paste(plain, (2, 2))
    return card


def labels_of(path: Path, dots_per_mm: float = 12) -> list[Image.Image]:
    """Label pictures of a PNG or JPEG (one) or a PDF (one a page)."""
    if path.suffix.lower() != ".pdf":
        return [Image.open(path).convert("L")]
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.render(scale=dots_per_mm * 25.4 / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()


def table(rng: random.Random) -> Image.Image:
    """A cluttered table: papers, lines of print, a ruler; without anything that reads as a code."""
    scene = Image.new("L", SIZE, GREY_CARD)
    draw = ImageDraw.Draw(scene)
    for _ in range(14):
        x, y = rng.randrange(-100, SIZE[0]), rng.randrange(-60, SIZE[1])
        w, h = rng.randrange(60, 380), rng.randrange(30, 220)
        draw.rectangle((x, y, x + w, y + h), fill=rng.randrange(90, 230), outline=rng.randrange(40, 90))
        for line in range(y + 12, y + h - 8, 14):
            draw.line((x + 8, line, x + 8 + rng.randrange(20, w), line), fill=rng.randrange(60, 120), width=3)
    for x in range(0, SIZE[0], 16):
        draw.line((x, SIZE[1] - 24, x, SIZE[1]), fill=60, width=2)
    return scene.filter(ImageFilter.GaussianBlur(1))


def place(scene: Image.Image, label: Image.Image, centre: tuple[float, float], degrees: float = 0) -> Image.Image:
    """The scene with the label laid on it, turned about its centre."""
    out = scene.copy()
    turned = label.rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    shape = Image.new("L", label.size, 255).rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True)
    out.paste(turned, (round(centre[0] - turned.width / 2), round(centre[1] - turned.height / 2)), shape)
    return out


def modules(symbol: Image.Image, pixels: float) -> Image.Image:
    """The symbol at so many pixels a module, fractions included, as soft as a good lens leaves it.

    Softness is needed: Chromium's fake camera breaks JPEG blocks that hold nothing but hard chequers.
    """
    big = symbol.resize((symbol.width * 10, symbol.height * 10), Image.Resampling.NEAREST)
    sharp = big.resize((round(symbol.width * pixels), round(symbol.height * pixels)), Image.Resampling.BOX)
    return sharp.filter(ImageFilter.GaussianBlur(0.15 * pixels))


def dark(frame: Image.Image, rng: random.Random, contrast: int = 70, noise: float = 8) -> Image.Image:
    """Little light and a noisy sensor."""
    dim = frame.point([20 + value * contrast // 255 for value in range(256)])
    # Pillow's noise is centred on 128; the seed is ours only in where the tile is cut.
    grain = Image.effect_noise((SIZE[0] + 64, SIZE[1] + 64), noise)
    x, y = rng.randrange(64), rng.randrange(64)
    return ImageChops.add(dim, grain.crop((x, y, x + SIZE[0], y + SIZE[1])), offset=-128)


def smear(frame: Image.Image, pixels: int) -> Image.Image:
    """Motion blur along the rows."""
    total = frame
    for step in range(1, pixels):
        total = Image.blend(total, ImageChops.offset(frame, step, 0), 1 / (step + 1))
    return total


MIDDLE = (SIZE[0] / 2, SIZE[1] / 2)

Scene = tuple[Iterator[Image.Image], tuple[str, ...]]


def still(rng: random.Random, seconds: float = 1.0) -> Scene:
    text, symbol = mark(rng)
    frame = place(table(rng), modules(symbol, 4), MIDDLE)
    return (frame for _ in range(round(seconds * RATE))), (text,)


def turned(rng: random.Random, seconds: float = 1.0) -> Scene:
    """Held askew, up to 12° either way, a little out of focus."""
    text, symbol = mark(rng)
    label, scene, count = modules(symbol, 4), table(rng), round(seconds * RATE)
    return (
        place(scene, label, MIDDLE, 12 * math.sin(i / 5)).filter(ImageFilter.GaussianBlur(0.8)) for i in range(count)
    ), (text,)


def shaken(rng: random.Random, seconds: float = 2.0) -> Scene:
    text, symbol = mark(rng)
    label, scene, count = modules(symbol, 4), table(rng), round(seconds * RATE)
    return (
        smear(place(scene, label, (MIDDLE[0] + 60 * math.sin(i / 4), MIDDLE[1]), 45 * i / count), 3)
        for i in range(count)
    ), (text,)


def focusing(rng: random.Random, seconds: float = 2.0) -> Scene:
    """The lens finds its focus: blur from 1.2 modules down to 0.15."""
    text, symbol = mark(rng)
    frame, count = place(table(rng), modules(symbol, 4), MIDDLE), round(seconds * RATE)
    return (frame.filter(ImageFilter.GaussianBlur(4 * (1.2 - 1.05 * i / (count - 1)))) for i in range(count)), (text,)


def gloomy(rng: random.Random, seconds: float = 2.0) -> Scene:
    text, symbol = mark(rng)
    frame = place(table(rng), modules(symbol, 4), MIDDLE)
    return (dark(frame, rng) for _ in range(round(seconds * RATE))), (text,)


def small(rng: random.Random, seconds: float = 1.0) -> Scene:
    text, symbol = mark(rng)
    frame = place(table(rng), modules(symbol, 2.5), MIDDLE)
    return (frame for _ in range(round(seconds * RATE))), (text,)


def shop_link(rng: random.Random, seconds: float = 1.5) -> Scene:
    text, symbol = link(rng)
    frame = place(table(rng), modules(symbol, 5), MIDDLE)
    return (frame for _ in range(round(seconds * RATE))), (text,)


def light_on_dark(rng: random.Random, seconds: float = 1.5) -> Scene:
    text, symbol = mark(rng)
    frame = place(table(rng), ImageChops.invert(modules(symbol, 4)), MIDDLE)
    return (frame for _ in range(round(seconds * RATE))), (text,)


def empty(rng: random.Random, seconds: float = 0.5) -> Scene:
    frame = table(rng)
    return (frame for _ in range(round(seconds * RATE))), ()


def shelf(rng: random.Random, seconds: float = 2.0) -> Scene:
    """Twelve labels at once."""
    codes = [mark(rng) for _ in range(12)]
    scene = Image.new("L", SIZE, GREY_CARD)
    for n, (_, symbol) in enumerate(codes):
        scene = place(scene, modules(symbol, 3.2), (170 + 310 * (n % 4), 150 + 215 * (n // 4)), rng.uniform(-8, 8))
    return (scene for _ in range(round(seconds * RATE))), tuple(text for text, _ in codes)


def conveyor(rng: random.Random, boxes: int = 8) -> Scene:
    """120 boxes a minute, 720 px a second."""
    codes = [mark(rng) for _ in range(boxes)]
    labels = [modules(symbol, 4) for _, symbol in codes]
    scene, speed, gap = Image.new("L", SIZE, GREY_CARD), 720 / RATE, RATE // 2
    count = (boxes - 1) * gap + round((SIZE[0] + 200) / speed)

    def frames() -> Iterator[Image.Image]:
        for i in range(count):
            frame = scene
            for n, label in enumerate(labels):
                x = SIZE[0] + 100 - speed * (i - n * gap)
                if -100 < x < SIZE[0] + 100:
                    frame = place(frame, label, (x, MIDDLE[1]))
            yield smear(frame, 4)

    return frames(), tuple(text for text, _ in codes)


LAB: dict[str, dict[str, Callable[[random.Random], Scene]]] = {
    "still": {"still": still},
    "single": {
        "still": still,
        "empty": empty,
        "turned": turned,
        "shaken": shaken,
        "focusing": focusing,
        "gloomy": gloomy,
        "small": small,
        "shop_link": shop_link,
        "light_on_dark": light_on_dark,
    },
    "bulk": {"empty": empty, "shelf": shelf, "conveyor": conveyor},
}


def lab(kind: str, seed: int = 2024) -> Film:
    """The lab's film of that kind; the same codes for the same seed."""
    rng = random.Random(seed)
    film = Film([], [])
    for name, scene in LAB[kind].items():
        frames, codes = scene(rng)
        first = len(film.frames)
        film.frames.extend(frames)
        film.segments.append(Segment(name, first, len(film.frames) - 1, codes))
    return film


CODE_WIDTH = 220
"""Pixels across a code that a hand holds up to the camera."""


def held_up(label: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """The label at the distance at which people hold a code, its code in the middle; and the code's text.

    A label without a readable square code comes whole.
    """
    square = [zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.QRCode]
    found = zxingcpp.read_barcodes(label, formats=square, text_mode=zxingcpp.TextMode.Plain)
    if not found:
        room = min(SIZE[0] * 0.8 / label.width, SIZE[1] * 0.8 / label.height)
        return label.resize((round(label.width * room), round(label.height * room)), Image.Resampling.LANCZOS), ()
    at = found[0].position
    corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    x, y = sum(corner.x for corner in corners) / 4, sum(corner.y for corner in corners) / 4
    width = math.dist((at.top_left.x, at.top_left.y), (at.top_right.x, at.top_right.y))
    # A sheet with the code's centre in its middle, so that the label turns about its code.
    reach = (max(x, label.width - x), max(y, label.height - y))
    sheet = Image.new("L", (round(2 * reach[0]), round(2 * reach[1])), GREY_CARD)
    sheet.paste(label, (round(reach[0] - x), round(reach[1] - y)))
    scale = CODE_WIDTH / width
    size = (round(sheet.width * scale), round(sheet.height * scale))
    return sheet.resize(size, Image.Resampling.LANCZOS), (found[0].text,)


def by_hand(labels: Iterable[Image.Image], seconds: float = 2.0, seed: int = 2024) -> Film:
    """Each label for some seconds, moving and turning up to 12° as in a hand, slightly blurred, on a table."""
    rng = random.Random(seed)
    film = Film([], [])
    for n, label in enumerate(labels):
        (held, codes), scene, first = held_up(label), table(rng), len(film.frames)
        for i in range(round(seconds * RATE)):
            at = (MIDDLE[0] + 10 * math.sin(i / 6), MIDDLE[1] + 6 * math.cos(i / 7))
            film.frames.append(place(scene, held, at, 12 * math.sin(i / 9)).filter(ImageFilter.GaussianBlur(0.7)))
        film.segments.append(Segment(f"label {n + 1}", first, len(film.frames) - 1, codes))
    return film


def write(film: Film, path: Path, quality: int = 88) -> None:
    """Writes the film, every frame with its number in its corner."""
    with path.open("wb") as out:
        for number, frame in enumerate(film.frames):
            numbered = frame.convert("RGB")
            draw = ImageDraw.Draw(numbered)
            for bit in range(BITS):
                x = bit * SQUARE
                draw.rectangle((x, 0, x + SQUARE - 1, SQUARE - 1), fill="white" if number >> bit & 1 else "black")
            jpeg = BytesIO()
            numbered.save(jpeg, "JPEG", quality=quality)
            out.write(jpeg.getvalue())


def main() -> None:
    parser = argparse.ArgumentParser(description="Films for the browser's fake camera.")
    parser.add_argument("film", type=Path)
    parser.add_argument("labels", type=Path, nargs="*", help="PNG, JPEG or PDF labels")
    parser.add_argument("--lab", choices=LAB, help="a film of the lab instead of labels")
    asked = parser.parse_args()
    film = lab(asked.lab) if asked.lab else by_hand(label for path in asked.labels for label in labels_of(path))
    write(film, asked.film)
    for segment in film.segments:
        print(f"{segment.name}: frames {segment.first}–{segment.last}, {len(segment.codes)} codes")


if __name__ == "__main__":
    main()
