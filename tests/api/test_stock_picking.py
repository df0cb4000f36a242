"""Goods chosen from stock for an act: loose units by the number, never out of a box, never twice."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.acts import picking
from backend.codes import ledger, packages
from backend.codes.rules import HELD, TRANSITIONS, Event, Flag, State, why_not
from backend.core import gs1
from backend.core.api import unit_of_work
from tests import factories, trading
from tests.factories import key

SSCC = gs1.sscc("487000000", 700)


@pytest.fixture
def owner(app: Flask) -> str:
    return factories.organisation()


@pytest.fixture
def seller(app: Flask, owner: str) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, owner)
    return client


def post(client: FlaskClient, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1{path}", json=body, headers=key())


def draft(client: FlaskClient) -> str:
    return post(client, "/acts").json["id"]


def pick(client: FlaskClient, act: str, **wish: Any) -> tuple[int, int, int, int]:
    answer = post(client, f"/acts/{act}/units/pick", **wish)
    assert answer.status_code == 200, answer.text
    return tuple(answer.json[name] for name in ("units", "added", "short", "left"))


def test_so_many_loose_units_go_into_the_draft(seller: FlaskClient, owner: str) -> None:
    card = factories.card(owner)
    codes = factories.codes(owner, 6, card_id=card)
    unit_of_work(lambda: packages.form(SSCC, codes=codes[:3], owner_id=owner, actor=None))
    act = draft(seller)
    assert pick(seller, act, card_id=card, count=2) == (2, 2, 0, 1)
    assert pick(seller, act, card_id=card, count=2) == (3, 1, 1, 0)
    listed = seller.get(f"/api/v1/acts/{act}/units").json["units"]
    assert {one["code"] for one in listed} == set(trading.texts(codes[3:]))


def test_without_a_number_all_of_them_go(seller: FlaskClient, owner: str) -> None:
    card = factories.card(owner)
    factories.codes(owner, 4, card_id=card)
    assert pick(seller, draft(seller), card_id=card) == (4, 4, 0, 0)


def test_what_another_draft_names_is_passed_over(seller: FlaskClient, owner: str) -> None:
    card = factories.card(owner)
    factories.codes(owner, 3, card_id=card)
    first, second = draft(seller), draft(seller)
    assert pick(seller, first, card_id=card, count=2) == (2, 2, 0, 1)
    assert pick(seller, second, card_id=card, count=2) == (1, 1, 1, 0)


def test_only_what_may_be_sent_is_picked(seller: FlaskClient, owner: str) -> None:
    card = factories.card(owner)
    codes = factories.codes(owner, 4, card_id=card)
    unit_of_work(lambda: ledger.move(Event.LOSE, codes[:1], owner_id=owner, actor=None))
    unit_of_work(lambda: ledger.move(Event.SELL, codes[1:2], owner_id=owner, actor=None, reason="RETAIL"))
    factories.codes(owner, 2, "APPLIED", card)
    foreign = factories.organisation()
    factories.codes(foreign, 2, card_id=factories.card(foreign))
    assert pick(seller, draft(seller), card_id=card, count=9) == (2, 2, 7, 0)
    assert pick(seller, draft(seller), card_id=factories.card(foreign)) == (0, 0, 0, 0)


def test_goods_of_one_place_alone(seller: FlaskClient, owner: str) -> None:
    card = factories.card(owner)
    factories.codes(owner, 2, card_id=card)
    assert pick(seller, draft(seller), card_id=card, place_id="0" * 26) == (0, 0, 0, 0)


def test_anothers_draft_is_not_there(app: Flask, seller: FlaskClient, owner: str) -> None:
    other = app.test_client()
    factories.sign_in(other, factories.organisation())
    answer = post(other, f"/acts/{draft(seller)}/units/pick", card_id=factories.card(owner))
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "acts.unknown")


def test_the_flags_that_are_free_are_those_the_table_lets_go() -> None:
    assert TRANSITIONS[Event.SEND].forbids == HELD
    for number in range(128):
        why = why_not(Event.SEND, State.INTRODUCED, Flag(number), owned=True, bound=True, reason=None)
        assert (number in picking.FREE) == (why is None)
