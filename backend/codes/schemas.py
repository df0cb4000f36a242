"""What comes in and goes out of the ledger's routes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.codes.rules import LARGEST_EMISSION, Event

Written = Annotated[str, Field(max_length=4_096, description="In any form that a scanner or a file gives it")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class EmissionIn(Strict):
    card_id: str = Field(max_length=26)
    count: int = Field(ge=1, le=LARGEST_EMISSION)
    owner_id: str | None = Field(None, max_length=26, description="For whom; the operator may emit for any participant")


class EmissionOut(Strict):
    id: str
    card_id: str
    owner_id: str
    key_id: str
    count: int
    emitted: int
    created_at: datetime


class EmissionPage(Strict):
    emissions: list[EmissionOut]
    cursor: str | None


class CodeOut(Strict):
    """A code without its tail: tails leave only with the orderer's own labels."""

    code: str = Field(description="Identification code: 01 GTIN 21 serial, or a physical mark")
    number: int | None
    state: str
    flags: list[str]
    owner_id: str
    package: str | None
    changed_at: datetime


class CodePage(Strict):
    codes: list[CodeOut]
    cursor: str | None


class StepOut(Strict):
    """One step of a code's life, as the asking organisation may see it."""

    kind: str
    at: datetime
    document: str | None
    before: str | None
    after: str | None


class CodeHistory(Strict):
    code: CodeOut
    steps: list[StepOut]


class MovementIn(Strict):
    event: Literal[
        Event.RECEIVE,
        Event.CANCEL,
        Event.APPLY,
        Event.INTRODUCE_PRODUCTION,
        Event.INTRODUCE_IMPORT,
        Event.INTRODUCE_REMAINS,
        Event.REJECT_AT_CUSTOMS,
        Event.CLEAR_AT_CUSTOMS,
        Event.WITHDRAW,
        Event.WRITE_OFF,
        Event.CANCEL_WITHDRAWAL,
        Event.BLOCK,
        Event.UNBLOCK,
        Event.RECALL,
        Event.LIFT_RECALL,
        Event.LOSE,
        Event.FIND,
        Event.FIND_WITHDRAWN,
    ]
    codes: list[Written] = Field(default_factory=list, max_length=10_000)
    packages: list[Written] = Field(default_factory=list, max_length=1_000)
    owner_id: str | None = Field(None, max_length=26)
    reason: str | None = Field(None, max_length=24)
    document: str | None = Field(None, max_length=64, description="Number of the paper that the movement rests on")


class MovementOut(Strict):
    fact_id: str
    count: int


class PackageIn(Strict):
    sscc: str = Field(max_length=24)
    codes: list[Written] = Field(default_factory=list, max_length=10_000)
    packages: list[Written] = Field(default_factory=list, max_length=1_000)
    owner_id: str | None = Field(None, max_length=26)


class OpenIn(Strict):
    owner_id: str | None = Field(None, max_length=26)


class PackageOut(Strict):
    sscc: str
    owner_id: str
    level: int
    state: str
    count: int
    packages: list[str]


class KeyOut(Strict):
    id: str
    group: str
    month: str
    not_before: datetime
    not_after: datetime
    retired_at: datetime | None


class KeyList(Strict):
    keys: list[KeyOut]


class RotateIn(Strict):
    group: str = Field(max_length=24)
