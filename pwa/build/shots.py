"""Takes the pictures that browsers show when they offer to install: python build/shots.py http://localhost:8000 CODE

CODE is a code in circulation, as `instance/demo/codes.json` gives it. Needs the running app, Playwright and Chromium.
"""

import base64
import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

TARGET = Path(__file__).parent.parent / "public/shots"
SIZES = {"verdict": (360, 740, 2), "wide": (1280, 800, 1)}


def main(address: str, code: str) -> None:
    """One narrow and one wide picture in each language, with few colours, because they are seldom seen."""
    fragment = base64.urlsafe_b64encode(code.encode()).decode().rstrip("=")
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for language in ("kk", "ru", "en"):
            for name, (width, height, scale) in SIZES.items():
                page = browser.new_page(
                    viewport={"width": width, "height": height}, device_scale_factor=scale, locale=language,
                    color_scheme="light", reduced_motion="reduce",
                )  # fmt: skip
                page.goto(f"{address}/v#{fragment}")
                page.locator("[data-outcome=in_circulation]").wait_for()
                page.evaluate("document.activeElement.blur()")
                page.wait_for_timeout(300)
                picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                picture.quantize(48).save(TARGET / f"{name}-{language}.png", optimize=True)
                page.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
