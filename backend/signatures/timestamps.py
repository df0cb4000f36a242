"""Stamps of time (RFC 3161): proof that a signature existed at a moment, by an authority's word."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import core, tsp

from backend.core.errors import DomainError
from backend.signatures import algorithms, chain, cms, der, revocation
from backend.signatures.certificates import UNREADABLE, Certificate
from backend.signatures.cms import Claim
from backend.signatures.revocation import Status
from backend.signatures.rules import (
    AlgorithmUnsupported,
    CertificateExpired,
    CertificateUntrusted,
    KeyWeak,
    TimestampWrong,
)
from backend.signatures.trust import Trust

SKEW = timedelta(minutes=5)
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
NONCE_BITS = 64


@dataclass(frozen=True, slots=True)
class Stamp:
    """A token that holds for one signature. `trusted` says whether its chain leads to an anchor of the profile; a stamp
    of a stranger proves nothing, but harms nothing either."""

    token: bytes
    at: datetime
    policy: str
    authority: Certificate
    trusted: bool


def request(signature: bytes, digest: str) -> tuple[bytes, int]:
    """The request to stamp a signature by a digest (OID), and its nonce."""
    nonce = int.from_bytes(os.urandom(NONCE_BITS // 8), "big")
    asked = {
        "version": "v1",
        "message_imprint": {
            "hash_algorithm": {"algorithm": digest, "parameters": core.Null()},
            "hashed_message": algorithms.naming(digest, signature),
        },
        "nonce": nonce,
        "cert_req": True,
    }
    return tsp.TimeStampReq(asked).dump(), nonce


def token_of(answer: bytes) -> bytes:
    """The token in a time-stamping authority's answer. Raises TimestampWrong where it granted none."""
    try:
        status, *rest = der.children(answer, der.whole(answer))
        said = tsp.PKIStatusInfo.load(answer[status.start : status.end])["status"].native
        if said not in ("granted", "granted_with_mods") or len(rest) != 1:
            raise TimestampWrong(why="not_granted")
        return answer[rest[0].start : rest[0].end]
    except UNREADABLE as error:
        raise TimestampWrong(why="unreadable") from error


def check(
    token: bytes, signature: bytes, trust: Trust, now: datetime, nonce: int | None = None, historical: bool = False
) -> Stamp:
    """Judge a token over a signature: its digest, its own signature, whose key that is, when, under which policy, and
    the nonce where we asked. Raises TimestampWrong."""
    try:
        claim, content = cms.read_stamp(token)
        cms.check(claim, content, historical)
        info = tsp.TSTInfo.load(content, strict=True)
        imprint = info["message_imprint"]
        hashed = algorithms.naming(imprint["hash_algorithm"]["algorithm"].dotted, signature)
        at, policy = info["gen_time"].native, info["policy"].dotted
        if info["version"].native != "v1" or imprint["hashed_message"].native != hashed:
            raise TimestampWrong(why="imprint")
        if nonce is not None and info["nonce"].native != nonce:
            raise TimestampWrong(why="nonce")
    except TimestampWrong:
        raise
    except DomainError as error:
        raise TimestampWrong(why=error.code) from error
    except UNREADABLE as error:
        raise TimestampWrong(why="unreadable") from error
    if at > now + SKEW:
        raise TimestampWrong(why="from_the_future")
    _require_stamper(claim)
    return Stamp(token, at, policy, claim.certificate, _trusted(claim.certificate, policy, trust, at, historical))


def _require_stamper(claim: Claim) -> None:
    """A key that stamps does nothing else (RFC 3161 §2.3), and says so critically; old ones name no key usage at all.
    Raises TimestampWrong."""
    one = claim.certificate
    signs = not one.key_usage or "digital_signature" in one.key_usage
    if one.extended != (TIME_STAMPING,) or not one.extended_critical or not signs:
        raise TimestampWrong(why="key_purpose")


def _trusted(one: Certificate, policy: str, trust: Trust, at: datetime, historical: bool) -> bool:
    """Whether the profile's own authority stamped, with a certificate that was valid then and is not revoked."""
    if not any(policy == arc or policy.startswith(f"{arc}.") for arc in trust.stamp_policies):
        return False
    try:
        path = chain.path_to_anchor(one, trust, at, historical)
    except (CertificateUntrusted, CertificateExpired, AlgorithmUnsupported, KeyWeak):
        return False
    decision = revocation.by_lists(one, trust.lists(path[1]), at)
    return decision.status is not Status.REVOKED
