"""What acts do not take: text that cannot be kept, days and sums that cannot be, lists of none or of too many, and
places of others. Always an answer that names the field, never a fault. Both engines."""

from typing import Any

from backend.acts.rules import LARGEST_ACT, LARGEST_PRICE
from backend.core.sandbox import prices
from tests import factories
from tests.trading import Party, refused, sent, texts

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
