"""The exact bytes that are signed to take a place among the staff, and to give a power of attorney."""

from typing import Any

from backend.organisations.models import Invitation, Organisation, Power
from backend.signatures import documents

ACCEPTANCE = "kz.tanba.acceptance/v1"
POWER = "kz.tanba.power-of-attorney/v1"

ACCEPTANCE_NAMES = {
    "kk": "Ұйым атынан жұмыс істеуге келісім",
    "ru": "Согласие работать от имени организации",
    "en": "Consent to act for the organisation",
}
POWER_NAMES = {"kk": "Сенімхат", "ru": "Доверенность", "en": "Power of attorney"}


def acceptance(organisation: Organisation, invitation: Invitation) -> bytes:
    """JCS of what the invited one agrees to: for whom, in which functions, until when (UTC; null for no end)."""
    return documents.envelope(
        ACCEPTANCE,
        {
            "id": invitation.id,
            "organisation": party(organisation),
            "functions": sorted(invitation.functions),
            "places": sorted(invitation.place_ids),
            "title": invitation.title,
            "valid_until": invitation.valid_until.isoformat() if invitation.valid_until else None,
            "created": invitation.created_at.isoformat(timespec="seconds"),
            "text": ACCEPTANCE_NAMES,
        },
    )


def power(organisation: Organisation, agent: dict[str, Any], row: Power) -> bytes:
    """JCS of a power of attorney. `agent` is the member or the provider who is empowered; no group means all."""
    return documents.envelope(
        POWER,
        {
            "id": row.id,
            "organisation": party(organisation),
            "agent": agent,
            "functions": sorted(row.functions),
            "groups": sorted(row.groups),
            "valid_from": row.valid_from.isoformat(),
            "valid_until": row.valid_until.isoformat(),
            "created": row.created_at.isoformat(timespec="seconds"),
            "text": POWER_NAMES,
        },
    )


def party(organisation: Organisation) -> dict[str, Any]:
    return {"bin": organisation.bin, "names": organisation.names}
