"""A cellar without network: goods are received, decided upon and signed there, and the server hears of it once."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from backend.core.db import db
from backend.history.models import Fact
from backend.settings import ROOT
from tests.e2e.conftest import Browse, World
from tests.e2e.people import ANDROID, REFUSED, press, said, sheet, words_of
from tests.e2e.trading import BUYER, SELLER, counted, film, loose, owners, phone, sent, sign, stands

pytestmark = pytest.mark.e2e

# Written by the browser itself while there is no server.
AWAY = (*REFUSED, "ERR_CONNECTION_REFUSED", "Failed to fetch", "An unknown error occurred when fetching the script")


def test_accepted_without_network_is_delivered_once(browse: Browse, world: World, tmp_path: Path) -> None:
    units = loose(world, 3)
    act = sent(world, units)
    labels = film(tmp_path / "units.mjpeg", units)
    buyer = phone(browse, world, BUYER, act, film=labels, profile="buyer")
    expect(buyer.get_by_role("button", name=said("acts.scan"))).to_be_enabled()
    on_device(buyer)
    world.kill()

    buyer.reload()
    press(buyer, "acts.scan")
    counted(buyer, missing=0, found=3)
    press(buyer, "acts.to_decision")
    press(sheet(buyer), "acts.accept_count")
    sign(buyer, world, BUYER)
    expect(buyer.get_by_text(words_of("acts.queued_offline"))).to_be_visible()
    assert unheard(buyer) == []
    buyer.context.close()

    buyer = browse(act, film=labels, profile="buyer", **ANDROID)
    expect(buyer.get_by_text(words_of("acts.queued_offline"))).to_be_visible()
    assert owners(world, units) == [SELLER] * 3
    world.start()
    buyer.evaluate("dispatchEvent(new Event('online'))")
    stands(buyer, "accepted")
    buyer.reload()
    stands(buyer, "accepted")
    expect(buyer.get_by_text(words_of("acts.did_decide"))).to_have_count(0)
    assert owners(world, units) == [BUYER] * 3
    assert decided(world, act) == 1
    seller = phone(browse, world, SELLER, act)
    stands(seller, "accepted")
    expect(seller.get_by_text(said("acts.mode_full"))).to_be_visible()
    assert unheard(buyer) == []
    assert unheard(seller) == []


WHOLE = """async (files) => {
    for (;;) {
        const found = await Promise.all(files.map((file) => caches.match(file)));
        if (found.every(Boolean)) return true;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}"""


def on_device(page: Page) -> None:
    """The whole app, cabinet and signing included, is in the service worker's keeping."""
    build = (ROOT / "pwa" / "dist" / "sw.js").read_text(encoding="utf-8").split("const BUILD = ", 1)[1]
    listed, _ = json.JSONDecoder().raw_decode(build)
    page.evaluate(WHOLE, [one["url"] for one in listed["shell"] + listed["later"]])


def unheard(page: Page) -> list[str]:
    return [said for said in page.complaints if not any(words in said for words in AWAY)]


def decided(world: World, act: str) -> int:
    """How often the server has written down that this act was accepted."""
    with world.app.app_context():
        changes = list(db.session.scalars(select(Fact.after).where(Fact.subject_id == act.split("/")[2])))
        db.session.rollback()
    return sum(bool(after) and after.get("state") == "accepted" for after in changes)
