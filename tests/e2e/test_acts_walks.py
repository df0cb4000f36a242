"""Goods change hands between two phones: a seller and a buyer, each with a camera of their own, sign and see it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Browse, World
from tests.e2e.people import follow, no_complaints, press, said, sheet, words_of
from tests.e2e.trading import (
    BUYER,
    PARTIES,
    SELLER,
    box,
    counted,
    film,
    loose,
    owners,
    phone,
    seen,
    sent,
    sign,
    stands,
    tell,
)

pytestmark = pytest.mark.e2e


def test_a_box_is_sent_and_taken_on_trust(browse: Browse, world: World, tmp_path: Path) -> None:
    label, units = box(world, 4)
    seller = phone(browse, world, SELLER, film=film(tmp_path / "box.mjpeg", [label]))
    press(seller, "acts.new", role="link")
    expect(seen(seller, "acts.units", count=4)).to_be_visible()
    seller.get_by_label(said("acts.buyer_tax")).fill(PARTIES[BUYER].bin)
    press(seller, "acts.sign_and_send")
    sign(seller, world, SELLER)
    stands(seller, "sent")
    assert owners(world, units) == [SELLER] * 4, "goods on their way are still the seller's"
    tell(world)

    buyer = phone(browse, world, BUYER, "/inbox")
    follow(buyer, "notifications.kind.act_received")
    expect(buyer).to_have_url(seller.url)
    press(buyer, "acts.accept_all")
    sign(buyer, world, BUYER)
    stands(buyer, "accepted")
    assert owners(world, units) == [BUYER] * 4
    seller.reload()
    stands(seller, "accepted")
    no_complaints(seller)
    no_complaints(buyer)


def test_what_was_found_is_taken_and_the_rest_goes_back(browse: Browse, world: World, tmp_path: Path) -> None:
    """Six units in the act; four lie before the buyer, two do not, and one lies there that nobody sent."""
    *units, foreign = loose(world, 7)
    there, absent = units[:4], units[4:]
    act = sent(world, units)
    buyer = phone(browse, world, BUYER, act, film=film(tmp_path / "units.mjpeg", there, [foreign]))
    press(buyer, "acts.scan")
    counted(buyer, missing=2, found=4, extra=1)
    press(buyer, "acts.to_decision")
    press(sheet(buyer), "acts.accept_reject")
    sign(buyer, world, BUYER)
    stands(buyer, "partly_accepted")

    assert owners(world, there) == [BUYER] * 4
    assert owners(world, [*absent, foreign]) == [SELLER] * 3
    sent(world, absent)  # what came back may be sent again at once
    seller = phone(browse, world, SELLER, act)
    for side in (buyer, seller):
        stands(side, "partly_accepted")
        expect(seen(side, "acts.outcome", accepted=4, rejected=2)).to_be_visible()
        discrepancy(side, "acts.reason_missing", absent)
        discrepancy(side, "acts.extra", [foreign])
    no_complaints(seller)
    no_complaints(buyer)


def discrepancy(page: Page, why: str, texts: list[str]) -> None:
    """The notice names these units under this reason."""
    expect(page.get_by_role("heading", name=said("acts.discrepancy"))).to_be_visible()
    part = page.get_by_role("group").filter(has_text=words_of(why))
    part.locator("summary").click()
    for text in texts:
        expect(part.get_by_text(text.split("\x1d", 1)[0])).to_be_visible()


def test_a_buyer_takes_nothing_and_says_why(browse: Browse, world: World) -> None:
    """With a GOST key, as the national authority issues them."""
    units = loose(world, 2)
    act = sent(world, units, "shop-astana")
    buyer = phone(browse, world, "shop-astana")
    buyer.get_by_role("link").filter(has_text=PARTIES[SELLER].ru).first.click()
    # All may be refused before it is known what all is; then no unit is named.
    expect(buyer.get_by_role("button", name=said("acts.scan"))).to_be_enabled()
    press(buyer, "acts.reject_all")
    sheet(buyer).get_by_label(said("acts.reason_damaged")).check()
    press(sheet(buyer), "acts.reject_sign")
    sign(buyer, world, "shop-astana")
    stands(buyer, "rejected")
    assert owners(world, units) == [SELLER] * 2
    seller = phone(browse, world, SELLER, act)
    stands(seller, "rejected")
    discrepancy(seller, "acts.reason_damaged", units)
    expect(seller.get_by_role("button", name=said("acts.verb_resend"))).to_be_visible()
    no_complaints(buyer)
    no_complaints(seller)


def test_whoever_comes_second_is_told_what_happened_and_what_to_do(browse: Browse, world: World) -> None:
    """The buyer signs an act that the seller has just taken back; the seller takes back one that was just accepted."""
    taken_back, accepted = loose(world, 2)
    first, second = sent(world, [taken_back]), sent(world, [accepted])
    buyer, seller = phone(browse, world, BUYER, first), phone(browse, world, SELLER, first)
    press(buyer, "acts.accept_all")
    expect(sheet(buyer)).to_be_visible()
    cancel(seller)
    stands(seller, "cancelled")
    sign(buyer, world, BUYER)
    told(buyer, "acts.moved_cancelled")
    stands(buyer, "cancelled")
    assert owners(world, [taken_back]) == [SELLER]

    seller.goto(world.address + second)
    press(seller, "acts.verb_cancel")
    expect(sheet(seller)).to_be_visible()
    buyer.goto(world.address + second)
    press(buyer, "acts.accept_all")
    sign(buyer, world, BUYER)
    stands(buyer, "accepted")
    press(sheet(seller), "acts.verb_cancel")
    told(seller, "acts.moved_accepted")
    stands(seller, "accepted")
    expect(seller.get_by_role("button", name=said("acts.verb_annul_ask"))).to_be_visible()
    assert owners(world, [accepted]) == [BUYER]
    no_complaints(buyer)
    no_complaints(seller)


def cancel(page: Page) -> None:
    press(page, "acts.verb_cancel")
    press(sheet(page), "acts.verb_cancel")


def told(page: Page, key: str) -> None:
    """Who was first, and what can be done now, stands until it is read."""
    expect(page.get_by_text(words_of(key))).to_be_visible()
    press(page, "acts.decide_anew")
    expect(page.get_by_role("button", name=said("acts.decide_anew"))).to_have_count(0)
