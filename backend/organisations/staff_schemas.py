"""What the routes of the staff take and answer."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.core.i18n import Names
from backend.organisations.rules import Function, Role, Terms, end_of
from backend.signatures.exchange import GivenSignature

Id = Annotated[str, StringConstraints(min_length=26, max_length=26)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TermsIn(Strict):
    """`valid_until` is the last day of access in Kazakhstan, none for no end; no place means all of them."""

    functions: list[Function] = Field(max_length=32)
    valid_until: date | None = None
    title: Line = ""
    place_ids: list[Id] = Field(default_factory=list, max_length=200)

    def terms(self) -> Terms:
        until = end_of(self.valid_until) if self.valid_until else None
        return Terms(sorted(set(self.functions)), until, self.title, sorted(set(self.place_ids)))


class InviteIn(TermsIn):
    """`name` is a hint by which the head knows the offer; with `iin` only that person can take it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    iin: Annotated[str, StringConstraints(pattern=r"^\d{12}$")] | None = None
    functions: list[Function] = Field(min_length=1, max_length=32)


class MemberIn(TermsIn):
    """`version` is the one that was shown; another one meanwhile refuses the change."""

    version: int


class MemberOut(BaseModel):
    """`state`: "active", "blocked", "ended" (the term is over). `editable` says whether the asking one may change
    it."""

    id: str
    person_id: str
    name: str
    role: Role
    functions: list[Function]
    title: str
    place_ids: list[str]
    valid_until: date | None
    state: Literal["active", "blocked", "ended"]
    last_seen: datetime | None
    created_at: datetime
    own: bool
    editable: bool
    version: int


class InvitationOut(BaseModel):
    """`link` and `qr` (rows of the symbol, 1 is dark) are there while the offer can be taken and the asking one could
    grant as much."""

    id: str
    name: str
    functions: list[Function]
    title: str
    place_ids: list[str]
    valid_until: date | None
    state: Literal["waiting", "suspended", "expired", "accepted", "cancelled"]
    created_at: datetime
    expires_at: datetime
    link: str | None
    qr: list[str] | None


class StaffOut(BaseModel):
    members: list[MemberOut]
    invitations: list[InvitationOut]


class OfferOut(BaseModel):
    """What the holder of a link is offered. `test` says that signatures here have no legal force."""

    id: str
    organisation: Names
    bin: str
    name: str
    functions: list[Function]
    title: str
    places: list[Names]
    valid_until: date | None
    expires_at: datetime
    test: bool


class SignaturesIn(Strict):
    """One document, one signature."""

    signatures: list[GivenSignature] = Field(min_length=1, max_length=1)


class AcceptedOut(BaseModel):
    organisation: Names
    name: str


class FunctionOut(BaseModel):
    """`permissions` are what the function gives in this organisation; `grantable` whether the asking one may entrust
    it."""

    function: Function
    permissions: list[str]
    grantable: bool


class PermissionsOut(BaseModel):
    functions: list[FunctionOut]
