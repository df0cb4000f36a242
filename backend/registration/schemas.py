"""What the routes of registration take and answer."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.core.i18n import Names
from backend.core.paging import PageQuery
from backend.organisations.rules import DeclarationHolder, Kind
from backend.registration.rules import Purpose, State
from backend.signatures.cms import unarmour
from backend.signatures.exchange import LONGEST_CMS, GivenSignature

Language = Literal["kk", "ru", "en"]
Trade = Literal[Kind.PRODUCER, Kind.IMPORTER, Kind.WHOLESALER, Kind.RETAIL]


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BeginIn(Given):
    """The same two values that log-in refused."""

    challenge_id: str = Field(min_length=26, max_length=26)
    cms: str = Field(max_length=LONGEST_CMS)


class TypedNames(Given):
    kk: str | None = Field(None, max_length=500)
    ru: str | None = Field(None, max_length=500)
    en: str | None = Field(None, max_length=500)


class FillIn(Given):
    """What is chosen and typed. A change of head asks for the contacts and the language only."""

    kind: Literal[Kind.PRODUCER, Kind.IMPORTER, Kind.WHOLESALER, Kind.RETAIL, Kind.SOLE_TRADER] | None = None
    trade: Trade | None = None
    declaration_holder: DeclarationHolder | None = None
    groups: list[str] = Field(default_factory=list, max_length=50)
    names: TypedNames | None = None
    email: str = Field(max_length=254)
    phone: str = Field(max_length=40)
    language: Language = "kk"


class SignIn(Given):
    signatures: list[GivenSignature] = Field(min_length=1, max_length=4)

    def by_id(self) -> dict[str, bytes]:
        """The CMS of each document. Raises signatures.Malformed."""
        return {one.id: unarmour(one.cms) for one in self.signatures}


class ConfirmIn(Given):
    token: str = Field(max_length=80)


class EmailIn(Given):
    email: str = Field(max_length=254)


class TextQuery(Given):
    version: str | None = Field(None, max_length=16)


class DeskQuery(PageQuery):
    state: Literal[State.SUBMITTED, State.APPROVED, State.REFUSED] = State.SUBMITTED


class RefuseIn(Given):
    reasons: list[str] = Field(max_length=10)
    text: str = Field("", max_length=1_000)


class ReasonOut(BaseModel):
    code: str
    names: Names
    text_needed: bool


class ReasonList(BaseModel):
    reasons: list[ReasonOut]


class CertificateOut(BaseModel):
    """What the certificate says. `roles` are names such as "head", "signatory", "individual"; `iin` is masked."""

    name: str
    iin: str
    organisation: str | None
    bin: str | None
    legal_form: str
    roles: list[str]
    test: bool


class RefusalOut(BaseModel):
    reasons: list[ReasonOut]
    text: str
    at: datetime


class ApplicationOut(BaseModel):
    """One's own application. `fixed_name` is the language whose name cannot be typed; `confirm_until` is set while the
    e-mail waits to be confirmed, `deadline` once the operator has to answer; `refusal` is the last one."""

    number: str
    state: State
    purpose: Purpose
    filled: bool
    certificate: CertificateOut
    names: Names
    fixed_name: Language
    kind: Kind | None
    trade: Kind | None
    declaration_holder: DeclarationHolder | None
    groups: list[str]
    email: str | None
    phone: str | None
    language: Language
    text_version: str
    confirm_until: datetime | None
    deadline: datetime | None
    refusal: RefusalOut | None


class ChangedOut(BaseModel):
    """`changed` names the fields that are kept otherwise than they were typed: ask for the application to see them."""

    state: State
    changed: list[str]


class StateOut(BaseModel):
    """Where an application is; nothing in it speaks of a person."""

    number: str
    state: State
    deadline: datetime | None


class WithdrawnOut(BaseModel):
    withdrawn: bool = True


class TextOut(BaseModel):
    """`hashes` are SHA-256 of the UTF-8 bytes of each text, hexadecimal. `texts` are Markdown."""

    name: str
    version: str
    texts: Names
    hashes: Names


class DeskRow(BaseModel):
    id: str
    number: str
    state: State
    purpose: Purpose
    names: Names
    bin: str | None
    kind: Kind | None
    trade: Kind | None
    deadline: datetime
    overdue: bool
    attempt: int
    test: bool


class DeskPage(BaseModel):
    registrations: list[DeskRow]
    cursor: str | None
    waiting: int


class SignatureOut(BaseModel):
    """One signature under one document, as it was judged. `revocation` and `signing_time` come from the verdict."""

    document: str
    name: str
    roles: list[str]
    not_before: datetime
    not_after: datetime
    scheme: str
    signing_time: str | None
    revocation: str
    verified_at: datetime
    test: bool


class AttemptOut(BaseModel):
    number: int
    signed_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    outcome: str | None
    reasons: list[ReasonOut]
    text: str


class DeskApplication(DeskRow):
    """`rivals` counts other open applications for the same BIN or IIN."""

    certificate: CertificateOut
    declaration_holder: DeclarationHolder | None
    groups: list[str]
    email: str | None
    phone: str | None
    language: Language
    text_version: str
    submitted_at: datetime | None
    decided_at: datetime | None
    organisation_id: str | None
    rivals: int
    signatures: list[SignatureOut]
    attempts: list[AttemptOut]
