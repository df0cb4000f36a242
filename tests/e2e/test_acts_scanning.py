"""Scanning into an act and out of it: by a hand scanner, by several labels in one frame, at speed, without network."""

from base64 import b64encode
from io import BytesIO
from pathlib import Path

import orjson
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from backend.acts.models import Act
from backend.codes.rules import Event
from backend.core.db import db
from backend.core.symbols import data_matrix
from tests.e2e import video
from tests.e2e.conftest import Browse, World
from tests.e2e.hand_scanner import type_like_a_scanner
from tests.e2e.people import choose, no_complaints, press, said, sheet, words_of
from tests.e2e.test_acts_files import act_of, named
from tests.e2e.test_acts_offline import on_device, unheard
from tests.e2e.trading import (
    BUYER,
    PARTIES,
    SELLER,
    box,
    boxes,
    counted,
    film,
    loose,
    owners,
    phone,
    seen,
    sent,
    sign,
    stands,
)

pytestmark = pytest.mark.e2e

# What a person hears and feels, written down: each vibration, each tone that is played.
FELT = """() => {
    window.felt = [];
    navigator.vibrate = (pattern) => felt.push(pattern.join(" ")) > 0;
    const real = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
        felt.push("tone");
        return real.call(this);
    };
}"""


def heard(page: Page, key: str, text: str) -> None:
    """The last scan in words, with the end of its code."""
    line = page.get_by_role("status").filter(has_text=words_of(key)).filter(visible=True).first
    expect(line).to_contain_text(text.split("\x1d", 1)[0][-5:])


def test_a_hand_scanner_fills_acts_and_the_buyer_of_the_first_is_offered(browse: Browse, world: World) -> None:
    label, packed = box(world, 3)
    *units, on_its_way, withdrawn = loose(world, 8)
    foreign = world.code("in_circulation")
    sent(world, [on_its_way])
    world.move(Event.WITHDRAW, withdrawn, reason="DEFECT")
    page = phone(browse, world, SELLER, "/acts/new")
    press(page, "scanner.gun")

    type_like_a_scanner(page, units[0], layout="ru")
    heard(page, "acts.heard_added", units[0])
    type_like_a_scanner(page, units[1], label, layout="kk", separator="f8")
    heard(page, "acts.heard_added", label)
    expect(seen(page, "acts.units", count=5)).to_be_visible()
    type_like_a_scanner(page, units[0], separator="alt")
    heard(page, "acts.heard_twice", units[0])
    type_like_a_scanner(page, packed[0])
    heard(page, "acts.heard_twice", packed[0])

    type_like_a_scanner(page, foreign, on_its_way, withdrawn)
    heard(page, "acts.heard_refused", withdrawn)
    type_like_a_scanner(page, foreign)
    heard(page, "acts.heard_refused", foreign)
    expect(seen(page, "acts.refused", count=3)).to_be_visible()
    for why in ("not_yours", "in_act", "state_withdrawn"):
        expect(page.get_by_role("listitem").get_by_text(said(f"acts.why_{why}"))).to_be_visible()
    press(page, "acts.clear_refused")
    expect(seen(page, "acts.refused")).to_have_count(0)

    # With the camera closed and the thumb in a field.
    press(page, "acts.stop_scanning")
    buyer = page.get_by_label(said("acts.buyer_tax"))
    buyer.fill(PARTIES[BUYER].bin)
    type_like_a_scanner(page, units[2])
    heard(page, "acts.heard_added", units[2])
    expect(buyer).to_have_value(PARTIES[BUYER].bin)
    listed = "Код;Цена\r\n" + "".join(f"{one.split(chr(29))[0]};900\r\n" for one in units[3:5])
    press(page, "import.title")
    choose(sheet(page), "import.choose", named("Накладная.csv", listed.encode(), "text/csv"))
    expect(sheet(page).get_by_text(said("import.done", name="Накладная.csv", rows=3))).to_be_visible()
    press(sheet(page), "import.close")
    expect(seen(page, "acts.units", count=8)).to_be_visible()
    type_like_a_scanner(page, units[3])
    heard(page, "acts.heard_twice", units[3])
    press(page, "acts.sign_and_send")
    sign(page, world, SELLER)
    stands(page, "sent")
    act = act_of(page, page.url.removeprefix(world.address))
    assert (act["units"], len(act["packages"])) == (8, 1)

    page.goto(world.address + "/acts/new")
    expect(seen(page, "scanner.gun_status")).to_be_visible()
    type_like_a_scanner(page, units[5])
    expect(seen(page, "acts.units", count=1)).to_be_visible()
    recent = page.get_by_role("group", name=said("acts.recent")).get_by_role("button", name=PARTIES[BUYER].ru)
    recent.click()
    expect(page.get_by_label(said("acts.buyer_tax"))).to_have_value(PARTIES[BUYER].bin)
    expect(recent).to_have_attribute("aria-pressed", "true")
    no_complaints(page)


