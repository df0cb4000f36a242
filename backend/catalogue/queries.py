"""Reads of cards. The asking organisation comes first; None is the operator, who sees all."""

from collections.abc import Sequence

from sqlalchemy import select

from backend.catalogue.models import Card
from backend.catalogue.rules import CardUnknown
from backend.core.db import db


def cards(organisation_id: str | None, after: str | None, limit: int) -> Sequence[Card]:
    """Newest first, one more than the limit when there are more."""
    rows = select(Card).order_by(Card.id.desc()).limit(limit + 1)
    if organisation_id:
        rows = rows.where(Card.owner_id == organisation_id)
    if after:
        rows = rows.where(Card.id < after)
    return db.session.scalars(rows).all()


def card(organisation_id: str | None, card_id: str) -> Card:
    """Raises CardUnknown, for another's card as for one that is not."""
    found = db.session.get(Card, card_id)
    if found is None or (organisation_id and found.owner_id != organisation_id):
        raise CardUnknown(id=card_id)
    return found


def of_gtin(gtin: str) -> Sequence[Card]:
    """Every card of a GTIN-14, whoever owns it."""
    return db.session.scalars(select(Card).where(Card.gtin == gtin).order_by(Card.id)).all()
