"""What the routes of an organisation take and answer: who is asking, the profile, the places."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.core.i18n import Names
from backend.organisations.models import OrganisationState
from backend.organisations.rules import DeclarationHolder, Function, Kind, PlaceKind, PlaceTyped, Role

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Gln = Annotated[str, StringConstraints(pattern=r"^\d{13}$")]
Gcp = Annotated[str, StringConstraints(pattern=r"^\d{4,12}$")]
Bin = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PersonOut(BaseModel):
    id: str
    name: str


class OrganisationOut(BaseModel):
    """`contract_state` is None where no contract is known of."""

    id: str
    kind: Kind
    trade: Kind | None
    bin: str
    names: Names
    country: str
    state: OrganisationState
    contract_state: str | None


class MembershipOut(BaseModel):
    """Another place of work of the same person, for the next log-in."""

    organisation_id: str
    names: Names
    role: Role
    current: bool


class Me(BaseModel):
    """`valid_until` is the last day of access; `trust` the profile that signatures are judged under: only "nca-prod"
    has legal force."""

    person: PersonOut
    organisation: OrganisationOut
    role: Role
    head: bool
    title: str
    functions: list[Function]
    valid_until: date | None
    permissions: list[str]
    memberships: list[MembershipOut]
    trust: str


class Producer(Strict):
    """What product pages show of whoever makes or imports the goods («Субаккаунт», S0-12)."""

    name: Text = ""
    address: Text = ""
    country: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")] = "KZ"
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = ""
    site: Text = ""


class ProfileOut(BaseModel):
    """`email` and `phone` are those of the registration; `producer` what the public sees."""

    id: str
    kind: Kind
    trade: Kind | None
    declaration_holder: DeclarationHolder | None
    bin: str
    names: Names
    country: str
    state: OrganisationState
    contract_state: str | None
    groups: list[str]
    email: str | None
    phone: str | None
    producer: Producer
    gln: str | None
    gcp: str | None
    version: int
    created_at: datetime


class EditedNames(Strict):
    kk: Name
    en: Name


class ProfileIn(Strict):
    """The Russian name is the registered one and is not edited; `version` is the one that was shown."""

    names: EditedNames
    producer: Producer
    gln: Gln | None = None
    gcp: Gcp | None = None
    version: int


class Address(Strict):
    """`line` is street, house and room."""

    region: Text = ""
    locality: Name
    line: Name
    postcode: Annotated[str, StringConstraints(strip_whitespace=True, max_length=12)] = ""


class PlaceNew(Strict):
    """`bin` is a branch's or a representative office's own."""

    kind: PlaceKind
    names: Names
    address: Address
    main: bool = False
    gln: Gln | None = None
    bin: Bin | None = None

    def typed(self) -> PlaceTyped:
        return PlaceTyped(self.kind, self.names.model_dump(), self.address.model_dump(), self.main, self.gln, self.bin)


class PlaceEdited(PlaceNew):
    """`version` is the one that was shown."""

    version: int


class PlaceOut(BaseModel):
    id: str
    kind: PlaceKind
    names: Names
    address: Address
    main: bool
    gln: str | None
    bin: str | None
    blocked: bool
    reached: bool = Field(description="whether the work of whoever asks reaches there")
    version: int


class PlacesOut(BaseModel):
    places: list[PlaceOut]
