"""A buyer without an account: the link, the letter, and the way into the act. Both engines."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.acts import invitations, tasks
from backend.core import limits
from backend.core.db import db
from backend.notifications.models import Letter
from backend.organisations.rules import Kind
from tests import factories, registering, signing, trading
from tests.signing import BIN, IIN, OTHER_BIN, OTHER_IIN
from tests.trading import Party, facts, refused, send, texts


@pytest.fixture(autouse=True)
def authority(app: Flask) -> None:
    signing.copy(app.config["SETTINGS"].instance / "devca")


@pytest.fixture
def seller(app: Flask) -> Party:
    return trading.party(app, BIN, IIN)


@pytest.fixture
def act(seller: Party) -> str:
    return waiting(seller)


def waiting(seller: Party) -> str:
    """An act that waits for somebody who is not registered."""
    made = seller.post("/acts", {"receiver_tax": OTHER_BIN, "receiver_name": "ТОО «Дос»"}).json["id"]
    seller.post(f"/acts/{made}/units", {"codes": texts(factories.codes(seller.id, 3))})
    assert send(seller, made).json["state"] == "waiting_participant"
    return made


def look(client: FlaskClient, token: str) -> Any:
    return client.post("/api/v1/invited", json={"token": token}, headers=factories.key())


def token(seller: Party, act: str) -> str:
    return seller.get(f"/acts/{act}/invitation").json["link"].partition("#")[2]


def test_the_link_says_who_and_how_much_and_nothing_of_the_goods(app: Flask, seller: Party, act: str) -> None:
    answer = look(app.test_client(), token(seller, act))
    said = answer.json
    assert (answer.status_code, said["standing"], said["units"], said["products"]) == (200, "waiting", 3, 1)
    assert (said["sender_tax_number"], said["receiver_tax_number"], said["receiver"]) == (BIN, OTHER_BIN, "ТОО «Дос»")
    line = seller.get(f"/acts/{act}").json["lines"][0]
    for secret in (line["gtin"], line["names"]["ru"], seller.get(f"/acts/{act}/units").json["units"][0]["code"]):
        assert secret not in answer.text


@pytest.mark.parametrize("wrong", ["", "x", "cut", "other"])
def test_a_link_cannot_be_guessed(app: Flask, seller: Party, act: str, wrong: str) -> None:
    good = token(seller, act)
    given = {"": good[:26], "x": good[:-1] + ("0" if good[-1] != "0" else "1"), "cut": good[:-1], "other": "Ә" * 58}
    refused(look(app.test_client(), given[wrong]), 404, "acts.invitation_unknown")
    assert facts("act:invitation_opened") == []


def test_a_draft_has_no_link(app: Flask, seller: Party) -> None:
    made = seller.post("/acts", {"receiver_tax": OTHER_BIN}).json["id"]
    refused(seller.get(f"/acts/{made}/invitation"), 409, "acts.moved_meanwhile")
    refused(look(app.test_client(), invitations.token_of(made)), 404, "acts.invitation_unknown")


def test_the_sender_sees_that_it_was_opened_once(app: Flask, seller: Party, act: str) -> None:
    link = token(seller, act)
    assert look(seller.client, link).status_code == 200
    assert seller.get(f"/acts/{act}/invitation").json["opened_at"] is None
    somebody = app.test_client()
    factories.sign_in(somebody, factories.organisation())
    look(somebody, link)
    assert seller.get(f"/acts/{act}/invitation").json["opened_at"]
    look(app.test_client(), link)
    assert len(facts("act:invitation_opened")) == 1
    assert [one["kind"] for one in seller.get("/notifications").json["notifications"]] == ["act_invitation_opened"]


def test_a_letter_carries_the_link_and_not_too_many_go(seller: Party, act: str) -> None:
    for left in (4, 3, 2, 1, 0):
        answer = seller.post(f"/acts/{act}/invitation", {"email": "dos@example.kz", "language": "ru"})
        assert answer.json["letters_left"] == left, answer.text
    params = refused(seller.post(f"/acts/{act}/invitation", {"email": "dos@example.kz"}), 409, "acts.too_many_letters")
    assert params == {"count": 5}
    db.session.rollback()
    assert db.session.query(Letter).filter_by(template="act_invitation").count() == 5
    db.session.rollback()
    letter = registering.letters("act_invitation")[-1]
    assert token(seller, act) in str(letter)
    invited = facts("act:invite")
    assert len(invited) == 5
    assert "dos@example.kz" not in "".join(str(fact.detail) for fact in invited)


def test_each_act_has_letters_and_a_link_of_its_own(app: Flask, seller: Party, act: str) -> None:
    letter, another = {"email": "dos@example.kz", "language": "ru"}, waiting(seller)
    seller.post(f"/acts/{another}/invitation", letter)
    before = seller.get(f"/acts/{another}/invitation").json
    assert (before["letters_left"], before["opened_at"]) == (4, None)
    seller.post(f"/acts/{act}/invitation", letter)
    assert look(app.test_client(), token(seller, act)).status_code == 200
    assert seller.get(f"/acts/{another}/invitation").json == before


def test_many_acts_are_no_reason_for_many_letters(app: Flask, seller: Party, act: str) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], limits=True)
    item = limits.LIMITS["invitation"]
    for _ in range(item.amount):
        app.extensions["limiter"].hit(item, "invitation", seller.id)
    answer = seller.post(f"/acts/{act}/invitation", {"email": "dos@example.kz", "language": "ru"})
    refused(answer, 429, "request.too_many")
    assert seller.get(f"/acts/{act}/invitation").json["letters_left"] == 5


def test_a_wrong_address_is_said(seller: Party, act: str) -> None:
    answer = seller.post(f"/acts/{act}/invitation", {"email": "dos@"})
    refused(answer, 422, "notifications.address_invalid")
    assert seller.get(f"/acts/{act}/invitation").json["letters_left"] == 5


def test_only_the_sender_invites(app: Flask, act: str) -> None:
    other = trading.party(app, OTHER_BIN, OTHER_IIN, Kind.RETAIL)
    refused(other.get(f"/acts/{act}/invitation"), 404, "acts.unknown")
    tasks.join_registered()
    refused(other.get(f"/acts/{act}/invitation"), 403, "acts.not_your_side")


def test_the_link_tells_what_became_of_the_act(app: Flask, seller: Party, act: str) -> None:
    link = token(seller, act)
    seller.post(f"/acts/{act}/cancel", {})
    assert look(app.test_client(), link).json["standing"] == "over"
    assert facts("act:invitation_opened") == []
    refused(seller.get(f"/acts/{act}/invitation"), 409, "acts.moved_meanwhile")


def test_whoever_is_approved_finds_the_act_at_once(app: Flask, seller: Party) -> None:
    """Registration continues into the act: no sweep has to come first."""
    desk = app.test_client()
    factories.sign_in(desk, factories.organisation(Kind.OPERATOR))
    made = seller.post("/acts", {"receiver_tax": registering.NEW_BIN, "receiver_name": "ТОО «Жаңа»"}).json["id"]
    seller.post(f"/acts/{made}/units", {"codes": texts(factories.codes(seller.id, 1))})
    send(seller, made)
    client = app.test_client()
    application = registering.submitted(client)
    assert seller.get(f"/acts/{made}").json["state"] == "waiting_participant"
    assert registering.approve(desk, application).status_code == 200
    assert seller.get(f"/acts/{made}").json["state"] == "sent"
    assert registering.log_in(client, registering.firm()).status_code == 200
    (told,) = [one for one in client.get("/api/v1/notifications").json["notifications"]]
    assert (told["kind"], told["link"]) == ("act_received", f"/acts/{made}")
