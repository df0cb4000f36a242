"""The public contract of checks. Field names are stable from the first release."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.core.gs1 import Kind
from backend.core.i18n import Names
from backend.verification.rules import Look, Outcome


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Place(Strict):
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class VerifyIn(Strict):
    code: Annotated[str, Field(strict=True, description="Text as scanned or typed, GS as \\u001d")]
    symbology: str | None = Field(None, max_length=4, description="AIM identifier, such as ]d2")
    source: Literal["camera", "photo", "manual", "wedge", "link"] | None = None
    place: Place | None = None
    device: str | None = Field(None, max_length=64, description="Random id that the app rotates")


class Parsed(BaseModel):
    kind: Kind
    gtin: str | None
    serial: str | None
    key_id: str | None
    sscc: str | None
    ais: dict[str, str]


class Maker(BaseModel):
    name: str
    country: str | None = None


class Importer(BaseModel):
    names: Names


class Product(BaseModel):
    gtin: str | None
    group: str
    names: Names
    brand: str | None
    attributes: dict[str, Any]
    producer: Maker | None
    country: str
    importer: Importer | None
    image: str | None
    expires_on: str | None
    introduced_on: str | None


class Foreign(BaseModel):
    system: str
    country: str | None


class Event(BaseModel):
    at: str | None
    reason: str | None


class Checks(BaseModel):
    count: int
    first_at: str


class PackageState(BaseModel):
    count: int
    worst: Outcome


class VerifyOut(BaseModel):
    outcome: Outcome
    look: Look
    advice: str
    parsed: Parsed
    repairs: list[str]
    problem: str | None
    group: str | None
    product: Product | None
    seller: Importer | None
    event: Event | None
    checks: Checks | None
    foreign: Foreign | None
    package: PackageState | None
    checked_at: str


class Symbol(BaseModel):
    format: str
    symbology: str | None
    text: str
    bytes: str = Field(description="Base64 of the symbol's exact bytes")
    position: list[list[int]]


class DecodeOut(BaseModel):
    codes: list[Symbol]
    unread: int = Field(description="Symbols that were seen but are covered, dirty or too small to read")


class TrustKey(BaseModel):
    id: str
    group: str
    alg: Literal["Ed25519"]
    public_key: str
    not_before: str
    not_after: str


class WithdrawnEntry(BaseModel):
    key_id: str
    url: str
    as_of: str
    sha256: str


class TrustList(BaseModel):
    keys: list[TrustKey]
    withdrawn: list[WithdrawnEntry]
    issued_at: str
    expires_at: str
    signature: str = Field(description="Platform's Ed25519 over tanba/trust-list/1| and the JCS of the rest, base64")
