"""Endpoints: their secrets, who keeps them, how many."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.db import db
from backend.history.models import Fact
from backend.notifications import rules, tasks
from backend.notifications.models import WebhookDelivery, WebhookEndpoint
from backend.organisations.rules import Function, Role
from tests import factories
from tests.api.webhooks.conftest import EVENTS, create, deliveries, record, signed_by
from tests.receiver import Receiver


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
