"""The public's questions: is this code legal, what does this picture hold, what can be known offline."""

import logging
from datetime import date, datetime
from typing import Any

import orjson

from backend.catalogue import groups
from backend.codes import queries as ledger_queries
from backend.codes import tails
from backend.codes.rules import State, code_id
from backend.core import clock, gs1, limits, metrics, sandbox
from backend.core.db import moment as aware
from backend.core.gs1 import Kind, Scan
from backend.verification import queries, sightings
from backend.verification.rules import (
    CodeTooLong,
    DecoderBusy,
    ImageDamaged,
    ImageTooLarge,
    ImageUnsupported,
    Look,
    Outcome,
    Registered,
    Tail,
    Verdict,
    category,
    for_trial,
    judge,
    judge_package,
    plain,
)

LONGEST = 4_096
REFUSALS = {"too_large": ImageTooLarge, "unsupported": ImageUnsupported, "busy": DecoderBusy}
COUNTED = (Outcome.UNREGISTERED, Outcome.FORGED)

log = logging.getLogger("tanba.verification")


def verify(
    text: str,
    *,
    symbology: str | None = None,
    source: str | None = None,
    place: tuple[float, float] | None = None,
    device: str | None = None,
) -> dict[str, Any]:
    """Judge any text. Raises CodeTooLong beyond 4 096 bytes, TooManyRequests for a source that keeps guessing."""
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        raise CodeTooLong(limit=LONGEST)
    limits.check("verify_unknown")
    scan = gs1.read(text, symbology, groups.templates())
    scan, answer = _judged(scan)
    answer["parsed"] = _parsed(scan)
    answer["repairs"] = list(scan.repairs)
    answer["problem"] = scan.problem
    answer["checked_at"] = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    outcome = answer["outcome"]
    metrics.checked(outcome).inc()
    if outcome in COUNTED:
        limits.hit("verify_unknown")
    identification = scan.identification_code
    if identification and scan.kind is not Kind.PACKAGE:
        sightings.note(code_id(identification), outcome, source, place, device)
    return answer


def decode(image: bytes) -> dict[str, Any]:
    """Every symbol in a picture, read in the limited process, and how many were seen but could not be read.

    Raises ImageTooLarge, ImageUnsupported, ImageDamaged, DecoderBusy.
    """
    try:
        found = orjson.loads(sandbox.call("decode", image, seconds=3, megabytes=320))
    except sandbox.SandboxFailed as failure:
        raise REFUSALS.get(failure.reason, ImageDamaged)() from failure
    read = [symbol for symbol in found if not symbol.get("error")]
    return {"codes": read, "unread": len(found) - len(read)}


def _judged(scan: Scan) -> tuple[Scan, dict[str, Any]]:
    if scan.kind in (Kind.MARK, Kind.FUR, Kind.TOBACCO):
        return _mark(scan)
    if scan.kind is Kind.PACKAGE:
        return scan, _package(scan)
    if scan.kind is Kind.GTIN and scan.gtin:
        goods = queries.card(scan.gtin)
        return scan, _answer(Verdict(Outcome.NOT_A_MARK, Look.UNKNOWN, "advice.barcode"), product=goods)
    if scan.kind is Kind.UNREADABLE:
        return scan, _answer(plain(Outcome.UNREADABLE))
    return scan, _answer(plain(Outcome.NOT_A_MARK))


def _mark(scan: Scan) -> tuple[Scan, dict[str, Any]]:
    row = queries.code(code_id(scan.identification_code or ""))
    if row is None:
        swapped = gs1.swapped_case(scan)
        if swapped is not None and (row := queries.code(code_id(swapped.identification_code or ""))):
            scan = swapped
    return scan, _unknown(scan) if row is None else _known(scan, row)


def _known(scan: Scan, row: queries.Row) -> dict[str, Any]:
    state, flags, moment = State(row.state), row.flags, clock.now()
    changed_at = aware(row.changed_at) or moment
    known = Registered(
        state=state,
        flags=flags,
        reason=row.reason,
        changed_at=changed_at,
        expires_on=date.fromisoformat(str(row.expires_on)) if row.expires_on else None,
        score=row.score or 0,
        tail_expected=row.key_id is not None,
    )
    verdict = judge(known, _tail(scan, row.key_id), moment, clock.today())
    if row.sandbox_of is not None:
        verdict = for_trial(verdict)
    if verdict.outcome is Outcome.FORGED:
        return _answer(verdict, group=row.group)
    why = category(state, flags, row.reason)
    return _answer(
        verdict,
        group=row.group,
        product=queries.product(row),
        seller={"names": queries.parsed(row.seller)},
        event={"at": _iso(changed_at), "reason": why} if why else None,
        checks={"count": row.count, "first_at": _iso(aware(row.first_at))} if row.count else None,
    )


def _unknown(scan: Scan) -> dict[str, Any]:
    if scan.kind is Kind.MARK and scan.key_id and scan.tail:
        tail = tails.check(scan.key_id, scan.identification_code or "", scan.tail)
        if tail is False:
            return _answer(plain(Outcome.FORGED))
        if tail is True:
            # Signed by us and not in the register: the one thing that must never happen.
            metrics.ALARMS.labels("signed_but_unregistered").inc()
            log.critical("a code that we signed is not in the register", extra={"key_id": scan.key_id})
            return _answer(plain(Outcome.UNREGISTERED))
    other = gs1.foreign(scan)
    if other is not None:
        return _answer(plain(Outcome.FOREIGN), foreign={"system": other.system, "country": other.country})
    return _answer(plain(Outcome.UNREGISTERED))


def _tail(scan: Scan, key_id: str | None) -> Tail:
    """Right, wrong, or not there to be judged; another key id than the register's is wrong."""
    if scan.kind is not Kind.MARK or not scan.tail or key_id is None:
        return Tail.ABSENT
    if scan.key_id != key_id:
        return Tail.WRONG
    return Tail.RIGHT if tails.right(key_id, scan.identification_code or "", scan.tail) else Tail.WRONG


def _package(scan: Scan) -> dict[str, Any]:
    inside = ledger_queries.states_inside(scan.sscc or "")
    if not inside:
        return _answer(plain(Outcome.UNREGISTERED))
    verdict, count = judge_package(inside)
    if queries.packed_for_trial(scan.sscc or ""):
        verdict = for_trial(verdict)
    return _answer(verdict, package={"count": count, "worst": verdict.outcome.value})


def _answer(verdict: Verdict, **facts: Any) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome.value,
        "look": verdict.look.value,
        "advice": verdict.advice,
        "group": None,
        "product": None,
        "seller": None,
        "event": None,
        "checks": None,
        "foreign": None,
        "package": None,
    } | facts


def _parsed(scan: Scan) -> dict[str, Any]:
    return {
        "kind": scan.kind.value,
        "gtin": scan.gtin,
        "serial": scan.serial or scan.fur,
        "key_id": scan.key_id,
        "sscc": scan.sscc,
        "ais": {name: value for name, value in scan.ais.items() if name != "92"},
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
