"""What keyboards, spreadsheets, web pages and label texts do to a code, undone. Each repair has a name.

`clean` undoes what no valid code can contain; `variants` are the further undoings of which a code could be an
innocent victim ("%22" may be three characters of a serial), so the reader tries them and decides by the parse.
"""
import re
from collections.abc import Callable, Iterator

from backend.core.gs1.digital_link import unescape
from backend.core.gs1.elements import GS, ElementError, join, split_bracketed
from backend.core.gs1.layouts import unlayout
from backend.core.gs1.table import IDENTIFIERS

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_NOTATION = re.compile(
    r"(?a)_x001d_|\\u001d|\\x1d|\\035|<gs>|\{gs\}|\[gs\]|<fnc1>|\{fnc1\}|\[fnc1\]|\^fnc1|␝|\^\]|&#29;|&#x0*1d;"
    r"|<0x1d>|\{0x1d\}|\[0x1d\]", re.IGNORECASE)
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{2,3})|#[xX]([0-9A-Fa-f]{2}));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPED = re.compile(r"\\([\"'/\\])")

GS1_SYMBOLOGIES = frozenset({"]d2", "]d5", "]d8", "]C1", "]Q3", "]e0", "]J1"})


def _entities(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        name, decimal, hexadecimal = match.groups()
        return _ENTITIES[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))
    return _ENTITY.sub(one, text)


def _utf8_read_as_latin1(text: str) -> str:
    if not any("\x80" <= character <= "\xff" for character in text):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _quotes(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    # A spreadsheet's text mark stands before the first digit, where no code has an apostrophe.
    return text[1:] if re.match(r"'[0-9(\[]", text) else text


def without_prefix(text: str) -> tuple[str, str | None]:
    """Text without symbology identifier and leading FNC1 (GS or è); the identifier, "]d2" if only FNC1 said it."""
    match = _SYMBOLOGY.match(text)
    found = match[0] if match else None
    rest = text[3:] if match else text
    if rest[:1] in (GS, "\xe8") and rest:
        return rest[1:], found or "]d2"
    return rest, found


def clean(text: str) -> tuple[str, tuple[str, ...], str | None]:
    """Undo what cannot be part of a code. Gives the text, the repairs made and the symbology identifier found."""
    repairs: list[str] = []

    def apply(name: str, undo: Callable[[str], str]) -> None:
        nonlocal text
        undone = undo(text)
        if undone != text:
            text = undone
            if name:
                repairs.append(name)

    apply("encoding", _utf8_read_as_latin1)
    apply("invisible", lambda dirty: _SPACES.sub(" ", _INVISIBLE.sub("", dirty)))
    apply("", lambda dirty: dirty.strip(" \t\r\n"))
    apply("layout", lambda dirty: unlayout(dirty) or dirty)
    apply("quotes", _quotes)
    apply("quotes", lambda dirty: _ESCAPED.sub(r"\1", dirty))
    apply("gs_notation", lambda dirty: _NOTATION.sub(GS, dirty))
    apply("html", _entities)
    bare, symbology = without_prefix(text)
    if bare != text:
        repairs.append("prefix")
    return bare.strip(" \t\r\n"), tuple(dict.fromkeys(repairs)), symbology


def _brackets(text: str) -> str:
    if text[:1] == "[":
        text = text.translate({ord("["): "(", ord("]"): ")"})
    if text[:1] != "(":
        return text
    try:
        pairs = [(ai, value.strip(" ").removesuffix(GS)) for ai, value in split_bracketed(text)]
    except ElementError:
        return text
    # A value of predefined length must be exactly that long: joined, its surplus would pass for an identifier.
    if any(len(value) != (IDENTIFIERS[ai].predefined or len(value)) for ai, value in pairs):
        return text
    return join(pairs)


def _first_identifier(text: str) -> str:
    return f"01{text}" if re.match(r"[0-9]{14}21", text) else text


_UNDOINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("brackets", _brackets),
    ("percent", unescape),
    ("html", _entities),
    ("quotes", lambda text: text.replace('""', '"')),
    ("gs_notation", lambda text: re.sub(r"[ \t\r\n]+", GS, text)),
    ("invisible", lambda text: re.sub(r"[ \t\r\n]+", "", text)),
    ("ai_restored", _first_identifier),
)


def variants(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The text and what it may have been, least intervention first, with the repairs that lead there."""
    found: dict[str, tuple[str, ...]] = {text: ()}
    for name, undo in _UNDOINGS:
        for known, repairs in list(found.items()):
            found.setdefault(undo(known), (*repairs, name))
    yield from found.items()
