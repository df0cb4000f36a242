"""A real Chromium before a server of our own, as a new visitor's telephone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, sync_playwright

from backend.launch import chromium

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE = {"width": 412, "height": 823}

MISSING = "there is no Chromium; on Debian: sudo apt install chromium"


@contextmanager
def visitor(*more: str, permissions: Sequence[str] = ()) -> Iterator[BrowserContext]:
    """A fresh profile, without service worker so that only the page's own requests are seen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=[*ARGUMENTS, *more])
        try:
            yield browser.new_context(viewport=PHONE, permissions=[*permissions], service_workers="block")
        finally:
            browser.close()
