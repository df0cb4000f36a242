"""Every screen, in three languages and two themes, at 320 px: no axe violation (WCAG 2.2 AA), no complaint of the
console, no third-party request, nothing wider than the screen."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from backend.settings import ROOT
from tests.e2e.conftest import Browse, World

pytestmark = pytest.mark.e2e

AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALL = {"width": 320, "height": 640}
LOCALES = {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}
VERDICTS = ("in_circulation", "sold", "suspicious", "foreign", "not_a_mark", "unreadable")


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })"
        ".then((result) => result.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`))",
        TAGS,
    )
    return list(found)


def sound(page: Page, where: str) -> None:
    assert violations(page) == [], where
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{where}: wider than the screen by {wide} px"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_screen(browse: Browse, world: World, language: str, theme: str) -> None:
    page = browse(size=SMALL, locale=LOCALES[language], color_scheme=theme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator("[data-state]")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    sound(page, "scanner")
    page.locator("[role=group] button").nth(-2).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    sound(page, "typing")
    page.keyboard.press("Escape")
    for outcome in VERDICTS:
        picture = world.instance / "demo" / "codes" / f"{outcome}.png"
        page.locator("input[type=file]").first.set_input_files(str(picture))
        expect(page.locator(f"article[data-outcome={outcome}]")).to_be_visible()
        sound(page, outcome)
        page.keyboard.press("Enter")
        expect(page.locator("article[data-outcome]")).to_have_count(0)
    page.locator("nav a[href='/history']").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    sound(page, "history")
    page.locator("nav a[href='/help']").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    sound(page, "help")
    assert page.complaints == []
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("blob:", "data:"))}
    assert hosts == {f"localhost:{world.port}"}


def test_the_app_can_be_installed(browse: Browse, world: World) -> None:
    page = browse(locale="kk-KZ")
    page.locator("link[rel=manifest]").wait_for(state="attached")
    session = page.context.new_cdp_session(page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    declared = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((found) => found.json())")
    assert {declared["display"], declared["start_url"].split("?")[0], declared["lang"]} == {"standalone", "/", "kk"}
    purposes = {(icon["sizes"], icon.get("purpose", "any")) for icon in declared["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= purposes
    for icon in declared["icons"] + declared["screenshots"]:
        assert page.request.get(world.address + icon["src"]).status == 200, icon["src"]
    assert declared["share_target"]["method"] == "POST"
