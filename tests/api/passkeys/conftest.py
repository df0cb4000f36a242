"""Passkeys: enrolled beside a signature, quick afterwards, gone with what they rest on; and confirmations by them."""

from base64 import b64decode, b64encode
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity.models import Passkey
from backend.organisations import service as organisations
from backend.organisations.rules import Kind, Role
from backend.signatures import signer
from tests import signing
from tests.authenticator import Authenticator
from tests.factories import key
from tests.signing import BIN, IIN, NAME, PASSWORD, head

NAMES = {"kk": "«Дос» ЖШС", "ru": "ТОО «Дос»", "en": "Dos LLP"}


@pytest.fixture
def importer(app: Flask) -> str:
    """A participant with its head, and the run's development authority in place."""
    signing.copy(app.config["SETTINGS"].instance / "devca")

    def make() -> str:
        made = organisations.create_organisation(kind=Kind.IMPORTER, bin=BIN, names=NAMES)
        organisations.add_member(made, iin=IIN, name=NAME, role=Role.HEAD)
        return made

    return unit_of_work(make)


@pytest.fixture
def signed_in(client: FlaskClient, importer: str) -> FlaskClient:
    sign_in(client)
    return client


@pytest.fixture
def device(signed_in: FlaskClient) -> Authenticator:
    """An authenticator with an enrolled passkey."""
    made = Authenticator()
    assert enrol(signed_in, made).status_code == 201
    return made


def sign_in(client: FlaskClient) -> None:
    challenge = client.post("/api/v1/auth/challenge").json
    cms = b64encode(signer.sign(head(), PASSWORD, b64decode(challenge["document"]))).decode()
    answer = client.post("/api/v1/auth/login", json={"challenge_id": challenge["challenge_id"], "cms": cms})
    assert answer.status_code == 200, answer.json


def enrol(client: FlaskClient, device: Authenticator, **changes: Any) -> Any:
    offered = client.post("/api/v1/auth/passkeys/options", headers=key())
    if offered.status_code != 200:
        return offered
    body = {
        "challenge_id": offered.json["challenge_id"],
        "credential": device.create(offered.json["options"]),
        "name": "Телефон",
    }
    return client.post("/api/v1/auth/passkeys", json=body | changes, headers=key())


def log_in(client: FlaskClient, device: Authenticator, **changes: Any) -> Any:
    asked = client.post("/api/v1/auth/passkey/challenge").json
    body = {"challenge_id": asked["challenge_id"], "credential": device.get(asked["options"])} | changes
    return client.post("/api/v1/auth/passkey/login", json=body)


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def ended(device: Authenticator) -> str | None:
    db.session.rollback()
    return db.session.scalars(select(Passkey.ended_why).where(Passkey.credential == device.id)).one()
