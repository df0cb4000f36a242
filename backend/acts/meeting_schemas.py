"""What the handshake takes and answers."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from backend.acts.schemas import ActRow
from backend.core.i18n import Names

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MineQuery(Asked):
    place_id: str | None = Field(None, max_length=26, description="Where the goods shall lie")


class NewsQuery(Asked):
    since: Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)] | None = Field(
        None, description="`now` of the first answer; without it nothing but `now` is told"
    )


class TokenIn(Asked):
    token: Annotated[str, Field(min_length=1, max_length=120)]


class ScannedIn(Asked):
    codes: Annotated[list[Annotated[str, Field(min_length=1, max_length=4096)]], Field(min_length=1, max_length=200)]


class OwnOut(BaseModel):
    """In the order asked."""

    own: list[bool]


class PlaceNamed(BaseModel):
    id: str
    names: Names


class QrOut(BaseModel):
    """`text` is what the code says; `qr` has a row of "0" and "1" for each row of modules."""

    text: str
    qr: list[str]


class MineOut(BaseModel):
    """`code` names the organisation and the place until `expires_at`; `standing` carries the tax number alone, serves
    without network and never ends."""

    token: str
    code: QrOut
    expires_at: datetime
    standing: QrOut


class MetOut(BaseModel):
    tax_number: str
    names: Names
    place: PlaceNamed | None


class NewsOut(BaseModel):
    """`now` is the server's time."""

    acts: list[ActRow]
    now: datetime


class CounterpartyOut(BaseModel):
    """`names` is None while nobody is registered under this number; then `typed` is what they were called."""

    tax_number: str
    names: Names | None
    typed: str


class CounterpartyList(BaseModel):
    counterparties: list[CounterpartyOut]
