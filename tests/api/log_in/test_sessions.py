"""Sessions, devices, and how they end. Both engines."""

from base64 import b64decode, b64encode
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import rules, tasks
from backend.identity.models import Device, LoginChallenge, Person, Session
from backend.organisations import service as organisations
from backend.organisations.rules import Function
from backend.signatures import signer
from tests import signing
from tests.api.log_in.conftest import asked, count, kinds, log_in, me, refused
from tests.factories import key
from tests.signing import PASSWORD, head


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
