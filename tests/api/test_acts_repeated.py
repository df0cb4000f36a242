"""One tap more: sending again what came back, returning what was accepted, moving to another place. Both engines."""

from typing import Any

from backend.codes import ledger, packages
from backend.codes.rules import Event
from backend.core.api import unit_of_work
from tests import factories, trading
from tests.trading import Party, decide, owners, refused, send, sent, texts


def listed(party: Party, act: str) -> set[str]:
    return {one["code"] for one in party.get(f"/acts/{act}/units?limit=100").json["units"]}


def made(answer: Any, left_out: int = 0) -> dict[str, Any]:
    assert (answer.status_code, answer.json["left_out"]) == (201, left_out), answer.text
    return answer.json["act"]


def test_a_rejected_act_is_sent_again_with_everything(seller: Party, buyer: Party) -> None:
    loose, packed = factories.codes(seller.id, 2), factories.codes(seller.id, 3)
    inner = trading.box(seller.id, packed)
    pallet = trading.box(seller.id, [], (inner,))
    terms = {"contract": {"number": "7", "date": "2026-11-01"}}
    gtin = factories.one(loose[0]).gtin
    act = sent(seller, buyer, [*texts(loose), f"00{pallet}"], prices={gtin: 500}, terms=terms)
    refused(seller.post(f"/acts/{act}/again"), 409, "acts.moved_meanwhile")
    decide(buyer, act, all_rejected=True)
    new = made(seller.post(f"/acts/{act}/again"))
    assert (new["state"], new["units"], new["packages"], new["resent_from"]) == ("draft", 5, [pallet], act)
    assert new["receiver"]["tax_number"] == buyer.bin
    assert (new["terms"]["contract"]["number"], new["lines"][0]["price"]) == ("7", 500)
    assert new["number"] != seller.get(f"/acts/{act}").json["number"]
    assert listed(seller, new["id"]) == set(texts(loose + packed))
    assert send(seller, new["id"]).json["state"] == "sent"
    assert decide(buyer, new["id"]).json["state"] == "accepted"


def test_what_is_gone_stays_out(seller: Party, buyer: Party) -> None:
    """Sold, blocked, in another act, or packed with what is not in the act."""
    codes, packed = factories.codes(seller.id, 4), factories.codes(seller.id, 2)
    first = trading.box(seller.id, packed)
    act = sent(seller, buyer, [*texts(codes), f"00{first}"])
    seller.post(f"/acts/{act}/cancel", {})
    unit_of_work(lambda: ledger.move(Event.SELL, codes[:1], actor=None, owner_id=seller.id, reason="RETAIL"))
    unit_of_work(lambda: ledger.move(Event.BLOCK, codes[1:2], actor=None, reason="AUTHORITY"))
    sent(seller, buyer, texts(codes[2:3]))
    unit_of_work(lambda: packages.open_(first, actor=None, owner_id=seller.id))
    trading.box(seller.id, [packed[0], *factories.codes(seller.id, 1)])
    new = made(seller.post(f"/acts/{act}/again"), left_out=4)
    assert listed(seller, new["id"]) == set(texts([codes[3], packed[1]]))
    assert send(seller, new["id"]).json["state"] == "sent"


def test_goods_of_others_do_not_come_back(seller: Party, buyer: Party) -> None:
    """Sold on, loose and in a box: whose they are now is nobody's business, and a closed shop is not named again."""
    codes, packed = factories.codes(seller.id, 2), factories.codes(seller.id, 1)
    box = trading.box(seller.id, packed)
    named = {"names": dict.fromkeys(("kk", "ru", "en"), "Дүкен"), "address": {"locality": "Алматы", "line": "1"}}
    shop = [seller.post("/places", named | {"kind": "shop"}).json["places"][-1]["id"] for _ in range(2)][1]
    act = sent(seller, buyer, [*texts(codes), f"00{box}"], sender_place_id=shop)
    seller.post(f"/acts/{act}/cancel", {})
    decide(buyer, sent(seller, buyer, [*texts(codes[1:]), f"00{box}"]))
    new = made(seller.post(f"/acts/{act}/again"), left_out=2)
    assert (listed(seller, new["id"]), new["packages"], new["sender_place_id"]) == (set(texts(codes[:1])), [], shop)
    blocked = seller.post(f"/places/{shop}/block")
    assert blocked.status_code == 200, blocked.text
    assert made(seller.post(f"/acts/{act}/again"), left_out=2)["sender_place_id"] is None


