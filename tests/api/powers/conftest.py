"""Powers of attorney, whose signature binds an organisation, and what a change of head stops. Both engines."""

from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import queries as identity
from backend.organisations import service
from backend.organisations.rules import Function, Kind, Role
from backend.organisations.signing_right import may_sign
from backend.signatures import signer
from backend.signatures.rules import Role as CertificateRole
from tests import factories, signing
from tests.factories import key
from tests.signing import BIN, IIN, NAME, OTHER_BIN, OTHER_IIN, PASSWORD

NAMES = {"kk": "«Дос» ЖШС", "ru": "ТОО «Дос»", "en": "Dos LLP"}

PROVIDER = {"kk": "«Қызмет» ЖШС", "ru": "ТОО «Сервис»", "en": "Service LLP"}

WORKER = "ОМАРОВ ӘЛІ"


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def log_in(client: FlaskClient, source: bytes) -> Any:
    asked = client.post("/api/v1/auth/challenge").json
    cms = signer.sign(source, PASSWORD, b64decode(asked["document"]))
    answer = client.post(
        "/api/v1/auth/login", json={"challenge_id": asked["challenge_id"], "cms": b64encode(cms).decode()}
    )
    assert answer.status_code == 200, answer.json
    return answer


class World:
    """A shop with its head and one employee, and a provider with its own head."""

    def __init__(self) -> None:
        self.shop = service.create_organisation(kind=Kind.RETAIL, bin=BIN, names=NAMES)
        service.add_member(self.shop, iin=IIN, name=NAME, role=Role.HEAD)
        self.member = service.add_member(self.shop, iin=OTHER_IIN, name=WORKER, functions=(Function.ACTS,))
        self.provider = service.create_organisation(kind=Kind.WHOLESALER, bin=OTHER_BIN, names=PROVIDER)
        self.agent_iin = factories.iin()
        service.add_member(self.provider, iin=self.agent_iin, name="АГЕНТ", role=Role.HEAD)
        self.head = identity.person_id_of(IIN)
        self.worker = identity.person_id_of(OTHER_IIN)
        self.agent = identity.person_id_of(self.agent_iin)


@pytest.fixture
def world(app: Flask) -> World:
    signing.copy(app.config["SETTINGS"].instance / "devca")
    return unit_of_work(World)


@pytest.fixture
def head(client: FlaskClient, world: World) -> FlaskClient:
    log_in(client, signing.head())
    return client


def typed(world: World, **changes: Any) -> dict[str, Any]:
    today = clock.today()
    return {
        "membership_id": world.member,
        "functions": ["acts"],
        "groups": [],
        "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=30)).isoformat(),
    } | changes


def to_provider(world: World, **changes: Any) -> dict[str, Any]:
    return typed(world, membership_id=None, provider_bin=OTHER_BIN) | changes


def draft(client: FlaskClient, body: dict[str, Any]) -> Any:
    return client.post("/api/v1/powers", json=body, headers=key())


def sign(client: FlaskClient, drafted: Any, source: bytes | None = None) -> Any:
    document = drafted.json["documents"][0]
    cms = signer.sign(source or signing.head(), PASSWORD, b64decode(document["bytes"]))
    body = {"signatures": [{"id": document["id"], "cms": b64encode(cms).decode()}]}
    return client.post(f"/api/v1/powers/{document['id']}/sign", json=body, headers=key())


def give(client: FlaskClient, body: dict[str, Any]) -> str:
    answer = sign(client, draft(client, body))
    assert answer.status_code == 200, answer.json
    return answer.json["id"]


def act(client: FlaskClient, power_id: str, what: str) -> Any:
    return client.post(f"/api/v1/powers/{power_id}/{what}", headers=key())


def powers(client: FlaskClient, side: str = "given") -> Any:
    return client.get("/api/v1/powers").json[side]


def facts(kind: str) -> list[Fact]:
    db.session.rollback()
    return list(db.session.scalars(select(Fact).where(Fact.kind == kind).order_by(Fact.id)))


def employee_signs(world: World, *groups: str, bin: str | None = BIN) -> bool:
    db.session.rollback()
    roles = {CertificateRole.EMPLOYEE} if bin else {CertificateRole.INDIVIDUAL}
    return may_sign(world.worker, world.shop, roles, Function.ACTS, bin=bin, groups=groups)
