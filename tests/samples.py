"""Files as people bring them: pictures, papers and workbooks, good and malicious."""

import io
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), colour: str = "white") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, kind)
    return written.getvalue()


def enormous_png(side: int) -> bytes:
    """A few kilobytes that claim `side` × `side` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes((side + 7) // 8)) * 16)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def workbook(*sheets: list[list[object]], more: dict[str, str | bytes] | None = None) -> bytes:
    """An XLSX: text cells as they are, numbers as numbers, None left out; a text that begins with "=" is a formula
    without a value that anybody worked out."""
    return archive(parts(*sheets) | (more or {}))


def parts(*sheets: list[list[object]]) -> dict[str, str | bytes]:
    """What is inside an XLSX, by name."""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(len(sheets)),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
        ),
    }
    for number, rows in enumerate(sheets, 1):
        made[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows)
    return made


def archive(inside: dict[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in inside.items():
            packed.writestr(name, content)
    return written.getvalue()


def _sheet(rows: list[list[object]]) -> str:
    written = []
    for number, row in enumerate(rows, 1):
        cells = "".join(_cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(row) if value is not None)
        written.append(f'<row r="{number}">{cells}</row>')
    return f'<worksheet xmlns="{SHEET}"><sheetData>{"".join(written)}</sheetData></worksheet>'


def _cell(name: str, value: object) -> str:
    if isinstance(value, str) and value.startswith("="):
        return f'<c r="{name}"><f>{escape(value[1:])}</f></c>'
    if isinstance(value, str):
        text = escape(value).replace("\x1d", "_x001D_")
        return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f'<c r="{name}"><v>{value}</v></c>'


def _types(sheets: int) -> str:
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    override = f'<Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/>'
    for number in range(1, sheets + 1):
        override += f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{main}.worksheet+xml"/>'
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{PACKAGE}/content-types">{rels}{override}</Types>'


def _relations(found: list[tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(found, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def _book(sheets: int) -> str:
    inside = "".join(
        f'<sheet name="Лист{number}" sheetId="{number}" r:id="rId{number}"/>' for number in range(1, sheets + 1)
    )
    return f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>{inside}</sheets></workbook>'
