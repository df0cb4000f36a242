"""Two phones at a counter: the buyer shows a code, the seller scans it, and the act appears on the buyer's screen."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from backend.core.symbols import Matrix, data_matrix, qr
from tests import registering
from tests.e2e import video
from tests.e2e.conftest import Browse, World
from tests.e2e.people import no_complaints, press, said, words_of
from tests.e2e.test_participant_screens import look
from tests.e2e.trading import BUYER, PARTIES, SELLER, film, key_of, loose, owners, phone, seen, sign, stands

pytestmark = pytest.mark.e2e


def buyers_code(world: World, owner: str) -> str:
    """What the code on this buyer's screen says now."""
    client = world.app.test_client()
    assert registering.log_in(client, key_of(world, owner).content).status_code == 200
    return client.get("/api/v1/meetings/mine").json["code"]["text"]


def counter(path: Path, code: str, unit: str) -> Path:
    """A film of the buyer's screen, then of a unit."""
    still(path, qr(code))
    units = film(path.with_suffix(".unit.mjpeg"), [unit])
    path.write_bytes(path.read_bytes() + units.read_bytes())
    return path


def still(path: Path, symbol: Matrix) -> Path:
    """A film of one symbol, held before the middle of the camera for two seconds."""
    shown = video.modules(symbol.image(quiet=4).convert("L"), 7)
    frame = video.place(Image.new("L", video.SIZE, video.GREY_CARD), shown, video.MIDDLE)
    video.write(video.Film([frame] * (2 * video.RATE), []), path)
    return path


def test_the_act_appears_on_the_screen_that_shows_the_code(browse: Browse, world: World, tmp_path: Path) -> None:
    """Two taps after the buyer's code was scanned: sign, and on the other phone open."""
    (unit,) = loose(world, 1)
    buyer = phone(browse, world, BUYER, "/meet")
    expect(buyer.get_by_role("img", name=words_of("meeting.qr_label"))).to_be_visible()
    expect(buyer.get_by_text(said("meeting.waiting"))).to_be_visible()
    look(buyer, "own code", "ru")
    seller = phone(
        browse, world, SELLER, "/acts/new", film=counter(tmp_path / "counter.mjpeg", buyers_code(world, BUYER), unit)
    )
    expect(seller.get_by_label(said("acts.buyer_tax"))).to_have_value(PARTIES[BUYER].bin)
    expect(seen(seller, "acts.units", count=1)).to_be_visible()
    press(seller, "acts.sign_and_send")
    sign(seller, world, SELLER)
    stands(seller, "sent")

    arrived = buyer.get_by_role("alert").get_by_role("link")
    expect(arrived).to_contain_text(PARTIES[SELLER].ru)
    arrived.click()
    expect(buyer).to_have_url(seller.url)
    press(buyer, "acts.accept_all")
    sign(buyer, world, BUYER)
    stands(buyer, "accepted")
    assert owners(world, [unit]) == [BUYER]
    no_complaints(seller)
    no_complaints(buyer)


def test_an_own_thing_scanned_to_be_checked_begins_an_act(browse: Browse, world: World, tmp_path: Path) -> None:
    (unit,) = loose(world, 1)
    shown = still(tmp_path / "unit.mjpeg", data_matrix(unit))
    seller = phone(browse, world, SELLER, "/", film=shown)
    press(seller, "meeting.begin_act")
    expect(seller).to_have_url(f"{world.address}/acts/new")
    expect(seen(seller, "acts.units", count=1)).to_be_visible()
    stranger = phone(browse, world, BUYER, "/", film=shown)
    expect(stranger.get_by_role("button", name=said("verdict.next"))).to_be_visible()
    expect(stranger.get_by_role("button", name=said("meeting.begin_act"))).to_have_count(0)
    no_complaints(seller)
