"""Log-in by signature and the sessions that follow, through the client. Both engines."""

import json
import logging
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import rfc8785
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import rules, tasks
from backend.identity.models import Device, LoginChallenge, Person, Session
from backend.identity.sessions import Browser
from backend.organisations import service as organisations
from backend.organisations.rules import Function, Kind, Role
from backend.signatures import devca, signer
from backend.signatures.models import Signature
from tests import signing
from tests.factories import key
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


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


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


def test_log_out(client: FlaskClient, operator: str) -> None:
    log_in(client)
    token = client.get_cookie("tanba").value
    assert client.post("/api/v1/auth/logout").status_code == 200
    assert client.get_cookie("tanba") is None
    client.set_cookie("tanba", token)
    refused(me(client), 401, "identity.not_signed_in")
    assert client.post("/api/v1/auth/logout").status_code == 200
    assert kinds().count("session:revoked") == 1


def test_a_new_log_in_ends_the_old_session_of_this_browser(client: FlaskClient, operator: str) -> None:
    log_in(client)
    first = client.get_cookie("tanba").value
    log_in(client)
    assert client.get_cookie("tanba").value != first
    client.set_cookie("tanba", first)
    assert me(client).status_code == 401


@pytest.mark.parametrize("cookie", ["", "short", "x" * 43, "ә" * 43, "a" * 3000])
def test_other_cookies_open_nothing(client: FlaskClient, operator: str, cookie: str) -> None:
    client.set_cookie("tanba", cookie)
    refused(me(client), 401, "identity.not_signed_in")


def test_a_session_unused_for_half_a_day_ends(client: FlaskClient, operator: str) -> None:
    log_in(client)
    start = clock.now()
    for hours in (11, 22, 33):  # in use: each visit keeps it alive
        with clock.at(start + timedelta(hours=hours)):
            assert me(client).status_code == 200
    with clock.at(start + timedelta(hours=33 + 12, minutes=1)):
        assert me(client).status_code == 401


def test_a_session_ends_after_a_month_whatever_happens(client: FlaskClient, operator: str) -> None:
    log_in(client)
    ends = clock.now() + rules.LONGEST
    unit_of_work(lambda: db.session.execute(update(Session).values(seen_at=ends)))
    with clock.at(ends - timedelta(minutes=1)):
        assert me(client).status_code == 200
    with clock.at(ends + timedelta(minutes=1)):
        assert me(client).status_code == 401


def test_sessions_are_listed_and_revoked(client: FlaskClient, app: Flask, operator: str) -> None:
    phone = app.test_client()
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"
    challenge = asked(phone)
    cms = b64encode(signer.sign(head(), PASSWORD, b64decode(challenge["document"]))).decode()
    body = {"challenge_id": challenge["challenge_id"], "cms": cms}
    assert phone.post("/api/v1/auth/login", json=body, headers={"User-Agent": agent}).status_code == 200
    log_in(client, device="Кеңсе")
    listed = client.get("/api/v1/auth/sessions").json["sessions"]
    assert [(one["device"], one["current"]) for one in listed] == [("Кеңсе", True), ("Chrome · Android", False)]
    lost = listed[1]["id"]
    assert client.delete(f"/api/v1/auth/sessions/{lost}", headers=key()).status_code == 200
    assert me(phone).status_code == 401
    assert me(client).status_code == 200
    refused(client.delete(f"/api/v1/auth/sessions/{lost}", headers=key()), 404, "identity.session_unknown")
    assert len(client.get("/api/v1/auth/sessions").json["sessions"]) == 1


def test_sessions_of_others_are_not_there(client: FlaskClient, app: Flask, operator: str) -> None:
    unit_of_work(
        lambda: organisations.add_member(
            operator, iin=signing.OTHER_IIN, name="ИВАНОВ ИВАН", functions=(Function.LABELS,)
        )
    )
    log_in(client)
    own = client.get("/api/v1/auth/sessions").json["sessions"][0]["id"]
    other = app.test_client()
    assert log_in(other, head(iin=signing.OTHER_IIN)).status_code == 200
    assert own not in str(other.get("/api/v1/auth/sessions").json)
    refused(other.delete(f"/api/v1/auth/sessions/{own}", headers=key()), 404, "identity.session_unknown")
    assert me(client).status_code == 200


