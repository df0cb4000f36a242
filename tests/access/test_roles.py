"""Every route of the address map against everybody who could ask: nobody, and each kind of organisation with its head,
an employee without functions, and an employee for each function. The map and the permission table make the cases."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from backend.core import clock, openapi
from backend.core.api import PARTICIPANT, PUBLIC, SIGNED_IN, Allow, Endpoint, unit_of_work
from backend.core.db import db
from backend.identity import api_key_rules
from backend.identity.models import ApiKey, Session
from backend.organisations.access import SCOPES, Permission, permissions_of
from backend.organisations.rules import Function, Kind, Role
from tests import factories
from tests.access import belongings

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


def ask(client: FlaskClient, endpoint: Endpoint, headers: dict[str, str] | None = None) -> tuple[int, str]:
    body = {} if endpoint.takes else None
    sent = factories.key() | (headers or {})
    answer = client.open(address(endpoint), method=endpoint.method, json=body, headers=sent, buffered=True)
    code = answer.json["error"]["code"] if answer.is_json and "error" in (answer.json or {}) else ""
    return answer.status_code, code


def revive() -> None:
    """Some routes end sessions; the next question needs them again."""
    unit_of_work(lambda: db.session.execute(update(Session).values(revoked_at=None)))


def program(organisation: str, person: str, scopes: list[str]) -> dict[str, str]:
    """The header of a program's key with these scopes."""
    secret = api_key_rules.new_secret(test=False)
    until = clock.now() + timedelta(days=1)
    given = {"organisation_id": organisation, "created_by": person, "expires_at": until, "scopes": scopes}
    belongings.row(ApiKey, key_hash=api_key_rules.digest(secret), **given)
    return {"Authorization": f"Bearer {secret}"}


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
            may = isinstance(endpoint.allow, Allow) or endpoint.allow in granted
            expected = code not in REFUSED if may else (status, code) == (403, "identity.not_allowed")
            if not expected or status >= 500:
                wrong.append(f"{role} {functions} {endpoint.method} {endpoint.rule}: {status} {code}")
            if may and endpoint.method != "GET":
                revive()
    assert wrong == []


def test_a_program_reaches_its_scopes_and_no_persons_business(sqlite_app: Flask) -> None:
    organisation = factories.organisation(Kind.PRODUCER)
    person = factories.sign_in(sqlite_app.test_client(), organisation)
    client = sqlite_app.test_client()
    wrong: list[str] = []
    for scope in [None, *sorted(SCOPES)]:
        headers = program(organisation, person, [scope] if scope else [])
        granted = {scope} & permissions_of(Kind.PRODUCER, Role.HEAD, [])
        for endpoint in openapi.endpoints(sqlite_app):
            if endpoint.allow is PUBLIC:
                continue
            status, code = ask(client, endpoint, headers)
            if endpoint.allow is SIGNED_IN or (isinstance(endpoint.allow, Permission) and endpoint.allow not in SCOPES):
                expected = (status, code) == (403, "identity.person_needed")
            elif endpoint.allow is PARTICIPANT or endpoint.allow in granted:
                expected = code not in REFUSED | {"identity.person_needed"}
            else:
                expected = (status, code) == (403, "identity.not_allowed")
            if not expected or status >= 500:
                wrong.append(f"{scope} {endpoint.method} {endpoint.rule}: {status} {code}")
    assert wrong == []
