"""The handshake of two phones: the buyer's code, and the act that appears on the phone that shows it. Both engines."""

from datetime import timedelta

import pytest

from backend.codes import packages
from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.organisations.models import Organisation, OrganisationState
from tests import factories, trading
from tests.trading import Party, draft, refused, send, sent, texts


def shop(party: Party) -> str:
    given = {
        "kind": "shop",
        "names": {"kk": "Дүкен", "ru": "Магазин", "en": "Shop"},
        "address": {"region": "75", "locality": "Алматы", "line": "Абай 1", "postcode": "050000"},
    }
    made = party.post("/places", given)
    assert made.status_code == 201, made.text
    return made.json["places"][0]["id"] if "places" in made.json else made.json["id"]


def test_the_seller_learns_from_the_buyers_code_who_and_where(seller: Party, buyer: Party) -> None:
    place = shop(buyer)
    mine = buyer.get(f"/meetings/mine?place_id={place}").json
    assert mine["code"]["text"].endswith(f"/meet/{mine['token']}")
    assert mine["standing"]["text"].endswith(f"/meet/{buyer.bin}")
    assert {len(row) for row in mine["code"]["qr"]} == {len(mine["code"]["qr"])}
    met = seller.post("/meetings/read", {"token": mine["token"]}).json
    assert (met["tax_number"], met["place"]["id"], met["place"]["names"]["en"]) == (buyer.bin, place, "Shop")
    bare = buyer.get("/meetings/mine").json["token"]
    assert seller.post("/meetings/read", {"token": bare}).json["place"] is None
    refused(seller.get(f"/meetings/mine?place_id={place}"), 404, "organisations.place_unknown")


def test_a_code_ends_and_cannot_be_made_up(seller: Party, buyer: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    token = buyer.get("/meetings/mine").json["token"]
    number, place, until, seal = token.split("-")
    assert number == buyer.bin, "known without network"
    later = f"{int(until, 16) + 3600:08x}"
    forged = [
        f"{seller.bin}-{place}-{until}-{seal}",
        f"{number}-{place}-{later}-{seal}",
        f"{number}-{seller.id}-{until}-{seal}",
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        "nobody",
    ]
    for one in forged:
        refused(seller.post("/meetings/read", {"token": one}), 422, "acts.meeting_invalid")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=9))
    assert seller.post("/meetings/read", {"token": token}).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=11))
    refused(seller.post("/meetings/read", {"token": token}), 422, "acts.meeting_over")


def test_a_blocked_buyer_meets_nobody(seller: Party, buyer: Party) -> None:
    token = buyer.get("/meetings/mine").json["token"]

    def block() -> None:
        db.session.get_one(Organisation, buyer.id).state = OrganisationState.BLOCKED

    unit_of_work(block)
    refused(seller.post("/meetings/read", {"token": token}), 422, "acts.meeting_invalid")


def test_the_act_appears_on_the_phone_that_waits_for_it(seller: Party, buyer: Party) -> None:
    codes = factories.codes(seller.id, 3)
    old = sent(seller, buyer, texts(codes[:1]))
    began = buyer.get("/meetings/news").json
    assert began["acts"] == [], "what came before is in the list"
    act = draft(seller, buyer, texts(codes[1:2]))

    def news() -> list[str]:
        answer = buyer.get(f"/meetings/news?since={began['now']}")
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json["acts"]]

    assert news() == [], "a draft is its maker's alone"
    send(seller, act)
    assert news() == [act]
    assert old not in news()
    assert seller.get(f"/meetings/news?since={began['now']}").json["acts"] == [], "what one sent is no news"
    buyer.post(f"/acts/{act}/view")
    assert news() == [], "what was opened needs no tap"


def test_those_whom_acts_were_sent_to_are_offered_the_last_first(seller: Party, buyer: Party) -> None:
    assert seller.get("/counterparties").json == {"counterparties": []}
    codes = factories.codes(seller.id, 3)
    sent(seller, buyer, texts(codes[:1]))
    draft(seller, buyer, texts(codes[1:2]))
    listed = seller.get("/counterparties").json["counterparties"]
    assert [(one["tax_number"], one["names"]["ru"]) for one in listed] == [(buyer.bin, "ТОО «Дос»")]
    assert buyer.get("/counterparties").json["counterparties"] == []


def test_a_move_between_ones_own_places_is_no_meeting(seller: Party) -> None:
    since = seller.get("/meetings/news").json["now"]
    move = seller.post("/acts", {"kind": "internal", "receiver_place_id": shop(seller)}).json["id"]
    seller.post(f"/acts/{move}/units", {"codes": texts(factories.codes(seller.id, 1))})
    assert send(seller, move).json["state"] == "sent"
    assert seller.get(f"/meetings/news?since={since}").json["acts"] == []
    assert seller.get("/counterparties").json["counterparties"] == []


def test_the_register_says_who_stands_behind_a_number(seller: Party, buyer: Party) -> None:
    found = seller.get(f"/counterparties/{buyer.bin}").json
    assert (found["tax_number"], found["names"]["kk"]) == (buyer.bin, "«Дос» ЖШС")
    refused(seller.get("/counterparties/000000000000"), 404, "organisations.unknown")


def test_an_act_begins_with_what_is_ones_own(seller: Party, buyer: Party) -> None:
    unit, packed = factories.codes(seller.id, 1), factories.codes(seller.id, 2)
    sscc = trading.box(seller.id, packed)

    def own(party: Party, *asked: str) -> list[bool]:
        return party.client.post("/api/v1/acts/own-goods", json={"codes": asked}).json["own"]

    things = [*texts(unit), f"00{sscc}", texts(unit)[0] + "\x1d91T001", "4870001234560", "Ботинки"]
    assert own(seller, *things) == [True, True, True, False, False]
    assert own(buyer, *things) == [False] * 5
    unit_of_work(lambda: packages.open_(sscc, owner_id=seller.id, actor=None))
    assert own(seller, f"00{sscc}", *texts(packed)) == [False, True, True]
