"""What the routes of programs' keys and of the sandbox take and answer."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from backend.core.i18n import Names

Scope = Literal[
    "acts:see",
    "acts:sign",
    "catalogue:edit",
    "codes:emit",
    "codes:move",
    "codes:pack",
    "codes:see",
    "labels:print",
]
"""What a program may be entrusted with; organisations.access.SCOPES, held equal by a test."""


class ScopeList(BaseModel):
    """The scopes that the asking person can give: `sandbox` for a test key, where there is a sandbox."""

    live: list[Scope]
    sandbox: list[Scope]


class ApiKeyIn(BaseModel):
    """`test` makes a key of the sandbox. `expires_at` is at most a year ahead."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=80)
    scopes: list[Scope] = Field(min_length=1, max_length=20)
    expires_at: AwareDatetime
    place_id: str | None = Field(None, min_length=26, max_length=26)
    test: bool = False
    confirmation: str | None = Field(None, min_length=26, max_length=26)


class ApiKeyMade(BaseModel):
    """`secret` is shown this once and kept nowhere."""

    id: str
    secret: str


class ApiKeyOut(BaseModel):
    """`hint` is the end of the secret; `used_from` the address of the last use, noted every ten minutes."""

    id: str
    name: str
    hint: str
    test: bool
    scopes: list[Scope]
    place_id: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime
    former_until: datetime | None
    used_at: datetime | None
    used_from: str | None


class ApiKeyList(BaseModel):
    keys: list[ApiKeyOut]


class ApiKeyGone(BaseModel):
    id: str


class SandboxOut(BaseModel):
    """The test organisation: nothing of it is ever legal, and checks of its codes say so."""

    id: str
    names: Names
    created_at: datetime


class SandboxState(BaseModel):
    sandbox: SandboxOut | None


class ProgramOut(BaseModel):
    """Who a program is: the key, its organisation, and what it may do at this moment."""

    key_id: str
    organisation_id: str
    names: Names
    test: bool
    scopes: list[Scope]
    place_id: str | None
    expires_at: datetime
