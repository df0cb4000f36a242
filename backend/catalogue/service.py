"""The verbs of the catalogue: a card is described, then published."""

from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from backend.catalogue import groups, queries, rules
from backend.catalogue.groups import Group
from backend.catalogue.models import Card
from backend.catalogue.rules import CardIncomplete, CardInvalid, CardMoved, CardState, Fault, GtinTaken
from backend.core import clock, gs1
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.organisations import queries as organisations


def create_card(
    *,
    owner_id: str,
    group: str,
    names: dict[str, str],
    tnved: str,
    country: str,
    attributes: dict[str, str],
    gtin: str | None = None,
    brand: str | None = None,
    producer: dict[str, str] | None = None,
    importer_id: str | None = None,
    actor: Actor | None = None,
) -> str:
    """Describe goods as a draft in the open transaction; returns the card's id. Fields as in models.Card, `gtin` in
    any of its lengths.

    Raises GroupUnknown, CardInvalid with the places that do not fit the group, GtinTaken, OrganisationUnknown.
    """
    kind = groups.get(group)
    number, faults = _gtin(kind, gtin)
    faults += rules.attribute_faults(kind.attributes, attributes) + rules.tnved_faults(kind.tnved, tnved)
    if faults:
        raise CardInvalid(fields=faults)
    parties = [organisations.organisation(one) for one in {owner_id, importer_id or owner_id}]
    if number and any(party.sandbox_of for party in parties) and not rules.is_restricted(number):
        raise CardInvalid(fields=[{"field": "gtin", "code": "sandbox"}])
    if number and rules.is_local(number) and queries.of_gtin(number):
        raise GtinTaken(gtin=number)
    card_id = new_id()
    row = insert(Card).values(
        id=card_id,
        gtin=number,
        group=group,
        owner_id=owner_id,
        names=names,
        brand=brand,
        attributes=attributes,
        tnved=tnved,
        country=country,
        producer=producer,
        importer_id=importer_id,
        state=CardState.DRAFT,
        created_at=clock.now(),
    )
    try:
        db.session.execute(row)
    except IntegrityError as error:
        raise GtinTaken(gtin=number) from error
    history.record(
        "card:created",
        subject=("card", card_id),
        organisation_id=owner_id,
        actor=actor,
        after={
            "gtin": number,
            "group": group,
            "names": names,
            "brand": brand,
            "attributes": attributes,
            "tnved": tnved,
            "country": country,
            "producer": producer,
            "importer": importer_id,
            "state": CardState.DRAFT.value,
        },
    )
    return card_id


def publish(card_id: str, *, actor: Actor | None = None) -> None:
    """Put a complete card into the National Catalogue; codes can be ordered for it from now on.

    Raises CardUnknown, CardIncomplete with the missing places, CardMoved when it is not a draft or in moderation.
    """
    card = queries.card(None, card_id)
    lacking = rules.missing(groups.get(card.group).attributes, card.attributes) + _parties_missing(card)
    if lacking:
        raise CardIncomplete(fields=lacking)
    before = card.state
    moved = db.session.execute(
        update(Card)
        .where(Card.id == card_id, Card.state.in_((CardState.DRAFT, CardState.MODERATION)))
        .values(state=CardState.PUBLISHED)
    ).rowcount
    if moved != 1:
        raise CardMoved(id=card_id, state=before.value)
    history.record(
        "card:published",
        subject=("card", card_id),
        organisation_id=card.owner_id,
        actor=actor,
        before={"state": before.value},
        after={"state": CardState.PUBLISHED.value},
    )


def _gtin(kind: Group, text: str | None) -> tuple[str | None, list[Fault]]:
    """The GTIN-14, and what is wrong: a group with GS1 codes needs one, a bad check digit spoils any."""
    if text is None:
        needed = kind.code.kind == "gs1"
        return None, [{"field": "gtin", "code": "required"}] if needed else []
    try:
        return gs1.gtin14(text), []
    except ValueError:
        return None, [{"field": "gtin", "code": "check_digit"}]


def _parties_missing(card: Card) -> list[dict[str, Any]]:
    """The buyer is told who made the goods, and for goods from abroad who brought them in (S0-39)."""
    lacking = [] if card.producer else [{"field": "producer", "code": "required"}]
    if card.country != "KZ" and card.importer_id is None:
        lacking.append({"field": "importer_id", "code": "required"})
    return lacking
