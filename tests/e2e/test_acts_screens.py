"""Every screen of acts, in three languages and two themes, at 320 px: no axe violation (WCAG 2.2 AA), no complaint of
the console, no third-party request, nothing wider than the screen."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Browse, World
from tests.e2e.people import ANDROID, press, said, sheet, tiles
from tests.e2e.test_participant_screens import done, look, opened
from tests.e2e.trading import (
    BUYER,
    PARTIES,
    SELLER,
    Desk,
    box,
    counted,
    keeps_key,
    key_of,
    loose,
    sent,
)

pytestmark = pytest.mark.e2e

LANGUAGES = ["kk", "ru", "en"]
LONG = (
    "Абайлаңыз, сынғыш тауар: жүк түсіргенде қораптарды төңкермеңіз. https://example.kz/kozhuhovskaya/nakladnaya/2026"
)
PAPERS = {
    "comment": LONG,
    "contract": {"number": "ДОГОВОР-ПОСТАВКИ-2026/11-000123456789", "date": "2026-11-01"},
    "invoice": {"number": "ESF-870401300025-20261122-ABCDEFGH", "date": None},
}


@dataclass
class Market:
    """Acts in the states that have looks of their own, by their paths; and the codes of one that is being received."""

    draft: str
    waiting: str
    units: list[str]
    foreign: str
    partly: str
    asked: str


@pytest.fixture(scope="module")
def market(world: World) -> Market:
    seller, buyer = Desk(world, SELLER), Desk(world, BUYER)
    packed, _ = box(world, 3)
    *goods, foreign = loose(world, 8)
    partly = sent(world, goods[:3], terms=PAPERS)
    rejected = [{"code": goods[0].split("\x1d", 1)[0], "reason": "other", "words": LONG[:100]}]
    buyer.decide(partly, rejected=rejected, extra=[foreign.split("\x1d", 1)[0]])
    asked = sent(world, goods[3:4])
    buyer.post(f"{asked.removeprefix('/acts')}/clarify", {"text": LONG})
    units = goods[4:7]
    waiting = sent(world, [*units, packed], terms=PAPERS)
    draft = seller.draft(loose(world, 3)[1:], receiver_tax=PARTIES[BUYER].bin, terms=PAPERS)
    seller.post(f"{draft.removeprefix('/acts')}/units", {"codes": [foreign.split("\x1d", 1)[0][:-1] + "_"]})
    return Market(draft, waiting, units, foreign, partly, asked)


def phone(browse: Browse, world: World, owner: str, language: str) -> Page:
    """Its head's key is remembered, so that the sheet is seen as on every day but the first."""
    page = opened(browse, "/login", language, **ANDROID)
    keeps_key(page, key_of(world, owner), language)
    expect(tiles(page, language)).to_be_visible()
    return page


def typed(page: Page, text: str, language: str) -> None:
    """A code that the camera does not read."""
    press(page, "scanner.type", language)
    sheet(page).get_by_role("textbox").fill(text.split("\x1d", 1)[0])
    page.keyboard.press("Enter")
    expect(sheet(page)).to_have_count(0)


def uncovered(button: Locator) -> bool:
    """Whether a finger that aims at its middle meets it, with the page as it opened."""
    return button.evaluate(
        """(button) => {
            const { left, top, width, height } = button.getBoundingClientRect();
            return button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        }"""
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_receiving(browse: Browse, world: World, market: Market, language: str) -> None:
    page = phone(browse, world, BUYER, language)
    page.goto(world.address + "/acts")
    expect(page.locator(f"a[href='{market.waiting}']")).to_be_visible()
    look(page, "incoming", language)
    page.locator(f"a[href='{market.waiting}']").click()
    expect(page.get_by_role("button", name=said("acts.scan", language))).to_be_enabled()
    look(page, "to receive", language)
    press(page, "acts.accept_all", language)
    expect(sheet(page).get_by_label(said("sign.pin", language))).to_be_focused()
    look(page, "PIN of a remembered key", language)
    page.keyboard.press("Escape")
    press(page, "acts.scan", language)
    for text in (*market.units[:2], market.foreign):
        typed(page, text, language)
    counted(page, language, missing=4, found=2, extra=1)
    look(page, "half done", language)
    press(page, "acts.stop_scanning", language)
    page.get_by_role("listitem").get_by_role("button").filter(visible=True).first.click()
    expect(sheet(page)).to_be_visible()
    look(page, "line", language)
    page.keyboard.press("Escape")
    press(page, "acts.to_decision", language)
    expect(sheet(page)).to_be_visible()
    look(page, "decision", language)
    page.keyboard.press("Escape")
    press(page, "acts.reject_all", language)
    expect(sheet(page)).to_be_visible()
    look(page, "rejecting", language)
    page.goto(world.address + market.partly)
    expect(page.get_by_role("heading", name=said("acts.discrepancy", language))).to_be_visible()
    for part in page.locator("details").filter(visible=True).all():
        part.locator("summary").first.click()
    look(page, "taken in part", language)
    press(page, "acts.verb_annul_ask", language)
    expect(sheet(page)).to_be_visible()
    look(page, "annulment", language)
    done(page, world)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sending(browse: Browse, world: World, market: Market, language: str) -> None:
    page = phone(browse, world, SELLER, language)
    page.goto(world.address + "/acts")
    page.get_by_text(said("acts.outgoing", language)).click()
    expect(page.locator(f"a[href='{market.draft}']")).to_be_visible()
    look(page, "outgoing", language)
    page.locator(f"a[href='{market.draft}']").click()
    buyer = page.get_by_label(said("acts.buyer_tax", language))
    expect(buyer).to_be_visible()
    # What this device looked up was typed by nobody: it waits not to be saved over a colleague's work.
    expect(buyer).not_to_have_accessible_description(said("acts.buyer_tax_text", language))
    expect(page.get_by_role("button", name=said("acts.save_draft", language))).to_have_count(0)
    for part in page.locator("details").filter(visible=True).all():
        part.locator("summary").first.click()
    look(page, "draft", language)
    press(page, "acts.scan", language)
    typed(page, market.foreign, language)
    look(page, "draft, scanning", language)
    page.goto(world.address + "/acts/new")
    look(page, "new", language)
    for verb in ("acts.stop_scanning", "acts.sign_and_send"):
        expect(page.get_by_role("button", name=said(verb, language))).to_be_in_viewport(ratio=1)
        assert uncovered(page.get_by_role("button", name=said(verb, language))), verb
    page.goto(world.address + market.asked)
    press(page, "acts.verb_answer", language)
    expect(sheet(page)).to_be_visible()
    look(page, "answer", language)
    page.keyboard.press("Escape")
    press(page, "acts.verb_cancel", language)
    expect(sheet(page)).to_be_visible()
    look(page, "cancelling", language)
    done(page, world)
