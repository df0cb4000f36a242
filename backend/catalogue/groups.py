"""Product groups: data read once from JSON, our own files first, then those of the installation.

A new group, other dates or another price need a file, not code. A file of the installation with the id of one of ours
replaces it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from flask import Flask, current_app
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from backend.catalogue.rules import GroupUnknown
from backend.core.gs1 import Template
from backend.core.i18n import Names

OWN = Path(__file__).parent / "groups"

# Characters of AI 21 (GS1 General Specifications, table 7.11-1).
CHARACTERS = frozenset("!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
LOOK_ALIKES = frozenset("0OIl1")
FEWEST_SERIALS = 2**40
ED25519 = 88


class Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Gs1Code(Data):
    """How the group's codes look. `alphabet` is what new serials are drawn from, without look-alikes; what is read
    may use all of AI 21. `tail` names how the tail is made; `tail_lengths` what is accepted when read."""

    kind: Literal["gs1"]
    serial_length: int = Field(ge=6, le=20)
    alphabet: str = Field(min_length=16, max_length=82)
    key_ai: Literal["91"] | None = "91"
    key_length: int = Field(4, ge=1, le=90)
    tail_ai: Literal["92", "93"] = "92"
    tail: Literal["ed25519"] = "ed25519"
    tail_lengths: tuple[int, ...] = (88, 44)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        letters = set(self.alphabet)
        if len(letters) != len(self.alphabet) or not letters <= CHARACTERS - LOOK_ALIKES:
            raise ValueError("the alphabet repeats a character or holds one that GS1 or the eye forbids")
        return self

    @property
    def emittable(self) -> bool:
        """Whether codes of this shape can be made here: a key id of 4 in 91, an Ed25519 tail in 92, and so many
        serials that none is guessed and they do not run out. Other shapes can still be read."""
        ours = (self.key_ai, self.key_length, self.tail_ai) == ("91", 4, "92") and ED25519 in self.tail_lengths
        return ours and len(self.alphabet) ** self.serial_length >= FEWEST_SERIALS


class FurMark(Data):
    """A physical control mark (БсБ, КиЗ) with its own number and RFID; no GS1 code is printed for it."""

    kind: Literal["fur_mark"]


class Choice(Data):
    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    names: Names


class Attribute(Data):
    """One field of a card. `compare`: the buyer can hold it against the thing in hand. `unit` follows a number."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    names: Names
    kind: Literal["text", "number", "choice"]
    required: bool
    compare: bool
    unit: str | None = None
    choices: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _choosable(self) -> Self:
        codes = [choice.code for choice in self.choices]
        if bool(codes) != (self.kind == "choice") or len(set(codes)) != len(codes):
            raise ValueError("choices belong to the kind choice, each code once")
        return self

    def words(self, value: str, language: str) -> str:
        """A card's value as people read it: the name of a choice, a number with its unit, the text itself."""
        for choice in self.choices:
            if choice.code == value:
                return getattr(choice.names, language)
        return f"{value} {self.unit}" if self.unit else value


class Label(Data):
    minimum_mm: int = Field(gt=0)


class Deadlines(Data):
    """Terms in days: applying counts calendar days, the others working days."""

    applying_days: int = Field(gt=0)
    acceptance_working_days: int = Field(gt=0)
    withdrawal_working_days: int = Field(gt=0)


class Dated(Data):
    """A rule and the day on which it begins to hold, or for `…_until` the last day."""

    rule: Literal["pilot_from", "production_import_marked_only", "sale_marked_only", "remains_marking_until"]
    on: date


class Flags(Data):
    """`eaeu_import_needs_kz_mark`: goods from the EAEU are marked before our border (S0-45), or only entered with
    the mark of their own country (S4-28)."""

    eaeu_import_needs_kz_mark: bool


class Group(Data):
    """A product group. `tnved` are prefixes of TN VED codes; `price_tiyn` what one code or mark costs, without the
    delivery, in tiyn."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=24)
    names: Names
    code: Annotated[Gs1Code | FurMark, Field(discriminator="kind")]
    tnved: tuple[Annotated[str, Field(pattern=r"^[0-9]{2,10}$")], ...] = Field(min_length=1)
    attributes: tuple[Attribute, ...]
    label: Label
    deadlines: Deadlines
    price_tiyn: int = Field(ge=0)
    dates: tuple[Dated, ...]
    flags: Flags

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        codes = [attribute.code for attribute in self.attributes]
        if len(set(codes)) != len(codes):
            raise ValueError("an attribute is repeated")
        return self

    @property
    def template(self) -> Template | None:
        """The shape that the reader of codes needs; None for a group without GS1 codes."""
        if self.code.kind != "gs1":
            return None
        code = self.code
        return Template(self.id, code.serial_length, code.key_length, code.tail_lengths, code.key_ai, code.tail_ai)

    def attribute(self, code: str) -> Attribute | None:
        return next((one for one in self.attributes if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Loaded:
    by_id: dict[str, Group]
    templates: tuple[Template, ...]


def load(*folders: Path) -> dict[str, Group]:
    """Every group of the folders, later folders over earlier ones. Raises ValueError that names the file."""
    found: dict[str, Group] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            try:
                group = Group.model_validate_json(path.read_bytes())
            except ValidationError as error:
                raise ValueError(f"product group {path.name}: {error}") from error
            found[group.id] = group
    return found


def init(app: Flask) -> None:
    """Load the groups for this app; a faulty file stops the start."""
    extra = app.config["SETTINGS"].groups_dir
    by_id = load(OWN, *([extra] if extra else []))
    shapes = tuple(group.template for group in by_id.values() if group.template)
    app.extensions["groups"] = Loaded(by_id, shapes)


def get(group_id: str) -> Group:
    """Raises GroupUnknown."""
    found = current_app.extensions["groups"].by_id.get(group_id)
    if found is None:
        raise GroupUnknown(group=group_id)
    return found


def all() -> Sequence[Group]:
    """Every group, ours first."""
    return tuple(current_app.extensions["groups"].by_id.values())


def templates() -> Sequence[Template]:
    """The shapes of all groups with GS1 codes, for backend.core.gs1.read."""
    return current_app.extensions["groups"].templates
