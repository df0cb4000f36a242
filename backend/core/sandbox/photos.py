"""The job "decode": a photo becomes JSON of the symbols in it."""

import base64
import io
import json

import pillow_heif
from PIL import Image

from backend.core.symbols import ImageRefused, read_image

from .job import Job, Refused


def _decode(payload: bytes) -> bytes:
    try:
        symbols = read_image(payload)
    except ImageRefused as refused:
        raise Refused(refused.code) from None
    return json.dumps(
        [
            {
                "format": symbol.format,
                "symbology": symbol.symbology,
                "text": symbol.text,
                "bytes": base64.b64encode(symbol.bytes).decode(),
                "position": symbol.position,
                "error": symbol.error,
            }
            for symbol in symbols
        ]
    ).encode()


def _prepare() -> None:
    # Pillow loads its plugins, and zxing its tables, when they are first used: use them now.
    Image.MAX_IMAGE_PIXELS = None  # symbols.reading judges the size, by the header
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)
    for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
        written = io.BytesIO()
        Image.new("RGB", (64, 64), "white").save(written, kind)
        read_image(written.getvalue())


DECODE = Job(run=_decode, prepare=_prepare)
