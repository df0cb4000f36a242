"""One of everything that an organisation can own, by the name that routes give its id."""

from collections.abc import Callable

from sqlalchemy import select

from backend.codes import packages
from backend.core import gs1
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity.models import Session
from backend.labels import service as labels
from backend.labels.schemas import SheetIn
from tests import factories

_numbers = iter(range(10**6))

OF_A_PERSON = {"session_id"}
"""Ids that belong to a person rather than to an organisation."""

BODIES: dict[str, dict[str, object]] = {}
"""What a route's body needs beyond the least that its model asks for, by rule."""

SPECIAL: dict[tuple[str, str], str] = {}
"""Where one name means different things on different routes: (rule, name) → key."""


def key(rule: str, name: str) -> str:
    return SPECIAL.get((rule, name), name)


def of(organisation: str, person: str | None) -> dict[str, str]:
    """Make them all and answer their ids, as they stand in addresses."""
    things: dict[str, str] = {}
    for part in PARTS:
        things |= part(organisation)
    if person:
        session = select(Session.id).where(Session.person_id == person)
        things["session_id"] = db.session.execute(session).scalars().first() or ""
        db.session.rollback()
    return things


def goods(organisation: str) -> dict[str, str]:
    card = factories.card(organisation)
    emission = factories.emitted(organisation, card, 2)
    found = factories.texts(emission)[0].split("\x1d", 1)[0]
    return {"card_id": card, "emission_id": emission, "code": found}


def packed(organisation: str) -> dict[str, str]:
    sscc = gs1.sscc("487000000", next(_numbers))
    inside = factories.codes(organisation, 2)
    unit_of_work(lambda: packages.form(sscc, codes=inside, owner_id=organisation, actor=None))
    return {"sscc": sscc}


def sheet(organisation: str) -> dict[str, str]:
    emission = factories.emitted(organisation, factories.card(organisation), 2)
    wanted = SheetIn(emission_id=emission, count=2, media="csv").model_dump()
    made = unit_of_work(lambda: labels.ask(organisation, wanted, Actor("test", organisation)).id)
    return {"sheet_id": made}


PARTS: list[Callable[[str], dict[str, str]]] = [goods, packed, sheet]
