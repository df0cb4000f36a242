"""Every route that names a thing, asked by another participant's head: 404 as if it were not there, nothing of it in
any list, and nothing changed. The address map makes the cases; a new kind of id without an example here fails."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.core import openapi
from backend.core.api import PUBLIC, Allow, Endpoint
from backend.core.db import db
from backend.history.models import Fact
from backend.organisations.access import BY_KIND, Permission
from backend.organisations.rules import Kind
from tests import factories
from tests.access import belongings, bodies

ENDED = {"/api/v1/auth/confirmations/<confirmation_id>": 409}
"""A ceremony of another session is, like one that never was, one that has ended."""

OPEN = {"/api/v1/counterparties/<tax_number>": "whose number this is, a seller may ask: the buyer is chosen by it"}
"""Addresses that name nobody's belonging, and why every participant may ask them."""

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def tenants_reach(endpoint: Endpoint) -> bool:
    """Whether any participant may ask it at all; what only the operator may ask has no foreign tenant."""
    if isinstance(endpoint.allow, Allow):
        return endpoint.allow is not PUBLIC
    return any(endpoint.allow in BY_KIND[kind] for kind in Kind if kind is not Kind.OPERATOR)


def names_of(endpoint: Endpoint) -> list[str]:
    return [] if endpoint.rule in OPEN else PARAMETER.findall(endpoint.rule)


@dataclass
class Tenant:
    """A participant with one of everything, and a client signed in as its head."""

    organisation: str
    client: FlaskClient
    things: dict[str, str] = field(default_factory=dict)


def tenant(app: Flask) -> Tenant:
    organisation = factories.organisation(Kind.IMPORTER)
    client = app.test_client()
    person = factories.sign_in(client, organisation)
    return Tenant(organisation, client, belongings.of(organisation, person))


def address(endpoint: Endpoint, things: dict[str, str]) -> str:
    return PARAMETER.sub(lambda found: things[belongings.key(endpoint.rule, found[1])], endpoint.rule)


def ask(client: FlaskClient, endpoint: Endpoint, things: dict[str, str]) -> Any:
    body = bodies.least(endpoint.takes) | belongings.BODIES.get(endpoint.rule, {}) if endpoint.takes else None
    path = address(endpoint, things)
    return client.open(path, method=endpoint.method, json=body, headers=factories.key(), buffered=True)


def facts() -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(Fact)).scalar_one()


def closed(app: Flask, which: Callable[[Endpoint], bool]) -> list[Endpoint]:
    return [one for one in openapi.endpoints(app) if tenants_reach(one) and which(one)]


def test_every_kind_of_id_has_an_example(app: Flask) -> None:
    things = tenant(app).things
    missing = {
        f"{one.rule}: {name}"
        for one in closed(app, lambda one: bool(names_of(one)))
        for name in names_of(one)
        if belongings.key(one.rule, name) not in things
    }
    assert missing == set()


def test_the_owner_finds_each_of_them(app: Flask) -> None:
    """Without this, ids of nothing would pass the tests below."""
    owner = tenant(app)
    for endpoint in closed(app, lambda one: bool(names_of(one)) and one.method == "GET"):
        answer = ask(owner.client, endpoint, owner.things)
        # What it is in may not suit the question (409); that it is there is all that is asked here.
        assert answer.status_code in (200, 403, 409), f"{endpoint.rule}: {answer.status_code} {answer.text[:200]}"


def test_another_finds_none_of_them(app: Flask) -> None:
    owner, other = tenant(app), tenant(app)
    before = facts()
    for endpoint in closed(app, lambda one: bool(names_of(one))):
        answer = ask(other.client, endpoint, owner.things)
        said = f"{endpoint.method} {endpoint.rule}: {answer.status_code} {answer.text[:200]}"
        assert answer.status_code == ENDED.get(endpoint.rule, 404), said
        assert facts() == before, said


def test_no_list_shows_anothers(app: Flask) -> None:
    owner, other = tenant(app), tenant(app)
    for endpoint in closed(app, lambda one: not PARAMETER.search(one.rule) and one.method == "GET"):
        answer = ask(other.client, endpoint, {})
        assert answer.status_code < 500, endpoint.rule
        shown = [name for name, thing in owner.things.items() if thing in answer.text]
        assert shown == [], f"{endpoint.rule} shows {shown}"
        assert owner.organisation not in answer.text, endpoint.rule


def test_participants_hold_no_permission_of_the_operator() -> None:
    theirs = frozenset().union(*(granted for kind, granted in BY_KIND.items() if kind is not Kind.OPERATOR))
    operators = {
        Permission.CODES_EMIT,
        Permission.CODES_MOVE,
        Permission.CATALOGUE_MODERATE,
        Permission.KEYS_ROTATE,
        Permission.REGISTRATIONS_REVIEW,
        Permission.EVERY_ORGANISATION,
    }
    assert theirs & operators == set()
