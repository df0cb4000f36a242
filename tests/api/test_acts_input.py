"""What acts do not take: text that cannot be kept, days and sums that cannot be, lists of none or of too many, and
places of others. Always an answer that names the field, never a fault. Both engines."""

from typing import Any

import pytest
from flask import Flask

from backend.acts import drafts
from backend.acts.rules import LARGEST_ACT, LARGEST_PRICE
from backend.codes import packages
from backend.core import gs1
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.sandbox import prices
from backend.organisations.models import Organisation
from tests import factories, trading
from tests.registering import NEW_BIN
from tests.trading import Party, decide, refused, sent, texts

GTIN = "04870000000017"
NUL = "a\x00b"


def place(party: Party) -> str:
    named = {"names": dict.fromkeys(("kk", "ru", "en"), "Дүкен"), "address": {"locality": "Алматы", "line": "1"}}
    return party.post("/places", named | {"kind": "shop"}).json["places"][0]["id"]


def test_what_a_draft_does_not_take(seller: Party) -> None:
    typed: list[dict[str, Any]] = [
        {"number": NUL},
        {"receiver_name": NUL},
        {"terms": {"contract": {"number": NUL}}},
        {"terms": {"comment": NUL}},
        {"terms": {"waybill": {"number": ""}}},
        {"prices": {GTIN[:-1] + "\x00": 1}},
        {"number": "\ud800"},
        {"terms": {"contract": {"number": "7", "date": "2025-02-30"}}},
        {"terms": {"contract": {"number": "7", "date": "٢٠٢٥-١١-١١"}}},
        {"transfer_date": "1999-12-31"},
        {"transfer_date": "2100-01-01"},
        {"prices": {GTIN: LARGEST_PRICE + 1}},
        {"prices": {GTIN: -1}},
        {"prices": {f"{at:014d}": 1 for at in range(20_001)}},
    ]
    for one in typed:
        refused(seller.post("/acts", one), 422, "request.invalid")
    assert seller.get("/acts").json["acts"] == []


