"""How many taps each way costs, counted by the walk itself.

A tap is every press of a finger on the screen from the list of acts to the end of the way: on rows, buttons, fields and
the sheet that signs. No taps are what a camera reads and the characters that are typed (a PIN, a BIN), but a field that
does not have the focus costs the tap that gives it. The phone remembers the key, as it does after the first day.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Browse, World
from tests.e2e.people import ANDROID, heading, no_complaints, said, sheet, tiles
from tests.e2e.trading import BUYER, PARTIES, PIN, SELLER, counted, film, keeps_key, key_of, loose, seen, sent, stands

pytestmark = pytest.mark.e2e

COUNT = """() => {
    window.taps = [];
    const what = ({ target }) => (target.closest("a, button, label, input") ?? target).textContent.trim().slice(0, 40);
    addEventListener("pointerdown", (event) => event.isTrusted && window.taps.push(what(event)), true);
}"""


def walker(browse: Browse, world: World, owner: str, **options: object) -> Page:
    """Stands before the list of acts with a remembered key; from here on taps are counted."""
    page = browse("/login", **ANDROID | options)
    keeps_key(page, key_of(world, owner))
    expect(tiles(page)).to_be_visible()
    page.goto(world.address + "/acts")
    heading(page, "acts.title")
    page.evaluate(COUNT)
    return page


def tap(page: Page | Locator, key: str, role: str = "button") -> None:
    page.get_by_role(role, name=said(key)).first.tap()


def write(field: Locator, text: str) -> None:
    """As a thumb does it: first the field, unless the screen has put the focus there."""
    expect(field).to_be_visible()
    if not field.evaluate("(field) => field === document.activeElement"):
        field.tap()
    field.page.keyboard.type(text)


def sign(page: Page) -> None:
    """The one remembered key is not asked for, its PIN is."""
    pin = sheet(page).get_by_label(said("sign.pin"))
    expect(pin).to_be_focused()
    write(pin, PIN)
    tap(sheet(page), "sign.sign")


def taps(page: Page) -> list[str]:
    return page.evaluate("window.taps")


def open_act(page: Page, act: str) -> None:
    page.locator(f"a[href='{act}']").tap()


def test_accepting_all_takes_three(browse: Browse, world: World) -> None:
    act = sent(world, loose(world, 3))
    page = walker(browse, world, BUYER)
    open_act(page, act)
    tap(page, "acts.accept_all")
    sign(page)
    stands(page, "accepted")
    assert len(taps(page)) == 3, taps(page)
    no_complaints(page)


def test_accepting_in_part_takes_five_at_most(browse: Browse, world: World, tmp_path: Path) -> None:
    units = loose(world, 4)
    act = sent(world, units)
    page = walker(browse, world, BUYER, film=film(tmp_path / "units.mjpeg", units[:2]))
    open_act(page, act)
    tap(page, "acts.scan")
    counted(page, missing=2, found=2)
    tap(page, "acts.to_decision")
    tap(sheet(page), "acts.accept_reject")
    sign(page)
    stands(page, "partly_accepted")
    assert len(taps(page)) <= 5, taps(page)
    no_complaints(page)


def test_a_new_act_takes_four_at_most(browse: Browse, world: World, tmp_path: Path) -> None:
    units = loose(world, 3)
    page = walker(browse, world, SELLER, film=film(tmp_path / "units.mjpeg", units))
    tap(page, "acts.new", role="link")
    expect(seen(page, "acts.units", count=3)).to_be_visible()
    write(page.get_by_label(said("acts.buyer_tax")), PARTIES[BUYER].bin)
    tap(page, "acts.sign_and_send")
    sign(page)
    stands(page, "sent")
    assert len(taps(page)) <= 4, taps(page)
    no_complaints(page)
