"""Files between two phones: a photo of what is refused, taken without network; papers and the supplier's list."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests import samples
from tests.e2e.conftest import Browse, World
from tests.e2e.people import choose, no_complaints, press, said, sheet, words_of
from tests.e2e.test_acts_offline import on_device, unheard
from tests.e2e.trading import BUYER, PARTIES, SELLER, loose, owners, phone, sent, sign, stands

pytestmark = pytest.mark.e2e

SECRET = "Almaty, Gogol 1"
# Large enough for its sender to want to see how much of it has gone.
PAPER = samples.PDF.replace(b"xref", b"%" * 2**20 + b"\nxref", 1)


def camera_photo() -> bytes:
    """As a phone takes it: large, lying on its side, with a note of where it was."""
    picture = Image.effect_noise((3000, 2000), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = SECRET
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif, quality=70)
    assert SECRET.encode() in written.getvalue()
    return written.getvalue()


def named(name: str, content: bytes, media: str = "application/octet-stream") -> FilePayload:
    return {"name": name, "mimeType": media, "buffer": content}


def act_of(page: Page, act: str) -> dict:
    return page.request.get(page.url.split("/acts")[0] + f"/api/v1{act}").json()


def test_a_draft_is_filled_from_the_suppliers_file_and_takes_a_paper(
    browse: Browse, world: World, tmp_path: Path
) -> None:
    units = loose(world, 3)
    codes = [one.split("\x1d", 1)[0] for one in units]
    rows = [["№", "Код", "Цена"], *([at, text, 1500.5] for at, text in enumerate(units)), [9, 4.87e17, None]]
    seller = phone(browse, world, SELLER, "/acts/new")
    press(seller, "import.title")
    choose(sheet(seller), "import.choose", named("Жүкқұжат.xlsx", samples.workbook(rows)))
    expect(sheet(seller).get_by_text(said("import.done", name="Жүкқұжат.xlsx", rows=5))).to_be_visible()
    expect(sheet(seller).get_by_text(said("import.why_digits_lost"))).to_be_visible()
    with seller.expect_download() as waiting:
        press(sheet(seller), "import.download")
    table = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    assert words_of("import.why_digits_lost").search(table)
    press(sheet(seller), "import.close")
    expect(seller.get_by_text(words_of("acts.total")).first).to_be_visible()
    with seller.expect_request("**/api/v1/files") as asked:
        choose(seller, "files.attach", named("Счёт 7.pdf", PAPER, "application/pdf"))
    assert asked.value.resource_type == "xhr", "how much has gone is not told by fetch"
    paper = seller.get_by_role("link", name=said("files.open", name="Счёт 7.pdf"))
    expect(paper).to_be_visible()
    seller.get_by_label(said("acts.buyer_tax")).fill(PARTIES[BUYER].bin)
    press(seller, "acts.sign_and_send")
    sign(seller, world, SELLER)
    stands(seller, "sent")
    act = seller.url.removeprefix(world.address)
    said_of = act_of(seller, act)
    assert (said_of["units"], said_of["total"], len(codes)) == (3, 3 * 150_050, 3)

    buyer = phone(browse, world, BUYER, act)
    link = buyer.get_by_role("link", name=said("files.open", name="Счёт 7.pdf"))
    with buyer.expect_download() as waiting:
        link.click()
    assert Path(waiting.value.path()).read_bytes() == PAPER
    assert waiting.value.suggested_filename == "Счёт 7.pdf"
    package_is_checked(buyer, world, act)
    no_complaints(seller)
    no_complaints(buyer)


def package_is_checked(page: Page, world: World, act: str) -> None:
    """The public page compares the files of a package on the device, and says which is not the one that was signed."""
    whole = page.request.get(f"{world.address}/api/v1{act}/package").body()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    (paper,) = [name for name in inside if name.startswith("files/")]
    page.goto(f"{world.address}/a")
    for content, found in (
        (whole, said("paper.files_held", count=1)),
        (samples.archive(inside | {paper: b"another"}), said("paper.file_changed", name="Счёт 7.pdf")),
    ):
        with page.expect_request("**/authenticity/package?measured=true"):
            page.locator("input[type=file]").set_input_files({"name": "act.zip", "mimeType": "", "buffer": content})
        expect(page.get_by_text(found)).to_be_visible()
        press(page, "paper.another")


def test_a_photo_of_what_is_refused_needs_no_network(browse: Browse, world: World) -> None:
    """The name lies about the content, as photos from messengers do."""
    units = loose(world, 2)
    act = sent(world, units)
    buyer = phone(browse, world, BUYER, act, profile="photographer")
    expect(buyer.get_by_role("button", name=said("acts.scan"))).to_be_enabled()
    on_device(buyer)
    world.kill()
    buyer.reload()
    press(buyer, "acts.reject_all")
    sheet(buyer).get_by_label(said("acts.reason_damaged")).check()
    choose(sheet(buyer), "files.take_photo", named("IMG-001.HEIC", camera_photo(), "image/heic"))
    expect(sheet(buyer).get_by_role("img", name=said("files.photo_of", number=1))).to_be_visible()
    press(sheet(buyer), "acts.reject_sign")
    sign(buyer, world, BUYER)
    expect(buyer.get_by_text(words_of("acts.queued_offline")).first).to_be_visible()
    buyer.reload()
    expect(buyer.get_by_text(words_of("acts.queued_offline")).first).to_be_visible()
    world.start()
    buyer.evaluate("dispatchEvent(new Event('online'))")
    stands(buyer, "rejected")
    assert owners(world, units) == [SELLER] * 2

    seller = phone(browse, world, SELLER, act)
    shown = seller.get_by_role("img", name=said("files.photo_of", number=1))
    expect(shown).to_be_visible()
    assert shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1067
    (name,) = {one for refused in act_of(seller, act)["rejected"] for one in refused["photos"]}
    stored = seller.request.get(f"{world.address}/api/v1/files/{name}").body()
    assert hashlib.sha256(stored).hexdigest() == name
    with Image.open(io.BytesIO(stored)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (1067, 1600), {})
    assert SECRET.encode() not in stored
    assert unheard(buyer) == []
    no_complaints(seller)
