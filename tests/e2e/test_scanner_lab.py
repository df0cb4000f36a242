"""The scanner alone in a real browser: films from a fake camera, photos of others, keys of a hand scanner.

The page is the scanner's own lab page, built from its sources and served under the app's content policy.
"""

import base64
import json
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from os import PathLike
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright

from backend.settings import ROOT
from tests.conftest import vectors_folder
from tests.e2e import video
from tests.e2e.hand_scanner import GS, LAYOUTS, SEPARATORS, type_like_a_scanner

pytestmark = pytest.mark.e2e

PWA = ROOT / "pwa"
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; worker-src 'self';"
    " connect-src 'self'; img-src 'self' blob: data:; require-trusted-types-for 'script'; trusted-types tanba"
)
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


class LabFiles(SimpleHTTPRequestHandler):
    """The built lab page with the headers of the real one."""

    def guess_type(self, path: str | PathLike[str]) -> str:
        return {".wasm": "application/wasm", ".js": "text/javascript"}.get(Path(path).suffix, super().guess_type(path))

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """A test run is no place for an access log."""


@pytest.fixture(scope="module")
def lab_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    built = tmp_path_factory.mktemp("lab")
    node = shutil.which("node")
    assert node, "node is missing: start the tests with python3 -m backend test"
    build = [node, "node_modules/vite/bin/vite.js", "build", "--config", "src/scanner/lab/vite.config.ts"]
    build += ["--outDir", str(built), "--emptyOutDir"]
    done = subprocess.run(build, cwd=PWA, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(LabFiles, directory=str(built)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def chromium(playwright: Playwright, film: Path | None = None) -> Browser:
    """Debian's Chromium, or Playwright's own; with a film in its camera, or with no camera at all."""
    args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    if film:
        fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        args += [*fake, f"--use-file-for-fake-video-capture={film}"]
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=args)


def open_lab(browser: Browser, address: str, size: dict[str, int] = PHONE, before: str = "") -> Page:
    """The lab page with camera permission; a test fails on anything that the page complains of."""
    context = browser.new_context(viewport=size, permissions=["camera"])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    if before:
        page.add_init_script(before)
    page.goto(address)
    page.wait_for_selector("[data-state]")
    return page


def scans_until(page: Page, enough: Callable[[list[dict[str, Any]]], bool], seconds: float) -> list[dict[str, Any]]:
    """What was scanned so far, as soon as it is enough, at the latest after so many seconds."""
    for _ in range(int(seconds * 4)):
        scans = page.evaluate("window.lab.scans")
        if enough(scans):
            return scans
        time.sleep(0.25)
    return page.evaluate("window.lab.scans")


def texts(scans: list[dict[str, Any]]) -> set[str]:
    return {scan["text"] for scan in scans}


def read_film(
    playwright: Playwright, address: str, folder: Path, film: video.Film, size: dict[str, int] = PHONE
) -> list[dict[str, Any]]:
    video.write(film, folder / "film.mjpeg")
    wanted = {code for segment in film.segments for code in segment.codes}
    browser = chromium(playwright, folder / "film.mjpeg")
    try:
        page = open_lab(browser, address, size)
        # Three rounds of the film: a machine busy with other things may miss a segment once.
        rounds = 3 * len(film.frames) / video.RATE
        scans = scans_until(page, lambda seen: wanted <= texts(seen), rounds)
        assert page.complaints == []
        return scans
    finally:
        browser.close()


def test_reads_what_a_hand_holds(playwright: Playwright, lab_address: str, tmp_path: Path) -> None:
    """Still, askew, shaken, coming into focus, in gloom, small, light on dark, and a shop's QR."""
    film = video.lab("single")
    scans = read_film(playwright, lab_address, tmp_path, film)
    missed = [part.name for part in film.segments if not set(part.codes) <= texts(scans)]
    assert missed == []
    assert texts(scans) == {code for part in film.segments for code in part.codes}, "something was read wrongly"
    for scan in scans:
        assert scan["symbology"] == ("]Q1" if scan["format"].startswith("QR") else "]d2")
        assert scan["source"] == "camera"
    assert all(scan["text"].count(GS) == 2 for scan in scans if scan["symbology"] == "]d2")


def test_reads_a_shelf_and_a_conveyor_and_each_code_once(
    playwright: Playwright, lab_address: str, tmp_path: Path
) -> None:
    film = video.lab("bulk")
    scans = read_film(playwright, lab_address + "?bulk", tmp_path, film, DESKTOP)
    wanted = [code for part in film.segments for code in part.codes]
    fresh = [scan["text"] for scan in scans if not scan["repeat"]]
    assert sorted(fresh) == sorted(wanted), "every code is reported once, and none wrongly"


def test_reads_printed_labels_held_by_hand(playwright: Playwright, lab_address: str, tmp_path: Path) -> None:
    """A label with its code off to one side, and one with a barcode beside the mark: the mark answers."""
    rng = random.Random(7)
    labels = []
    for beside in (None, zxingcpp.create_barcode("4870001234560", zxingcpp.BarcodeFormat.EAN13)):
        label = Image.new("L", (900, 500), 255)
        label.paste(video.modules(video.mark(rng)[1], 6), (20, 20))
        if beside:
            label.paste(Image.fromarray(beside.to_image(scale=3)), (360, 60))
        labels.append(label)
    film = video.by_hand(labels)
    assert texts(read_film(playwright, lab_address, tmp_path, film)) == {part.codes[0] for part in film.segments}


def photos(folder: str) -> list[Path]:
    base = vectors_folder()
    if base is None:
        return []
    # Node reads the PNG and JPEG among them; a browser is needed for WebP.
    return sorted((base / "scan" / folder).glob("*.webp"))


@pytest.fixture(scope="module")
def photo_page(playwright: Playwright, lab_address: str) -> Iterator[Page]:
    browser = chromium(playwright)
    yield open_lab(browser, lab_address)
    browser.close()


def read_photo(page: Page, picture: Path) -> list[dict[str, Any]]:
    """What the device alone reads in the picture, located symbols left out."""
    return page.evaluate(
        """async (data) => {
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const scans = await window.lab.photo(new Blob([bytes], { type: "image/webp" }));
            return scans.filter((scan) => !scan.located).map(({ text, symbology }) => ({ text, symbology }));
        }""",
        base64.b64encode(picture.read_bytes()).decode(),
    )


@pytest.mark.parametrize(
    ("folder", "at_least"),
    # Of qrcode-2 plain zxing-cpp reads 32 of 35.
    [
        ("datamatrix-1", 1),
        ("datamatrix-2", 13),
        ("datamatrix-4", 1),
        ("qrcode-1", 8),
        ("qrcode-2", 33),
        ("qrcode-5", 12),
    ],
)
def test_reads_photos_of_others_on_the_device(photo_page: Page, folder: str, at_least: int) -> None:
    pictures = photos(folder)
    read, wrong = 0, []
    for picture in pictures:
        found = read_photo(photo_page, picture)
        read += bool(found)
        truth = picture.with_suffix(".txt")
        texts_found = {scan["text"].strip() for scan in found}
        if found and truth.exists() and truth.read_bytes().decode().strip() not in texts_found:
            wrong.append(picture.name)
    assert wrong == []
    assert read >= min(at_least, len(pictures))


def test_reads_nothing_where_nothing_is(photo_page: Page) -> None:
    assert [picture.name for picture in photos("falsepositives-1") if read_photo(photo_page, picture)] == []


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_hand_scanner_under_any_layout(photo_page: Page, layout: str, separator: str) -> None:
    code = f"010487000123456021aBcDeFgHiJkLm{GS}91T001{GS}92{layout}{separator}Z9"
    type_like_a_scanner(photo_page, code, layout=layout, separator=separator)
    scans = scans_until(photo_page, lambda seen: bool(seen) and seen[-1]["text"] == code, 3)
    assert (scans[-1]["text"], scans[-1]["source"]) == (code, "wedge")


SILENT = """
    window.asked = 0;
    navigator.mediaDevices.getUserMedia = async () => {
        window.asked += 1;
        const canvas = document.createElement("canvas");
        canvas.getContext("2d");
        return canvas.captureStream(0);
    };
    navigator.permissions.query = async () => ({ state: "granted" });
"""


def test_a_silent_camera_is_restarted_once_and_a_photo_offered(playwright: Playwright, lab_address: str) -> None:
    browser = chromium(playwright)
    try:
        page = open_lab(browser, lab_address, before=SILENT)
        page.wait_for_selector('[data-state="black"]')
        assert page.evaluate("window.asked") == 2
        assert page.locator("button:has(svg)").first.is_enabled()
    finally:
        browser.close()


@pytest.mark.parametrize(
    ("error", "state"), [("NotReadableError", "in_use"), ("NotAllowedError", "denied"), ("NotFoundError", "none")]
)
def test_says_why_there_is_no_picture(playwright: Playwright, lab_address: str, error: str, state: str) -> None:
    refuse = f"""
        navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException("no", {json.dumps(error)}); }};
        navigator.permissions.query = async () => ({{ state: "granted" }});
    """
    browser = chromium(playwright)
    try:
        page = open_lab(browser, lab_address, before=refuse)
        page.wait_for_selector(f'[data-state="{state}"]')
        assert page.locator("[role=status]").inner_text() != ""
    finally:
        browser.close()
