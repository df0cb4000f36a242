"""Pure rules of cards: states, and whether what a card says fits its group."""

from enum import StrEnum

from backend.core.errors import Conflict, Invalid, NotFound


class CardState(StrEnum):
    DRAFT = "draft"
    MODERATION = "moderation"
    PUBLISHED = "published"
    BLOCKED = "blocked"


class CardUnknown(NotFound):
    code = "catalogue.card_unknown"


class CardInvalid(Invalid):
    """What the card says does not fit its group; `fields` name the places."""

    code = "catalogue.card_invalid"


class CardIncomplete(Invalid):
    """Only a card with all obligatory fields goes on (S0-16); `fields` name the missing ones."""

    code = "catalogue.card_incomplete"


class CardMoved(Conflict):
    """The card is no longer in a state that this step starts from."""

    code = "catalogue.card_moved"


class GtinTaken(Conflict):
    code = "catalogue.gtin_taken"


class GroupUnknown(Invalid):
    code = "catalogue.group_unknown"
