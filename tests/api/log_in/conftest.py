"""Log-in by signature and the sessions that follow, through the client. Both engines."""

from base64 import b64decode, b64encode
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.organisations import service as organisations
from backend.organisations.rules import Kind, Role
from backend.signatures import signer
from tests import signing
from tests.signing import BIN, IIN, NAME, PASSWORD, head

NAMES = {"kk": "«Оператор» АҚ", "ru": "АО «Оператор»", "en": "Operator JSC"}


@pytest.fixture
def operator(app: Flask) -> str:
    """The operator with its head, and the run's development authority in place."""
    signing.copy(app.config["SETTINGS"].instance / "devca")

    def make() -> str:
        made = organisations.create_organisation(kind=Kind.OPERATOR, bin=BIN, names=NAMES)
        organisations.add_member(made, iin=IIN, name=NAME, role=Role.HEAD)
        return made

    return unit_of_work(make)


def asked(client: FlaskClient) -> dict[str, str]:
    answer = client.post("/api/v1/auth/challenge")
    assert answer.status_code == 200
    return answer.json


def answered(client: FlaskClient, challenge: dict[str, str], source: bytes, **changes: str) -> Any:
    cms = signer.sign(source, PASSWORD, b64decode(challenge["document"]))
    body = {"challenge_id": challenge["challenge_id"], "cms": b64encode(cms).decode()} | changes
    return client.post("/api/v1/auth/login", json=body)


def log_in(client: FlaskClient, source: bytes | None = None, **changes: str) -> Any:
    return answered(client, asked(client), source or head(), **changes)


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def kinds() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Fact.kind).order_by(Fact.at, Fact.id)))


def me(client: FlaskClient) -> Any:
    return client.get("/api/v1/me")


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