def test_several_labels_at_once(browse: Browse, world: World, tmp_path: Path) -> None:
    """In one frame of the camera they fill a draft; in a photo from another app they are judged, and those that are
    one's own begin an act."""
    units = loose(world, 9)
    page = phone(browse, world, SELLER, film=film(tmp_path / "sheet.mjpeg", units[:6]))
    page.evaluate(FELT)
    press(page, "acts.new", role="link")
    expect(seen(page, "acts.scanned_so_far", count=6)).to_be_visible()
    expect(seen(page, "acts.units", count=6)).to_be_visible()
    expect(page.locator("svg polygon")).to_have_count(6)
    felt = page.evaluate("felt")
    # Two tones and one vibration for each code; on a slow machine it may tick as one that came back into sight.
    assert (felt.count("60"), felt.count("tone")) == (6, 12 + felt.count("20")), felt
    assert set(felt) <= {"60", "20", "tone"}, felt

    # The camera would go on reading.
    press(page, "scanner.gun")
    share(page, [*units[6:], world.code("in_circulation")])
    page.goto(f"{world.address}/?shared=1")
    expect(page.get_by_role("heading", name=said("verdict.list_title", count=4))).to_be_visible()
    press(page, "meeting.begin_act_many")
    expect(page).to_have_url(f"{world.address}/acts/new")
    expect(seen(page, "acts.goods")).to_be_visible()
    found = {one.split("\x1d", 1)[0] for one in units[6:]}
    acts = page.request.get(f"{world.address}/api/v1/acts?box=out&state=draft").json()["acts"]
    newest = page.request.get(f"{world.address}/api/v1/acts/{acts[0]['id']}/units").json()["units"]
    assert found <= {one["code"] for one in newest}
    no_complaints(page)


def share(page: Page, codes: list[str]) -> None:
    """As the service worker keeps a picture that another app has handed over."""
    sheet = Image.new("L", (900, 900), 255)
    for at, text in enumerate(codes):
        symbol = video.modules(data_matrix(text).image(quiet=2).convert("L"), 8)
        sheet.paste(symbol, (40 + 430 * (at % 2), 40 + 430 * (at // 2)))
    written = BytesIO()
    sheet.save(written, "PNG")
    keep = """async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const picture = new Blob([bytes], { type: "image/png" });
        await (await caches.open("tanba-shared")).put("/shared", new Response(picture));
    }"""
    page.evaluate(keep, b64encode(written.getvalue()).decode())


def test_sixty_boxes_at_speed_without_network(browse: Browse, world: World, tmp_path: Path) -> None:
    """As fast as the browser takes the keys; then what is left and what is too much, in one frame of the camera."""
    labels = boxes(world, 60)
    *there, stranger = loose(world, 4)
    act = sent(world, [*labels, *there])
    rest = film(tmp_path / "rest.mjpeg", [*there[:2], stranger])
    page = phone(browse, world, BUYER, act, film=rest)
    expect(page.get_by_role("button", name=said("acts.scan"))).to_be_enabled()
    on_device(page)
    world.kill()
    page.reload()
    expect(page.get_by_role("button", name=said("acts.scan"))).to_be_enabled()
    type_like_a_scanner(page, *labels)
    counted(page, missing=3, found=60)
    page.reload()
    counted(page, missing=3, found=60)
    type_like_a_scanner(page, *labels[:3])
    heard(page, "acts.heard_again", labels[2])
    press(page, "acts.scan")
    counted(page, missing=1, found=62, extra=1)
    page.reload()
    counted(page, missing=1, found=62, extra=1)
    world.start()
    assert unheard(page) == []


def test_a_sample_is_checked_and_the_rest_is_taken_on_trust(browse: Browse, world: World) -> None:
    units = loose(world, 9)
    act = sent(world, units)
    page = phone(browse, world, BUYER, act)
    press(page, "acts.sample")
    expect(sheet(page).get_by_label(said("acts.sample_size"))).to_have_value("4")
    sheet(page).get_by_label(said("acts.sample_size")).fill("3")
    press(sheet(page), "acts.sample_begin")
    type_like_a_scanner(page, *units[:2])
    expect(seen(page, "acts.sample_so_far", found=2, sample=3)).to_be_visible()
    type_like_a_scanner(page, units[2])
    expect(seen(page, "acts.sample_done")).to_be_visible()
    press(page, "acts.to_decision")
    press(sheet(page), "acts.accept_count")
    sign(page, world, BUYER)
    stands(page, "accepted")
    assert owners(world, units) == [BUYER] * 9
    expect(seen(page, "acts.mode_sample", count=3)).to_be_visible()
    with world.app.app_context():
        decided = orjson.loads(db.session.scalars(select(Act.decided_as).where(Act.id == act.split("/")[2])).one())
        db.session.rollback()
    assert (decided["mode"], decided["sampled"], decided["rejected"]) == ("sample", 3, [])
    no_complaints(page)
