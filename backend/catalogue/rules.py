"""Pure rules of cards: states, and whether what a card says fits its group."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from backend.core.errors import Conflict, Invalid, NotFound

Fault = dict[str, Any]

NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?")


class CardState(StrEnum):
    DRAFT = "draft"
    MODERATION = "moderation"
    PUBLISHED = "published"
    BLOCKED = "blocked"


class CardUnknown(NotFound):
    code = "catalogue.card_unknown"


class CardInvalid(Invalid):
    """What the card says does not fit its group; `fields` name the places."""

    code = "catalogue.card_invalid"


class CardIncomplete(Invalid):
    """Only a card with all obligatory fields goes on (S0-16); `fields` name the missing ones."""

    code = "catalogue.card_incomplete"


class CardMoved(Conflict):
    """The card is no longer in a state that this step starts from."""

    code = "catalogue.card_moved"


class GtinTaken(Conflict):
    code = "catalogue.gtin_taken"


class GroupUnknown(Invalid):
    code = "catalogue.group_unknown"


class Spec(Protocol):
    """What a group says of one attribute."""

    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def choices(self) -> Iterable[Any]: ...


def attribute_faults(specs: Iterable[Spec], values: Mapping[str, str]) -> list[Fault]:
    """What is wrong with the values given; a missing one is no fault yet."""
    known = {spec.code: spec for spec in specs}
    faults = []
    for code, value in values.items():
        spec = known.get(code)
        if spec is None:
            faults.append(_fault(f"attributes.{code}", "unknown"))
        elif spec.kind == "choice" and value not in {choice.code for choice in spec.choices}:
            faults.append(_fault(f"attributes.{code}", "choice"))
        elif spec.kind == "number" and not NUMBER.fullmatch(value):
            faults.append(_fault(f"attributes.{code}", "number"))
    return faults


def missing(specs: Iterable[Spec], values: Mapping[str, str]) -> list[Fault]:
    """The obligatory attributes that are not filled (S0-16)."""
    empty = [spec.code for spec in specs if spec.required and not values.get(spec.code, "").strip()]
    return [_fault(f"attributes.{code}", "required") for code in empty]


def tnved_faults(prefixes: Iterable[str], tnved: str) -> list[Fault]:
    """A card belongs to its group by the TN VED code."""
    return [] if tnved.startswith(tuple(prefixes)) else [_fault("tnved", "other_group")]


def is_local(gtin: str) -> bool:
    """Of GS1 Kazakhstan: such a number has one owner, and one card; a foreign one may have a card per importer."""
    return gtin[1:4] == "487"


def is_restricted(gtin: str) -> bool:
    """Of the GS1 prefixes for use inside one company (2…): on no shelf, so a trial takes nobody's number."""
    return gtin[1] == "2"


def _fault(field: str, code: str) -> Fault:
    return {"field": field, "code": code}
