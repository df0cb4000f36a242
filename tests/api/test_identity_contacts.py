"""How people are reached: what is kept, how it is kept, and what history may say of it. Both engines."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import queries, rules, service
from backend.identity.models import Person
from tests import factories

EMAIL, PHONE = "Aliya.S@dos.example", "+77012345678"


@pytest.fixture
def person(app: Flask) -> str:
    return unit_of_work(lambda: service.person(factories.iin(), "Әлия"))


def set_contacts(person_id: str, **given: object) -> queries.Contacts:
    unit_of_work(lambda: service.set_contacts(person_id, **given))
    found = queries.contacts(person_id)
    db.session.rollback()
    return found


def test_a_person_begins_without_contacts_in_kazakh(person: str) -> None:
    assert queries.contacts(person) == (None, None, None, "kk")


def test_contacts_are_kept_sealed(person: str) -> None:
    found = set_contacts(person, email=" Aliya.S@DOS.Example ", phone="8 (701) 234-56-78", language="ru")
    assert found == (EMAIL, None, PHONE, "ru")
    row = db.session.get_one(Person, person)
    assert b"dos.example" not in row.email_sealed
    assert b"7012345678" not in row.phone_sealed


def test_what_is_not_named_stays_and_nothing_takes_away(person: str) -> None:
    set_contacts(person, email=EMAIL, phone=PHONE, language="en")
    assert set_contacts(person, phone="") == (EMAIL, None, None, "en")
    assert set_contacts(person, email="") == (None, None, None, "en")
    assert set_contacts(person) == (None, None, None, "en")


def test_a_confirmation_belongs_to_one_address(person: str) -> None:
    first = set_contacts(person, email=EMAIL, confirmed=True)
    assert first.email_confirmed_at is not None
    assert set_contacts(person, email=EMAIL).email_confirmed_at == first.email_confirmed_at
    assert set_contacts(person, language="ru").email_confirmed_at == first.email_confirmed_at
    assert set_contacts(person, email="other@dos.example").email_confirmed_at is None


def test_history_says_that_and_not_what(person: str) -> None:
    set_contacts(person, email=EMAIL, phone=PHONE, confirmed=True)
    fact = db.session.scalars(select(Fact).where(Fact.kind == "person:contacts_changed")).one()
    assert fact.detail == {"changed": ["email", "phone"], "confirmed": True}


@pytest.mark.parametrize(
    "address", ["", "a", "a@b", "a b@dos.kz", "a@dos..kz", "<a@dos.kz>", "a@dos.kz, b@dos.kz", "a@1.2"]
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(rules.ContactsInvalid):
        rules.email_of(address)


@pytest.mark.parametrize("address", ["a@dos.kz", "айгүл@дос.қаз", "first.last+tanba@mail.dos.kz"])
def test_addresses_that_are_some(address: str) -> None:
    assert rules.email_of(address) == address


@pytest.mark.parametrize(
    ("typed", "kept"), [("87012345678", PHONE), ("+7 701 234 56 78", PHONE), ("7(701)2345678", PHONE)]
)
def test_phones_as_people_type_them(typed: str, kept: str) -> None:
    assert rules.phone_of(typed) == kept


@pytest.mark.parametrize("typed", ["", "112", "abc", "+0123456789", "70123456789012345"])
def test_phones_that_are_none(typed: str) -> None:
    with pytest.raises(rules.ContactsInvalid):
        rules.phone_of(typed)


def test_a_language_that_we_do_not_speak(person: str) -> None:
    with pytest.raises(rules.ContactsInvalid):
        set_contacts(person, language="de")


@pytest.fixture
def member(client: FlaskClient) -> str:
    return factories.sign_in(client, factories.organisation())


def change(client: FlaskClient, **given: object) -> object:
    return client.patch("/api/v1/account/contacts", json=given, headers=factories.key())


def letter() -> str:
    """The secret part of the link in the last letter that was asked for."""
    db.session.rollback()
    asked = db.session.scalars(select(Fact).where(Fact.kind == "person:email_asked").order_by(Fact.id.desc())).first()
    found = queries.email_change(asked.subject_id)
    db.session.rollback()
    return found.path.rsplit("/", 1)[1]


def follow(app: Flask, token: str) -> object:
    return app.test_client().post("/api/v1/account/email/confirm", json={"token": token}, headers=factories.key())


def test_a_new_email_counts_when_its_letter_is_answered(client: FlaskClient, app: Flask, member: str) -> None:
    answer = change(client, email=EMAIL, phone=PHONE, language="ru")
    assert answer.json["email"] is None
    assert (answer.json["email_waiting"], answer.json["phone"], answer.json["language"]) == (EMAIL, PHONE, "ru")
    token = letter()
    assert follow(app, token).status_code == 200
    shown = client.get("/api/v1/account/contacts").json
    assert (shown["email"], shown["email_waiting"]) == (EMAIL, None)
    assert shown["email_confirmed_at"] is not None
    assert follow(app, token).json["error"]["code"] == "identity.link_ended"


def test_the_letter_says_who_and_in_which_language(client: FlaskClient, member: str) -> None:
    change(client, email=EMAIL, language="en")
    asked = db.session.scalars(select(Fact).where(Fact.kind == "person:email_asked")).one()
    found = queries.email_change(asked.subject_id)
    assert (found.email, found.language, found.name) == (EMAIL, "en", "Әлия")
    assert found.path.startswith("/account/email/")


def test_only_the_last_letter_counts(client: FlaskClient, app: Flask, member: str) -> None:
    change(client, email=EMAIL)
    first = letter()
    change(client, email="other@dos.example")
    assert follow(app, first).status_code == 409
    assert follow(app, letter()).status_code == 200
    assert client.get("/api/v1/account/contacts").json["email"] == "other@dos.example"


def test_a_letter_runs_out(client: FlaskClient, app: Flask, member: str) -> None:
    change(client, email=EMAIL)
    token = letter()
    with clock.at(clock.now() + rules.EMAIL_WAITS + timedelta(minutes=1)):
        assert follow(app, token).status_code == 409
        assert client.get("/api/v1/account/contacts").status_code == 401


@pytest.mark.parametrize("forged", ["", "0" * 32, "ә" * 20])
def test_a_letter_cannot_be_guessed(client: FlaskClient, app: Flask, member: str, forged: str) -> None:
    change(client, email=EMAIL)
    number = letter().split(".")[0]
    assert follow(app, f"{number}.{forged}").json["error"]["code"] == "identity.link_ended"
    assert client.get("/api/v1/account/contacts").json["email"] is None


def test_an_old_session_does_not_change_the_email(client: FlaskClient, member: str) -> None:
    with clock.at(clock.now() + rules.FRESH + timedelta(seconds=1)):
        assert change(client, email=EMAIL).json["error"]["code"] == "identity.step_up"
        assert change(client, email="").json["error"]["code"] == "identity.step_up"
        assert change(client, phone=PHONE, language="en").status_code == 200


def test_the_email_is_taken_away(client: FlaskClient, app: Flask, member: str) -> None:
    change(client, email=EMAIL)
    follow(app, letter())
    assert change(client, email="").json["email"] is None


def test_wrong_contacts_are_named(client: FlaskClient, member: str) -> None:
    answer = change(client, phone="112")
    assert answer.json["error"]["fields"] == [{"field": "phone", "code": "phone"}]
    assert change(client, email="nobody").json["error"]["fields"] == [{"field": "email", "code": "email"}]
