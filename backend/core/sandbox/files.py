"""The job "file": what a file is, by its content, and whether it is whole. Payload: the bytes. Answer: {"media"}."""

import io
import json
import zipfile

from PIL import Image

from .job import Job, Refused
from .text_files import text_of, warm_texts

_MOST_PIXELS = 25_000_000
_SHEET_ENTRIES = 2_000
_SHEET_UNPACKED = 300_000_000
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def _file(payload: bytes) -> bytes:
    return json.dumps({"media": _media(payload)}).encode()


def _media(content: bytes) -> str:
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (content[:4], content[8:12]) == (
        b"RIFF",
        b"WEBP",
    ):
        return _picture(content)
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        require_sheet(content)
        return _SHEET
    text = text_of(content)
    if text is None or not text.strip() or text.lstrip().startswith("<"):
        raise Refused("unsupported")
    return "text/csv"


def _picture(content: bytes) -> str:
    """The header first: a small file can claim so many pixels that memory ends."""
    try:
        with Image.open(io.BytesIO(content), formats=list(_PICTURES)) as picture:
            width, height = picture.size
            if width * height > _MOST_PIXELS:
                raise Refused("too_large")
            picture.load()
            return _PICTURES[picture.format or ""]
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        raise Refused("damaged") from None


def _pdf(content: bytes) -> str:
    if b"startxref" not in content[-2_048:] or b"%%EOF" not in content[-1_024:]:
        raise Refused("damaged")
    return "application/pdf"


def require_sheet(content: bytes) -> None:
    """That this is a workbook without programs in it, which does not unpack into more than memory holds. What is
    unpacked never exceeds what the directory of the archive says. Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, UnicodeError):
        raise Refused("damaged") from None
    names = {one.filename for one in entries}
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names or any(
        name.endswith("vbaProject.bin") for name in names
    ):
        raise Refused("unsupported")
    if len(entries) > _SHEET_ENTRIES or sum(one.file_size for one in entries) > _SHEET_UNPACKED:
        raise Refused("too_large")


def warm_sheets() -> None:
    """Look into an archive, so that the codecs of its names are there before the door shuts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "ә"):
            archive.writestr(name, name)
    require_sheet(written.getvalue())


def _prepare() -> None:
    # Pillow loads its plugins, and zipfile its codecs, when they are first used: use them now.
    Image.MAX_IMAGE_PIXELS = None
    for kind in _PICTURES:
        written = io.BytesIO()
        Image.new("RGB", (8, 8), "white").save(written, kind)
        _picture(written.getvalue())
    warm_sheets()
    warm_texts()


FILE = Job(run=_file, prepare=_prepare)
