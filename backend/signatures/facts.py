"""What a kept signature says to people: whose it is, by which certificate, when, and what was said of revocation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import x509
from sqlalchemy import select

from backend.core.db import db
from backend.signatures import certificates
from backend.signatures.certificates import UNREADABLE, Certificate, Signer
from backend.signatures.models import Signature, State
from backend.signatures.signing_sessions_rules import masked


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate in words. `serial` is hexadecimal, `issuer` the common name of the authority, `algorithm` the name
    of the scheme (RSA, ECDSA, GOST …)."""

    serial: str
    issuer: str
    not_before: datetime
    not_after: datetime
    algorithm: str


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """A signature in words. `iin` is masked; `claimed_at` is only the signer's word, `received_at` when the platform
    judged it, `stamped_at` the time by an authority's stamp. `revocation` is the kept answer: {"status", "by", …}."""

    id: str
    schema: str
    name: str
    iin: str
    bin: str | None
    organisation: str | None
    roles: tuple[str, ...]
    certificate: CertificateFacts
    claimed_at: datetime | None
    received_at: datetime
    stamped_at: datetime | None
    revocation: dict[str, Any]
    state: State
    is_test: bool


def of(signature_ids: Sequence[str]) -> list[SignatureFacts]:
    """The facts of kept signatures, in the order asked for; those without a certificate that names somebody are left
    out."""
    rows = {one.id: one for one in db.session.scalars(select(Signature).where(Signature.id.in_(signature_ids)))}
    return [_facts(rows[one]) for one in signature_ids if one in rows and rows[one].certificate]


def of_certificate(certificate: Certificate, algorithm: str) -> CertificateFacts:
    return CertificateFacts(
        f"{certificate.serial:x}",
        common_name(certificate.issuer),
        certificate.not_before,
        certificate.not_after,
        algorithm,
    )


def common_name(name: bytes) -> str:
    """The common name in a DER name; the whole name where there is none, nothing where it cannot be read."""
    try:
        parsed = x509.Name.load(name)
        return str(parsed.native.get("common_name") or parsed.human_friendly)
    except UNREADABLE:
        return ""


def _facts(row: Signature) -> SignatureFacts:
    certificate = certificates.read(row.certificate)
    signer: Signer = certificates.signer_of(certificate)
    claimed = row.verdict.get("signing_time")
    return SignatureFacts(
        id=row.id,
        schema=row.schema,
        name=signer.name,
        iin=masked(signer.iin),
        bin=signer.bin,
        organisation=signer.organisation,
        roles=tuple(row.verdict.get("roles", ())),
        certificate=of_certificate(certificate, row.verdict.get("scheme", "")),
        claimed_at=datetime.fromisoformat(claimed) if claimed else None,
        received_at=row.verified_at,
        stamped_at=row.stamped_at,
        revocation=row.verdict.get("revocation", {}),
        state=State(row.state),
        is_test=row.is_test,
    )
