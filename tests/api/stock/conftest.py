"""Stock over HTTP: an importer with goods, and how they are asked for. Both engines."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.codes import ledger
from backend.codes.rules import Event
from backend.core.api import unit_of_work
from backend.organisations.models import Place
from tests import factories
from tests.access import belongings
from tests.factories import key


@pytest.fixture
def owner(app: Flask) -> str:
    return factories.organisation()


@pytest.fixture
def seller(app: Flask, owner: str) -> FlaskClient:
    return head(app, owner)


def head(app: Flask, organisation: str) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, organisation)
    return client


def get(client: FlaskClient, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/v1{path}", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def post(client: FlaskClient, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1{path}", json=body, headers=key())


def place(organisation: str) -> str:
    return belongings.row(Place, organisation_id=organisation, address={"locality": "Алматы", "line": "1"})


def handed_over(codes: list[bytes], owner: str, to: str, place_id: str | None = None) -> None:
    """By an act, into a place of the new owner's."""
    act = {"document": ("act", "A" * 26), "owner_id": owner, "actor": None}
    unit_of_work(lambda: ledger.move(Event.SEND, codes, **act))
    unit_of_work(lambda: ledger.move(Event.CONFIRM, codes, to=to, place_id=place_id, **act))
