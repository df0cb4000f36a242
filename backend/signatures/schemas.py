"""What the routes of signing take and answer."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.core.i18n import Names
from backend.signatures.signing_sessions_rules import LARGEST_DOCUMENT, MOST_DOCUMENTS, SessionState

LONGEST_BASE64 = LARGEST_DOCUMENT * 4 // 3 + 4


class SigningOut(BaseModel):
    """`profile` is the trust profile; with `test` signatures have no legal force and everything shown says so."""

    profile: Literal["dev", "nca-test", "nca-prod"]
    test: bool
    ways: list[Literal["p12", "ncalayer", "egov_mobile", "egov_business"]]


class DocumentToSign(BaseModel):
    """`bytes` is base64 of the exact envelope; `id` comes back with its signature."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=64)
    bytes: str = Field(max_length=LONGEST_BASE64)
    names: Names


class SigningSessionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    documents: list[DocumentToSign] = Field(min_length=1, max_length=MOST_DOCUMENTS)
    app: Literal["mobile", "business"] = "mobile"


class SigningSessionOut(BaseModel):
    """`qr` has a row of "0" and "1" for each row of modules, `link` opens the app on this device, `seconds` is how long
    it lives from now on."""

    id: str
    qr: list[str]
    link: str
    expires_at: datetime
    seconds: int


class PhoneSigner(BaseModel):
    """Who signed. Of the IIN only the last four digits are given."""

    name: str
    iin: str
    bin: str | None
    organisation: str | None


class PhoneSignature(BaseModel):
    id: str
    cms: str


class SigningSessionStateOut(BaseModel):
    """`signer` and `signatures` are there when the state is `signed`."""

    state: SessionState
    expires_at: datetime
    signer: PhoneSigner | None
    signatures: list[PhoneSignature] | None


class PhoneFile(BaseModel):
    data: str


class PhoneContent(BaseModel):
    file: PhoneFile


class PhoneDocument(BaseModel):
    """What comes back of a document; the rest of it is echoed by the app and trusted in nothing."""

    id: int
    document: PhoneContent


class PhoneAnswer(BaseModel):
    signMethod: str
    version: Literal[1]
    documentsToSign: list[PhoneDocument] = Field(min_length=1, max_length=MOST_DOCUMENTS)


class PhoneOrganisation(BaseModel):
    nameRu: str
    nameKz: str
    nameEn: str
    bin: str


class PhoneDocumentAt(BaseModel):
    uri: str
    auth_type: Literal["Token"]
    auth_token: str


class PhoneInvitation(BaseModel):
    """API 1. `expiry_date` is "2026-08-14T15:52:24.138+0500"."""

    description: str
    expiry_date: str
    organisation: PhoneOrganisation
    document: PhoneDocumentAt


class PhoneMeta(BaseModel):
    name: str
    value: str


class PhoneFileOut(BaseModel):
    mime: Literal["text/plain"]
    data: str


class PhoneContentOut(BaseModel):
    file: PhoneFileOut


class PhoneDocumentOut(BaseModel):
    id: int
    nameRu: str
    nameKz: str
    nameEn: str
    meta: list[PhoneMeta]
    document: PhoneContentOut


class PhoneDocuments(BaseModel):
    """API 2: to be sent back with `data` replaced by the base64 of a detached CMS."""

    signMethod: Literal["CMS_SIGN_ONLY"]
    version: Literal[1]
    documentsToSign: list[PhoneDocumentOut]


class PhoneThanks(BaseModel):
    status: Literal["success"]
    backUrl: str
