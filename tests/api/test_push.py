"""Web Push against a real push service on this machine, which decrypts as a browser would (RFC 8291) and checks who
sent it (RFC 8292)."""

import base64
import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity import service as identity
from backend.notifications import choices, inbox, push, rules, tasks
from backend.notifications.kinds import KINDS, Mail
from backend.notifications.models import PushMessage, PushSubscription
from tests import factories
from tests.receiver import Received, Receiver, receiving


class Browser:
    """What a browser keeps of a subscription."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    def subscription(self, endpoint: str) -> dict[str, Any]:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {
            "endpoint": endpoint,
            "keys": {"p256dh": unpadded(point), "auth": unpadded(self.auth)},
            "language": "ru",
        }

    def read(self, message: Received) -> dict[str, Any]:
        plain = http_ece.decrypt(message.body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        return json.loads(plain)


def unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def padded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def service() -> Iterator[Receiver]:
    with receiving() as running:
        running.status = 201
        yield running


@pytest.fixture
def app(make_app: Callable[..., Flask], database_url: str) -> Iterator[Flask]:
    app = make_app(database_url, loopback_calls=True, mail_from="tanba@example.kz")
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def home(app: Flask) -> tuple[str, str, FlaskClient]:
    """(organisation, person, the person's browser)."""
    organisation, client = factories.organisation(), app.test_client()
    return organisation, factories.sign_in(client, organisation), client


def subscribe(client: FlaskClient, endpoint: str, browser: Browser | None = None) -> Any:
    body = (browser or Browser()).subscription(endpoint)
    return client.post("/api/v1/push/subscriptions", json=body, headers=factories.key())


def put(person: str, organisation: str | None, cause: str = "1", kind: str = "head_changed") -> str:
    names = {"kk": "«Құпия» ЖШС", "ru": "ТОО «Секрет»", "en": "Secret LLP"}
    return unit_of_work(lambda: inbox.put(person, organisation, kind, {"organisation": names}, cause=cause))


def count(model: type) -> int:
    db.session.rollback()
    return len(db.session.scalars(select(model)).all())


def test_a_notification_wakes_the_browser(home: tuple[str, str, FlaskClient], service: Receiver) -> None:
    organisation, person, client = home
    browser = Browser()
    assert subscribe(client, f"{service.url}push/1", browser).status_code == 201
    notification = put(person, organisation)
    (message,) = service.received
    assert message.path == "/push/1"
    assert browser.read(message) == {
        "id": notification,
        "kind": "head_changed",
        "link": "/organisation",
        "language": "ru",
        "unread": 1,
    }
    assert message.headers["TTL"] == "86400"
    assert message.headers["Urgency"] == "high"
    assert message.headers["Content-Encoding"] == "aes128gcm"
    assert len(message.headers["Topic"]) == 32
    assert count(PushMessage) == 0


def test_what_is_sent_is_short_and_says_nothing_of_anybody(
    home: tuple[str, str, FlaskClient], service: Receiver
) -> None:
    organisation, person, client = home
    browser = Browser()
    subscribe(client, service.url, browser)
    put(person, organisation)
    said = json.dumps(browser.read(service.received[0]), ensure_ascii=False)
    assert len(service.received[0].body) < 3_000
    assert not any(word in said for word in ("Құпия", "Секрет", "Secret", "Әлия", person))


def test_only_the_browser_that_subscribed_can_read_it(home: tuple[str, str, FlaskClient], service: Receiver) -> None:
    organisation, person, client = home
    subscribe(client, service.url)
    put(person, organisation)
    with pytest.raises(http_ece.ECEException):
        Browser().read(service.received[0])


def test_the_sender_proves_who_it_is(home: tuple[str, str, FlaskClient], service: Receiver) -> None:
    organisation, person, client = home
    subscribe(client, f"{service.url}push/1")
    put(person, organisation)
    scheme, _, rest = service.received[0].headers["Authorization"].partition(" ")
    parts = dict(one.strip().split("=", 1) for one in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", client.get("/api/v1/push/key").json["key"])
    header, claims, signature = parts["t"].split(".")
    raw = padded(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), padded(parts["k"]))
    key.verify(der, f"{header}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(padded(header))["alg"] == "ES256"
    said = json.loads(padded(claims))
    assert said["aud"] == service.url.rstrip("/")
    assert said["sub"] == "mailto:tanba@example.kz"
    left = said["exp"] - clock.now().timestamp()
    assert 0 < left <= 86_400


def test_the_key_stays_the_same_and_belongs_to_the_installation(
    make_app: Callable[..., Flask], sqlite_url: str
) -> None:
    keys = []
    for seed in (b"1" * 32, b"1" * 32, b"2" * 32):
        with make_app(sqlite_url, platform_seed=seed).app_context():
            keys.append(push.public_key())
            db.session.remove()
    assert keys[0] == keys[1] != keys[2]
    assert len(padded(keys[0])) == 65


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    home: tuple[str, str, FlaskClient], service: Receiver, status: int
) -> None:
    organisation, person, client = home
    subscribe(client, service.url)
    service.status = status
    put(person, organisation)
    assert (count(PushSubscription), count(PushMessage)) == (0, 0)


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_what_cannot_be_taken_is_not_sent_again(
    home: tuple[str, str, FlaskClient], service: Receiver, status: int
) -> None:
    organisation, person, client = home
    subscribe(client, service.url)
    service.status = status
    put(person, organisation)
    assert (count(PushSubscription), count(PushMessage)) == (1, 0)


@pytest.mark.parametrize("status", [429, 500, 503, 302])
def test_a_service_that_is_busy_is_asked_again_and_then_left_alone(
    home: tuple[str, str, FlaskClient], service: Receiver, status: int
) -> None:
    organisation, person, client = home
    subscribe(client, service.url)
    service.status = status
    put(person, organisation)
    moment = clock.now()
    for wait in rules.PUSH_WAITS:
        with clock.at(moment + wait - timedelta(seconds=5)):
            tasks.send_pushes()
        before = len(service.received)
        moment += wait + timedelta(seconds=1)
        with clock.at(moment):
            tasks.send_pushes()
        assert len(service.received) == before + 1
    assert (count(PushSubscription), count(PushMessage)) == (1, 0)


def test_a_message_is_sent_once_though_its_job_runs_twice(
    app: Flask, home: tuple[str, str, FlaskClient], service: Receiver
) -> None:
    organisation, person, client = home
    subscribe(client, service.url)
    app.extensions["queue_run"] = lambda *_: None
    put(person, organisation)
    message = db.session.scalars(select(PushMessage.id)).one()
    tasks.send_push(message)
    tasks.send_push(message)
    tasks.send_pushes()
    assert len(service.received) == 1


def test_what_was_read_meanwhile_wakes_nobody(
    app: Flask, home: tuple[str, str, FlaskClient], service: Receiver
) -> None:
    organisation, person, client = home
    subscribe(client, service.url)
    sends, app.extensions["queue_run"] = app.extensions["queue_run"], lambda *_: None
    notification = put(person, organisation)
    client.post(f"/api/v1/notifications/{notification}/read", headers=factories.key())
    app.extensions["queue_run"] = sends
    tasks.send_pushes()
    assert service.received == []
    assert count(PushMessage) == 0


def test_a_browser_sleeps_when_its_owner_signed_out(
    app: Flask, home: tuple[str, str, FlaskClient], service: Receiver
) -> None:
    organisation, person, client = home
    subscribe(client, service.url)
    sends, app.extensions["queue_run"] = app.extensions["queue_run"], lambda *_: None
    put(person, organisation, "1")
    unit_of_work(lambda: identity.revoke_all(person, organisation))
    app.extensions["queue_run"] = sends
    tasks.send_pushes()
    put(person, organisation, "2")
    assert service.received == []
    tasks.forget()
    assert count(PushSubscription) == 0


def test_the_next_one_at_the_same_browser_takes_it_over(
    app: Flask, home: tuple[str, str, FlaskClient], service: Receiver
) -> None:
    organisation, person, client = home
    subscribe(client, service.url)
    next_client, browser = app.test_client(), Browser()
    next_person = factories.sign_in(next_client, organisation)
    subscribe(next_client, service.url, browser)
    put(person, organisation)
    assert service.received == []
    put(next_person, organisation)
    assert browser.read(service.received[0])["kind"] == "head_changed"


def test_who_chose_not_to_be_woken_is_not(home: tuple[str, str, FlaskClient], service: Receiver) -> None:
    organisation, person, client = home
    subscribe(client, service.url)
    actor = Actor(person_id=person, organisation_id=organisation)
    unit_of_work(lambda: choices.choose(actor, {"head_changed": (False, Mail.NONE)}))
    put(person, organisation)
    assert service.received == []


def test_a_browser_is_unsubscribed_by_its_owner_alone(
    app: Flask, home: tuple[str, str, FlaskClient], service: Receiver
) -> None:
    _, _, client = home
    kept = subscribe(client, service.url).json["id"]
    stranger = app.test_client()
    factories.sign_in(stranger, factories.organisation())
    for asking, status in ((stranger, 404), (client, 200), (client, 404)):
        path = f"/api/v1/push/subscriptions/{kept}"
        assert asking.delete(path, headers=factories.key()).status_code == status
    assert count(PushSubscription) == 0


def test_the_oldest_of_too_many_browsers_is_forgotten(
    home: tuple[str, str, FlaskClient], service: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "MOST_BROWSERS", 2)
    organisation, person, client = home
    for number in range(3):
        with clock.at(clock.now() + timedelta(seconds=number)):
            subscribe(client, f"{service.url}{number}")
    put(person, organisation)
    assert sorted(one.path for one in service.received) == ["/1", "/2"]


def test_endpoints_and_keys_are_kept_sealed(home: tuple[str, str, FlaskClient], service: Receiver) -> None:
    subscribe(home[2], f"{service.url}capability")
    assert b"capability" not in db.session.scalars(select(PushSubscription.sealed)).one()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"endpoint": "https://10.0.0.1/push"}, "address"),
        ({"endpoint": "http://push.example.kz/"}, "url"),
        ({"endpoint": "https://push.example.kz:22/"}, "port"),
        ({"keys": {"p256dh": "AAAA", "auth": unpadded(b"1" * 16)}}, "keys"),
        ({"keys": Browser().subscription("")["keys"] | {"auth": "AAAA"}}, "keys"),
        ({"keys": Browser().subscription("")["keys"] | {"auth": "ё"}}, "keys"),
    ],
)
def test_what_no_browser_makes_is_refused(
    home: tuple[str, str, FlaskClient], changes: dict[str, Any], reason: str
) -> None:
    body = Browser().subscription("https://push.example.kz/") | changes
    answer = home[2].post("/api/v1/push/subscriptions", json=body, headers=factories.key())
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "notifications.subscription_invalid")
    assert answer.json["error"]["params"] == {"reason": reason}


def test_a_service_behind_a_private_address_is_never_called(
    make_app: Callable[..., Flask], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(sqlite_url)
    with app.app_context():
        client, organisation = app.test_client(), factories.organisation()
        person = factories.sign_in(client, organisation)
        assert subscribe(client, "https://push.example.kz/").status_code == 201
        monkeypatch.setattr("backend.notifications.outbound._look_up", lambda *_: [(2, 0, 0, "", ("10.0.0.1", 443))])
        put(person, organisation)
        assert count(PushSubscription) == 0
        db.session.remove()


def test_urgency_is_kept_for_what_is_urgent() -> None:
    assert {name for name, kind in KINDS.items() if kind.urgent} == {
        "act_answer",
        "act_cancelled",
        "act_corrected",
        "act_decision_dropped",
        "act_partly_accepted",
        "act_question",
        "act_received",
        "act_rejected",
        "act_signature_refused",
        "registration_submitted",
        "head_changed",
        "new_device",
        "passkey_enrolled",
    }
