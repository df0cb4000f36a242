"""Routes of the catalogue."""

from dataclasses import asdict

from backend.catalogue import groups, queries, service
from backend.catalogue.models import Card
from backend.catalogue.schemas import CardIn, CardOut, CardPage, GroupList, GroupOut, TemplateOut
from backend.core.actor import current_actor
from backend.core.api import PARTICIPANT, PUBLIC, Api
from backend.core.paging import PageQuery, page
from backend.organisations.access import Permission
from backend.organisations.scope import acting_for, scope

api = Api("catalogue")


@api.get("/groups", allow=PUBLIC, gives=GroupList)
def list_groups() -> GroupList:
    """The product groups: how their codes look and what their cards say."""
    return GroupList([_group(group) for group in groups.all()])


@api.get("/cards", allow=PARTICIPANT, query=PageQuery, gives=CardPage)
def list_cards(query: PageQuery) -> CardPage:
    """One's own cards, newest first; the operator sees all."""
    shown, following = page(queries.cards(scope(), query.after(), query.limit), query.limit, lambda card: card.id)
    return CardPage(cards=[_card(card) for card in shown], next=following)


@api.post("/cards", allow=Permission.CATALOGUE_EDIT, takes=CardIn, gives=CardOut, status=201)
def create_card(body: CardIn) -> CardOut:
    """Describe goods as a draft. The operator may do it for anyone."""
    given = body.model_dump()
    given["owner_id"] = acting_for(body.owner_id)
    if body.importer_id is not None:
        acting_for(body.importer_id)
    return _card(queries.card(None, service.create_card(**given, actor=current_actor())))


@api.get("/cards/<card_id>", allow=PARTICIPANT, gives=CardOut)
def get_card(card_id: str) -> CardOut:
    """One card."""
    return _card(queries.card(scope(), card_id))


@api.post("/cards/<card_id>/publish", allow=Permission.CATALOGUE_MODERATE, gives=CardOut)
def publish_card(card_id: str) -> CardOut:
    """Put a complete card into the National Catalogue."""
    service.publish(card_id, actor=current_actor())
    return _card(queries.card(None, card_id))


def _group(group: groups.Group) -> GroupOut:
    return GroupOut(
        id=group.id,
        names=group.names,
        template=TemplateOut(**asdict(group.template)) if group.template else None,
        attributes=list(group.attributes),
        tnved=list(group.tnved),
    )


def _card(card: Card) -> CardOut:
    return CardOut(**{name: getattr(card, name) for name in CardOut.model_fields})
