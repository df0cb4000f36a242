"""Webhooks against a real receiver on this machine: signed, tried again for a day, replayed; and nowhere private."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core import queue
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history import service as history
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
