"""Log-in by signature, through the client. Both engines."""

import json
import logging
from base64 import b64decode
from typing import Any

import pytest
import rfc8785
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import rules
from backend.identity.models import Person, Session
from backend.organisations import service as organisations
from backend.organisations.rules import Kind, Role
from backend.signatures.models import Signature
from tests import signing
from tests.api.log_in.conftest import NAMES, answered, asked, kinds, log_in, me
from tests.signing import BIN, IIN, NAME, head


def test_the_challenge_says_what_it_is(client: FlaskClient, app: Flask) -> None:
    challenge = asked(client)
    document = b64decode(challenge["document"])
    content = json.loads(document)
    assert rfc8785.dumps(content) == document
    assert content["schema"] == "kz.tanba.login/v1"
    assert content["aud"] == app.config["SETTINGS"].public_url
    assert content["exp"] - content["iat"] == 300
    assert len(content["nonce"]) == 43
    assert content["session"] == rules.token_hash(client.get_cookie("tanba-challenge").value).hex()
    assert set(content["text"]) == {"kk", "ru", "en"}
    assert "шарт емес" in content["text"]["kk"]


def test_log_in_for_an_organisation(client: FlaskClient, operator: str) -> None:
    answer = log_in(client)
    assert answer.status_code == 200, answer.json
    cookie = client.get_cookie("tanba")
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.secure) == (True, "Lax", "/", False)
    assert client.get_cookie("tanba-challenge") is None
    said = me(client).json
    assert said["person"]["name"] == NAME
    assert (said["organisation"]["id"], said["organisation"]["bin"]) == (operator, BIN)
    assert "keys:rotate" in said["permissions"]
    assert kinds() == ["organisation:created", "member:added", "session:opened"]


def test_the_evidence_is_kept(client: FlaskClient, operator: str) -> None:
    challenge = asked(client)
    session_id = answered(client, challenge, head()).json["session_id"]
    kept = db.session.execute(select(Signature)).scalar_one()
    assert kept.document == b64decode(challenge["document"])
    assert (kept.schema, kept.bin, kept.profile, kept.is_test) == ("kz.tanba.login/v1", BIN, "dev", True)
    assert kept.verdict["revocation"]["status"] == "ok"
    assert IIN not in kept.signer
    assert db.session.get_one(Session, session_id).signature_id == kept.id


def test_secrets_are_not_stored_in_clear(client: FlaskClient, operator: str) -> None:
    log_in(client)
    token = client.get_cookie("tanba").value
    session = db.session.execute(select(Session)).scalar_one()
    assert session.token_hash == rules.token_hash(token)
    person = db.session.execute(select(Person)).scalar_one()
    assert IIN not in person.iin_key
    assert IIN.encode() not in person.iin_sealed
    facts = "".join(str(row) for row in db.session.execute(select(Fact.before, Fact.after, Fact.detail)))
    assert IIN not in facts
    assert token not in facts


def test_an_iin_reaches_no_log(client: FlaskClient, operator: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    log_in(client)
    log_in(client, head(iin=signing.OTHER_IIN))
    assert IIN not in caplog.text
    assert signing.OTHER_IIN not in caplog.text


def test_over_https_cookies_belong_to_this_host_alone(make_app: Any, database_url: str, tmp_path: Any) -> None:
    client = make_app(database_url, public_url="https://tanba.example").test_client()
    answer = client.post("/api/v1/auth/challenge", base_url="https://tanba.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-tanba-challenge=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_a_sole_trader_logs_in_with_an_individuals_key(client: FlaskClient, operator: str) -> None:
    def make() -> None:
        trader = organisations.create_organisation(kind=Kind.SOLE_TRADER, bin=signing.OTHER_IIN, names=NAMES)
        organisations.add_member(trader, iin=signing.OTHER_IIN, name="ИВАНОВ ИВАН", role=Role.HEAD)

    unit_of_work(make)
    assert log_in(client, signing.container(iin=signing.OTHER_IIN)).status_code == 200
    assert me(client).json["organisation"]["kind"] == "sole_trader"


def test_log_in_keys_and_other_curves_log_in(client: FlaskClient, operator: str) -> None:
    assert log_in(client, head(sign=False)).status_code == 200
    assert log_in(client, head(algorithm="ec")).status_code == 200
