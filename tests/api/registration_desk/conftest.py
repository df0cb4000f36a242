"""Registration as the operator's desk meets it: the queue, the word on an application, what follows. Both engines."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core.db import db
from backend.organisations import queries as organisations
from backend.organisations.models import Organisation
from backend.organisations.rules import Function, Role
from tests import signing
from tests.factories import sign_in
from tests.registering import (
    NEW_BIN,
    make_operator,
)

DESK = "/api/v1/desk/registrations"


@pytest.fixture(autouse=True)
def operator(app: Flask) -> str:
    signing.copy(app.config["SETTINGS"].instance / "devca")
    return make_operator()


@pytest.fixture
def desk(app: Flask, operator: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, operator, role=Role.EMPLOYEE, functions=(Function.DESK,))
    return client


@pytest.fixture
def other(app: Flask) -> FlaskClient:
    """Another applicant's browser."""
    return app.test_client()


def rows(desk: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    return desk.get(DESK, query_string=query).json["registrations"]


def shown(desk: FlaskClient, application_id: str) -> Any:
    return desk.get(f"{DESK}/{application_id}").json


def organisation() -> Organisation:
    db.session.rollback()
    return organisations.by_tax_number(NEW_BIN)
