"""Codes whose separators were lost on the way: cut by the groups' shapes, only when one cut is possible."""
import re
from collections.abc import Sequence
from functools import lru_cache

from backend.core.gs1.elements import GS
from backend.core.gs1.scan import Template
from backend.core.gs1.table import ALPHABETS

_ANY = ALPHABETS["x"]
_TAIL_BEGINS = ("91", "92", "93")


def fits(template: Template, serial: str, key_id: str | None, tail: str | None) -> bool:
    """True if the lengths of a code are those of the group. Parts that are absent do not contradict."""
    return (len(serial) == template.serial_length
            and (key_id is None or (template.key_ai is not None and len(key_id) == template.key_length))
            and (tail is None or len(tail) in template.tail_lengths))


@lru_cache(maxsize=256)
def _shape(template: Template) -> re.Pattern[str]:
    """01, 21 and the tail at fixed lengths, each separator present or not. No part varies, so matching is linear."""
    tails = "|".join(f"{_ANY}{{{length}}}" for length in template.tail_lengths)
    tail = f"(?:{GS}?{template.tail_ai}({tails}))?"
    if template.key_ai is not None:
        tail = f"(?:{GS}?{template.key_ai}({_ANY}{{{template.key_length}}}){tail})?"
    return re.compile(f"01([0-9]{{14}})21({_ANY}{{{template.serial_length}}}){tail}{GS}?")


def restored(text: str, templates: Sequence[Template]) -> list[list[tuple[str, str]]]:
    """Every distinct way to cut `text` by the templates, as (identifier, value) pairs."""
    found = []
    for template in templates:
        match = _shape(template).fullmatch(text)
        if match is None:
            continue
        names = ("01", "21") + ((template.key_ai,) if template.key_ai is not None else ()) + (template.tail_ai,)
        pairs = [(ai, value) for ai, value in zip(names, match.groups(), strict=True) if value is not None]
        if pairs not in found:
            found.append(pairs)
    return found


def certain_serials(text: str, templates: Sequence[Template]) -> list[list[tuple[str, str]]]:
    """01 and 21 where the serial's length leads to a tail's identifier, whatever became of the tail behind it."""
    found = []
    for template in templates:
        end = 18 + template.serial_length
        match = re.fullmatch(f"01([0-9]{{14}})21({_ANY}{{{template.serial_length}}})", text[:end])
        if match is not None and text[end:].removeprefix(GS).startswith(_TAIL_BEGINS):
            pairs = [("01", match[1]), ("21", match[2])]
            if pairs not in found:
                found.append(pairs)
    return found
