"""What the organisation routes answer."""

from pydantic import BaseModel

from backend.core.i18n import Names
from backend.organisations.models import OrganisationState
from backend.organisations.rules import Kind


class PersonOut(BaseModel):
    id: str
    name: str


class OrganisationOut(BaseModel):
    id: str
    kind: Kind
    bin: str
    names: Names
    country: str
    state: OrganisationState


class Me(BaseModel):
    person: PersonOut
    organisation: OrganisationOut
    permissions: list[str]
