"""Is a certificate revoked? The answer is ok, revoked, refused or pending; pending is never valid.

The authority's responder is asked first. What it says stands, also when it must not be believed: only its silence sends
us to the lists.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from backend.signatures import crl, ocsp
from backend.signatures.certificates import Certificate
from backend.signatures.crl import RevocationList
from backend.signatures.trust import Trust

log = logging.getLogger("tanba.signatures")

LARGEST_KEPT = 256 * 1024  # bytes of a list that is kept whole with a signature; of larger ones number and digest


class Status(StrEnum):
    OK = "ok"
    REVOKED = "revoked"
    REFUSED = "refused"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Source:
    """Something that proves a decision: an answer or a list, as it came."""

    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Decision:
    """`evidence` says what told it: {"by", "serial", "this_update", …}; where nothing did, why. `revoked_at` is when
    the authority says that the certificate ended."""

    status: Status
    evidence: dict[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    revoked_at: datetime | None = None


def decide(chain: tuple[Certificate, ...], trust: Trust, now: datetime) -> Decision:
    """Judge every link of a chain but its anchor: people's certificates by the responder or by lists, authorities' by
    lists. One revoked link revokes, one unknown leaves all pending, and a chain without links is pending too."""
    decisions = []
    for place, (link, issuer) in enumerate(pairwise(chain)):
        asked = by_responder(link, issuer, trust, now) if place == 0 else None
        decisions.append(asked or by_lists(link, trust.lists(issuer), now))
        if decisions[-1].status in (Status.REVOKED, Status.REFUSED):
            break
    return worst(decisions)


def worst(decisions: Iterable[Decision]) -> Decision:
    """The decision that counts; when all are ok, the first with the sources of all."""
    decisions = list(decisions)
    for status in (Status.REVOKED, Status.REFUSED, Status.PENDING):
        for decision in decisions:
            if decision.status is status:
                return decision
    if not decisions:
        return Decision(Status.PENDING, {"why": "nothing_checked"})
    first, *others = decisions
    evidence = first.evidence | ({"authorities": [one.evidence for one in others]} if others else {})
    return Decision(Status.OK, evidence, tuple(source for one in decisions for source in one.sources))


def by_responder(certificate: Certificate, issuer: Certificate, trust: Trust, now: datetime) -> Decision | None:
    """What the profile's responder says; None when it says nothing."""
    if trust.status is None:
        return None
    question = ocsp.ask(certificate, issuer)
    content = trust.status(question.request)
    if content is None:
        return None
    evidence: dict[str, Any] = {"by": "ocsp", "serial": f"{certificate.serial:x}"}
    try:
        answer = ocsp.judge(content, question, issuer, now)
    except ocsp.NoAnswer:
        return None
    except ocsp.AnswerRefused as refused:
        log.warning("an answer of the responder was refused", extra={"reason": refused.why})
        return Decision(Status.REFUSED, evidence | {"why": refused.why})
    evidence |= {
        "produced_at": answer.produced_at.isoformat(),
        "this_update": answer.this_update.isoformat(),
        "responder": answer.responder.fingerprint,
    }
    sources = (Source("ocsp", content),)
    if answer.good:
        return Decision(Status.OK, evidence, sources)
    if answer.never_issued:
        return Decision(Status.REFUSED, evidence | {"why": "certificate_unknown"}, sources)
    ended = answer.revoked_at
    return Decision(Status.REVOKED, evidence | {"revoked_at": ended.isoformat() if ended else None}, sources, ended)


def by_lists(certificate: Certificate, lists: Iterable[RevocationList], now: datetime) -> Decision:
    """Look a certificate up in its issuer's full list and the delta that amends it. Lists that are missing or not
    current say nothing: pending. On hold counts as revoked."""
    held = list(lists)
    full = _newest(one for one in held if one.base is None and one.current(now))
    if full is None:
        return Decision(Status.PENDING, {"why": "list_not_current" if held else "no_list"})
    delta = _newest(one for one in held if _amends(one, full) and one.current(now))
    used = [full, *([delta] if delta else [])]
    evidence: dict[str, Any] = {
        "by": "crl",
        "serial": f"{certificate.serial:x}",
        "lists": [
            {
                "sha256": one.sha256,
                "number": one.number,
                "base": one.base,
                "this_update": one.issued.isoformat(),
                "next_update": one.due.isoformat(),
            }
            for one in used
        ],
    }
    sources = tuple(Source("crl", bytes(one.data)) for one in used if len(one.data) <= LARGEST_KEPT)
    entry = crl.find(delta, certificate.serial) if delta else None
    entry = entry or crl.find(full, certificate.serial)
    if entry is None or entry.removed:
        return Decision(Status.OK, evidence, sources)
    evidence["revoked_at"] = entry.revoked_at.isoformat()
    return Decision(Status.REVOKED, evidence, sources, entry.revoked_at)


def _amends(delta: RevocationList, full: RevocationList) -> bool:
    """RFC 5280 §5.2.4: the delta begins at our list or before it, and itself is no older than our list."""
    return (
        delta.base is not None
        and delta.number is not None
        and full.number is not None
        and delta.base <= full.number <= delta.number
    )


def _newest(lists: Iterable[RevocationList]) -> RevocationList | None:
    return max(lists, key=lambda one: one.issued, default=None)
