"""Pure rules of correction: after sending, prices and papers may be mended, goods and parties never."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from backend.core.errors import Conflict, Invalid, NotFound

PAPERS = ("contract", "waybill", "invoice", "comment")
DATE, PRICES = "transfer_date", "prices"


class Corrected(StrEnum):
    """APPLIED: the sender mended an act that nobody had decided. The others are corrections of a decided act, which
    both sides sign."""

    APPLIED = "applied"
    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class NothingCorrected(Invalid):
    """The correction says what the act says already, or names goods that are not in it."""

    code = "acts.nothing_corrected"


class CorrectionOpen(Conflict):
    """An earlier correction still waits for the receiver's word."""

    code = "acts.correction_open"


class CorrectionGone(NotFound):
    """No correction waits for an answer: it was answered or taken back."""

    code = "acts.correction_gone"


def parts(transfer_date: date, terms: dict[str, Any], prices: Mapping[str, int | None]) -> dict[str, Any]:
    """All that may be corrected, flat: {"transfer_date", "contract", "waybill", "invoice", "comment", and
    "price:<GTIN or card>" in tiyn}; what is not there is absent."""
    found: dict[str, Any] = {DATE: transfer_date.isoformat()}
    found |= {name: terms[name] for name in PAPERS if terms.get(name)}
    return found | {f"price:{goods}": price for goods, price in prices.items()}


def changes(now: dict[str, Any], wanted: dict[str, Any], goods: frozenset[str]) -> tuple[dict, dict]:
    """What a correction changes, before and after; None where nothing stood or shall stand. Raises NothingCorrected,
    also for prices of goods that the act does not hold."""
    names = [name for name in sorted(now.keys() | wanted.keys()) if now.get(name) != wanted.get(name)]
    foreign = [name for name in names if name.startswith("price:") and name.removeprefix("price:") not in goods]
    if not names or foreign:
        raise NothingCorrected(fields=[{"field": PRICES, "code": "not_in_act"}] * bool(foreign))
    return {name: now.get(name) for name in names}, {name: wanted.get(name) for name in names}


def applied(now: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The parts with a correction in them."""
    return {name: value for name, value in (now | after).items() if value is not None}


def split(given: dict[str, Any]) -> tuple[date, dict[str, Any], dict[str, int]]:
    """Flat parts as an act keeps them: transfer date, terms, prices."""
    terms = {name: given[name] for name in PAPERS if name in given}
    prices = {name.removeprefix("price:"): value for name, value in given.items() if name.startswith("price:")}
    return date.fromisoformat(given[DATE]), terms, prices
