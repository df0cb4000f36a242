"""Webhooks against a real receiver on this machine: signed, tried again for a day, replayed; and nowhere private."""

import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock, queue
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history import service as history
from backend.history.models import Fact
from backend.notifications import kinds, outbound, rules, tasks
from backend.notifications.models import Notification, WebhookDelivery, WebhookEndpoint
from backend.organisations.rules import Function, Role
from tests import factories
from tests.receiver import Receiver, receiving

EVENTS = ["member.added", "code.moved"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def app(make_app: Callable[..., Flask], database_url: str) -> Iterator[Flask]:
    """The application, allowed to call this machine."""
    app = make_app(database_url, loopback_calls=True)
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def home(app: Flask) -> tuple[str, FlaskClient]:
    """An organisation, and its head's browser."""
    organisation, client = factories.organisation(), app.test_client()
    factories.sign_in(client, organisation)
    return organisation, client


def create(client: FlaskClient, url: str, events: list[str] = EVENTS) -> Any:
    return client.post("/api/v1/webhooks", json={"url": url, "events": events}, headers=factories.key())


def record(organisation: str, kind: str = "member:added", **facts: Any) -> str:
    def effect() -> str:
        fact = history.record(kind, subject=("membership", "m1"), organisation_id=organisation, **facts)
        queue.after_commit("notifications.on_fact", fact)
        return fact

    return unit_of_work(effect)


def deliveries(client: FlaskClient, webhook: str) -> list[dict[str, Any]]:
    db.session.rollback()
    return client.get(f"/api/v1/webhooks/{webhook}/deliveries").json["deliveries"]


def signed_by(secret: str, moment: str, body: bytes) -> str:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def test_a_fact_reaches_the_receiver_signed(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    organisation, client = home
    made = create(client, receiver.url).json
    fact = record(organisation, after={"person": "secret", "name": "secret"}, detail={"iin": "secret"})
    ping, event = receiver.received
    assert ping.headers["Tanba-Event"] == "ping"
    assert event.headers["Tanba-Event"] == "member.added"
    assert event.headers["Content-Type"] == "application/json"
    moment, value = (part.partition("=")[2] for part in event.headers["Tanba-Signature"].split(","))
    assert value == signed_by(made["secret"], moment, event.body)
    assert abs(int(moment) - clock.now().timestamp()) < 60
    said = json.loads(event.body)
    assert (said["id"], said["event"]) == (fact, "member.added")
    assert said["data"]["subject"] == {"kind": "membership", "id": "m1"}
    assert said["data"].keys() == {"action", "subject", "document", "count", "at"}
    assert b"secret" not in event.body
    newest = deliveries(client, made["id"])[0]
    assert (newest["id"], newest["state"], newest["status"]) == (event.headers["Tanba-Delivery"], "delivered", 200)


def test_a_forged_body_does_not_verify(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    made = create(home[1], receiver.url).json
    moment, value = (part.partition("=")[2] for part in receiver.received[0].headers["Tanba-Signature"].split(","))
    body = receiver.received[0].body
    assert value == signed_by(made["secret"], moment, body)
    assert value != signed_by(made["secret"], moment, body + b" ")
    assert value != signed_by(made["secret"], str(int(moment) + 1), body)


def test_every_fact_that_is_an_event_is_known_once() -> None:
    facts = [fact for of_event in kinds.EVENTS.values() for fact in of_event]
    assert len(facts) == len(set(facts))


def test_movements_of_codes_are_events_without_their_codes(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    organisation, client = home
    create(client, receiver.url, ["code.moved"])
    factories.codes(organisation, count=3, state="RECEIVED")
    tasks.tell_forgotten()
    said = [json.loads(one.body) for one in receiver.received[1:]]
    assert [(one["event"], one["data"]["action"], one["data"]["count"]) for one in said] == [
        ("code.moved", "codes:receive", 3)
    ]


def test_only_what_was_asked_for_and_only_ones_own(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    organisation, client = home
    create(client, receiver.url, ["member.blocked"])
    record(organisation, "member:added")
    record(factories.organisation(), "member:blocked")
    record(organisation, "member:blocked")
    assert [one.headers["Tanba-Event"] for one in receiver.received] == ["ping", "member.blocked"]


def test_the_other_party_of_a_fact_is_told_too(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    organisation, client = home
    create(client, receiver.url, ["member.added"])
    fact = record(factories.organisation(), detail={"other": organisation})
    record(factories.organisation(), detail={"other": factories.organisation()})
    assert [json.loads(one.body)["id"] for one in receiver.received[1:]] == [fact]


def test_an_event_is_delivered_once_though_its_job_runs_twice(
    home: tuple[str, FlaskClient], receiver: Receiver
) -> None:
    organisation, client = home
    webhook = create(client, receiver.url).json["id"]
    fact = record(organisation)
    tasks.on_fact(fact)
    tasks.deliver(deliveries(client, webhook)[0]["id"])
    tasks.send_deliveries()
    assert len(receiver.received) == 2


def test_the_sweep_delivers_what_a_lost_queue_forgot(
    app: Flask, home: tuple[str, FlaskClient], receiver: Receiver
) -> None:
    organisation, client = home
    create(client, receiver.url)
    app.extensions["queue_run"] = lambda *_: None
    record(organisation)
    tasks.tell_forgotten()
    tasks.send_deliveries()
    assert [one.headers["Tanba-Event"] for one in receiver.received] == ["ping", "member.added"]


def test_what_fails_is_tried_again_for_a_day_then_the_managers_are_told(
    app: Flask, home: tuple[str, FlaskClient], receiver: Receiver
) -> None:
    organisation, client = home
    manager = factories.sign_in(app.test_client(), organisation, Role.EMPLOYEE, (Function.INTEGRATIONS,))
    factories.sign_in(app.test_client(), organisation, Role.EMPLOYEE, (Function.STAFF,))
    webhook = create(client, receiver.url).json["id"]
    receiver.status = 500
    start = clock.now()
    with clock.at(start):
        record(organisation)
    newest = deliveries(client, webhook)[0]
    tries, bodies = 1, {receiver.received[1].body}
    while newest["state"] == "waiting":
        assert newest["status"] == 500
        moment = clock.datetime.fromisoformat(newest["next_at"])
        with clock.at(moment - timedelta(seconds=1)):
            tasks.send_deliveries()
        assert len(receiver.received) == tries + 1
        with clock.at(moment):
            tasks.send_deliveries()
        tries += 1
        newest = deliveries(client, webhook)[0]
        bodies.add(receiver.received[-1].body)
    assert moment - start == timedelta(hours=24)
    assert tries == newest["attempts"] == len(rules.WEBHOOK_WAITS) + 1
    assert newest["state"] == "failed"
    assert len(bodies) == 1
    assert client.get("/api/v1/webhooks").json["webhooks"][0]["state"] == "failing"
    rows = select(Notification.person_id).where(Notification.kind == "webhook_failing")
    people = set(db.session.scalars(rows))
    assert manager in people
    assert len(people) == 2


def test_a_receiver_that_comes_back_is_well_again(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    organisation, client = home
    webhook = create(client, receiver.url).json["id"]

    def break_it() -> None:
        db.session.get_one(WebhookEndpoint, webhook).state = "failing"

    unit_of_work(break_it)
    record(organisation)
    assert client.get("/api/v1/webhooks").json["webhooks"][0]["state"] == "active"


def test_a_replay_sends_the_same_bytes_as_another_delivery(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    organisation, client = home
    webhook = create(client, receiver.url).json["id"]
    record(organisation)
    first = deliveries(client, webhook)[0]
    for _ in range(2):
        again = client.post(f"/api/v1/webhook-deliveries/{first['id']}/replay", headers=factories.key()).json
        assert again["id"] != first["id"]
        assert again["event_id"] == first["event_id"]
    assert {one.body for one in receiver.received[1:]} == {first["body"].encode()}
    assert len({one.headers["Tanba-Delivery"] for one in receiver.received[1:]}) == 3


def test_a_turned_secret_signs_beside_the_old_one_for_a_day(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    organisation, client = home
    made = create(client, receiver.url).json
    turned = client.post(f"/api/v1/webhooks/{made['id']}/secret", headers=factories.key()).json
    assert turned["secret"] != made["secret"]
    record(organisation)
    with clock.at(clock.now() + rules.ROTATION + timedelta(seconds=1)):
        record(organisation)
    both, new = (one for one in receiver.received[1:])
    moment, *values = (part.partition("=")[2] for part in both.headers["Tanba-Signature"].split(","))
    assert values == [signed_by(secret, moment, both.body) for secret in (turned["secret"], made["secret"])]
    moment, *values = (part.partition("=")[2] for part in new.headers["Tanba-Signature"].split(","))
    assert values == [signed_by(turned["secret"], moment, new.body)]


def test_a_secret_is_shown_once_and_kept_sealed(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    _, client = home
    made = create(client, f"{receiver.url}?token=t0k").json
    assert made["secret"] not in client.get("/api/v1/webhooks").text
    assert made["secret"].encode() not in db.session.get_one(WebhookEndpoint, made["id"]).secret_sealed
    facts = db.session.scalars(select(Fact).where(Fact.subject_kind == "webhook")).all()
    assert [one.kind for one in facts] == ["webhook:created"]
    assert "t0k" not in str(facts[0].after)


def test_an_endpoint_is_changed_pinged_and_removed(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    organisation, client = home
    webhook = create(client, receiver.url).json["id"]
    change = {"url": f"{receiver.url}other", "events": ["member.removed"]}
    changed = client.put(f"/api/v1/webhooks/{webhook}", json=change, headers=factories.key()).json
    assert (changed["url"], changed["events"]) == (change["url"], change["events"])
    client.post(f"/api/v1/webhooks/{webhook}/ping", headers=factories.key())
    assert receiver.received[-1].path == "/other"
    assert client.delete(f"/api/v1/webhooks/{webhook}", headers=factories.key()).status_code == 200
    assert client.get("/api/v1/webhooks").json["webhooks"] == []
    record(organisation, "member:removed")
    assert len(receiver.received) == 2
    db.session.rollback()
    assert db.session.scalars(select(WebhookDelivery)).all() == []
    kinds_of_facts = db.session.scalars(select(Fact.kind).where(Fact.subject_kind == "webhook").order_by(Fact.id))
    assert list(kinds_of_facts) == ["webhook:created", "webhook:changed", "webhook:removed"]


def test_another_organisations_webhooks_are_not_there(
    app: Flask, home: tuple[str, FlaskClient], receiver: Receiver
) -> None:
    _, client = home
    webhook = create(client, receiver.url).json["id"]
    delivery = deliveries(client, webhook)[0]["id"]
    stranger = app.test_client()
    factories.sign_in(stranger, factories.organisation())
    body = {"url": receiver.url, "events": EVENTS}
    asked = [
        stranger.get(f"/api/v1/webhooks/{webhook}/deliveries"),
        stranger.put(f"/api/v1/webhooks/{webhook}", json=body, headers=factories.key()),
        stranger.delete(f"/api/v1/webhooks/{webhook}", headers=factories.key()),
        stranger.post(f"/api/v1/webhooks/{webhook}/secret", headers=factories.key()),
        stranger.post(f"/api/v1/webhooks/{webhook}/ping", headers=factories.key()),
    ]
    assert {(one.status_code, one.json["error"]["code"]) for one in asked} == {(404, "notifications.webhook_unknown")}
    answer = stranger.post(f"/api/v1/webhook-deliveries/{delivery}/replay", headers=factories.key())
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "notifications.delivery_unknown")
    assert stranger.get("/api/v1/webhooks").json["webhooks"] == []
    assert len(receiver.received) == 1


def test_webhooks_need_the_right_to_manage_integrations(app: Flask, home: tuple[str, FlaskClient]) -> None:
    client = app.test_client()
    factories.sign_in(client, home[0], Role.EMPLOYEE, (Function.STAFF,))
    assert client.get("/api/v1/webhooks").status_code == 403
    assert create(client, "https://example.kz/").status_code == 403


def test_events_must_be_known_and_some(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    for events in ([], ["unheard.of"], ["member.added", "ping"]):
        answer = create(home[1], receiver.url, events)
        assert (answer.status_code, answer.json["error"]["code"]) == (422, "notifications.webhook_events_invalid")


def test_there_are_not_endlessly_many(
    home: tuple[str, FlaskClient], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.notifications.webhooks.MOST", 1)
    assert create(home[1], receiver.url).status_code == 201
    assert create(home[1], receiver.url).json["error"]["code"] == "notifications.too_many_webhooks"


def test_deliveries_are_paged_and_forgotten(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    organisation, client = home
    webhook = create(client, receiver.url).json["id"]
    for _ in range(2):
        record(organisation)
    first = client.get(f"/api/v1/webhooks/{webhook}/deliveries?limit=2").json
    rest = client.get(f"/api/v1/webhooks/{webhook}/deliveries?limit=2&cursor={first['next']}").json
    assert [one["event"] for one in first["deliveries"] + rest["deliveries"]] == [
        "member.added",
        "member.added",
        "ping",
    ]
    with clock.at(clock.now() + timedelta(days=31)):
        tasks.forget()
    assert deliveries(client, webhook) == []


# What is not followed, and where nobody is called


def test_a_redirect_is_not_followed(home: tuple[str, FlaskClient], receiver: Receiver) -> None:
    receiver.status, receiver.location = 302, f"{receiver.url}elsewhere"
    webhook = create(home[1], receiver.url).json["id"]
    newest = deliveries(home[1], webhook)[0]
    assert (newest["state"], newest["status"], newest["error"]) == ("waiting", 302, "redirect")
    assert len(receiver.received) == 1


def test_a_receiver_that_hangs_is_given_up(
    home: tuple[str, FlaskClient], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 0.2)
    receiver.drip = True
    webhook = create(home[1], receiver.url).json["id"]
    assert deliveries(home[1], webhook)[0]["error"] in ("timeout", "connection")


def test_nobody_home_is_a_delivery_that_waits(home: tuple[str, FlaskClient]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    webhook = create(home[1], f"http://127.0.0.1:{port}/").json["id"]
    newest = deliveries(home[1], webhook)[0]
    assert (newest["state"], newest["status"], newest["error"]) == ("waiting", None, "connection")


def test_a_certificate_that_is_not_trusted_ends_the_call(home: tuple[str, FlaskClient], tmp_path: Any) -> None:
    with receiving(tls=tmp_path) as secure:
        webhook = create(home[1], secure.url).json["id"]
        assert deliveries(home[1], webhook)[0]["error"] == "tls"
        assert secure.received == []


def test_a_trusted_certificate_is_checked_against_the_name(
    home: tuple[str, FlaskClient], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving(tls=tmp_path) as secure:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "receiver.pem"))
        assert create(home[1], secure.url).status_code == 201
        assert len(secure.received) == 1
        create(home[1], secure.url.replace("127.0.0.1", "localhost"))
        assert len(secure.received) == 1


PRIVATE = [
    "https://127.0.0.1/",
    "https://localhost/",
    "https://sub.localhost/",
    "https://printer.local/",
    "https://intranet/",
    "https://metadata.google.internal/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[fd00::1]/",
    "https://[fe80::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::a00:1]/",
    "https://[2002:a00:1::]/",
    "https://2130706433/",
    "https://0x7f000001/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_private_addresses_are_refused(make_app: Callable[..., Flask], sqlite_url: str, url: str) -> None:
    app = make_app(sqlite_url)
    with app.app_context():
        client = app.test_client()
        factories.sign_in(client, factories.organisation())
        answer = create(client, url)
        assert (answer.status_code, answer.json["error"]["code"]) == (422, "notifications.webhook_url_invalid")
        assert answer.json["error"]["params"] == {"reason": "address"}
        db.session.remove()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.kz/", "url"),
        ("ftp://example.kz/", "url"),
        ("https://user:pass@example.kz/", "url"),
        ("https://example.kz/#part", "url"),
        ("https://example.kz/ space", "url"),
        ("https://example.kz/\r\nHost: x", "url"),
        ("https:///nohost", "url"),
        ("https://example.kz:99999/", "url"),
        ("example.kz", "url"),
        ("https://example.kz:22/", "port"),
        ("https://example.kz:25/", "port"),
    ],
)
def test_what_is_no_safe_address_is_refused(home: tuple[str, FlaskClient], url: str, reason: str) -> None:
    answer = create(home[1], url)
    assert answer.json["error"]["params"] == {"reason": reason}


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["8.8.8.8", "192.168.0.1"], ["::1"], ["127.0.0.1"]])
def test_a_name_is_judged_by_what_is_behind_it_at_each_call(
    make_app: Callable[..., Flask], sqlite_url: str, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    def look_up(host: str, port: int) -> list[tuple]:
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 0, 0, "", (one, port)) for one in addresses]

    monkeypatch.setattr(outbound, "_look_up", look_up)
    app = make_app(sqlite_url)
    with app.app_context():
        client = app.test_client()
        factories.sign_in(client, factories.organisation())
        webhook = create(client, "https://hooks.example.kz/").json["id"]
        newest = deliveries(client, webhook)[0]
        assert (newest["state"], newest["error"]) == ("waiting", "refused_address")
        db.session.remove()


def test_the_judged_address_is_the_one_that_is_called(
    home: tuple[str, FlaskClient], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers differently the second time (rebinding) is not asked a second time."""
    answers = iter([["127.0.0.1"]])

    def look_up(host: str, port: int) -> list[tuple]:
        return [(socket.AF_INET, 0, 0, "", (one, port)) for one in next(answers)]

    monkeypatch.setattr(outbound, "_look_up", look_up)
    create(home[1], receiver.url.replace("127.0.0.1", "localhost"))
    assert receiver.received[0].headers["Host"].startswith("localhost:")
