"""What a sheet of labels is asked for with."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MEDIA = Literal["pdf", "png", "zpl", "csv", "jsonl"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


Millimetres = Annotated[float, Field(allow_inf_nan=False)]
Offset = Annotated[float, Field(ge=-50, le=50)]


class Custom(Strict):
    """Stock that no preset names; millimetres."""

    width: Millimetres
    height: Millimetres
    page: tuple[Millimetres, Millimetres] | None = None
    columns: int = 1
    rows: int = 1
    left: Millimetres = 0
    top: Millimetres = 0
    pitch: tuple[Millimetres, Millimetres] | None = None
    margin: Millimetres = 0.5


class SheetIn(Strict):
    emission_id: str = Field(max_length=26)
    first: int = Field(1, ge=1, description="Number of the first code inside its emission")
    count: int = Field(ge=1, le=150_000)
    media: MEDIA = "pdf"
    preset: str = Field("58x40", max_length=16)
    custom: Custom | None = None
    dpi: int = 203
    start: int = Field(1, ge=1, description="First free place of a used A4 sheet")
    offset_mm: tuple[Offset, Offset] = (0, 0)
    excel: bool = Field(False, description="CSV with byte order mark and semicolons")
    price_tiyn: int | None = Field(None, ge=0)
    reason: str | None = Field(None, min_length=3, max_length=200, description="Needed when a code was printed before")


class SheetOut(Strict):
    id: str
    count: int
    reprint: bool
    url: str


class PresetOut(Strict):
    id: str
    width: float
    height: float
    places: int
    carrier: str
    fits: bool


class PresetList(Strict):
    presets: list[PresetOut]


class PresetQuery(Strict):
    group: str = Field(max_length=24)
    dpi: int = 203
