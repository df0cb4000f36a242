"""What the catalogue's routes take and answer."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from backend.catalogue.groups import Attribute, Names
from backend.catalogue.rules import CardState

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Identifier = Annotated[str, Field(min_length=26, max_length=26)]


class TemplateOut(BaseModel):
    """The shape of a group's codes, for reading them without network."""

    group: str
    serial_length: int
    key_length: int
    tail_lengths: list[int]
    key_ai: str | None
    tail_ai: str


class GroupOut(BaseModel):
    """`template` is null where no GS1 code is printed (fur marks)."""

    id: str
    names: Names
    template: TemplateOut | None
    attributes: list[Attribute]
    tnved: list[str]


class GroupList(RootModel[list[GroupOut]]):
    pass


class Producer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    country: Country


class CardNames(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kk: str = Field(min_length=1, max_length=200)
    ru: str = Field(min_length=1, max_length=200)
    en: str = Field(min_length=1, max_length=200)


class CardIn(BaseModel):
    """`gtin` in any of its lengths (8, 12, 13, 14); `owner_id` and another's `importer_id` only from the operator.
    Values of attributes are text: the code of a choice, a decimal number, or words."""

    model_config = ConfigDict(extra="forbid")

    gtin: str | None = Field(None, max_length=14)
    group: str = Field(max_length=24)
    owner_id: Identifier | None = None
    names: CardNames
    brand: str | None = Field(None, min_length=1, max_length=120)
    attributes: dict[str, Annotated[str, Field(max_length=300)]] = Field({}, max_length=100)
    tnved: str = Field(pattern=r"^[0-9]{10}$")
    country: Country
    producer: Producer | None = None
    importer_id: Identifier | None = None


class CardOut(BaseModel):
    id: str
    gtin: str | None
    group: str
    owner_id: str
    names: CardNames
    brand: str | None
    attributes: dict[str, str]
    tnved: str
    country: str
    producer: Producer | None
    importer_id: str | None
    state: CardState


class CardPage(BaseModel):
    cards: list[CardOut]
    next: str | None
