"""Walking the way of registration in tests, step by step, through the client."""

import re
from base64 import b64decode, b64encode
from typing import Any

import orjson
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import vault
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.notifications.models import Letter
from backend.organisations import service as organisations
from backend.organisations.rules import Kind
from backend.signatures import signer
from tests import signing
from tests.factories import key
from tests.signing import PASSWORD

OPERATOR = {"kk": "«Оператор» АҚ", "ru": "АО «Оператор»", "en": "Operator JSC"}
NEW_BIN, FIRM = "210540000070", "ТОО «Жаңа Жол»"
FORM = {
    "kind": "importer",
    "declaration_holder": "wholesaler",
    "groups": ["footwear"],
    "email": "Saule@Example.KZ",
    "phone": "8 (701) 555-00-11",
    "language": "ru",
}
TRADER = {"kind": "sole_trader", "trade": "retail", "declaration_holder": None}
HERE = "/api/v1/registration"


def make_operator() -> str:
    return unit_of_work(lambda: organisations.create_organisation(kind=Kind.OPERATOR, bin=signing.BIN, names=OPERATOR))


def firm(**wanted: Any) -> bytes:
    """A key of the firm that is not registered yet; of its head unless another role is asked for."""
    return signing.container(**{"bin": NEW_BIN, "organisation": FIRM, "iin": signing.OTHER_IIN} | wanted)


def trader(**wanted: Any) -> bytes:
    return signing.container(**{"iin": signing.OTHER_IIN} | wanted)


def signed_challenge(client: FlaskClient, source: bytes) -> dict[str, str]:
    challenge = client.post("/api/v1/auth/challenge").json
    cms = signer.sign(source, PASSWORD, b64decode(challenge["document"]))
    return {"challenge_id": challenge["challenge_id"], "cms": b64encode(cms).decode()}


def log_in(client: FlaskClient, source: bytes) -> Any:
    return client.post("/api/v1/auth/login", json=signed_challenge(client, source))


def begin(client: FlaskClient, source: bytes) -> Any:
    """As the app does it: log-in refuses, the same signature begins."""
    body = signed_challenge(client, source)
    refused = client.post("/api/v1/auth/login", json=body)
    assert refused.status_code in (403, 404), refused.json
    return client.post(f"{HERE}/begin", json=body)


def fill(client: FlaskClient, **changes: Any) -> Any:
    return client.put(f"{HERE}/application", json=FORM | changes, headers=key())


def documents(client: FlaskClient) -> list[dict[str, Any]]:
    answer = client.get(f"{HERE}/documents")
    assert answer.status_code == 200, answer.json
    return answer.json["documents"]


def signatures(found: list[dict[str, Any]], source: bytes) -> dict[str, Any]:
    made = [(one["id"], signer.sign(source, PASSWORD, b64decode(one["bytes"]))) for one in found]
    return {"signatures": [{"id": name, "cms": b64encode(cms).decode()} for name, cms in made]}


def sign(client: FlaskClient, source: bytes) -> Any:
    return hand_in(client, signatures(documents(client), source))


def hand_in(client: FlaskClient, made: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    return client.post(f"{HERE}/sign", json=made, headers=headers or key())


def own(client: FlaskClient) -> Any:
    return client.get(f"{HERE}/application")


def letters(template: str = "registration_confirm") -> list[dict[str, str]]:
    db.session.rollback()
    rows = select(Letter).where(Letter.template == template).order_by(Letter.created_at, Letter.id)
    return [orjson.loads(vault.open_(row.sealed)) for row in db.session.scalars(rows)]


def link(letter: dict[str, str]) -> str:
    return re.search(r"/register/confirm#([0-9A-Z]{26}-[0-9a-f]{32})", letter["text"])[1]


def confirm(client: FlaskClient, token: str | None = None) -> Any:
    return client.post(f"{HERE}/confirm", json={"token": token or link(letters()[-1])}, headers=key())


def unconfirmed(client: FlaskClient, source: bytes | None = None, **changes: Any) -> str:
    """An application whose letter is on its way; returns the link's token."""
    source = source or firm()
    for answer in (begin(client, source), fill(client, **changes), sign(client, source)):
        assert answer.status_code == 200, answer.json
    return link(letters()[-1])


def submitted(client: FlaskClient, source: bytes | None = None, **changes: Any) -> str:
    """An application on the desk; returns its id."""
    token = unconfirmed(client, source, **changes)
    answer = confirm(client, token)
    assert answer.status_code == 200, answer.json
    return token[:26]


def approve(desk: FlaskClient, application_id: str) -> Any:
    return desk.post(f"/api/v1/desk/registrations/{application_id}/approve", headers=key())


def refuse(desk: FlaskClient, application_id: str, *reasons: str, text: str = "") -> Any:
    body = {"reasons": reasons, "text": text}
    return desk.post(f"/api/v1/desk/registrations/{application_id}/refuse", json=body, headers=key())


def code(answer: Any) -> str:
    return answer.json["error"]["code"]


def fields(answer: Any) -> set[tuple[str, str]]:
    return {(one["field"], one["code"]) for one in answer.json["error"]["fields"]}


def facts(*kinds: str) -> list[Fact]:
    db.session.rollback()
    rows = select(Fact).where(Fact.kind.in_(kinds)) if kinds else select(Fact).where(Fact.subject_kind == "application")
    return list(db.session.scalars(rows.order_by(Fact.at, Fact.kind)))
