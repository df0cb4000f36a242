"""Goods change hands between two phones: a seller and a buyer, each with a camera of their own, sign and see it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Browse, World
from tests.e2e.people import ANDROID, come_in, follow, no_complaints, press, said, sheet
from tests.e2e.trading import (
    BUYER,
    PARTIES,
    SELLER,
    box,
    film,
    key_of,
    owners,
    seen,
    sign,
    stands,
    tell,
)

pytestmark = pytest.mark.e2e


@pytest.fixture
def phone(browse: Browse, world: World):
    """Opens a phone of this participant, signed in, on its list of acts."""

    def opened(owner: str, path: str = "/acts", **options: object) -> Page:
        page = browse(**ANDROID, **options)
        come_in(page, key_of(world, owner))
        page.goto(world.address + path)
        return page

    return opened


def begun(page: Page, units: int, buyer: str) -> None:
    """From the list to a draft with so many scanned units, addressed by BIN."""
    press(page, "acts.new", role="link")
    expect(seen(page, "acts.units", count=units)).to_be_visible()
    page.get_by_label(said("acts.buyer_tax")).fill(PARTIES[buyer].bin)


def sent(page: Page, world: World, units: int, buyer: str = BUYER) -> str:
    """A scanned act goes out; returns its address."""
    begun(page, units, buyer)
    press(page, "acts.sign_and_send")
    sign(page, key_of(world, SELLER))
    stands(page, "sent")
    return page.url


def test_a_box_is_sent_and_taken_on_trust(phone, world: World, tmp_path: Path) -> None:
    label, units = box(world, 4)
    seller = phone(SELLER, film=film(tmp_path / "box.mjpeg", [label]))
    act = sent(seller, world, 4)
    tell(world)

    buyer = phone(BUYER, "/inbox")
    follow(buyer, "notifications.kind.act_received")
    expect(buyer).to_have_url(act)
    press(buyer, "acts.accept_all")
    sign(buyer, key_of(world, BUYER))
    stands(buyer, "accepted")
    assert owners(world, units) == [BUYER] * 4
    seller.reload()
    stands(seller, "accepted")
    no_complaints(seller)
    no_complaints(buyer)
