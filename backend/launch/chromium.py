"""Which Chromium the browser tests drive: the system's, or Playwright's own."""

import shutil
from pathlib import Path

HOW_TO_GET = (
    "The browser tests need Chromium, and there is none. Debian and Ubuntu:\n"
    "    sudo apt install chromium\n"
    "elsewhere, Playwright's own:\n"
    "    .venv/bin/python -m playwright install chromium"
)


def find() -> Path | None:
    """The executable, or None."""
    system = shutil.which("chromium")
    if system:
        return Path(system)
    own = _playwrights()
    return own if own.is_file() else None


def _playwrights() -> Path:
    from playwright.sync_api import sync_playwright  # starts a driver, so only when it is asked

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)
