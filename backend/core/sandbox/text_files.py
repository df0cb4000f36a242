"""Bytes that may be text, as spreadsheets and people save it."""

import codecs

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# What a table of codes may hold below the space: tab, line ends, and the separators that scanners write.
_LAWFUL = frozenset("\t\n\r\x1c\x1d\x1e\x1f")
_SAMPLE = 65_536


def text_of(content: bytes) -> str | None:
    """The text, from UTF-8, UTF-16 or Windows-1251, whichever it is; None for what is no text at all."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _decoded(content[len(bom) :], encoding)
    for encoding in (_wide(content), "utf-8", "cp1251"):
        found = _decoded(content, encoding) if encoding else None
        if found is not None:
            return found
    return None


def warm_texts() -> None:
    """Read one of each, so that the codecs are there before the door shuts."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1251"):
        text_of("1;2;ж".encode(encoding))


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeError:
        return None
    return text if all(one >= " " or one in _LAWFUL for one in set(text)) else None


def _wide(content: bytes) -> str | None:
    """UTF-16 without its mark: in text of digits and Latin letters every second byte is zero."""
    sample = content[:_SAMPLE]
    half = len(sample) // 2
    if half < 2:
        return None
    if sample[1::2].count(0) > half * 0.7:
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > half * 0.7 else None
