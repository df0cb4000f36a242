"""The exact bytes that the two sides of an act sign.

Both are rebuilt from what is stored and from the decision, never taken from a client: a device that was offline makes
the same bytes from the same content, and whatever differs does not verify.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from backend.acts import goods
from backend.acts.models import Act
from backend.acts.rules import Decision
from backend.organisations.models import Organisation
from backend.signatures import documents

ACT = "kz.tanba.act/v1"
ACCEPTANCE = "kz.tanba.act-acceptance/v1"
ANNULMENT = "kz.tanba.act-annulment/v1"


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
        },
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
            "rejected": [
                {"code": one.code, "reason": one.reason.value, "words": one.words}
                for one in sorted(decision.rejected, key=lambda one: one.code)
            ],
            "extra": sorted(decision.extra),
        },
    )


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


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def total(lines: Sequence[goods.Line], prices: dict[str, int]) -> int:
    """Tiyn; products without a price count nothing."""
    return sum(line.count * prices.get(line.gtin or line.card_id, 0) for line in lines)


def tenge(tiyn: int) -> str:
    """An amount as documents carry it: "1500.00"."""
    return f"{tiyn // 100}.{tiyn % 100:02d}"


def _line(line: goods.Line, prices: dict[str, int]) -> dict[str, Any]:
    price = prices.get(line.gtin or line.card_id)
    return {
        "gtin": line.gtin,
        "card": line.card_id,
        "name": {"kk": line.names["kk"], "ru": line.names["ru"]},
        "units": line.count,
        "price": tenge(price) if price is not None else None,
        "sum": tenge(price * line.count) if price is not None else None,
    }
