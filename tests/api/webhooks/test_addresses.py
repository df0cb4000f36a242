"""Nowhere private: what is not followed, and where nobody is called."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core.db import db
from backend.notifications import outbound
from tests import factories
from tests.api.webhooks.conftest import create, deliveries
from tests.receiver import Receiver, receiving


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
