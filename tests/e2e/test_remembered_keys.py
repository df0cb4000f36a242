"""A key that the device was asked to remember opens with its PIN, and is gone when the device's keys are erased."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Browse, World
from tests.e2e.people import (
    choose_way,
    demo_key,
    no_complaints,
    open_file,
    press,
    said,
    sheet,
    tiles,
    words_of,
)
from tests.e2e.test_screens import sound

pytestmark = pytest.mark.e2e

PIN = "704152"


def kept_key(page: Page) -> Locator:
    """The remembered key, wherever the sheet offers it."""
    return sheet(page).get_by_text("СЕЙІТОВ")


def test_a_remembered_key_opens_with_its_pin_until_it_is_erased(browse: Browse, world: World) -> None:
    key = demo_key(world, "importer-shoes", "СЕЙІТОВ ДАНИЯР")
    page = browse("/login")
    press(page, "registration.login_sign")
    choose_way(page, "p12")
    open_file(page, key)
    sheet(page).get_by_label(said("sign.remember")).check()
    sheet(page).get_by_label(said("sign.pin_new")).fill(PIN)
    press(sheet(page), "sign.sign")
    expect(tiles(page)).to_be_visible()

    page.goto(world.address + "/login")
    page.reload()
    press(page, "registration.login_sign")
    expect(sheet(page).get_by_label(said("sign.who"))).to_contain_text(key.shown)
    pin = sheet(page).get_by_label(said("sign.pin"))
    expect(pin).to_be_focused()
    pin.fill("000000")
    press(sheet(page), "sign.sign")
    expect(sheet(page).get_by_role("alert")).to_contain_text("4")
    pin.fill(PIN)
    press(sheet(page), "sign.sign")
    expect(tiles(page)).to_be_visible()

    page.goto(world.address + "/help")
    expect(page.get_by_role("button", name=said("sign.erase_keys"))).to_be_visible()
    sound(page, "help")
    press(page, "sign.erase_keys")
    expect(page.get_by_text(words_of("sign.keys_erased"))).to_be_visible()
    page.goto(world.address + "/login")
    press(page, "registration.login_sign")
    expect(sheet(page).get_by_role("button").filter(has=page.get_by_text(said("sign.way.p12")))).to_be_visible()
    expect(kept_key(page)).to_have_count(0)
    no_complaints(page)


def test_a_device_that_keeps_no_key_speaks_of_none(browse: Browse) -> None:
    page = browse("/help")
    expect(page.get_by_role("button", name=said("help.trust_renew"))).to_be_visible()
    expect(page.get_by_role("button", name=said("sign.erase_keys"))).to_have_count(0)
    asked = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert not [name for name in asked if "participant" in name or "remembered" in name]
