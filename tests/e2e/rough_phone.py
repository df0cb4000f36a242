"""A phone that is treated badly: its tabs are closed and crash, its browser is killed, its clock jumps, its network
goes, and somebody else signs in on it. What is done on it goes through the built app's own outbox."""

import json
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright

from backend.settings import ROOT
from tests.e2e.conftest import ARGS, PHONE
from tests.e2e.people import Key, come_in

FROZEN = 60
"""Seconds without an answer."""

# Each operation is kept by the app; `saved` hears of it the moment the app calls it saved.
POST = """async ([chunk, wanted]) => {
  const { post } = await import(chunk);
  for (const { mark, ...one } of wanted) {
    const { owner } = await post(one);
    window.saved(mark, owner);
  }
}"""
START = f"(given) => {{ ({POST})(given).catch(() => undefined); }}"
# What lies on the device, past the app.
WAITING = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("tanba");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const all = opening.result.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => { opening.result.close(); resolve(all.result); };
  };
})"""


def outbox_chunk() -> str:
    """The address of the built app's outbox: its exports keep their names, because the app loads it lazily."""
    for file in sorted((ROOT / "pwa" / "dist" / "assets").glob("*.js")):
        if re.search(r"export\{[^}]*\bas post\b[^}]*\bas startOutbox\b", file.read_text(encoding="utf-8")):
            return f"/assets/{file.name}"
    raise AssertionError("the built app has no chunk with the outbox")


class RoughPhone:
    """`saved` are the marks of what the app called saved, and whose it said they are. `fault` is a script that spoils
    the app before it starts. `frozen` is what the browser was busy with when it answered no more."""

    def __init__(self, playwright: Playwright, profile: Path, address: str, fault: str | None = None):
        self.playwright, self.profile, self.address, self.fault = playwright, profile, address, fault
        self.chunk = outbox_chunk()
        self.saved: dict[str, str] = {}
        self.sessions: dict[str, tuple[list[Any], str]] = {}
        self.who: str | None = None
        self.frozen: list[str] = []
        self.switch_on()

    def switch_on(self) -> None:
        self.context: BrowserContext = self.playwright.chromium.launch_persistent_context(
            self.profile, executable_path=shutil.which("chromium"), args=ARGS, viewport=PHONE, locale="ru-RU"
        )
        self.context.expose_binding("saved", lambda _source, mark, owner: self.saved.update({mark: owner}))
        self.context.clock.install()
        if self.fault:
            self.context.add_init_script(self.fault)
        self.tabs: list[Page] = []

    def tab(self) -> Page:
        page = self.context.new_page()
        page.goto(f"{self.address}/help", wait_until="commit")
        self.tabs.append(page)
        return page

    def enrol(self, name: str, key: Key) -> str:
        """Signs somebody in once; afterwards they come and go without a signature. Returns whose their operations
        are."""
        page = self.tab()
        self.context.clear_cookies()  # whoever comes in ends the session that was open before
        come_in(page, key)
        me = page.evaluate("localStorage.getItem('tanba.me')")
        self.sessions[name] = (self.context.cookies(), me)
        who = json.loads(me)
        return f"{who['person']['id']}:{who['organisation']['id']}"

    def become(self, name: str | None) -> None:
        """Another session in one tab; the other tabs hear of it as they do in life, a moment later."""
        self.who = name
        page = self.standing()
        self.context.clear_cookies()
        if name is None:
            page.evaluate("localStorage.removeItem('tanba.me')")
        else:
            cookies, me = self.sessions[name]
            self.context.add_cookies(cookies)
            page.evaluate("(me) => localStorage.setItem('tanba.me', me)", me)
        page.reload(wait_until="commit")

    def standing(self) -> Page:
        """A tab that answers."""
        for page in [one for one in self.tabs if not one.is_closed()]:
            with suppress(Error):
                page.evaluate("1")
                return page
        return self.tab()

    def post(self, wanted: list[dict[str, Any]], page: Page | None = None) -> None:
        """Returns when the app has called all of it saved."""
        (page or self.standing()).evaluate(POST, [self.chunk, wanted])

    def start(self, wanted: list[dict[str, Any]], page: Page) -> None:
        """Returns at once."""
        page.evaluate(START, [self.chunk, wanted])

    def waiting(self) -> list[dict[str, Any]]:
        return self.standing().evaluate(WAITING)

    def close_tab(self, page: Page) -> None:
        self.tabs.remove(page)
        page.close()

    def crash_tab(self, page: Page) -> None:
        """Its renderer dies as it does when memory runs out."""
        self.tabs.remove(page)
        with suppress(Error):
            page.goto("chrome://crash", timeout=2_000)

    def kill(self) -> None:
        """kill -9 of the whole browser; the same profile is opened again, signed out as after a lost cookie."""
        os.kill(self._browser(), signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        self.switch_on()

    @contextmanager
    def alive(self, busy: str) -> Iterator[None]:
        """Whoever's browser has not answered for a minute kills it and opens it again."""
        over = threading.Timer(FROZEN, self._freeze, [busy])
        count = len(self.frozen)
        over.start()
        try:
            yield
        finally:
            over.cancel()
            over.join()
            if len(self.frozen) > count:
                with suppress(Error):
                    self.context.close()
                self.switch_on()
                self.become(self.who)

    def _freeze(self, busy: str) -> None:
        self.frozen.append(busy)
        with suppress(AssertionError, OSError):
            os.kill(self._browser(), signal.SIGKILL)

    def _browser(self) -> int:
        mine = f"--user-data-dir={self.profile}".encode()
        for folder in Path("/proc").iterdir():
            with suppress(OSError):
                words = (folder / "cmdline").read_bytes().split(b"\0") if folder.name.isdigit() else []
                if mine in words and not any(word.startswith(b"--type=") for word in words):
                    return int(folder.name)
        raise AssertionError("no browser runs over this profile")

    def hurry(self, seconds: int) -> None:
        """The clock goes forward, and everything that was due meanwhile happens."""
        with suppress(Error):
            self.context.clock.fast_forward(seconds * 1000)

    def set_clock(self, days: int) -> None:
        with suppress(Error):
            self.context.clock.set_system_time(time.time() + days * 86_400)

    def delivered(self, owner: str, patience: float = 90) -> None:
        """Waits until nothing of theirs is left on the device; hurries only while nothing moves, because a clock that
        runs ahead gives up every request."""
        end, before = time.monotonic() + patience, -1
        while left := self._left(owner):
            if time.monotonic() > end:
                raise AssertionError(f"{len(left)} still wait: {left[:3]}")
            if len(left) == before:
                self.hurry(400)
            before = len(left)
            self.standing().wait_for_timeout(1_000)

    def _left(self, owner: str) -> list[dict[str, Any]]:
        while True:
            with suppress(Error), self.alive("waiting"):
                return [one for one in self.waiting() if one["owner"] == owner]

    def switch_off(self) -> None:
        with suppress(Error):
            self.context.close()
