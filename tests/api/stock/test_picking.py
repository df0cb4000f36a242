"""Goods chosen from stock for an act: loose units by the number, never out of a box, never twice."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from backend.acts import picking
from backend.codes import ledger, packages
from backend.codes.rules import HELD, TRANSITIONS, Event, Flag, State, why_not
from backend.core import gs1
from backend.core.api import unit_of_work
from tests import factories, signing, trading
from tests.api.stock.conftest import get, handed_over, head, place, post

SSCC = gs1.sscc("487000000", 700)


def draft(client: FlaskClient) -> str:
    return post(client, "/acts").json["id"]


def pick(client: FlaskClient, act: str, **wish: Any) -> tuple[int, int, int, int]:
    answer = post(client, f"/acts/{act}/units/pick", **wish)
    assert answer.status_code == 200, answer.text
    return tuple(answer.json[name] for name in ("units", "added", "short", "left"))


def offered(client: FlaskClient, card: str) -> dict[str | None, int]:
    return {one["place_id"]: one["count"] for one in get(client, "/acts/pickable", card_id=card)["places"]}


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


def test_what_a_cancelled_act_or_anothers_draft_names_may_be_picked(app: Flask, owner: str) -> None:
    """Goods that came may still be named by a forgotten draft of whoever sent them."""
    signing.copy(app.config["SETTINGS"].instance / "devca")
    supplier = trading.party(app, signing.BIN, signing.IIN)
    shop = trading.party(app, signing.OTHER_BIN, signing.OTHER_IIN)
    codes = factories.codes(supplier.id, 2)
    card = factories.one(codes[0]).card_id
    trading.draft(supplier, shop, trading.texts(codes))
    trading.decide(shop, trading.sent(supplier, shop, trading.texts(codes)))
    assert offered(supplier.client, card) == {}
    assert offered(shop.client, card) == {None: 2}
    act = draft(shop.client)
    assert pick(shop.client, act, card_id=card) == (2, 2, 0, 0)
    shop.client.put(f"/api/v1/acts/{act}", json={"version": 2, "receiver_tax": supplier.bin}, headers=factories.key())
    assert trading.send(shop, act).status_code == 200
    assert offered(shop.client, card) == {}
    assert shop.post(f"/acts/{act}/cancel", {}).status_code == 200
    assert offered(shop.client, card) == {None: 2}


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


def test_goods_go_from_the_place_that_was_chosen(app: Flask, owner: str) -> None:
    trader = factories.organisation()
    client, shop, store = head(app, trader), place(trader), place(trader)
    card = factories.card(owner)
    in_shop, in_store, nowhere = (factories.codes(owner, count, card_id=card) for count in (2, 3, 4))
    for codes, where in ((in_shop, shop), (in_store, store), (nowhere, None)):
        handed_over(codes, owner, trader, where)
    act = draft(client)
    assert pick(client, act, card_id=card, place_id=store, count=4) == (3, 3, 1, 0)
    assert pick(client, act, card_id=card, place_id="none", count=1) == (4, 1, 0, 3)
    named = {one["code"] for one in get(client, f"/acts/{act}/units")["units"]}
    assert set(trading.texts(in_store)) < named < set(trading.texts(in_store + nowhere))
    assert pick(client, act, card_id=card, place_id=place(owner)) == (4, 0, 0, 0)
    assert pick(client, act, card_id=card) == (9, 5, 0, 0)


def test_what_drafts_name_is_not_offered_again(app: Flask, owner: str) -> None:
    trader = factories.organisation()
    client, shop = head(app, trader), place(trader)
    card = factories.card(owner)
    for count, where in ((2, None), (3, shop)):
        handed_over(factories.codes(owner, count, card_id=card), owner, trader, where)
    packed = factories.codes(owner, 4, card_id=card)
    trading.box(owner, packed)
    handed_over(packed, owner, trader, shop)
    assert offered(client, card) == {None: 2, shop: 3}
    pick(client, draft(client), card_id=card, place_id=shop, count=1)
    pick(client, draft(client), card_id=card, place_id="none")
    assert offered(client, card) == {shop: 2}
    assert offered(head(app, owner), card) == {}


def test_boxes_are_offered_from_the_place_that_was_chosen(app: Flask, owner: str) -> None:
    trader = factories.organisation()
    client, shop = head(app, trader), place(trader)
    card = factories.card(owner)
    boxes = []
    for where in (shop, None):
        codes = factories.codes(owner, 2, card_id=card)
        boxes.append(trading.box(owner, codes))
        handed_over(codes, owner, trader, where)
    for where, found in ((shop, boxes[:1]), ("none", boxes[1:]), (None, sorted(boxes))):
        listed = get(client, "/stock/packages", card=card, place=where)["packages"]
        assert [one["sscc"] for one in listed] == found


def test_anothers_draft_is_not_there(app: Flask, seller: FlaskClient, owner: str) -> None:
    other = head(app, factories.organisation())
    answer = post(other, f"/acts/{draft(seller)}/units/pick", card_id=factories.card(owner))
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "acts.unknown")


def test_the_flags_that_are_free_are_those_the_table_lets_go() -> None:
    assert TRANSITIONS[Event.SEND].forbids == HELD
    for number in range(128):
        why = why_not(Event.SEND, State.INTRODUCED, Flag(number), owned=True, bound=True, reason=None)
        assert (number in picking.FREE) == (why is None)
