"""The sandbox: a participant's own test organisation, of which nothing is ever legal. Both engines."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.codes import ledger, packages
from backend.codes.rules import Event
from backend.core import clock, gs1
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.organisations.models import Organisation
from tests import factories
from tests.factories import key

SSCC = gs1.sscc("487000000", 7)


@pytest.fixture
def importer(app: Flask) -> str:
    return factories.organisation()


@pytest.fixture
def head(client: FlaskClient, importer: str) -> FlaskClient:
    factories.sign_in(client, importer)
    return client


@pytest.fixture
def sandbox(head: FlaskClient) -> str:
    answer = head.post("/api/v1/sandbox", headers=key())
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def make(client: FlaskClient, **changes: Any) -> Any:
    ends = clock.now() + timedelta(days=30)
    body = {"name": "Проба", "scopes": ["catalogue:edit"], "expires_at": ends.isoformat(), "test": True} | changes
    return client.post("/api/v1/api-keys", json=body)


def card(client: FlaskClient, secret: str, number: str) -> Any:
    body = {
        "gtin": number,
        "group": "footwear",
        "names": {"kk": "Бәтеңке", "ru": "Ботинки", "en": "Boots"},
        "tnved": "6403919600",
        "country": "KZ",
        "attributes": {},
    }
    return client.post("/api/v1/cards", json=body, headers={"Authorization": f"Bearer {secret}"} | key())


def test_a_sandbox_is_made_once_and_says_what_it_is(head: FlaskClient, importer: str, sandbox: str) -> None:
    assert head.post("/api/v1/sandbox", headers=key()).json["id"] == sandbox
    kept = db.session.get_one(Organisation, sandbox)
    assert kept.sandbox_of == importer
    assert kept.names == {
        "kk": "СЫНАҚ · «Дос» ЖШС",
        "ru": "ТЕСТ · ТОО «Дос»",
        "en": "TEST · Dos LLP".replace("Dos", "Дос"),
    }
    assert not kept.bin.isdecimal()
    assert head.get("/api/v1/sandbox").json["sandbox"]["id"] == sandbox
    assert db.session.scalars(select(Fact.kind).where(Fact.subject_id == sandbox)).all() == [
        "organisation:sandbox_made"
    ]


def test_there_is_none_before(head: FlaskClient) -> None:
    assert head.get("/api/v1/sandbox").json == {"sandbox": None}
    assert make(head).json["error"]["code"] == "integrations.sandbox_unknown"


def test_a_test_key_opens_the_sandbox_alone(app: Flask, head: FlaskClient, importer: str, sandbox: str) -> None:
    secret = make(head).json["secret"]
    assert secret.startswith("tanba_test_")
    program = app.test_client(use_cookies=False)
    said = program.get("/api/v1/program", headers={"Authorization": f"Bearer {secret}"}).json
    assert (said["organisation_id"], said["test"]) == (sandbox, True)
    real = factories.card(importer)
    assert program.get(f"/api/v1/cards/{real}", headers={"Authorization": f"Bearer {secret}"}).status_code == 404
    listed = head.get("/api/v1/api-keys").json["keys"]
    assert [one["test"] for one in listed] == [True]
    rotated = head.post(f"/api/v1/api-keys/{listed[0]['id']}/rotate", json={}).json["secret"]
    assert rotated.startswith("tanba_test_")
    assert head.delete(f"/api/v1/api-keys/{listed[0]['id']}", headers=key()).status_code == 200


def test_a_trial_takes_nobodys_number(app: Flask, head: FlaskClient, sandbox: str) -> None:
    secret, program = make(head).json["secret"], app.test_client(use_cookies=False)
    answer = card(program, secret, factories.gtin())
    assert answer.json["error"]["fields"] == [{"field": "gtin", "code": "sandbox"}]
    assert card(program, secret, "2000000000015").status_code == 201


def verdict(client: FlaskClient, text: str) -> tuple[str, str, str]:
    said = client.post("/api/v1/verify", json={"code": text}).json
    return said["outcome"], said["look"], said["advice"]


def test_goods_of_a_sandbox_are_never_legal(client: FlaskClient, sandbox: str) -> None:
    order = factories.emitted(sandbox, factories.card(sandbox), 1)
    text = factories.texts(order)[0]
    assert verdict(client, text)[1] == "care"
    for event in factories.PATH["INTRODUCED"]:
        unit_of_work(lambda event=event: ledger.move(event, factories.ids(order), actor=None, owner_id=sandbox))
    assert verdict(client, text) == ("in_circulation", "care", "advice.sandbox")
    assert verdict(client, text.split("\x1d")[0]) == ("in_circulation", "care", "advice.sandbox")
    unit_of_work(lambda: packages.form(SSCC, codes=factories.ids(order), owner_id=sandbox, actor=None))
    assert verdict(client, f"00{SSCC}") == ("in_circulation", "care", "advice.sandbox")
    unit_of_work(lambda: ledger.move(Event.BLOCK, factories.ids(order), actor=None, reason="RETAIL"))
    assert verdict(client, text)[:2] == ("blocked", "stop")


def test_real_goods_stay_legal(client: FlaskClient, importer: str, sandbox: str) -> None:
    order = factories.emitted(importer, factories.card(importer), 1)
    for event in factories.PATH["INTRODUCED"]:
        unit_of_work(lambda event=event: ledger.move(event, factories.ids(order), actor=None, owner_id=importer))
    assert verdict(client, factories.texts(order)[0])[:2] == ("in_circulation", "ok")


def test_a_sandbox_has_no_sandbox(client: FlaskClient, sandbox: str) -> None:
    factories.sign_in(client, sandbox)
    answer = client.post("/api/v1/sandbox", headers=key())
    assert answer.json["error"]["code"] == "integrations.sandbox_of_sandbox"