def test_of_an_act_accepted_in_part_only_what_was_rejected(seller: Party, buyer: Party) -> None:
    whole, codes = factories.codes(seller.id, 2), factories.codes(seller.id, 2)
    box = trading.box(seller.id, whole)
    act = sent(seller, buyer, [*texts(codes), f"00{box}"])
    rejected = [{"code": code, "reason": "damaged"} for code in [*texts(codes[:1]), *texts(whole)]]
    decide(buyer, act, mode="full", rejected=rejected)
    another = factories.codes(seller.id, 2)
    strange = [{"code": texts(another)[0], "reason": "damaged"}]
    decide(buyer, sent(seller, buyer, texts(another)), mode="full", rejected=strange)
    new = made(seller.post(f"/acts/{act}/again"))
    assert (new["packages"], listed(seller, new["id"])) == ([box], set(texts([codes[0], *whole])))


def test_nothing_left_makes_no_draft(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 1)
    act = sent(seller, buyer, texts(codes))
    seller.post(f"/acts/{act}/cancel", {})
    sent(seller, buyer, texts(codes))
    before = len(seller.get("/acts?box=out").json["acts"])
    refused(seller.post(f"/acts/{act}/again"), 409, "acts.nothing_left")
    assert len(seller.get("/acts?box=out").json["acts"]) == before


def test_only_the_sender_sends_again_and_only_the_buyer_returns(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    refused(buyer.post(f"/acts/{act}/return"), 409, "acts.moved_meanwhile")
    decide(buyer, act)
    refused(buyer.post(f"/acts/{act}/again"), 403, "acts.not_your_side")
    refused(seller.post(f"/acts/{act}/again"), 409, "acts.moved_meanwhile")
    refused(seller.post(f"/acts/{act}/return"), 403, "acts.not_your_side")


def test_what_was_accepted_is_returned(seller: Party, buyer: Party) -> None:
    kept, sold = factories.codes(seller.id, 2), factories.codes(seller.id, 1)
    box = trading.box(seller.id, kept)
    gtin = factories.one(sold[0]).gtin
    act = sent(seller, buyer, [f"00{box}", *texts(sold)], prices={gtin: 700})
    decide(buyer, act)
    unit_of_work(lambda: ledger.move(Event.SELL, sold, actor=None, owner_id=buyer.id, reason="RETAIL"))
    new = made(buyer.post(f"/acts/{act}/return"), left_out=1)
    assert (new["kind"], new["original_id"], new["packages"]) == ("return", act, [box])
    assert new["receiver"]["tax_number"] == seller.bin
    send(buyer, new["id"])
    assert decide(seller, new["id"]).json["state"] == "accepted"
    assert owners(kept) == [seller.id] * 2


def test_a_return_holds_only_what_came_by_the_act(seller: Party, buyer: Party) -> None:
    codes, others = factories.codes(seller.id, 1), factories.codes(buyer.id, 1)
    act = sent(seller, buyer, texts(codes))
    decide(buyer, act)
    new = made(buyer.post(f"/acts/{act}/return"))["id"]
    buyer.post(f"/acts/{new}/units", {"codes": texts(others)})
    answer = buyer.get(f"/acts/{new}/document")
    assert refused(answer, 422, "acts.original_invalid") == {"count": 1}
    assert answer.json["error"]["fields"] == [{"field": "units", "code": "not_of_original"}]


def test_an_internal_move_goes_somewhere_else(seller: Party) -> None:
    place = {"names": {"kk": "Дүкен", "ru": "Магазин", "en": "Shop"}, "address": {"locality": "Алматы", "line": "1"}}
    first = seller.post("/places", place | {"kind": "shop"}).json["places"][0]["id"]
    act = seller.post("/acts", {"kind": "internal"}).json["id"]
    seller.post(f"/acts/{act}/units", {"codes": texts(factories.codes(seller.id, 1))})
    for version, places in enumerate(({}, {"sender_place_id": first, "receiver_place_id": first}), 2):
        seller.client.put(f"/api/v1/acts/{act}", json={"version": version} | places, headers=factories.key())
        answer = seller.get(f"/acts/{act}/document")
        refused(answer, 422, "acts.receiver_invalid")
        assert answer.json["error"]["fields"] == [{"field": "receiver_place_id", "code": "place"}]
    seller.client.put(f"/api/v1/acts/{act}", json={"version": 4, "sender_place_id": None}, headers=factories.key())
    assert send(seller, act).json["state"] == "sent"