def test_what_is_over_is_forgotten(client: FlaskClient, operator: str) -> None:
    log_in(client)
    asked(client)
    with clock.at(clock.now() + timedelta(minutes=6)):
        tasks.forget()
    assert (count(LoginChallenge), count(Session)) == (0, 1)
    with clock.at(clock.now() + rules.LONGEST + tasks.KEPT + timedelta(minutes=1)):
        tasks.forget()
    assert count(Session) == 0


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Safari/604.1", "Safari · macOS"),
        ("curl/8.0", ""),
    ],
)
def test_devices_are_named(agent: str, label: str) -> None:
    assert rules.device_label(agent) == label


def test_a_device_is_known_again(client: FlaskClient, app: Flask, operator: str) -> None:
    log_in(client)
    cookie = client.get_cookie("tanba-device")
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    client.post("/api/v1/auth/logout")
    log_in(client)
    assert client.get_cookie("tanba-device").value == cookie.value
    assert count(Device) == 1
    assert "session:new_device" not in kinds(), "the first device is no news"
    assert db.session.execute(select(Device)).scalar_one().token_hash == rules.token_hash(cookie.value)


def test_a_new_device_is_noticed(client: FlaskClient, app: Flask, operator: str) -> None:
    log_in(client)
    log_in(app.test_client(), device="Планшет")
    noticed = db.session.scalars(select(Fact).where(Fact.kind == "session:new_device")).one()
    assert noticed.detail == {"device": "Планшет"}
    assert noticed.actor_id == db.session.scalars(select(Person.id)).one()


def test_one_till_two_people_two_devices(client: FlaskClient, operator: str) -> None:
    unit_of_work(lambda: organisations.add_member(operator, iin=signing.OTHER_IIN, name="ИВАНОВ ИВАН"))
    log_in(client)
    log_in(client, head(iin=signing.OTHER_IIN))
    assert count(Device) == 2
    assert "session:new_device" not in kinds()


def test_the_oldest_session_gives_way(
    client: FlaskClient, app: Flask, operator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_SESSIONS", 2)
    devices = [client, app.test_client(), app.test_client()]
    for device in devices:
        log_in(device)
    assert [me(device).status_code for device in devices] == [401, 200, 200]


def test_all_other_sessions_end_at_once(client: FlaskClient, app: Flask, operator: str) -> None:
    others = [app.test_client(), app.test_client()]
    for device in (*others, client):
        log_in(device)
    path = "/api/v1/auth/sessions/revoke-others"
    with clock.at(clock.now() + rules.FRESH + timedelta(seconds=1)):
        refused(client.post(path, json={}, headers=key()), 403, "identity.step_up")
    assert client.post(path, json={}, headers=key()).json == {"ended": 2}
    assert [me(device).status_code for device in (*others, client)] == [401, 401, 200]


def test_others_keep_their_sessions(client: FlaskClient, app: Flask, operator: str) -> None:
    unit_of_work(lambda: organisations.add_member(operator, iin=signing.OTHER_IIN, name="ИВАНОВ ИВАН"))
    other = app.test_client()
    log_in(other, head(iin=signing.OTHER_IIN))
    log_in(client)
    assert client.post("/api/v1/auth/sessions/revoke-others", json={}, headers=key()).json == {"ended": 0}
    assert me(other).status_code == 200


def test_an_old_session_ends_no_other(client: FlaskClient, app: Flask, operator: str) -> None:
    log_in(app.test_client())
    log_in(client)
    other = next(one["id"] for one in client.get("/api/v1/auth/sessions").json["sessions"] if not one["current"])
    with clock.at(clock.now() + rules.FRESH + timedelta(seconds=1)):
        answer = client.delete(f"/api/v1/auth/sessions/{other}", headers=key())
        refused(answer, 403, "identity.step_up")
        assert answer.json["error"]["params"] == {"by": "any"}
