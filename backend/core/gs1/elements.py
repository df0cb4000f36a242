"""Element strings: strict splitting, values, associations, and building them (GS1 General Specifications 7.8)."""
import re
from collections.abc import Iterable, Sequence

from backend.core.gs1.check_digits import is_gtin14
from backend.core.gs1.rules import RULES
from backend.core.gs1.table import AI_LENGTHS, ALPHABETS, IDENTIFIERS, Identifier

GS = "\x1d"
_SERIAL = re.compile(f"{ALPHABETS['x']}{{1,20}}")
_PRIVATE = re.compile(f"{ALPHABETS['x']}{{1,90}}")
_BRACKETED = re.compile(r"\(([0-9]{2,4})\)")


class ElementError(ValueError):
    """An element string that breaks the standard. `problem`: check_digit, characters, length, date, value,
    syntax (no such identifier), association (one is missing or two contradict)."""

    def __init__(self, problem: str, ai: str = "") -> None:
        super().__init__(f"{problem} {ai}".strip())
        self.problem = problem
        self.ai = ai


def _judge_value(identifier: Identifier, value: str) -> None:
    match = identifier.pattern.fullmatch(value)
    if match is None:
        raise ElementError(_why_no_match(identifier, value), identifier.ai)
    for part, text in zip(identifier.components, match.groups(), strict=True):
        if part.rule is not None and text is not None:
            problem, holds = RULES[part.rule]
            if not holds(text):
                raise ElementError(problem, identifier.ai)


def _why_no_match(identifier: Identifier, value: str) -> str:
    characters = "|".join(ALPHABETS[alphabet] for alphabet in {part.alphabet for part in identifier.components})
    if not identifier.shortest <= len(value) <= identifier.longest or GS in value:
        return "length"
    return "length" if re.fullmatch(f"(?:{characters})+", value) else "characters"


def judge_associations(ais: dict[str, str]) -> None:
    """Identifiers that are missing or exclude each other. Raises ElementError("association")."""
    for ai in ais:
        identifier = IDENTIFIERS[ai]
        for choices in identifier.needs:
            if not any(all(_present(one, ais, ai) for one in together) for together in choices):
                raise ElementError("association", ai)
        if any(_present(one, ais, ai) for one in identifier.excludes):
            raise ElementError("association", ai)
    if "8030" in ais:  # A signature signs one thing, so a key that can stand for a class must name its serial.
        for key, length in (("253", 13), ("255", 13), ("8003", 14)):
            if len(ais.get(key, "")) == length:
                raise ElementError("association", "8030")


def _present(pattern: re.Pattern[str], ais: dict[str, str], besides: str) -> bool:
    return any(ai != besides and pattern.fullmatch(ai) for ai in ais)


def collect(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Judge values, repetitions and associations of (identifier, value) pairs; identifiers in their order."""
    ais: dict[str, str] = {}
    for ai, value in pairs:
        identifier = IDENTIFIERS.get(ai)
        if identifier is None:
            raise ElementError("syntax", ai)
        _judge_value(identifier, value)
        if ais.setdefault(ai, value) != value:
            raise ElementError("association", ai)
    if not ais:
        raise ElementError("empty")
    judge_associations(ais)
    return ais


def split(text: str) -> list[tuple[str, str]]:
    """Cut an element string (no leading FNC1) at its separators, values unjudged. Raises ElementError("syntax")."""
    pairs = []
    position, end = 0, len(text)
    while position < end:
        start = position + AI_LENGTHS.get(text[position : position + 2], 0)
        ai = text[position:start]
        identifier = IDENTIFIERS.get(ai)
        if identifier is None:
            raise ElementError("syntax", text[position : position + 4])
        if identifier.predefined is not None:
            stop = min(start + identifier.predefined, end)
            # A separator after a predefined length is superfluous, and tolerated.
            position = stop + 1 if text.startswith(GS, stop) else stop
        else:
            stop = text.find(GS, start)
            stop = end if stop < 0 else stop
            position = stop + 1
        pairs.append((ai, text[start:stop]))
    return pairs


def parse(text: str) -> dict[str, str]:
    """Identifiers and values of an element string without leading FNC1. Strict; raises ElementError."""
    return collect(split(text))


def join(ais: Iterable[tuple[str, str]]) -> str:
    """The element string of (identifier, value) pairs, with GS only where it is needed."""
    parts: list[str] = []
    separate = False
    for ai, value in ais:
        parts.append(f"{GS if separate else ''}{ai}{value}")
        separate = IDENTIFIERS[ai].predefined is None
    return "".join(parts)


def split_bracketed(text: str) -> list[tuple[str, str]]:
    r"""Cut "(01)…(21)…" at the brackets that hold a known identifier; "\(" is a bracket in a value.

    Serials may contain brackets, so this form is for reading what people paste, never for keeping.
    """
    hidden = text.replace("\\(", "\x00")
    marks = [found for found in _BRACKETED.finditer(hidden) if found[1] in IDENTIFIERS]
    if not marks or marks[0].start() != 0:
        raise ElementError("syntax")
    ends: Sequence[int] = [mark.start() for mark in marks[1:]] + [len(hidden)]
    return [(mark[1], hidden[mark.end() : end].replace("\x00", "(")) for mark, end in zip(marks, ends, strict=True)]


def _judge_parts(gtin: str, serial: str, key_id: str | None, tail: str | None) -> None:
    if not is_gtin14(gtin):
        raise ValueError("gtin: 14 digits with their check digit expected")
    if not _SERIAL.fullmatch(serial):
        raise ValueError("serial: 1 to 20 characters of CSET 82 expected")
    if (key_id is None) != (tail is None):
        raise ValueError("key id and tail stand together")
    if key_id is not None and tail is not None and not (_PRIVATE.fullmatch(key_id) and _PRIVATE.fullmatch(tail)):
        raise ValueError("key id and tail: 1 to 90 characters of CSET 82 expected")


def build(gtin: str, serial: str, key_id: str | None = None, tail: str | None = None) -> str:
    """The element string of a code, without FNC1: 01, 21 and, when given, 91 and 92. ValueError: bad part."""
    _judge_parts(gtin, serial, key_id, tail)
    return f"01{gtin}21{serial}" if key_id is None else f"01{gtin}21{serial}{GS}91{key_id}{GS}92{tail}"


def bracketed(gtin: str, serial: str, key_id: str | None = None, tail: str | None = None) -> str:
    """The same for a symbol encoder: "[01]…[21]…[91]…[92]…". CSET 82 has no square bracket, so it is unambiguous."""
    _judge_parts(gtin, serial, key_id, tail)
    return f"[01]{gtin}[21]{serial}" if key_id is None else f"[01]{gtin}[21]{serial}[91]{key_id}[92]{tail}"
