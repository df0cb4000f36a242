"""Stock over HTTP: products with their counts, the codes behind a count, and that each sees its own alone."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.catalogue.models import Card
from backend.codes import ledger, packages, stock
from backend.codes.rules import Event
from backend.core import gs1
from backend.core.api import unit_of_work
from backend.core.db import db
from tests import factories, trading
from tests.api.stock.conftest import get, handed_over, head, place, post

SSCC = gs1.sscc("487000000", 800)
OUTER = gs1.sscc("487000000", 801)


def size(owner: str, value: str, model: str = "ZH-42", **changes: Any) -> str:
    return factories.card(owner, attributes={"size": value, "model": model, "colour": "black"}, **changes)


def everything(client: FlaskClient, path: str, of: str, **query: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = get(client, path, **query, **cursor)
        found += page[of]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def test_sizes_of_one_article_are_one_product(seller: FlaskClient, owner: str) -> None:
    small, large, other = size(owner, "41"), size(owner, "42"), size(owner, "38", "AY-7")
    for card, count in ((small, 2), (large, 3), (other, 1)):
        factories.codes(owner, count, card_id=card)
    stock = get(seller, "/stock")
    assert stock["total"] == 6
    shoes, boots = stock["products"]
    assert (shoes["article"], shoes["count"]) == ("AY-7", 1)
    assert (boots["article"], boots["count"], boots["id"]) == ("ZH-42", 5, small)
    assert [(card["card_id"], card["attributes"]["size"], card["count"]) for card in boots["cards"]] == [
        (small, "41", 2),
        (large, "42", 3),
    ]


def test_a_count_says_where_and_in_what_state(seller: FlaskClient, owner: str) -> None:
    card = size(owner, "42")
    codes = factories.codes(owner, 6, card_id=card)
    unit_of_work(lambda: packages.form(SSCC, codes=codes[:2], owner_id=owner, actor=None))
    act = {"document": ("act", "A" * 26), "owner_id": owner, "actor": None}
    unit_of_work(lambda: ledger.move(Event.SEND, codes[2:3], **act))
    unit_of_work(lambda: ledger.move(Event.SELL, codes[3:4], owner_id=owner, actor=None, reason="RETAIL"))
    (product,) = get(seller, "/stock")["products"]
    heaps = {(one["standing"], one["packed"]): one["count"] for one in product["cards"][0]["heaps"]}
    assert heaps == {("free", False): 2, ("free", True): 2, ("in_act", False): 1}
    assert product["count"] == 5
    assert get(seller, "/stock", standing="gone")["total"] == 1
    assert get(seller, "/stock", standing="free,gone")["total"] == 5
    assert get(seller, "/stock", state="WITHDRAWN")["total"] == 1
    assert get(seller, "/stock", packed="yes")["total"] == 2


def test_each_code_stands_in_one_of_five_ways(seller: FlaskClient, owner: str) -> None:
    card = size(owner, "42")
    codes = factories.codes(owner, 6, card_id=card)
    applied = factories.codes(owner, 2, "APPLIED", card)
    act = {"document": ("act", "A" * 26), "owner_id": owner, "actor": None}
    unit_of_work(lambda: ledger.move(Event.SEND, codes[:1], **act))
    for event, moved, reason in (
        (Event.LOSE, codes[1:2], None),
        (Event.SELL, codes[2:3], "RETAIL"),
        (Event.BLOCK, [codes[0], applied[0]], "AUTHORITY"),
    ):
        common = {"owner_id": owner, "actor": None, "reason": reason}
        unit_of_work(lambda event=event, moved=moved, common=common: ledger.move(event, moved, **common))
    ways = {"free": 3, "in_act": 1, "held": 2, "not_yet": 1, "gone": 1}
    assert {way: get(seller, "/stock", standing=way)["total"] for way in ways} == ways
    listed = everything(seller, "/stock/codes", "codes", standing=",".join(ways))
    assert {way: [one["standing"] for one in listed].count(way) for way in ways} == ways


def test_places_are_named(seller: FlaskClient, app: Flask, owner: str) -> None:
    buyer = factories.organisation()
    shop = place(buyer)
    handed_over(factories.codes(owner, 3), owner, buyer, shop)
    client = head(app, buyer)
    stock = get(client, "/stock", place=shop)
    assert (stock["total"], [one["id"] for one in stock["places"]]) == (3, [shop])
    assert get(client, "/stock", place="none")["total"] == 0
    assert get(client, "/stock/codes", place=shop)["codes"][0]["place_id"] == shop
    left = get(seller, "/stock", standing="free,in_act,held,not_yet,gone")
    assert (left["total"], left["products"]) == (0, [])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("жайлау", True),
        ("ЖАЙЛАУ", True),
        ("Zhai", True),
        ("zh-42", True),
        ("ботинки 42", True),
        ("ботинки 41", False),
        ("100%", False),
        ("_", False),
    ],
)
def test_products_are_found_by_what_the_card_says(seller: FlaskClient, owner: str, words: str, found: bool) -> None:
    factories.codes(owner, 1, card_id=size(owner, "42"))
    stock = get(seller, "/stock", q=words)
    assert (len(stock["products"]), stock["total"]) == (int(found), int(found))


def test_products_are_found_by_gtin(seller: FlaskClient, owner: str) -> None:
    card = size(owner, "42")
    factories.codes(owner, 1, card_id=card)
    gtin = db.session.get_one(Card, card).gtin
    assert get(seller, "/stock", q=gtin[1:])["total"] == 1
    assert get(seller, "/stock", q=gtin[-4:])["total"] == 1
    assert get(seller, "/stock", q=gtin[1:3])["total"] == 0, "two digits are a size, and stand in most GTINs"
    assert get(seller, "/stock", q=gtin, group="fur")["total"] == 0


def test_products_come_in_pages(seller: FlaskClient, owner: str) -> None:
    for number in range(5):
        factories.codes(owner, 1, card_id=size(owner, "42", f"M-{number}"))
    listed = everything(seller, "/stock", "products", limit=2)
    assert [one["article"] for one in listed] == ["M-4", "M-3", "M-2", "M-1", "M-0"]


def test_a_page_is_no_larger_for_many_sizes(seller: FlaskClient, owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock, "HEAPS", 3)
    for number in range(3):
        for value in ("41", "42"):
            factories.codes(owner, 1, card_id=size(owner, value, f"M-{number}"))
    first = get(seller, "/stock")
    assert ([one["article"] for one in first["products"]], first["total"]) == (["M-2", "M-1"], 6)
    rest = get(seller, "/stock", cursor=first["next"])
    assert ([one["article"] for one in rest["products"]], rest["next"]) == (["M-0"], None)
    assert [one["count"] for one in everything(seller, "/stock", "products", limit=1)] == [2, 2, 2]


def test_codes_come_in_pages_whole_and_once(seller: FlaskClient, owner: str) -> None:
    card = size(owner, "42")
    codes = factories.codes(owner, 9, card_id=card)
    unit_of_work(lambda: packages.form(SSCC, codes=codes[:4], owner_id=owner, actor=None))
    unit_of_work(lambda: ledger.move(Event.LOSE, codes[8:], owner_id=owner, actor=None))
    factories.codes(owner, 2, state="APPLIED")
    listed = everything(seller, "/stock/codes", "codes", limit=2, card=card)
    assert len(listed) == len({one["code"] for one in listed}) == 9
    assert {one["package"] for one in listed} == {None, SSCC}
    assert [one["standing"] for one in listed].count("held") == 1
    assert len(everything(seller, "/stock/codes", "codes", limit=4)) == 11
    assert len(everything(seller, "/stock/codes", "codes", limit=4, standing="held")) == 1


def test_a_code_is_found_as_scanned_and_by_a_part_of_its_serial(seller: FlaskClient, owner: str) -> None:
    code = factories.codes(owner, 2)[0]
    (text,) = trading.texts([code])
    for words in (text, f"]d2{text}", text[-6:].lower()):
        assert [one["code"] for one in get(seller, "/stock/codes", q=words)["codes"]] == [text]
    for card, found in ((factories.one(code).card_id, [text]), (factories.card(owner), [])):
        assert [one["code"] for one in get(seller, "/stock/codes", q=text[-6:], card=card)["codes"]] == found
    assert get(seller, "/stock/codes", q="%")["codes"] == []


def test_another_sees_none_of_it(app: Flask, owner: str) -> None:
    codes = factories.codes(owner, 2)
    unit_of_work(lambda: packages.form(SSCC, codes=codes, owner_id=owner, actor=None))
    other = head(app, factories.organisation())
    assert get(other, "/stock") == {"total": 0, "products": [], "places": [], "next": None}
    (text, _) = trading.texts(codes)
    assert [get(other, "/stock/codes", q=words)["codes"] for words in (text, text[-6:])] == [[], []]
    assert get(other, "/stock/packages")["packages"] == []
    assert get(other, "/stock/packages", card=factories.one(codes[0]).card_id)["packages"] == []
    assert other.get(f"/api/v1/packages/{SSCC}/contents").status_code == 404
    checked = post(other, "/packages/check", codes=[*trading.texts(codes), f"00{SSCC}"]).json["results"]
    assert [(one["reason"], one["card"]) for one in checked] == [("not_yours", None)] * 2 + [("unknown", None)]
    assert post(other, f"/packages/{SSCC}/open").status_code == 404


@pytest.mark.parametrize("cursor", ["!!", "YWJj", "YXxifHh8fDB8fA=="])
def test_a_made_up_cursor_is_refused(seller: FlaskClient, cursor: str) -> None:
    answer = seller.get("/api/v1/stock/codes", query_string={"cursor": cursor})
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "request.cursor_invalid")


def test_a_pallet_is_looked_into(seller: FlaskClient, owner: str) -> None:
    card = size(owner, "42")
    codes = factories.codes(owner, 5, card_id=card)
    assert post(seller, "/packages", sscc=SSCC, codes=trading.texts(codes[:3])).status_code == 201
    made = post(seller, "/packages", sscc=OUTER, codes=trading.texts(codes[3:]), packages=[SSCC])
    assert (made.status_code, made.json["count"]) == (201, 5)
    seen = get(seller, f"/packages/00{OUTER}/contents", limit=1)
    assert (seen["count"], seen["free"], seen["packages"], seen["around"]) == (5, True, 1, [])
    assert [(one["sscc"], one["count"]) for one in seen["children"]] == [(SSCC, 3)]
    assert [(one["card_id"], one["count"]) for one in seen["parts"]] == [(card, 5)]
    assert len(everything(seller, f"/packages/{OUTER}/contents", "codes", limit=1)) == 2
    assert get(seller, f"/packages/{SSCC}/contents")["around"] == [OUTER]
    assert [one["sscc"] for one in get(seller, "/stock/packages")["packages"]] == [OUTER]
    assert [one["sscc"] for one in get(seller, "/stock/packages", card=card)["packages"]] == [OUTER]
    assert [one["sscc"] for one in get(seller, "/stock/packages", q=SSCC[-6:])["packages"]] == [SSCC]
    (box,) = post(seller, "/packages/check", codes=[f"00{SSCC}"]).json["results"]
    assert (box["reason"], box["package"]) == ("packed", OUTER)
    bad = seller.get(f"/api/v1/packages/{OUTER}/contents", query_string={"cursor": "eHl6"})
    assert (bad.status_code, bad.json["error"]["code"]) == (422, "request.cursor_invalid")
    assert post(seller, f"/packages/{OUTER}/open").status_code == 200
    assert [one["sscc"] for one in get(seller, "/stock/packages")["packages"]] == [SSCC]
    (pallet,) = post(seller, "/packages/check", codes=[f"00{OUTER}"]).json["results"]
    assert (pallet["reason"], pallet["count"]) == ("opened", 0)


def test_packages_come_in_pages_whole_and_once(seller: FlaskClient, owner: str) -> None:
    card, other = size(owner, "42"), size(owner, "41")
    boxes = [trading.box(owner, factories.codes(owner, 1, card_id=card)) for _ in range(3)]
    unlike = trading.box(owner, factories.codes(owner, 1, card_id=other))
    every = [one["sscc"] for one in everything(seller, "/stock/packages", "packages", limit=2)]
    assert every == sorted([*boxes, unlike])
    assert [one["sscc"] for one in everything(seller, "/stock/packages", "packages", limit=2, card=card)] == boxes


def test_what_may_not_be_packed_says_why(seller: FlaskClient, owner: str) -> None:
    codes = factories.codes(owner, 3)
    texts = trading.texts(codes)
    post(seller, "/packages", sscc=SSCC, codes=texts[:1])
    unit_of_work(lambda: ledger.move(Event.LOSE, codes[1:2], owner_id=owner, actor=None))
    asked = [*texts, f"00{SSCC}", "4006381333931", f"00{OUTER}", texts[0][:18] + "nosuchserial1"]
    results = post(seller, "/packages/check", codes=asked).json["results"]
    assert [one["reason"] for one in results] == ["packed", "lost", None, None, "not_a_mark", "unknown", "unknown"]
    assert (results[0]["package"], results[3]["count"]) == (SSCC, 1)
    refused = post(seller, "/packages", sscc=OUTER, codes=texts[:2])
    assert refused.status_code == 409
    trading.refused(post(seller, "/packages", sscc=OUTER), 422, "codes.none_given")
    misread = OUTER[:-1] + str((int(OUTER[-1]) + 1) % 10)
    trading.refused(post(seller, "/packages", sscc=misread, codes=texts[2:]), 422, "codes.sscc_invalid")
    assert get(seller, "/stock", packed="yes")["total"] == 1


def test_a_box_in_an_act_is_not_packed_and_says_why(seller: FlaskClient, owner: str) -> None:
    codes = factories.codes(owner, 2)
    post(seller, "/packages", sscc=SSCC, codes=trading.texts(codes))
    act = {"document": ("act", "A" * 26), "owner_id": owner, "actor": None}
    unit_of_work(lambda: ledger.move(Event.SEND, codes, **act))
    (said,) = post(seller, "/packages/check", codes=[f"00{SSCC}"]).json["results"]
    assert (said["reason"], said["count"]) == ("in_act", 0)
    assert not get(seller, f"/packages/{SSCC}/contents")["free"]
    trading.refused(post(seller, "/packages", sscc=OUTER, packages=[SSCC]), 409, "codes.package_not_free")
    assert [one["sscc"] for one in get(seller, "/stock/packages")["packages"]] == [SSCC]


def test_packing_needs_its_permission(app: Flask, owner: str) -> None:
    codes = trading.texts(factories.codes(owner, 1))
    printer = app.test_client()
    factories.sign_in(printer, owner, factories.Role.EMPLOYEE, (factories.Function.LABELS,))
    assert post(printer, "/packages", sscc=SSCC, codes=codes).status_code == 403
    packer = app.test_client()
    factories.sign_in(packer, owner, factories.Role.EMPLOYEE, (factories.Function.MOVEMENT,))
    assert post(packer, "/packages", sscc=SSCC, codes=codes).status_code == 201
    assert trading.facts("package:formed")[-1].organisation_id == owner


def test_one_article_is_asked_for_by_any_of_its_cards(seller: FlaskClient, owner: str) -> None:
    small, large = size(owner, "41"), size(owner, "42")
    for card in (small, large, size(owner, "38", "AY-7")):
        factories.codes(owner, 1, card_id=card)
    stock = get(seller, "/stock", article_of=large)
    assert (stock["total"], [one["id"] for one in stock["products"]]) == (2, [small])
    assert get(seller, "/stock", article_of="0" * 26)["total"] == 0
    assert [one["card_id"] for one in get(seller, "/stock/codes", card=large)["cards"]] == [large]


def test_the_new_owner_sees_how_a_code_came_and_not_what_was_before(
    app: Flask, seller: FlaskClient, owner: str
) -> None:
    buyer = factories.organisation()
    codes = factories.codes(owner, 1)
    handed_over(codes, owner, buyer)
    client = head(app, buyer)
    (text,) = trading.texts(codes)
    assert [step["kind"] for step in get(client, f"/codes/{text}")["steps"]] == ["codes:confirm"]
    assert seller.get(f"/api/v1/codes/{text}").status_code == 404
