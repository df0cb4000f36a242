"""Who is not let in. Both engines."""

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity import rules
from backend.identity.models import LoginChallenge, Session
from backend.identity.sessions import Browser
from backend.organisations import service as organisations
from backend.organisations.rules import Kind
from backend.signatures import devca, signer
from backend.signatures.models import Signature
from tests import signing
from tests.api.log_in.conftest import NAMES, answered, asked, count, log_in, refused
from tests.signing import BIN, IIN, NAME, PASSWORD, head


def test_a_challenge_serves_once(client: FlaskClient, operator: str) -> None:
    challenge = asked(client)
    browser = client.get_cookie("tanba-challenge").value
    assert answered(client, challenge, head()).status_code == 200
    client.set_cookie("tanba-challenge", browser)
    refused(answered(client, challenge, head()), 409, "identity.challenge_ended")
    assert count(Session) == 1


def test_a_challenge_belongs_to_the_browser_that_asked(client: FlaskClient, app: Flask, operator: str) -> None:
    challenge = asked(client)
    other = app.test_client()
    refused(answered(other, challenge, head()), 409, "identity.challenge_ended")
    asked(other)
    refused(answered(other, challenge, head()), 409, "identity.challenge_ended")
    assert answered(client, challenge, head()).status_code == 200


def test_a_challenge_runs_out(client: FlaskClient, operator: str) -> None:
    challenge = asked(client)
    with clock.at(clock.now() + timedelta(seconds=301)):
        refused(answered(client, challenge, head()), 409, "identity.challenge_ended")
        asked(client)
    assert count(LoginChallenge) == 1


def test_a_wrong_key_may_be_tried_again(client: FlaskClient, operator: str) -> None:
    challenge = asked(client)
    refused(answered(client, challenge, head(iin=signing.OTHER_IIN)), 403, "identity.not_registered")
    assert (count(Session), count(Signature)) == (0, 0)
    assert answered(client, challenge, head()).status_code == 200


def test_the_same_cms_is_never_taken_twice(client: FlaskClient, operator: str) -> None:
    challenge = asked(client)
    browser = client.get_cookie("tanba-challenge").value
    cms = b64encode(signer.sign(head(), PASSWORD, b64decode(challenge["document"]))).decode()
    stored = db.session.get_one(LoginChallenge, challenge["challenge_id"])
    again = {column.key: getattr(stored, column.key) for column in LoginChallenge.__table__.columns}
    db.session.rollback()
    assert client.post("/api/v1/auth/login", json={"challenge_id": again["id"], "cms": cms}).status_code == 200
    unit_of_work(lambda: db.session.add(LoginChallenge(**again)))
    client.set_cookie("tanba-challenge", browser)
    answer = client.post("/api/v1/auth/login", json={"challenge_id": again["id"], "cms": cms})
    refused(answer, 409, "signatures.reused")
    assert count(Session) == 1


def test_two_log_ins_at_once_open_one_session(client: FlaskClient, operator: str, monkeypatch: Any) -> None:
    """Both have verified the same challenge; the second to write finds it gone."""
    from backend.identity import service

    challenge = asked(client)
    cms = signer.sign(head(), PASSWORD, b64decode(challenge["document"]))
    verified = service.verify_challenge(challenge["challenge_id"], cms, client.get_cookie("tanba-challenge").value)
    other = replace(verified, cms=verified.cms + b" ")
    unit_of_work(lambda: service.open_session(challenge["challenge_id"], verified, Browser("one")))
    with pytest.raises(rules.ChallengeEnded):
        unit_of_work(lambda: service.open_session(challenge["challenge_id"], other, Browser("two")))
    assert count(Session) == 1


def test_signatures_that_are_refused(client: FlaskClient, app: Flask, operator: str) -> None:
    other = signing.documents.envelope("kz.tanba.login/v1", {"nonce": "another"})
    wrong = b64encode(signer.sign(head(), PASSWORD, other)).decode()
    refused(log_in(client, cms=wrong), 422, "signatures.document_changed")
    refused(log_in(client, cms="bm90IGEgY21z"), 422, "signatures.malformed")
    refused(log_in(client, cms="%%%"), 422, "signatures.malformed")
    foreign = devca.DevCA(app.config["SETTINGS"].instance / "another")
    stranger = foreign.issue(iin=IIN, name=NAME, password=PASSWORD, bin=BIN)
    refused(log_in(client, stranger), 422, "signatures.certificate_untrusted")
    assert count(Session) == 0


def test_a_revoked_key_does_not_log_in(client: FlaskClient, app: Flask, operator: str) -> None:
    devca.DevCA(app.config["SETTINGS"].instance / "devca").revoke(devca.serial_of(head(), PASSWORD))
    refused(log_in(client), 422, "signatures.certificate_revoked")


def test_a_national_profile_takes_no_development_key(make_app: Any, database_url: str) -> None:
    app = make_app(database_url, trust_profile="nca-prod")
    signing.copy(app.config["SETTINGS"].instance / "devca")
    refused(log_in(app.test_client()), 422, "signatures.certificate_untrusted")


def test_a_national_profile_cannot_ask_about_revocation_and_says_so(
    make_app: Any, database_url: str, monkeypatch: Any
) -> None:
    """Even a chain to its own pinned anchor is not enough while revocation is unknown."""
    from backend.signatures import certificates, trust

    app = make_app(database_url, trust_profile="nca-test")
    folder = app.config["SETTINGS"].instance / "trust" / "nca-test"
    folder.mkdir(parents=True)
    (folder / "root.cer").write_bytes(signing.authority().root())
    (folder / "issuing.cer").write_bytes(signing.authority().issuing())
    pin = certificates.read(signing.authority().root()).fingerprint
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], trust_anchors=(pin,))
    monkeypatch.setattr(trust, "NUC_POLICY", devca.POLICY)
    refused(log_in(app.test_client()), 503, "signatures.revocation_unknown")


def test_strangers_to_the_organisation(client: FlaskClient, operator: str) -> None:
    refused(log_in(client, head(bin=signing.OTHER_BIN)), 404, "organisations.unknown")
    unit_of_work(lambda: organisations.create_organisation(kind=Kind.RETAIL, bin=signing.OTHER_BIN, names=NAMES))
    refused(log_in(client, head(bin=signing.OTHER_BIN)), 403, "organisations.not_member")
    refused(log_in(client, signing.container()), 404, "organisations.unknown")


def test_another_site_cannot_log_anybody_in(client: FlaskClient) -> None:
    answer = client.post("/api/v1/auth/challenge", headers={"Sec-Fetch-Site": "cross-site"})
    refused(answer, 403, "request.origin")


def test_unknown_fields_are_refused(client: FlaskClient, operator: str) -> None:
    refused(log_in(client, surprise="1"), 422, "request.invalid")


def test_log_in_is_limited(make_app: Any, sqlite_url: str) -> None:
    app = make_app(sqlite_url)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], limits=True)
    client = app.test_client()
    answers = [client.post("/api/v1/auth/challenge").status_code for _ in range(101)]
    assert answers == [200] * 100 + [429]
