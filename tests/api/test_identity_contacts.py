"""How people are reached: what is kept, how it is kept, and what history may say of it. Both engines."""

import pytest
from flask import Flask
from sqlalchemy import select

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
