"""Photos through the limited process against plain zxing-cpp on the same bytes: nothing missed, little slower."""

import base64
import io
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import zxingcpp
from PIL import Image, ImageFilter

from backend.bench.labels import made
from backend.bench.rows import Result, Row, Unmeasured, median
from backend.core import sandbox
from backend.core.symbols import data_matrix

PHOTOS, ROUNDS = 12, 5
SIZE = (1600, 1200)
PICTURES = (".jpg", ".jpeg", ".png", ".webp")


def measure(large: bool) -> Iterator[Result]:
    try:
        yield from compared("photos of our labels", [photo(number) for number in range(PHOTOS)])
        folder = os.environ.get("TANBA_VECTORS")
        if folder is None:
            yield Unmeasured("photos of others", "TANBA_VECTORS names no folder of pictures")
        else:
            given = (path for path in sorted(Path(folder).rglob("*")) if path.suffix.lower() in PICTURES)
            yield from compared("photos of others", [path.read_bytes() for path in given])
    finally:
        sandbox.close()


def compared(name: str, photos: list[bytes]) -> Iterator[Result]:
    """Codes found and time taken. Only pictures in which plain zxing-cpp finds something can be compared."""
    readable = [(one, found) for one in photos if (found := plain(one))]
    ours, bare = 0.0, 0.0
    met = sum(len(found & decoded(one)) for one, found in readable)
    wanted = sum(len(found) for _, found in readable)
    for one, _ in readable:
        spent = [(timed(decoded, one), timed(plain, one)) for _ in range(ROUNDS)]
        ours += median([pair[0] for pair in spent])
        bare += median([pair[1] for pair in spent])
    yield Row(f"{name}, found", "photo found", met, wanted, "codes")
    yield Row(f"{name}, time", "photo", ours * 1e3 / len(readable), bare * 1e3 / len(readable), "ms")


def decoded(image: bytes) -> set[bytes]:
    """What the platform reads, through the limited process as a request does."""
    try:
        found = json.loads(sandbox.call("decode", image, seconds=8, megabytes=1_024))
    except sandbox.SandboxFailed:
        return set()
    return {base64.b64decode(symbol["bytes"]) for symbol in found if not symbol["error"]}


def plain(image: bytes) -> set[bytes]:
    """What zxing-cpp reads with its own settings."""
    try:
        opened = Image.open(io.BytesIO(image)).convert("L")
    except OSError:
        return set()
    return {bytes(barcode.bytes) for barcode in zxingcpp.read_barcodes(opened)}


def timed(read: Callable[[bytes], object], image: bytes) -> float:
    started = time.perf_counter()
    read(image)
    return time.perf_counter() - started


def photo(number: int) -> bytes:
    """One to four labels on a table, turned, soft, with noise, as a telephone's JPEG."""
    rng = random.Random(number)
    table = Image.effect_noise(SIZE, 40).filter(ImageFilter.GaussianBlur(6))
    for place, item in enumerate(made(1 + number % 4)):
        label = data_matrix(item.code).image(dots=6, quiet=3).convert("L")
        turned = label.rotate(rng.uniform(-30, 30), Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        table.paste(turned, (120 + 700 * (place % 2), 90 + 560 * (place // 2)))
    noisy = Image.blend(table.filter(ImageFilter.GaussianBlur(0.8)), Image.effect_noise(SIZE, 60), 0.08)
    written = io.BytesIO()
    noisy.save(written, "JPEG", quality=85)
    return written.getvalue()
