"""The table of application identifiers: what may stand behind each, and which need or exclude one another.

`ai_table.json` is ours, in a notation of its own, and the browser reads the same file. One entry reads
"components; needs; excludes": a component is an alphabet (n digits, x CSET 82, y CSET 39, z CSET 64), a length
(`6` or `..20`), `?` when it may be absent, and `:rule` (rules.py). `needs` are groups joined by `&`, any of a
group is enough, `+` joins what must come together; `n` stands for any digit. An entry whose identifier ends in a
decimal-point digit is written without that digit; `last_digit` says how far it goes.
"""
import json
import re
from dataclasses import dataclass
from pathlib import Path

ALPHABETS = {"n": "[0-9]", "x": "[!-\"%-?A-Z_a-z]", "y": "[#\\-/0-9A-Z]", "z": "[0-9A-Za-z_\\-]"}
_COMPONENT = re.compile(r"([nxyz])(\.\.)?([0-9]+)(\?)?(?::([a-z0-9]+))?")


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a value: its alphabet, its length, whether it may be absent (whole), the rule that it obeys."""

    alphabet: str
    shortest: int
    longest: int
    optional: bool
    rule: str | None


@dataclass(frozen=True, slots=True)
class Identifier:
    """One application identifier. `predefined`: length of a value that needs no separator, else None."""

    ai: str
    components: tuple[Component, ...]
    shortest: int
    longest: int
    predefined: int | None
    pattern: re.Pattern[str]
    needs: tuple[tuple[tuple[re.Pattern[str], ...], ...], ...]
    excludes: tuple[re.Pattern[str], ...]


def _components(notation: str) -> tuple[Component, ...]:
    found = []
    for word in notation.split():
        match = _COMPONENT.fullmatch(word)
        if match is None:
            raise ValueError(f"component {word}")
        alphabet, up_to, length, optional, rule = match.groups()
        found.append(Component(alphabet, 1 if up_to else int(length), int(length), optional is not None, rule))
    return tuple(found)


def _pattern(components: tuple[Component, ...]) -> re.Pattern[str]:
    return re.compile("".join(
        f"({ALPHABETS[part.alphabet]}{{{part.shortest},{part.longest}}}){'?' if part.optional else ''}"
        for part in components))


def _like(ai: str) -> re.Pattern[str]:
    return re.compile(ai.replace("n", "[0-9]"))


def _identifier(ai: str, entry: str, predefined: dict[str, int]) -> Identifier:
    notation, needs, excludes = (part.strip() for part in (entry + ";;").split(";")[:3])
    components = _components(notation)
    return Identifier(
        ai, components, sum(0 if part.optional else part.shortest for part in components),
        sum(part.longest for part in components),
        predefined.get(ai[:2]), _pattern(components),
        tuple(tuple(tuple(_like(one) for one in choice.strip().split("+")) for choice in group.split(","))
              for group in needs.split("&") if group.strip()),
        tuple(_like(one.strip()) for one in excludes.split(",") if one.strip()))


def _load() -> tuple[dict[str, Identifier], dict[str, tuple[tuple[str, ...], ...]], frozenset[str]]:
    table = json.loads(Path(__file__).with_name("ai_table.json").read_text("utf-8"))
    identifiers = {}
    for stem, entry in table["identifiers"].items():
        last = table["last_digit"].get(stem, table["last_digit"].get(stem[:2]) if len(stem) == 3 else None)
        for ai in [stem] if last is None else [f"{stem}{digit}" for digit in range(last + 1)]:
            identifiers[ai] = _identifier(ai, entry, table["predefined"])
    keys = {key: tuple(tuple(chain.split(",")) for chain in chains) for key, chains in table["link_keys"].items()}
    return identifiers, keys, frozenset(table["not_in_links"])


IDENTIFIERS, LINK_KEYS, NOT_IN_LINKS = _load()
# GS1 gives every first two digits one length of identifier, so two digits say how many to read.
AI_LENGTHS = {ai[:2]: len(ai) for ai in IDENTIFIERS}
