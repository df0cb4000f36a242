"""What the routes of stock and of packages take and answer."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.codes.rules import State
from backend.codes.schemas import Written
from backend.codes.stock import Wanted
from backend.codes.stock_rules import Standing
from backend.core.i18n import Names
from backend.core.paging import PageQuery

STANDING = "|".join(Standing)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HeapQuery(PageQuery):
    q: str = Field(
        "", max_length=200, description="GTIN, name, article, size; for codes a code or a part of the serial"
    )
    card: str | None = Field(None, max_length=26)
    article_of: str | None = Field(None, max_length=26, description="a card: all sizes of the same goods")
    place: str | None = Field(None, max_length=26, description='id of a place, or "none" for what was put nowhere')
    state: State | None = None
    standing: str = Field("", pattern=f"^$|^({STANDING})(,({STANDING}))*$", description="several with commas")
    packed: Literal["yes", "no"] | None = None
    group: str | None = Field(None, max_length=24)

    def wanted(self) -> Wanted:
        return Wanted(
            words=self.q.strip(),
            card=self.card,
            article_of=self.article_of,
            group=self.group,
            state=self.state,
            place=self.place,
            packed=None if self.packed is None else self.packed == "yes",
            standings=tuple(Standing(one) for one in self.standing.split(",") if one),
        )


class PackageQuery(PageQuery):
    q: str = Field("", max_length=40, description="part of the SSCC")
    card: str | None = Field(None, max_length=26)
    place: str | None = Field(
        None, max_length=26, description='beside a card: where its goods lie, an id of a place or "none"'
    )

    def goods(self) -> tuple[str, str | None] | None:
        """The product that is asked for, and where it lies."""
        return (self.card, self.place) if self.card else None


class HeapOut(Strict):
    """Codes of a card that are alike."""

    place_id: str | None
    state: State
    flags: list[str]
    standing: Standing
    packed: bool
    count: int


class DescribedOut(Strict):
    """What a card says of its goods."""

    card_id: str
    gtin: str | None
    names: Names
    attributes: dict[str, Any]


class StockCardOut(DescribedOut):
    count: int
    heaps: list[HeapOut]


class StockProductOut(Strict):
    """Goods of one article, in all their sizes and colours."""

    id: str
    group: str
    names: Names
    brand: str | None
    article: str | None
    count: int
    cards: list[StockCardOut]


class StockPlaceOut(Strict):
    id: str
    names: Names


class StockOut(Strict):
    total: int = Field(description="codes that the filter finds, from this page on")
    products: list[StockProductOut]
    places: list[StockPlaceOut] = Field(description="the places that the counts name")
    next: str | None


class StockCodeOut(Strict):
    """A code of one's own, without its tail."""

    code: str
    card_id: str
    state: State
    flags: list[str]
    standing: Standing
    place_id: str | None
    package: str | None
    act_id: str | None
    changed_at: datetime


class StockCodesOut(Strict):
    codes: list[StockCodeOut]
    cards: list[DescribedOut] = Field(description="the cards of these codes")
    next: str | None
    more: bool = Field(description="a search found more than it shows: narrow it down")


class PartOut(DescribedOut):
    count: int


class StockPackageOut(Strict):
    sscc: str
    level: int
    state: str
    count: int = Field(description="codes inside, at any depth")
    packages: int = Field(description="packages directly inside")
    free: bool = Field(description="everything inside may be sent or sold")
    parts: list[PartOut]


class StockPackagesOut(Strict):
    packages: list[StockPackageOut]
    next: str | None


class ContentsOut(StockPackageOut):
    """A package looked into: `around` is the chain of packages it lies in, innermost first; single codes are paged."""

    around: list[str]
    children: list[StockPackageOut]
    codes: list[StockCodeOut]
    next: str | None


class FitIn(Strict):
    codes: list[Written] = Field(min_length=1, max_length=500)


class FitOut(Strict):
    """Whether it may go into a package; `reason` is None when it may."""

    text: str
    code: str | None
    reason: str | None
    package: str | None
    card: PartOut | None
    count: int


class FitList(Strict):
    results: list[FitOut]
