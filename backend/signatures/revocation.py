"""Is a certificate revoked? The answer is ok, revoked or pending, and pending is never valid."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from asn1crypto import crl as asn1

from backend.signatures import algorithms
from backend.signatures.certificates import UNREADABLE, Certificate
from backend.signatures.rules import AlgorithmUnsupported, CertificateMalformed, KeyWeak
from backend.signatures.trust import Trust

SKEW = timedelta(minutes=5)
# AKI and CRL number; an issuing distribution point or a delta indicator means that the list is not the whole list.
WHOLE_LIST = ("2.5.29.35", "2.5.29.20")
ENTRY_KNOWN = ("2.5.29.21", "2.5.29.24")


class Status(StrEnum):
    OK = "ok"
    REVOKED = "revoked"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Decision:
    """`evidence` says which list told it: {"serial", "crl_sha256", "this_update", "next_update", …}; for pending,
    why nothing did."""

    status: Status
    evidence: dict[str, Any] = field(default_factory=dict)


def decide(chain: tuple[Certificate, ...], trust: Trust, now: datetime) -> Decision:
    """Judge every link of a chain but its anchor. One revoked link revokes, one unknown leaves all pending, and a
    chain without links to judge is pending too."""
    return worst(by_list(link, issuer, trust.crl(issuer), now) for link, issuer in pairwise(chain))


def worst(decisions: Iterable[Decision]) -> Decision:
    decisions = list(decisions)
    for status in (Status.REVOKED, Status.PENDING):
        for decision in decisions:
            if decision.status is status:
                return decision
    return decisions[0] if decisions else Decision(Status.PENDING, {"why": "nothing_checked"})


def by_list(certificate: Certificate, issuer: Certificate, crl: bytes | None, now: datetime) -> Decision:
    """Look a certificate up in its issuer's full list. A list that is missing, unreadable, not the issuer's, partial,
    or not current says nothing: pending. On hold counts as revoked."""
    if crl is None:
        return Decision(Status.PENDING, {"why": "no_list"})
    try:
        return _by_list(certificate, issuer, crl, now)
    except UNREADABLE:
        return Decision(Status.PENDING, {"why": "list_unreadable"})
    except (AlgorithmUnsupported, KeyWeak, CertificateMalformed):
        return Decision(Status.PENDING, {"why": "list_signature"})


def _by_list(certificate: Certificate, issuer: Certificate, crl: bytes, now: datetime) -> Decision:
    parsed = asn1.CertificateList.load(crl, strict=True)
    body = parsed["tbs_cert_list"]
    signed_with = parsed["signature_algorithm"]["algorithm"].dotted
    if body["issuer"].dump() != issuer.subject or "crl_sign" not in issuer.key_usage:
        return Decision(Status.PENDING, {"why": "list_of_another"})
    if not algorithms.verify(issuer.key, parsed["signature"].native, body.dump(), signed_with):
        return Decision(Status.PENDING, {"why": "list_signature"})
    if any(one["critical"].native and one["extn_id"].dotted not in WHOLE_LIST for one in body["crl_extensions"]):
        return Decision(Status.PENDING, {"why": "list_partial"})
    issued, due = body["this_update"].native, body["next_update"].native
    if due is None or not issued - SKEW <= now <= due:
        return Decision(Status.PENDING, {"why": "list_not_current"})
    evidence = {
        "by": "crl",
        "serial": f"{certificate.serial:x}",
        "crl_sha256": hashlib.sha256(crl).hexdigest(),
        "this_update": issued.isoformat(),
        "next_update": due.isoformat(),
    }
    for entry in body["revoked_certificates"]:
        if any(
            one["critical"].native and one["extn_id"].dotted not in ENTRY_KNOWN for one in entry["crl_entry_extensions"]
        ):
            return Decision(Status.PENDING, {"why": "list_partial"})
        if entry["user_certificate"].native == certificate.serial:
            evidence["revoked_at"] = entry["revocation_date"].native.isoformat()
            return Decision(Status.REVOKED, evidence)
    return Decision(Status.OK, evidence)
