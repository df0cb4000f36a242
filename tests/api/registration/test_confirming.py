"""The letter is confirmed; what is not confirmed is forgotten, and people are in no fact. Both engines."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.db import db
from backend.registration import tasks
from backend.registration.models import Application, Attempt
from backend.signatures.models import Signature
from tests import signing
from tests.api.registration.conftest import count
from tests.factories import iin, key
from tests.registering import (
    FORM,
    HERE,
    begin,
    code,
    confirm,
    facts,
    fields,
    fill,
    firm,
    letters,
    link,
    own,
    sign,
    submitted,
    unconfirmed,
)


def test_the_link_works_in_any_browser_and_twice(client: FlaskClient, other: FlaskClient) -> None:
    moment = clock.now().replace(microsecond=0)
    with clock.at(moment):
        token = unconfirmed(client)
        first = confirm(other, token)
    deadline = (moment + timedelta(hours=24)).isoformat().replace("+00:00", "Z")
    assert first.json == {"number": own(client).json["number"], "state": "submitted", "deadline": deadline}
    assert confirm(client, token).json == first.json
    assert [one.kind for one in facts("registration:confirmed", "registration:submitted")] == [
        "registration:confirmed",
        "registration:submitted",
    ]


@pytest.mark.parametrize(
    "spoil", [lambda one: one[:-1] + "zz"[one[-1] == "z"], lambda one: "0" * 26 + one[26:], str.upper]
)
def test_a_wrong_link(client: FlaskClient, spoil: Any) -> None:
    refused = confirm(client, spoil(unconfirmed(client)))
    assert (refused.status_code, code(refused)) == (404, "registration.confirmation_wrong")
    assert own(client).json["state"] == "unconfirmed"


def test_the_letter_is_sent_again_with_the_same_link(client: FlaskClient) -> None:
    token = unconfirmed(client)
    assert client.post(f"{HERE}/resend", headers=key()).json["state"] == "unconfirmed"
    assert [link(letter) for letter in letters()] == [token, token]
    confirm(client, token)
    assert code(client.post(f"{HERE}/resend", headers=key())) == "registration.state_moved"


def test_another_address_kills_the_earlier_link(client: FlaskClient) -> None:
    token = unconfirmed(client)
    refused = client.put(f"{HERE}/email", json={"email": "сауле"}, headers=key())
    assert fields(refused) == {("email", "email")}
    changed = client.put(f"{HERE}/email", json={"email": "new@example.kz"}, headers=key())
    assert changed.json == {"state": "unconfirmed", "changed": []}
    assert letters()[-1]["to"] == "new@example.kz"
    assert code(confirm(client, token)) == "registration.confirmation_wrong"
    assert confirm(client).json["state"] == "submitted"
    assert code(client.put(f"{HERE}/email", json={"email": "late@example.kz"}, headers=key())) == (
        "registration.state_moved"
    )


def test_letters_are_counted(app: Flask, client: FlaskClient) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], limits=True)
    unconfirmed(client)
    answers = [client.post(f"{HERE}/resend", headers=key()).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.put(f"{HERE}/email", json={"email": "b@example.kz"}, headers=key()).status_code == 429
    fill(client, email="c@example.kz")
    assert sign(client, firm()).status_code == 429
    assert {letter["to"] for letter in letters()} == {"Saule@example.kz"}


def test_unconfirmed_for_a_week_is_forgotten(client: FlaskClient) -> None:
    token = unconfirmed(client)
    with clock.at(clock.now() + timedelta(days=6, hours=23)):
        tasks.remove_stale()
        assert own(client).json["state"] == "unconfirmed"
    with clock.at(clock.now() + timedelta(days=7)):
        assert code(confirm(client, token)) == "registration.confirmation_wrong", "before the sweep as after it"
        tasks.remove_stale()
        tasks.remove_stale()
        assert code(confirm(client, token)) == "registration.confirmation_wrong"
        assert code(own(client)) == "registration.unknown"
    assert (count(Application), count(Attempt), count(Signature)) == (0, 0, 0)
    assert [one.detail for one in facts("registration:removed")] == [{"why": "unconfirmed"}]


def test_drafts_and_refusals_lie_longer(client: FlaskClient) -> None:
    begin(client, firm())
    with clock.at(clock.now() + timedelta(days=29)):
        tasks.remove_stale()
    assert count(Application) == 1
    with clock.at(clock.now() + timedelta(days=31)):
        tasks.remove_stale()
    assert count(Application) == 0


def test_an_application_on_the_desk_is_never_forgotten(client: FlaskClient) -> None:
    submitted(client)
    with clock.at(clock.now() + timedelta(days=400)):
        tasks.remove_stale()
    assert count(Application) == 1


def test_one_takes_the_application_back(client: FlaskClient) -> None:
    submitted(client)
    answer = client.delete(f"{HERE}/application", headers=key())
    assert answer.json == {"withdrawn": True}
    assert (count(Application), count(Attempt), count(Signature)) == (0, 0, 0), "a certificate names a person too"
    assert begin(client, firm()).json["filled"] is False


def test_what_is_sent_is_not_filled_in_any_more(client: FlaskClient) -> None:
    submitted(client)
    refused = fill(client)
    assert (code(refused), refused.json["error"]["params"]) == ("registration.state_moved", {"state": "submitted"})


def test_people_are_in_no_fact_and_no_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    submitted(client)
    client.delete(f"{HERE}/application", headers=key())
    said = " ".join(str((one.before, one.after, one.detail)) for one in facts()) + caplog.text
    assert [one.kind for one in facts()] == [
        f"registration:{what}" for what in ("begun", "signed", "confirmed", "submitted", "removed")
    ]
    for secret in (signing.OTHER_IIN, "example.kz", "7015550011", "СЕРІКБАЕВ", FORM["email"]):
        assert secret not in said


def test_contacts_lie_sealed(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    row = db.session.scalars(select(Application)).one()
    stored = " ".join(str(getattr(row, column.key)) for column in Application.__table__.columns)
    for secret in (signing.OTHER_IIN, "Saule", "7015550011"):
        assert secret not in stored


def test_a_number_with_a_wrong_check_digit_is_believed_to_a_certificate(client: FlaskClient) -> None:
    source = firm(bin="123456789021", iin="123456789011")
    assert begin(client, source).json["certificate"]["bin"] == "123456789021"


def test_fresh_numbers(client: FlaskClient) -> None:
    assert begin(client, firm(iin=iin())).json["number"].startswith(f"{clock.today().year}-")
