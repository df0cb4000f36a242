"""Facts reach their receiver signed, once, tried again for a day, replayed."""

import json
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.notifications import kinds, rules, tasks
from backend.notifications.models import Notification, WebhookEndpoint
from backend.organisations.rules import Function, Role
from tests import factories
from tests.api.webhooks.conftest import create, deliveries, record, signed_by
from tests.receiver import Receiver


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
