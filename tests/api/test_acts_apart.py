"""What is done to one act, no other act of the same parties feels. Both engines."""

from backend.codes.rules import Flag
from tests import factories, trading
from tests.trading import Party, decide, draft, flags, owners, sent, texts


def shop(party: Party) -> str:
    named = {"names": dict.fromkeys(("kk", "ru", "en"), "Дүкен"), "address": {"locality": "Алматы", "line": "1"}}
    return party.post("/places", named | {"kind": "shop"}).json["places"][0]["id"]


def annulled(asking: Party, agreeing: Party, act: str) -> None:
    for party, path, text in ((asking, "annulment", {"text": "Қате"}), (agreeing, "annulment/agree", {})):
        signatures = party.sign(party.get(f"/acts/{act}/annulment"))
        answer = party.post(f"/acts/{act}/{path}", text | {"signatures": signatures})
        assert answer.status_code == 200, answer.text
    assert answer.json["state"] == "annulled"


def test_a_draft_is_changed_and_thrown_away_alone(seller: Party, buyer: Party) -> None:
    """Two drafts may name the same goods until one of them is sent."""
    codes, boxes = factories.codes(seller.id, 2), [trading.box(seller.id, factories.codes(seller.id, 2)) for _ in "ab"]
    goods = [*texts(codes), *(f"00{one}" for one in boxes)]
    first, second = draft(seller, buyer, goods), draft(seller, buyer, goods)
    paths = f"/acts/{second}", f"/acts/{second}/units?limit=100"
    before = [seller.get(one).json for one in paths]
    left = seller.post(f"/acts/{first}/units/remove", {"codes": [goods[0], goods[2]]}).json
    assert (left["units"], left["packages"]) == (3, boxes[1:])
    assert seller.client.delete(f"/api/v1/acts/{first}", headers=factories.key()).status_code == 200
    assert [seller.get(one).json for one in paths] == before
    assert trading.send(seller, second).json["units"] == 6


def test_annulment_gives_back_what_this_act_brought_and_nothing_else(seller: Party, buyer: Party) -> None:
    """What was not taken has gone its own way since; what came by another act stays where it is."""
    codes, others = factories.codes(seller.id, 3), factories.codes(seller.id, 2)
    ours, theirs = shop(seller), shop(buyer)
    act = sent(seller, buyer, texts(codes), sender_place_id=ours, receiver_place_id=theirs)
    decide(buyer, act, mode="full", rejected=[{"code": texts(codes)[0], "reason": "damaged"}])
    another = sent(seller, buyer, texts(others))
    decide(buyer, another, mode="full", rejected=[{"code": texts(others)[0], "reason": "damaged"}])
    sent(seller, buyer, texts(codes[:1]))
    annulled(seller, buyer, act)
    assert (owners(codes), owners(others)) == ([seller.id] * 3, [seller.id, buyer.id])
    assert seller.get(f"/acts/{another}").json["state"] == "partly_accepted"
    assert [factories.one(code).place_id for code in codes[1:]] == [ours] * 2
    assert (flags(codes[:1]), flags(codes[1:])) == ({Flag.IN_ACT}, {Flag(0)})


def test_goods_that_came_before_and_went_back_are_annulled_as_any(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 1)
    decide(buyer, sent(seller, buyer, texts(codes)))
    decide(seller, sent(buyer, seller, texts(codes)))
    act = sent(seller, buyer, texts(codes))
    decide(buyer, act)
    annulled(buyer, seller, act)
    assert owners(codes) == [seller.id]