def test_the_largest_act_at_the_largest_price_is_counted_exactly(seller: Party) -> None:
    assert LARGEST_ACT * LARGEST_PRICE < 2**53
    assert (prices.tiyn(LARGEST_PRICE // 100), prices.tiyn(LARGEST_PRICE // 100 + 1)) == (LARGEST_PRICE, None)
    assert seller.post("/acts", {"prices": {GTIN: LARGEST_PRICE}}).status_code == 201


def test_what_a_sent_act_does_not_take(seller: Party, buyer: Party) -> None:
    goods = texts(factories.codes(seller.id, 2))
    act = sent(seller, buyer, goods)
    for decision in (
        {"rejected": [{"code": goods[0], "reason": "other", "words": NUL}]},
        {"all_rejected": True, "reason": "other", "words": NUL},
        {"extra": [NUL]},
        {"sampled": LARGEST_ACT + 1},
    ):
        body = {"mode": "trust"} | decision
        refused(buyer.post(f"/acts/{act}/decision/document", body), 422, "request.invalid")
    for party, path, body in (
        (seller, "units", {"codes": []}),
        (seller, "units", {"codes": ["x"] * 5_001}),
        (buyer, "clarify", {"text": NUL}),
        (seller, "cancel", {"text": NUL}),
        (seller, "correction/document", {"terms": {"comment": NUL}}),
        (seller, "correction/document", {"terms": {"contract": {"number": ""}}}),
        (seller, "correction/document", {"transfer_date": "2100-01-01"}),
        (seller, "correction/document", {"prices": {factories.gtin(): LARGEST_PRICE + 1}}),
    ):
        refused(party.post(f"/acts/{act}/{path}", body), 422, "request.invalid")
    assert seller.get(f"/acts/{act}").json["state"] == "sent"


def test_what_was_sent_is_no_draft_any_more(seller: Party, buyer: Party) -> None:
    goods = texts(factories.codes(seller.id, 2))
    act = sent(seller, buyer, goods[:1])
    before = seller.get(f"/acts/{act}").json
    for method, path, body in (
        ("PUT", "", {"version": before["version"], "number": "А-2"}),
        ("POST", "/units", {"codes": goods[1:]}),
        ("POST", "/units/remove", {"codes": goods[:1]}),
        ("DELETE", "", None),
    ):
        asked = {"method": method, "json": body, "headers": factories.key()}
        refused(seller.client.open(f"/api/v1/acts/{act}{path}", **asked), 409, "acts.moved_meanwhile")
    assert seller.get(f"/acts/{act}").json == before


def test_more_refusals_than_one_question_to_the_database_holds(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    strange = [{"code": str(at), "reason": "missing"} for at in range(66_000)]
    body = {"mode": "full", "rejected": strange}
    refused(buyer.post(f"/acts/{act}/decision/document", body), 422, "acts.decision_invalid")


def test_goods_go_to_a_place_of_ones_own(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    for strange in (place(seller), "0" * 26):
        body = {"mode": "trust", "place_id": strange}
        refused(buyer.post(f"/acts/{act}/decision/document", body), 404, "organisations.place_unknown")
    own = {"mode": "trust", "place_id": place(buyer)}
    assert buyer.post(f"/acts/{act}/decision/document", own).status_code == 200


def test_a_draft_names_places_of_its_own_parties(seller: Party, buyer: Party) -> None:
    ours, theirs = place(seller), place(buyer)
    wrong = ("sender_place_id", theirs), ("receiver_place_id", ours), ("sender_place_id", "0" * 26)
    for field, strange in wrong:
        answer = seller.post("/acts", {"receiver_tax": buyer.bin, field: strange})
        refused(answer, 422, "acts.receiver_invalid")
        assert answer.json["error"]["fields"] == [{"field": field, "code": "unknown"}]
    both = {"sender_place_id": ours, "receiver_place_id": theirs}
    assert seller.post("/acts", {"receiver_tax": buyer.bin} | both).status_code == 201


def test_a_sandbox_moves_its_goods_between_its_own_places(app: Flask, seller: Party) -> None:
    """Its number is no tax number; the program that tries it out may write it or leave it out."""
    trial = trading.party(app, "T00000000001", factories.iin())
    codes, there = factories.codes(trial.id, 1), place(trial)

    def mark() -> None:
        db.session.get_one(Organisation, trial.id).sandbox_of = seller.id

    unit_of_work(mark)
    for written in ({}, {"receiver_tax": trial.bin}):
        made = trial.post("/acts", {"kind": "internal", "receiver_place_id": there} | written)
        assert made.status_code == 201, made.text
        assert made.json["receiver"]["tax_number"] == trial.bin
    put = trial.post(f"/acts/{made.json['id']}/units", {"codes": texts(codes)})
    assert put.json["units"] == 1, put.text


def test_only_who_took_the_goods_names_the_act_that_brought_them(app: Flask, seller: Party, buyer: Party) -> None:
    """And names it to nobody but the supplier, whatever the new act is called."""
    stranger = trading.party(app, NEW_BIN, factories.iin())
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    decide(buyer, act)
    for kind in ("return", "sale"):
        for by, to in ((stranger, seller), (buyer, stranger), (seller, buyer)):
            given = {"kind": kind, "receiver_tax": to.bin, "original_id": act}
            refused(by.post("/acts", given), 422, "acts.original_invalid")
    for named in ({}, {"original_id": "0" * 26}):
        given = {"kind": "return", "receiver_tax": seller.bin} | named
        refused(buyer.post("/acts", given), 422, "acts.original_invalid")


def test_boxes_are_refused_one_by_one_with_the_reason(seller: Party, buyer: Party) -> None:
    """Of another's box no more is told than of one that never was."""
    theirs = trading.box(buyer.id, factories.codes(buyer.id, 1))
    opened, inner = (trading.box(seller.id, factories.codes(seller.id, 1)) for _ in range(2))
    outer = trading.box(seller.id, [], (inner,))
    unit_of_work(lambda: packages.open_(opened, owner_id=seller.id, actor=None))
    act = seller.post("/acts", {}).json["id"]

    def put(*boxes: str) -> list[tuple[str, str | None, str | None]]:
        found = seller.post(f"/acts/{act}/units", {"codes": [f"00{one}" for one in boxes]}).json["results"]
        return [(one["status"], one["reason"], one["package"]) for one in found]

    unknown = gs1.sscc("487000000", 999_999)
    assert put(theirs, unknown, opened, inner) == [
        ("refused", "unknown", None),
        ("refused", "unknown", None),
        ("refused", "opened", None),
        ("refused", "packed", outer),
    ]
    assert put(inner, outer) == [("already", None, None), ("added", None, None)]
    assert put(inner, outer) == [("already", None, None)] * 2
    assert seller.get(f"/acts/{act}").json["packages"] == [outer]


def test_what_lies_deep_in_a_box_goes_along_with_it(seller: Party) -> None:
    codes = factories.codes(seller.id, 1)
    inner = trading.box(seller.id, codes)
    pallet = trading.box(seller.id, [], (trading.box(seller.id, [], (inner,)),))
    act = seller.post("/acts", {}).json["id"]
    seller.post(f"/acts/{act}/units", {"codes": [f"00{pallet}"]})
    for text in (*texts(codes), f"00{inner}"):
        again = seller.post(f"/acts/{act}/units", {"codes": [text]}).json
        assert ([one["status"] for one in again["results"]], again["units"]) == (["already"], 1)


def test_no_act_is_larger_than_the_largest(seller: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = factories.codes(seller.id, 3)
    act = seller.post("/acts", {}).json["id"]
    monkeypatch.setattr(drafts, "LARGEST_ACT", 2)
    assert refused(seller.post(f"/acts/{act}/units", {"codes": texts(codes)}), 422, "acts.too_large") == {"limit": 2}
    assert seller.post(f"/acts/{act}/units", {"codes": texts(codes[:2])}).json["units"] == 2


def test_another_kind_makes_another_buyer(seller: Party, buyer: Party) -> None:
    """A move within the organisation is no sale in accounting (S4-67): it never ends at another's."""
    sale = seller.post("/acts", {"receiver_tax": buyer.bin}).json
    asked = {"version": sale["version"], "kind": "internal"}
    put = {"json": asked, "headers": factories.key()}
    refused(seller.client.put(f"/api/v1/acts/{sale['id']}", **put), 422, "acts.receiver_invalid")
    move = seller.post("/acts", {"kind": "internal"}).json
    put = {"json": {"version": move["version"], "kind": "sale"}, "headers": factories.key()}
    refused(seller.client.put(f"/api/v1/acts/{move['id']}", **put), 422, "acts.receiver_invalid")


def test_news_since_an_instant_that_is_one(seller: Party) -> None:
    for since in ("2026-11-22T00:00:00", "0001-01-01T00:00:00%2B12:00", "9999-12-31T23:59:59-12:00", "1e300"):
        refused(seller.get(f"/meetings/news?since={since}"), 422, "request.invalid")
