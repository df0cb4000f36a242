"""The staff: invitations that grant nothing until they are signed, and who may change whom. Both engines."""

from base64 import b64decode, b64encode
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.organisations import service as organisations
from backend.organisations.rules import Function, Kind, Role
from backend.signatures import signer
from tests import factories, signing
from tests.factories import key
from tests.signing import BIN, PASSWORD, container

NAMES = {"kk": "«Дос» ЖШС", "ru": "ТОО «Дос»", "en": "Dos LLP"}


@pytest.fixture
def shop(app: Flask) -> str:
    """A shop under a BIN that certificates can carry, and the run's development authority in place."""
    signing.copy(app.config["SETTINGS"].instance / "devca")
    return unit_of_work(lambda: organisations.create_organisation(kind=Kind.RETAIL, bin=BIN, names=NAMES))


@pytest.fixture
def head(client: FlaskClient, shop: str) -> FlaskClient:
    factories.sign_in(client, shop)
    return client


def employee(app: Flask, shop: str, *functions: Function) -> FlaskClient:
    other = app.test_client()
    factories.sign_in(other, shop, Role.EMPLOYEE, functions)
    return other


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def invite(client: FlaskClient, *functions: str, **changes: Any) -> Any:
    body = {"name": "Айгүл", "functions": list(functions) or ["labels"]} | changes
    return client.post("/api/v1/staff/invitations", json=body, headers=key())


def token_of(invited: Any) -> str:
    assert invited.status_code == 201, invited.json
    return invited.json["link"].rpartition("/join/")[2]


def accept(client: FlaskClient, token: str, source: bytes | None = None, **changes: Any) -> Any:
    document = client.get(f"/api/v1/invitations/{token}/document").json["documents"][0]
    cms = signer.sign(source or container(), PASSWORD, b64decode(document["bytes"]))
    given = {"id": document["id"], "cms": b64encode(cms).decode()} | changes
    return client.post(f"/api/v1/invitations/{token}/sign", json={"signatures": [given]}, headers=key())


def log_in(client: FlaskClient, source: bytes, **changes: str) -> Any:
    asked = client.post("/api/v1/auth/challenge").json
    cms = signer.sign(source, PASSWORD, b64decode(asked["document"]))
    body = {"challenge_id": asked["challenge_id"], "cms": b64encode(cms).decode()} | changes
    return client.post("/api/v1/auth/login", json=body)


def staff(client: FlaskClient) -> Any:
    return client.get("/api/v1/staff").json


def named(client: FlaskClient, name: str) -> Any:
    return next(one for one in staff(client)["members"] if one["name"] == name)


def facts(kind: str) -> list[Fact]:
    db.session.rollback()
    return list(db.session.scalars(select(Fact).where(Fact.kind == kind).order_by(Fact.id)))
