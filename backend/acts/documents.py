"""The exact bytes that the two sides of an act sign.

Both are rebuilt from what is stored and from the decision, never taken from a client: a device that was offline makes
the same bytes from the same content, and whatever differs does not verify.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson

from backend.acts import attachments, goods
from backend.acts.models import Act
from backend.acts.rules import Decision, Mode, Refusal
from backend.organisations.models import Organisation
from backend.signatures import documents

ACT = "kz.tanba.act/v1"
ACCEPTANCE = "kz.tanba.act-acceptance/v1"
ANNULMENT = "kz.tanba.act-annulment/v1"
CORRECTION = "kz.tanba.act-correction/v1"


def act(row: Act, sender: Organisation) -> bytes:
    """What the sender signs: parties, terms, goods by product with prices, and the root of all codes (S0-26, S0-28)."""
    found = goods.lines(row)
    return documents.envelope(
        ACT,
        {
            "act": row.id,
            "number": row.number,
            "kind": row.kind.value,
            "sender": {"bin": sender.bin, "name": sender.names["ru"], "place": row.sender_place_id},
            "receiver": {"bin": row.receiver_tax, "name": row.receiver_name, "place": row.receiver_place_id},
            "original": row.original_id,
            "transfer_date": row.transfer_date.isoformat(),
            "terms": row.terms,
            "lines": [_line(line, row.prices) for line in found],
            "units": sum(line.count for line in found),
            "total": tenge(total(found, row.prices)),
            "packages": list(goods.packages(row.id)),
            "codes": {"root": goods.root(row), "hash": "sha256-rfc6962"},
        }
        | attachments.signed(row.id),
    )


def acceptance(row: Act, receiver: Organisation, decision: Decision) -> bytes:
    """What the receiver signs: which act, byte by byte, what is not taken and why, what lay there beside it."""
    return documents.envelope(
        ACCEPTANCE,
        {
            "act": row.id,
            "act_sha256": digest(row.signed_as or b""),
            "receiver": {"bin": receiver.bin, "name": receiver.names["ru"]},
            "place": decision.place_id,
            "mode": decision.mode.value,
            "sampled": decision.sampled,
            "all_rejected": decision.all_rejected,
            "rejected": [_refusal(one) for one in sorted(decision.rejected, key=lambda one: one.code)],
            "extra": sorted(decision.extra),
        }
        | _why(decision),
    )


def sampled(row: Act) -> int | None:
    """How many units were scanned, by the signed decision, where they stand for the rest; None where they do not."""
    return orjson.loads(row.decided_as)["sampled"] if row.decided_as and row.mode is Mode.SAMPLE else None


def _refusal(one: Refusal) -> dict[str, Any]:
    """A unit without photos keeps the bytes that it always had."""
    said = {"code": one.code, "reason": one.reason.value, "words": one.words}
    return said | {"photos": list(one.photos)} if one.photos else said


def _why(decision: Decision) -> dict[str, Any]:
    """Why all is rejected; decisions that do not say it keep the bytes that they always had."""
    return {"reason": decision.reason.value, "words": decision.words} if decision.reason else {}


def annulment(row: Act, organisation: Organisation) -> bytes:
    """What each side signs to undo an accepted act, one after the other."""
    return documents.envelope(
        ANNULMENT,
        {
            "act": row.id,
            "act_sha256": digest(row.signed_as or b""),
            "acceptance_sha256": digest(row.decided_as or b""),
            "party": {"bin": organisation.bin, "name": organisation.names["ru"]},
        },
    )


def mended(signed: bytes, transfer_date: date, terms: dict[str, Any], prices: dict[str, int]) -> bytes:
    """A signed act with other prices and papers, as its sender signs it anew. All else is taken from the signed bytes,
    so that no correction can touch goods or parties; `corrects` names the bytes that it takes the place of."""
    content = {name: value for name, value in orjson.loads(signed).items() if name != "schema"}
    lines = [_priced(line, prices.get(line["gtin"] or line["card"])) for line in content["lines"]]
    amount = sum(line["units"] * prices.get(line["gtin"] or line["card"], 0) for line in lines)
    given = {"transfer_date": transfer_date.isoformat(), "terms": terms, "lines": lines, "total": tenge(amount)}
    return documents.envelope(ACT, content | given | {"corrects": digest(signed)})


def of_version(acceptance: bytes, version: bytes) -> bytes:
    """The bytes of the same decision about another version of the act."""
    content = orjson.loads(acceptance) | {"act_sha256": digest(version)}
    return documents.envelope(content.pop("schema"), content)


def correction(
    row: Act, sender: Organisation, receiver: Organisation, before: dict[str, Any], after: dict[str, Any]
) -> bytes:
    """What both sides sign to correct a decided act: the act and its acceptance, byte by byte, and what changes."""
    return documents.envelope(
        CORRECTION,
        {
            "act": row.id,
            "act_sha256": digest(row.signed_as or b""),
            "acceptance_sha256": digest(row.decided_as or b""),
            "sender": {"bin": sender.bin, "name": sender.names["ru"]},
            "receiver": {"bin": receiver.bin, "name": receiver.names["ru"]},
            "before": _amounts(before),
            "after": _amounts(after),
        },
    )


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def total(lines: Sequence[goods.Line], prices: dict[str, int]) -> int:
    """Tiyn; products without a price count nothing."""
    return sum(line.count * prices.get(line.gtin or line.card_id, 0) for line in lines)


def tenge(tiyn: int) -> str:
    """An amount as documents carry it: "1500.00"."""
    return f"{tiyn // 100}.{tiyn % 100:02d}"


def _line(line: goods.Line, prices: dict[str, int]) -> dict[str, Any]:
    said = {
        "gtin": line.gtin,
        "card": line.card_id,
        "name": {"kk": line.names["kk"], "ru": line.names["ru"]},
        "units": line.count,
    }
    return _priced(said, prices.get(line.gtin or line.card_id))


def _priced(line: dict[str, Any], price: int | None) -> dict[str, Any]:
    priced = price is not None
    return line | {"price": tenge(price) if priced else None, "sum": tenge(price * line["units"]) if priced else None}


def _amounts(parts: dict[str, Any]) -> dict[str, Any]:
    return {name: tenge(value) if isinstance(value, int) else value for name, value in parts.items()}
