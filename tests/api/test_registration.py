"""Registration through the client: begin, fill in, sign, confirm, judge, log in. Both engines."""

import re
from base64 import b64decode, b64encode
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import vault
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.notifications.models import Letter
from backend.organisations import service as organisations
from backend.organisations.rules import Kind, Role
from backend.signatures import signer
from tests import signing
from tests.factories import iin, key, sign_in
from tests.signing import PASSWORD

OPERATOR = {"kk": "«Оператор» АҚ", "ru": "АО «Оператор»", "en": "Operator JSC"}
NEW_BIN = "210540000070"
FORM = {
    "kind": "importer",
    "declaration_holder": "wholesaler",
    "groups": ["footwear"],
    "email": "Saule@Example.KZ",
    "phone": "8 (701) 555-00-11",
    "language": "ru",
}


@pytest.fixture
def operator(app: Flask) -> str:
    signing.copy(app.config["SETTINGS"].instance / "devca")
    return unit_of_work(
        lambda: organisations.create_organisation(kind=Kind.OPERATOR, bin=signing.BIN, names=OPERATOR)
    )


@pytest.fixture
def desk(app: Flask, operator: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, operator)
    return client


def firm(**wanted: Any) -> bytes:
    return signing.container(**{"bin": NEW_BIN, "organisation": "ТОО «Жаңа Жол»", "iin": signing.OTHER_IIN} | wanted)


def begin(client: FlaskClient, source: bytes) -> Any:
    challenge = client.post("/api/v1/auth/challenge").json
    cms = signer.sign(source, PASSWORD, b64decode(challenge["document"]))
    body = {"challenge_id": challenge["challenge_id"], "cms": b64encode(cms).decode()}
    refused = client.post("/api/v1/auth/login", json=body)
    assert refused.status_code in (403, 404), refused.json
    return client.post("/api/v1/registration/begin", json=body)


def fill(client: FlaskClient, **changes: Any) -> Any:
    return client.put("/api/v1/registration/application", json=FORM | changes, headers=key())


def sign(client: FlaskClient, source: bytes) -> Any:
    documents = client.get("/api/v1/registration/documents").json["documents"]
    made = [
        {"id": one["id"], "cms": b64encode(signer.sign(source, PASSWORD, b64decode(one["bytes"]))).decode()}
        for one in documents
    ]
    return client.post("/api/v1/registration/sign", json={"signatures": made})


def letters() -> list[dict[str, str]]:
    db.session.rollback()
    return [orjson.loads(vault.open_(row.sealed)) for row in db.session.scalars(select(Letter).order_by(Letter.id))]


def link(letter: dict[str, str]) -> str:
    return re.search(r"/register/confirm#([0-9A-Z]{26}-[0-9a-f]{32})", letter["text"])[1]


def confirm(client: FlaskClient, token: str | None = None) -> Any:
    return client.post("/api/v1/registration/confirm", json={"token": token or link(letters()[-1])}, headers=key())


def submitted(client: FlaskClient, source: bytes | None = None, **changes: Any) -> str:
    """An application on the desk; returns its id."""
    source = source or firm()
    assert begin(client, source).status_code == 200
    assert fill(client, **changes).status_code == 200
    assert sign(client, source).status_code == 200
    token = link(letters()[-1])
    assert confirm(client, token).status_code == 200
    return token[:26]


def approve(desk: FlaskClient, application_id: str) -> Any:
    return desk.post(f"/api/v1/desk/registrations/{application_id}/approve", headers=key())


def test_from_the_first_signature_to_the_cabinet(client: FlaskClient, desk: FlaskClient) -> None:
    begun = begin(client, firm())
    assert begun.status_code == 200, begun.json
    assert begun.json["state"] == "draft"
    assert begun.json["certificate"]["bin"] == NEW_BIN
    assert begun.json["names"] == {"kk": "«Жаңа Жол» ЖШС", "ru": "ТОО «Жаңа Жол»", "en": "Zhanga Zhol LLP"}
    filled = fill(client)
    assert filled.json == {"state": "draft", "changed": ["email", "phone"]}
    assert client.get("/api/v1/registration/application").json["phone"] == "+77015550011"
    signed = sign(client, firm())
    assert signed.status_code == 200, signed.json
    assert signed.json["state"] == "unconfirmed"
    confirmed = confirm(client)
    assert confirmed.json["state"] == "submitted"
    rows = desk.get("/api/v1/desk/registrations").json["registrations"]
    assert [row["number"] for row in rows] == [confirmed.json["number"]]
    shown = desk.get(f"/api/v1/desk/registrations/{rows[0]['id']}").json
    assert [one["document"] for one in shown["signatures"]] == ["application", "contract"]
    approved = approve(desk, rows[0]["id"])
    assert approved.status_code == 200, approved.json
    challenge = client.post("/api/v1/auth/challenge").json
    cms = signer.sign(firm(), PASSWORD, b64decode(challenge["document"]))
    body = {"challenge_id": challenge["challenge_id"], "cms": b64encode(cms).decode()}
    assert client.post("/api/v1/auth/login", json=body).status_code == 200
    me = client.get("/api/v1/me").json
    assert (me["organisation"]["bin"], me["organisation"]["kind"]) == (NEW_BIN, "importer")
    assert "staff:manage" in me["permissions"]
