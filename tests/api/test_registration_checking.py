"""An application signed while nobody could say whether the certificate is revoked. Both engines."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core import clock, queue
from backend.core.db import db
from backend.registration import tasks
from backend.settings import Settings
from backend.signatures import tasks as signature_tasks
from backend.signatures import trust
from backend.signatures.devca import DevCA, serial_of
from tests import signing
from tests.factories import key
from tests.registering import (
    HERE,
    begin,
    code,
    confirm,
    facts,
    fill,
    firm,
    letters,
    make_operator,
    own,
    sign,
)


@pytest.fixture
def authority(app: Flask) -> DevCA:
    found = signing.copy(app.config["SETTINGS"].instance / "devca")
    make_operator()
    return found


@pytest.fixture
def checking(client: FlaskClient, authority: DevCA, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client whose application was signed while the authority was silent."""
    begin(client, firm())
    fill(client)

    def silent(settings: Settings) -> trust.Trust:
        return replace(trust.development(DevCA(settings.instance / "devca")), lists=trust.nobody, status=None)

    with monkeypatch.context() as patched:
        patched.setattr(trust, "active", silent)
        assert sign(client, firm()).json["state"] == "checking"
    return client


def settle() -> None:
    signature_tasks.settle_pending()
    db.session.rollback()


def test_it_waits_and_goes_on(checking: FlaskClient) -> None:
    assert letters() == []
    tasks.settle_the_rest()
    assert own(checking).json["state"] == "checking"
    assert code(fill(checking)) == "registration.state_moved"
    assert code(checking.post(f"{HERE}/resend", headers=key())) == "registration.state_moved"
    settle()
    assert own(checking).json["state"] == "unconfirmed"
    assert len(letters()) == 1
    assert confirm(checking).json["state"] == "submitted"


def test_a_revoked_certificate_sends_it_back(checking: FlaskClient, authority: DevCA) -> None:
    with clock.at(clock.now() - timedelta(hours=1)):
        authority.revoke(serial_of(firm(), signing.PASSWORD))
    settle()
    told = own(checking).json
    assert (told["state"], [one["code"] for one in told["refusal"]["reasons"]]) == ("refused", ["certificate_refused"])
    assert len(letters("registration_refused")) == 1
    assert [one.detail["reasons"] for one in facts("registration:refused")] == [["certificate_refused"]]
    assert letters() == []


def test_a_lost_word_is_found_by_the_sweep(checking: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(_signature_id: Any) -> None:
        raise ConnectionError("the queue is down")

    with monkeypatch.context() as patched:
        patched.setitem(queue.jobs, "registration.signature_settled", lost)
        settle()
    assert own(checking).json["state"] == "checking"
    tasks.settle_the_rest()
    tasks.settle_the_rest()
    assert own(checking).json["state"] == "unconfirmed"
    assert len(letters()) == 1


def test_what_was_taken_back_meanwhile_stays_gone(checking: FlaskClient) -> None:
    checking.delete(f"{HERE}/application", headers=key())
    settle()
    assert code(own(checking)) == "registration.unknown"
    assert letters() == []
