"""Every route of the address map against everybody who could ask: nobody, and each kind of organisation with its head,
an employee without functions, and an employee for each function. The map and the permission table make the cases."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from backend.core import openapi
from backend.core.api import PUBLIC, SIGNED_IN, Endpoint, unit_of_work
from backend.core.db import db
from backend.identity.models import Session
from backend.organisations.access import permissions_of
from backend.organisations.rules import Function, Kind, Role
from tests import factories

NOBODY = "0" * 26
REFUSED = {"identity.not_allowed", "identity.not_signed_in"}


@pytest.fixture
def sqlite_app(make_app, sqlite_url: str) -> Iterator[Flask]:
    """Who may call is decided above the database, so one engine is enough for thousands of requests."""
    app = make_app(sqlite_url)
    with app.app_context():
        yield app
        db.session.remove()


def address(endpoint: Endpoint) -> str:
    """The route with ids of nothing in it."""
    return re.sub(r"<[^>]+>", NOBODY, endpoint.rule)


def ask(client: FlaskClient, endpoint: Endpoint) -> tuple[int, str]:
    body = {} if endpoint.takes else None
    answer = client.open(address(endpoint), method=endpoint.method, json=body, headers=factories.key(), buffered=True)
    code = answer.json["error"]["code"] if answer.is_json and "error" in (answer.json or {}) else ""
    return answer.status_code, code


def revive() -> None:
    """Some routes end sessions; the next question needs them again."""
    unit_of_work(lambda: db.session.execute(update(Session).values(revoked_at=None)))


def everybody() -> Iterator[tuple[Kind, Role, tuple[Function, ...]]]:
    for kind in Kind:
        yield kind, Role.HEAD, ()
        yield kind, Role.EMPLOYEE, ()
        for function in Function:
            yield kind, Role.EMPLOYEE, (function,)


def test_nobody_gets_past_a_closed_route(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for endpoint in openapi.endpoints(sqlite_app):
        status, code = ask(client, endpoint)
        said = f"{endpoint.method} {endpoint.rule}: {status} {code}"
        assert status < 500, said
        if endpoint.allow is not PUBLIC:
            assert (status, code) == (401, "identity.not_signed_in"), said


@pytest.mark.parametrize("kind", list(Kind))
def test_each_role_reaches_what_the_table_grants_and_nothing_else(sqlite_app: Flask, kind: Kind) -> None:
    organisation = factories.organisation(kind)
    wrong: list[str] = []
    for _, role, functions in (one for one in everybody() if one[0] is kind):
        client = sqlite_app.test_client()
        factories.sign_in(client, organisation, role, functions)
        cookie = client.get_cookie("tanba")
        granted = permissions_of(kind, role, [one.value for one in functions])
        for endpoint in openapi.endpoints(sqlite_app):
            client.set_cookie("tanba", cookie.value)
            status, code = ask(client, endpoint)
            may = endpoint.allow in (PUBLIC, SIGNED_IN) or endpoint.allow in granted
            expected = code not in REFUSED if may else (status, code) == (403, "identity.not_allowed")
            if not expected or status >= 500:
                wrong.append(f"{role} {functions} {endpoint.method} {endpoint.rule}: {status} {code}")
            if may and endpoint.method != "GET":
                revive()
    assert wrong == []
