"""The main job of the product, as a person does it: our own printed label before a camera gets the right verdict."""

import re
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from backend.codes.rules import Event
from backend.demo.examples import flipped
from backend.labels.presets import preset
from backend.labels.render import render
from backend.labels.rules import LabelItem
from tests.e2e.conftest import Browse, World

pytestmark = pytest.mark.e2e


def printed(text: str) -> Image.Image:
    """A label of this code from our own PDF, rasterised as a 300 dpi printer would."""
    names = {"kk": "«Жайлау» ер адам бәтеңкесі", "ru": "Ботинки мужские «Жайлау»"}
    item = LabelItem(text, names, "42 · қара", text[18:31], 1_890_000)
    content = b"".join(render(preset("58x40"), [item], dpi=203, minimum_mm=20))
    document = pypdfium2.PdfDocument(content)
    try:
        return document[0].render(scale=300 / 72).to_pil().convert("L")
    finally:
        document.close()


def verdict(page: Page, outcome: str) -> None:
    expect(page.locator(f"article[data-outcome={outcome}]")).to_be_visible()


def look(page: Page) -> str | None:
    return page.locator("article[data-outcome]").get_attribute("data-look")


def next_scan(page: Page) -> None:
    page.keyboard.press("Enter")
    expect(page.locator("article[data-outcome]")).to_have_count(0)


def ready_offline(page: Page) -> None:
    """The shell, the decoder and the trust list are on the device."""
    for _ in range(240):
        if page.evaluate(OFFLINE_READY):
            return
        page.wait_for_timeout(250)
    raise AssertionError("the app did not become ready for offline use")


OFFLINE_READY = """async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    if (!registration || !registration.active) return false;
    let wasm = false;
    for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) wasm ||= request.url.endsWith(".wasm");
    }
    return wasm;
}"""


def test_the_label_before_the_camera(browse: Browse, world: World) -> None:
    text = world.code("in_circulation")
    page = browse(labels=[printed(text)])
    verdict(page, "in_circulation")
    assert look(page) == "ok"
    expect(page.locator("article")).to_contain_text("Ботинки мужские «Жайлау»")
    expect(page.get_by_role("alert").first).to_contain_text("Товар легален")

    ready_offline(page)
    world.stop()
    page.reload()
    verdict(page, "issued_offline")
    assert look(page) == "unknown", "without the server nothing is green"
    lawful = ("ERR_CONNECTION_REFUSED", "Failed to fetch")
    assert [said for said in page.complaints if not any(words in said for words in lawful)] == []

    world.start()
    next_scan(page)
    verdict(page, "in_circulation")
    world.move(Event.WITHDRAW, text, reason="DEFECT")
    # The scanner does not report a label again while it stays in the picture.
    page.reload()
    verdict(page, "withdrawn")
    assert look(page) == "stop"


def test_a_flipped_bit_in_the_tail_is_forged(browse: Browse, world: World) -> None:
    page = browse(labels=[printed(flipped(world.code("not_introduced")))])
    verdict(page, "forged")
    assert look(page) == "stop"
    assert page.complaints == []


def test_cold_start_without_network_shows_the_scanner(browse: Browse, world: World) -> None:
    page = browse()
    ready_offline(page)
    world.stop()
    try:
        fresh = page.context.new_page()
        page.close()
        fresh.goto(world.address + "/")
        expect(fresh.locator("[data-state]")).to_be_visible()
        expect(fresh.get_by_text("Нет сети").first).to_be_visible()
    finally:
        world.start()


def test_what_was_checked_offline_is_checked_again(browse: Browse, world: World) -> None:
    """The answer given by the device is refined when the network is back, and said so if it became a stop."""
    page = browse()
    ready_offline(page)
    world.stop()
    page.goto(world.address + "/")
    type_code(page, world.code("sold"))
    verdict(page, "issued_offline")
    world.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.goto(world.address + "/history")
    expect(page.get_by_text("Уже продан").first).to_be_visible()


SLOW_BACK = """const back = history.back.bind(history);
history.back = () => { window.release = () => new Promise((done) => { addEventListener("popstate", done); back(); }); };
"""


def test_the_back_button_leads_to_the_scanner_and_closes_no_later_verdict(browse: Browse, world: World) -> None:
    """A browser takes its time for the way back that a closed verdict began; the next code may be there before."""
    page = browse("/help")
    page.add_init_script(SLOW_BACK)
    page.goto(world.address + "/")
    type_code(page, world.code("sold"))
    verdict(page, "sold")
    next_scan(page)
    type_code(page, world.code("blocked"))
    verdict(page, "blocked")
    page.evaluate("release()")
    verdict(page, "blocked")
    page.go_back()
    expect(page.locator("article[data-outcome]")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("Ввести код"))).to_be_visible()
    assert page.url == world.address + "/"
    page.go_back()
    expect(page).to_have_url(world.address + "/help")


def type_code(page: Page, text: str) -> None:
    """Paste a code the way a person does after copying it from a message."""
    page.get_by_role("button", name=re.compile("Ввести код")).click()
    page.get_by_role("textbox").fill(text.replace("\x1d", "␝"))
    page.keyboard.press("Enter")


@pytest.mark.parametrize("name", ["sold", "blocked", "suspicious", "foreign", "not_a_mark"])
def test_a_photo_from_the_gallery(browse: Browse, world: World, name: str) -> None:
    page = browse()
    page.locator("input[type=file]").first.set_input_files(str(Path(world.instance) / "demo" / "codes" / f"{name}.png"))
    verdict(page, name)


def test_a_link_on_a_shelf_poster_opens_the_verdict(browse: Browse, world: World) -> None:
    text = world.code("blocked")
    page = browse(f"/01/{text[2:16]}/21/{text[18:31]}")
    verdict(page, "blocked")


def test_the_language_changes_in_one_tap(browse: Browse, world: World) -> None:
    text = world.code("recalled")
    page = browse(f"/01/{text[2:16]}/21/{text[18:31]}")
    verdict(page, "recalled")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Не покупайте")
    page.locator("article").get_by_text("ҚАЗ").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Сатып алмаңыз")
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    assert "M11" not in page.inner_text("body"), "Chromium has no Kazakh dates; ours must be used"
