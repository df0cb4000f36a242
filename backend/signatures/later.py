"""A signature judged later, by whoever holds the file: as of the moment to which its existence is proved.

What comes with the file is a stranger's word: certificates are taken from the profile's own store, and stamps, answers
and lists count when the authority's signature under them holds. That this platform received the signature once and
found it good is proof too, of the moment of receipt.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from flask import current_app
from sqlalchemy import select

from backend.core import clock
from backend.core.db import db
from backend.core.errors import DomainError
from backend.signatures import algorithms, certificates, chain, cms, crl, documents, facts, ocsp, revocation
from backend.signatures import timestamps as stamping
from backend.signatures import trust as trusting
from backend.signatures.certificates import Certificate, Signer
from backend.signatures.cms import Claim
from backend.signatures.crl import ListRefused, RevocationList
from backend.signatures.facts import CertificateFacts
from backend.signatures.models import Signature, State
from backend.signatures.revocation import Decision, Status
from backend.signatures.rules import CertificateRevoked, Purpose, RevocationRefused, RevocationUnknown, require_purpose
from backend.signatures.signing_sessions_rules import masked
from backend.signatures.trust import Trust

MOST_PROOFS = 8
"""Of each kind; a signature carries two or three."""


class Outcome(StrEnum):
    """UNKNOWN: the signature holds, but nobody can say whether its certificate stood at that moment."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Proof(StrEnum):
    """What proves the moment: an authority's stamp, this platform's register, or nothing, so that it is the present."""

    STAMP = "stamp"
    REGISTER = "register"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Beside:
    """What came with a signature to prove it."""

    ocsp: Sequence[bytes] = ()
    crls: Sequence[bytes] = ()
    stamps: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """`why` is the error code where it is not VALID. `signer` (its `iin` masked) and `certificate` are None where the
    CMS cannot be read. `at` is the moment as of which it was judged, `proof` what proves it; `known` is the id under
    which this platform keeps the signature."""

    outcome: Outcome
    why: str | None
    content: dict[str, Any]
    name: str = ""
    iin: str = ""
    signer: Signer | None = None
    certificate: CertificateFacts | None = None
    claimed_at: datetime | None = None
    at: datetime | None = None
    proof: Proof = Proof.NOW
    revocation: dict[str, Any] = field(default_factory=dict)
    is_test: bool = True
    known: str | None = None


def judge(document: bytes, content: bytes, beside: Beside) -> Judgement:
    """Judge a detached CMS over a document of one of our kinds, as it comes from anybody. Writes nothing; asks the
    authority only where nothing proves an earlier moment. Never raises for what is wrong with the input."""
    try:
        said = documents.read_any(document)
        claim = cms.read(content)
    except DomainError as error:
        return Judgement(Outcome.INVALID, error.code, {})
    here = trusting.active(current_app.config["SETTINGS"])
    found = _facts(claim, here)
    try:
        cms.check(claim, document)
        signer = certificates.signer_of(claim.certificate)
        require_purpose(claim.certificate.key_usage, signer.roles, Purpose.DOCUMENT)
        kept = _kept(document, content)
        found |= {"signer": signer, "name": signer.name, "iin": masked(signer.iin)}
        found |= {"known": kept.id if kept else None}
        moment, proof = _moment(claim, beside.stamps, kept, here)
        found |= {"at": moment, "proof": proof}
        path = chain.build(claim.certificate, here, moment)
        decision = _revocation(path, beside, kept, proof, moment, here)
    except DomainError as error:
        return Judgement(Outcome.INVALID, error.code, said, **found)
    outcome, why = _outcome(decision)
    return Judgement(outcome, why, said, **found, revocation={"status": decision.status.value} | decision.evidence)


def _facts(claim: Claim, here: Trust) -> dict[str, Any]:
    try:
        scheme = algorithms.scheme_of(claim.certificate.key, historical=True).name
    except DomainError:
        scheme = ""
    return {
        "certificate": facts.of_certificate(claim.certificate, scheme),
        "claimed_at": claim.signing_time if isinstance(claim.signing_time, datetime) else None,
        "is_test": here.profile != "nca-prod",
    }


def _kept(document: bytes, content: bytes) -> Signature | None:
    row = db.session.scalars(select(Signature).where(Signature.cms_hash == hashlib.sha256(content).digest())).first()
    return row if row and row.document == document else None


def _moment(claim: Claim, given: Iterable[bytes], kept: Signature | None, here: Trust) -> tuple[datetime, Proof]:
    """The earliest moment at which the signature is proved to have been there; of two at the same time the authority's
    word stands before ours."""
    now = clock.now()
    stamped: list[datetime] = []
    for token in (*claim.stamps, *given)[:MOST_PROOFS]:
        try:
            stamp = stamping.check(token, claim.signature, here, now)
        except DomainError:
            continue
        if stamp.trusted:
            stamped.append(stamp.at)
    if kept and kept.state == State.VALID and (not stamped or kept.verified_at + stamping.SKEW < min(stamped)):
        return kept.verified_at, Proof.REGISTER
    return (min(stamped), Proof.STAMP) if stamped else (now, Proof.NOW)


def _revocation(
    path: tuple[Certificate, ...], beside: Beside, kept: Signature | None, proof: Proof, at: datetime, here: Trust
) -> Decision:
    if kept is not None and kept.state == State.VALID:
        return Decision(Status.OK, kept.verdict.get("revocation", {}))
    if proof is Proof.NOW:
        return revocation.decide(path, here, at)
    return revocation.worst(
        [_by_evidence(link, issuer, beside, at, leaf=place == 0) for place, (link, issuer) in enumerate(pairwise(path))]
    )


def _by_evidence(link: Certificate, issuer: Certificate, beside: Beside, at: datetime, leaf: bool) -> Decision:
    for answer in beside.ocsp[:MOST_PROOFS] if leaf else ():
        try:
            said = ocsp.judge(answer, ocsp.asked(link, issuer), issuer, at)
        except (ocsp.NoAnswer, ocsp.AnswerRefused):
            continue
        status = Status.OK if said.good else Status.REVOKED
        return Decision(status, {"by": "ocsp", "this_update": said.this_update.isoformat()})
    return revocation.by_lists(link, _lists(beside.crls, issuer), at)


def _lists(given: Sequence[bytes], issuer: Certificate) -> list[RevocationList]:
    found = []
    for content in given[:MOST_PROOFS]:
        try:
            found.append(crl.accept(content, issuer))
        except ListRefused:
            continue
    return found


def _outcome(decision: Decision) -> tuple[Outcome, str | None]:
    if decision.status is Status.OK:
        return Outcome.VALID, None
    if decision.status is Status.REVOKED:
        return Outcome.INVALID, CertificateRevoked.code
    if decision.status is Status.REFUSED:
        return Outcome.INVALID, RevocationRefused.code
    return Outcome.UNKNOWN, RevocationUnknown.code
