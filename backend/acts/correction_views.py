"""Corrections as routes answer them: what stood, what stands, and the bytes that are signed for it."""

from typing import Any

from backend.acts import documents
from backend.acts.models import Act, Correction
from backend.acts.schemas import ChangeOut, CorrectionOut
from backend.core.db import db
from backend.organisations.models import Organisation
from backend.signatures.exchange import ToSignList, to_sign

NAMES = {"kk": "Актіні түзету", "ru": "Исправление акта приёма-передачи", "en": "Correction of an act"}
NOTHING = "–"


def shown(one: Correction) -> CorrectionOut:
    """A correction, each change with what stood and what stands."""
    changes = [
        ChangeOut(
            what=name.partition(":")[0],
            goods=name.partition(":")[2] or None,
            before=one.before.get(name),
            after=one.after.get(name),
        )
        for name in sorted(one.after)
    ]
    return CorrectionOut(
        state=one.state,
        changes=changes,
        reason=one.reason,
        made_at=one.made_at,
        ended_at=one.ended_at,
        sha256=documents.digest(one.document),
    )


def paper(row: Act, schema: str, content: bytes, before: dict[str, Any], after: dict[str, Any]) -> ToSignList:
    """A correction to sign: the act, and each change as "what stood → what will stand"."""
    sender = db.session.get_one(Organisation, row.sender_id)
    said = [
        ("number", row.number),
        ("seller", f"{sender.names['ru']}, {sender.bin}"),
        ("buyer", f"{row.receiver_name}, {row.receiver_tax}"),
        *((_label(name), f"{_said(before.get(name))} → {_said(after[name])}") for name in sorted(after)),
    ]
    return ToSignList(documents=[to_sign(row.id, schema, content, NAMES, said)])


def _label(name: str) -> str:
    return {"transfer_date": "date"}.get(name, name.partition(":")[0])


def _said(value: Any) -> str:
    if isinstance(value, int):
        return documents.tenge(value)
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values())
    return value or NOTHING
