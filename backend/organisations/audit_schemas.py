"""What the audit trail takes and answers."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from backend.core.paging import PageQuery
from backend.organisations.audit import Filter

Id = Annotated[str, StringConstraints(min_length=26, max_length=26)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,24}$")]
SubjectId = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class FilterQuery(BaseModel):
    """`person` acted; `family` is what stands before the colon of a kind; days are Kazakhstan's, both included."""

    model_config = ConfigDict(extra="forbid")

    person: Id | None = None
    family: Word | None = None
    since: date | None = None
    until: date | None = None
    subject_kind: Word | None = None
    subject_id: SubjectId | None = None

    def filter(self) -> Filter:
        return Filter(self.person, self.family, self.since, self.until, self.subject_kind, self.subject_id)


class AuditQuery(PageQuery, FilterQuery):
    pass


class AuditFact(BaseModel):
    """`person` is the name of who acted where that is one of the organisation's own people, else None; `via` is
    "session", "passkey", "api_key", "command" or "system". `sequence` and `hash` place the fact in the chain; None
    for a moment after it happened."""

    id: str
    at: datetime
    kind: str
    subject_kind: str
    subject_id: str
    actor_id: str | None
    person: str | None
    via: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    detail: dict[str, Any] | None
    count: int | None
    signature_id: str | None
    sequence: int | None
    hash: str | None


class AuditPage(BaseModel):
    facts: list[AuditFact]
    next: str | None


class AuditPerson(BaseModel):
    id: str
    name: str


class AuditPeople(BaseModel):
    people: list[AuditPerson]
