"""The whole judgement of a signature, in order: the document's kind, the CMS, the holder, the chain, revocation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.signatures import algorithms, certificates, chain, cms, documents, revocation
from backend.signatures.certificates import Certificate, Signer
from backend.signatures.revocation import Status
from backend.signatures.rules import (
    CertificateRevoked,
    Purpose,
    RevocationUnknown,
    SigningTimeWrong,
    require_purpose,
)
from backend.signatures.trust import Trust

SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that holds. `content` is what the document says, `verdict` what was checked (kept as evidence)."""

    schema: str
    document: bytes
    cms: bytes
    content: dict[str, Any]
    signer: Signer
    certificate: Certificate
    profile: str
    verdict: dict[str, Any]


def verify(
    document: bytes,
    content: bytes,
    *,
    schema: str,
    purpose: Purpose,
    trust: Trust,
    now: datetime,
    signed_after: datetime | None = None,
) -> Verified:
    """Judge a detached CMS over our own bytes as of `now` (the moment of receipt, never the signer's clock).

    `schema` is the kind of document that the caller expects; `signed_after` refuses a signing time before the
    document could exist. Raises the errors of signatures.rules.
    """
    said = documents.read(document, schema)
    claim = cms.read(content)
    cms.check(claim, document)
    _require_time(claim.signing_time, now, signed_after)
    signer = certificates.signer_of(claim.certificate)
    require_purpose(claim.certificate.key_usage, signer.roles, purpose)
    path = chain.build(claim.certificate, trust, now)
    decision = revocation.decide(path, trust, now)
    if decision.status is Status.REVOKED:
        raise CertificateRevoked()
    if decision.status is not Status.OK:
        raise RevocationUnknown(why=decision.evidence.get("why"))
    verdict = {
        "purpose": purpose.value,
        "scheme": algorithms.scheme_of(claim.certificate.key).name,
        "digest": claim.digest,
        "signing_time": claim.signing_time.isoformat() if claim.signing_time else None,
        "roles": sorted(role.name.lower() for role in signer.roles),
        "chain": [link.fingerprint for link in path],
        "revocation": {"status": decision.status.value, **decision.evidence},
    }
    return Verified(schema, document, content, said, signer, claim.certificate, trust.profile, verdict)


def _require_time(signing_time: datetime | None, now: datetime, signed_after: datetime | None) -> None:
    if signing_time is None:
        return
    if not isinstance(signing_time, datetime) or signing_time > now + SKEW:
        raise SigningTimeWrong()
    if signed_after is not None and signing_time < signed_after - SKEW:
        raise SigningTimeWrong()
