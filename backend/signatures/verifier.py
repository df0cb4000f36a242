"""The whole judgement of a signature, in order: the document's kind, the CMS, the holder, the chain, revocation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.signatures import algorithms, certificates, chain, cms, documents, revocation, timestamps
from backend.signatures.certificates import Certificate, Signer
from backend.signatures.cms import Claim
from backend.signatures.revocation import Decision, Source, Status
from backend.signatures.rules import (
    CertificateRevoked,
    CertificateUnknown,
    Purpose,
    RevocationRefused,
    RevocationUnknown,
    SigningTimeWrong,
    require_purpose,
)
from backend.signatures.timestamps import Stamp
from backend.signatures.trust import Trust

SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that holds. `content` is what the document says, `verdict` what was checked (kept as evidence), and
    `sources` what proves it: the chain's certificates, answers and lists, stamps of time.

    `pending` marks one of which nobody could say yet whether the certificate is revoked: it is not valid until a job
    settles it. `stamped_at` is the time in the stamp of the profile's own authority, where one came with it.
    """

    schema: str
    document: bytes
    cms: bytes
    content: dict[str, Any]
    signer: Signer
    certificate: Certificate
    profile: str
    verdict: dict[str, Any]
    sources: tuple[Source, ...] = ()
    pending: bool = False
    stamped_at: datetime | None = None


def verify(
    document: bytes,
    content: bytes,
    *,
    schema: str,
    purpose: Purpose,
    trust: Trust,
    now: datetime,
    signed_after: datetime | None = None,
    pending_ok: bool = False,
) -> Verified:
    """Judge a detached CMS over our own bytes as of `now` (the moment of receipt, never the signer's clock).

    `schema` is the kind of document that the caller expects; `signed_after` refuses a signing time before the
    document could exist; `pending_ok` lets a signature through whose revocation nobody can tell, marked as such.
    Raises the errors of signatures.rules.
    """
    said = documents.read(document, schema)
    claim = cms.read(content)
    cms.check(claim, document)
    _require_time(claim.signing_time, now, signed_after)
    signer = certificates.signer_of(claim.certificate)
    require_purpose(claim.certificate.key_usage, signer.roles, purpose)
    path = chain.build(claim.certificate, trust, now)
    stamps = [timestamps.check(token, claim.signature, trust, now) for token in claim.stamps]
    decision = revocation.decide(path, trust, now)
    pending = require_standing(decision, pending_ok)
    return Verified(
        schema,
        document,
        content,
        said,
        signer,
        claim.certificate,
        trust.profile,
        verdict=_verdict(claim, purpose, signer, path, stamps, decision),
        sources=(
            *(Source("certificate", link.der) for link in path),
            *decision.sources,
            *(Source("timestamp", one.token) for one in stamps if one.trusted),
        ),
        pending=pending,
        stamped_at=min((one.at for one in stamps if one.trusted), default=None),
    )


def require_standing(decision: Decision, pending_ok: bool) -> bool:
    """What a decision on revocation means for a signature; returns whether it must wait. Raises CertificateRevoked,
    CertificateUnknown, RevocationRefused, or RevocationUnknown where waiting is not allowed."""
    why = decision.evidence.get("why")
    if decision.status is Status.REVOKED:
        raise CertificateRevoked()
    if decision.status is Status.REFUSED and why == "certificate_unknown":
        raise CertificateUnknown()
    if decision.status is Status.REFUSED:
        raise RevocationRefused(why=why)
    if decision.status is not Status.OK and not pending_ok:
        raise RevocationUnknown(why=why)
    return decision.status is not Status.OK


def _verdict(
    claim: Claim,
    purpose: Purpose,
    signer: Signer,
    path: tuple[Certificate, ...],
    stamps: list[Stamp],
    decision: Decision,
) -> dict[str, Any]:
    return {
        "purpose": purpose.value,
        "scheme": algorithms.scheme_of(claim.certificate.key).name,
        "digest": claim.digest,
        "signing_time": claim.signing_time.isoformat() if claim.signing_time else None,
        "roles": sorted(role.name.lower() for role in signer.roles),
        "chain": [link.fingerprint for link in path],
        "revocation": {"status": decision.status.value, **decision.evidence},
        "timestamps": [described(one) for one in stamps],
    }


def described(stamp: Stamp) -> dict[str, Any]:
    """A stamp, as a verdict keeps it."""
    return {
        "at": stamp.at.isoformat(),
        "policy": stamp.policy,
        "authority": stamp.authority.fingerprint,
        "trusted": stamp.trusted,
    }


def _require_time(signing_time: datetime | None, now: datetime, signed_after: datetime | None) -> None:
    if signing_time is None:
        return
    if not isinstance(signing_time, datetime) or signing_time > now + SKEW:
        raise SigningTimeWrong()
    if signed_after is not None and signing_time < signed_after - SKEW:
        raise SigningTimeWrong()
