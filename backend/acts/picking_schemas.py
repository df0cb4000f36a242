"""What choosing goods from stock takes and answers."""

from pydantic import BaseModel, ConfigDict, Field

from backend.acts.rules import LARGEST_ACT


class PickIn(BaseModel):
    """So many loose units of one product (one size of an article is one card). Without `count` all of them."""

    model_config = ConfigDict(extra="forbid")

    card_id: str = Field(min_length=1, max_length=26)
    place_id: str | None = Field(
        None, max_length=26, description='id of a place, or "none" for what was put nowhere; without it any place'
    )
    count: int | None = Field(None, ge=1, le=LARGEST_ACT)


class PickableQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    card_id: str = Field(min_length=1, max_length=26)


class PickableAt(BaseModel):
    """Loose units in one place, or put nowhere."""

    place_id: str | None
    count: int


class PickableOut(BaseModel):
    """What may still be added of a product; units that a draft names are not among them."""

    places: list[PickableAt]


class PickOut(BaseModel):
    """`units` is the size of the act, `short` how many of those asked for were not there, `left` how many loose units
    could still be added; packed ones go by their box."""

    version: int
    units: int
    added: int
    short: int
    left: int
