"""The public check of papers: open to everybody, in three languages and two themes, on a small screen."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Browse, World
from tests.e2e.test_screens import LOCALES, SMALL, sound

pytestmark = pytest.mark.e2e

UNKNOWN = "/a/01M818HTBDVHGDWFXPNADDSHHD" + "0" * 32


@pytest.mark.parametrize(("language", "theme"), [("kk", "light"), ("ru", "dark"), ("en", "light")])
def test_a_file_and_a_link_that_are_not_ours(browse: Browse, world: World, language: str, theme: str) -> None:
    page = browse("/a", size=SMALL, locale=LOCALES[language], color_scheme=theme)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_focused()
    sound(page, "no file yet")
    page.locator("input[type=file]").set_input_files([{"name": "act.zip", "mimeType": "", "buffer": b"not a package"}])
    expect(page.get_by_role("alert")).to_be_visible()
    sound(page, "refused")
    three = [{"name": f"{name}.json", "mimeType": "", "buffer": b"{}"} for name in "abc"]
    page.locator("input[type=file]").set_input_files(three)
    expect(page.get_by_role("alert")).to_have_count(0)
    sound(page, "too many")
    page.goto(world.address + UNKNOWN)
    expect(page.locator("[data-look=stop]")).to_be_visible()
    sound(page, "unknown")
