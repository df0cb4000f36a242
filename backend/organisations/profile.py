"""What an organisation says of itself: its names, and the producer's data that product pages show (S0-12)."""

from typing import Any

from sqlalchemy import update

from backend.core import gs1
from backend.core.actor import Actor
from backend.core.db import db
from backend.history import service as history
from backend.organisations import queries
from backend.organisations.models import Organisation
from backend.organisations.rules import ChangedMeanwhile, GlnInvalid

GLN_DIGITS = 13


def edit(actor: Actor, version: int, names: dict[str, str], given: dict[str, Any]) -> None:
    """Set the Kazakh and English names and `given`: producer, gln, gcp. The Russian name is the registered one and
    stays. The fact names what changed; contacts stay out of it.

    Raises ChangedMeanwhile (also for the slower of two at once), GlnInvalid.
    """
    require_gln(given["gln"])
    row = queries.organisation(actor.organisation_id)
    before = {"names": row.names, "producer": row.producer, "gln": row.gln, "gcp": row.gcp}
    after = {"names": row.names | names, **given}
    changed = (
        update(Organisation)
        .where(Organisation.id == row.id, Organisation.version == version)
        .values(version=version + 1, **after)
    )
    if db.session.execute(changed).rowcount != 1:
        raise ChangedMeanwhile(version=row.version)
    told = ("names", "gln", "gcp")
    history.record(
        "organisation:edited",
        subject=("organisation", row.id),
        organisation_id=row.id,
        actor=actor,
        before={name: before[name] for name in told},
        after={name: after[name] for name in told},
        detail={"changed": sorted(name for name in after if after[name] != before[name])},
    )


def require_gln(gln: str | None) -> None:
    """A GLN is 13 digits, the last one a check digit (GS1 General Specifications 7.9). Raises GlnInvalid."""
    if gln is not None and not (len(gln) == GLN_DIGITS and gs1.is_checked(gln)):
        raise GlnInvalid(fields=[{"field": "gln", "code": "check_digit"}])
