"""What the routes of powers of attorney take and answer."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from backend.core.i18n import Names
from backend.organisations.powers import PowerTyped
from backend.organisations.rules import Function
from backend.organisations.schemas import Bin, Strict
from backend.organisations.staff_schemas import Id

GroupId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,24}$")]


class PowerIn(Strict):
    """To a member or to a service provider, not both. No group means all; the days are Kazakhstan's, both included."""

    membership_id: Id | None = None
    provider_bin: Bin | None = None
    functions: list[Function] = Field(min_length=1, max_length=32)
    groups: list[GroupId] = Field(default_factory=list, max_length=50)
    valid_from: date
    valid_until: date

    @model_validator(mode="after")
    def _one_agent(self) -> Self:
        if (self.membership_id is None) == (self.provider_bin is None):
            raise ValueError("a member or a provider")
        return self

    def typed(self) -> PowerTyped:
        functions, groups = sorted(set(self.functions)), sorted(set(self.groups))
        return PowerTyped(self.membership_id, self.provider_bin, functions, groups, self.valid_from, self.valid_until)


class PowerOut(BaseModel):
    """`agent` is the member's name or the provider's names, `principal` who gave it. `state`: what was decided, and for
    what is active whether its days have come ("scheduled") or are over ("expired")."""

    id: str
    principal: Names
    member: str | None
    membership_id: str | None
    provider: Names | None
    provider_bin: str | None
    functions: list[Function]
    groups: list[str]
    valid_from: date
    valid_until: date
    state: Literal["active", "scheduled", "expired", "suspended", "revoked"]
    given_by: str
    created_at: datetime


class PowersOut(BaseModel):
    """`received` are those that others gave to one's own organisation as their service provider."""

    given: list[PowerOut]
    received: list[PowerOut]
