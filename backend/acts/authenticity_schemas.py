"""What the public check takes and answers: no codes, no prices, no IIN."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.acts.evidence_files import Standing
from backend.acts.rules import Kind, Side, State
from backend.signatures.exchange import LONGEST_CMS
from backend.signatures.later import Outcome, Proof
from backend.signatures.models import State as Kept

LONGEST_DOCUMENT = 11_000_000
"""Base64 of the largest document that an act can bring: a decision that names every unit."""

Subject = Literal["act", "acceptance", "correction", "annulment", "document"]


class PublicParty(BaseModel):
    """`tax_number` of a sole trader is an IIN, and masked."""

    tax_number: str
    kk: str
    ru: str


class PublicSignature(BaseModel):
    """`organisation` as the certificate names it, None for an individual's."""

    subject: Subject
    side: Side
    organisation: str | None
    bin: str | None
    algorithm: str
    received_at: datetime
    stamped_at: datetime | None
    state: Kept


class AuthenticityOut(BaseModel):
    """An act that exists, as whoever holds its paper may know it. `sha256` is of the act's signed bytes."""

    number: str
    kind: Kind
    state: State
    transfer_date: date
    units: int
    sender: PublicParty
    receiver: PublicParty
    sent_at: datetime | None
    decided_at: datetime | None
    sha256: str
    corrected: bool
    test: bool
    signatures: list[PublicSignature]


class LinkOut(BaseModel):
    """The link of the public check and its QR code: one string of "0" and "1" a row."""

    url: str
    qr: list[str]


class CheckedPackageQuery(BaseModel):
    """`measured` when the body comes without its folder files/, and with a file measured.sha256 in its place, which
    says what they hash to, as sha256sum does: large files need not leave the device of whoever holds them."""

    model_config = ConfigDict(extra="forbid")

    measured: bool = False


class SignedIn(BaseModel):
    """Base64 of a document's exact bytes and of the detached CMS (PEM lines allowed)."""

    model_config = ConfigDict(extra="forbid")

    document: Annotated[str, Field(max_length=LONGEST_DOCUMENT)]
    cms: Annotated[str, Field(max_length=LONGEST_CMS)]


class CheckedCertificate(BaseModel):
    serial: str
    issuer: str
    not_before: datetime
    not_after: datetime
    algorithm: str


class CheckedSignature(BaseModel):
    """One signature as it was judged. `why` is an error code where it is not valid; `at` the moment as of which it was
    judged, `proof` what proves that moment; `for_party` whether the certificate names the party whose document it is
    (else a power of attorney stands behind it, which the file does not hold); `linked` whether the document speaks of
    the act in the same file, None where there is nothing to compare."""

    subject: Subject
    sha256: str
    outcome: Outcome
    why: str | None
    name: str
    iin: str
    bin: str | None
    organisation: str | None
    party: str | None
    for_party: bool | None
    certificate: CheckedCertificate | None
    claimed_at: datetime | None
    at: datetime | None
    proof: Proof
    revocation: str | None
    known: bool
    linked: bool | None
    test: bool


class CheckedAct(BaseModel):
    number: str
    transfer_date: str
    units: int
    sender: str
    receiver: str


class CheckedFile(BaseModel):
    """A file that the signed documents name by its hash, or that lies in the package though none does. `name` is the
    attachment's, empty for a photo of what was not taken."""

    name: str
    sha256: str
    state: Standing


class CheckedOut(BaseModel):
    """A file as it was judged: VALID when every signature is, every document belongs to the act, the codes are those
    that were signed, and all files that the documents name are there. `intact` says whether all files are what the
    manifest says, `codes` whether the list of codes is; None where there is no such file. `state` is the act's present
    one, where it is ours."""

    outcome: Outcome
    act: CheckedAct | None
    state: State | None
    intact: bool | None
    codes: bool | None
    files: list[CheckedFile]
    signatures: list[CheckedSignature]
