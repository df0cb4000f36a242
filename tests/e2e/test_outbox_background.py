"""What was done without network is sent although the app was closed, by the service worker that the browser wakes; and
what the app shows of what waits."""

import json
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.conftest import PATIENCE, Browse, World
from tests.e2e.people import press, said, words_of
from tests.e2e.rough_phone import WAITING, outbox_chunk
from tests.e2e.test_acts_offline import decided, on_device
from tests.e2e.test_participant_screens import look
from tests.e2e.test_screens import SMALL
from tests.e2e.trading import BUYER, loose, owners, phone, sent, sign, stands

pytestmark = pytest.mark.e2e

REFUSED = {"subject": "act:0", "kind": "decide", "path": "/api/v1/acts/0/view", "method": "POST", "body": None}
POST = "async ([chunk, wanted]) => { await (await import(chunk)).post(wanted); }"
ERASED = json.dumps({"count": 2, "at": 1_790_000_000_000})


def test_what_a_closed_app_left_is_sent_once(browse: Browse, world: World) -> None:
    units = loose(world, 2)
    act = sent(world, units)
    buyer = phone(browse, world, BUYER, act, size=SMALL)
    buyer.context.grant_permissions(["background-sync"])
    browser = Browser(buyer.context.new_page(), world)
    expect(buyer.get_by_role("button", name=said("acts.scan"))).to_be_enabled()
    on_device(buyer)
    buyer.evaluate(POST, [outbox_chunk(), REFUSED])
    browser.until(lambda: [one["refused"] is None for one in buyer.evaluate(WAITING)] == [False])
    world.kill()
    press(buyer, "acts.accept_all")
    sign(buyer, world, BUYER)
    expect(buyer.get_by_text(words_of("acts.queued_offline"))).to_be_visible()
    buyer.evaluate("(lost) => localStorage.setItem('tanba.outbox.lost', lost)", ERASED)
    buyer.goto(world.address + "/outbox")
    shown(buyer, waiting=1)
    expect(buyer.get_by_text(words_of("outbox.not_promised"))).to_be_visible()
    look(buyer, "unsent", "ru")
    press(buyer, "outbox.lost_known")
    expect(buyer.get_by_text(said("outbox.lost_title"))).to_have_count(0)

    # What a page asks for while it is being closed may not arrive: the browser must have promised to come back before.
    browser.until(lambda: browser.events[::2] == ["Registered sync", "sync event failed"])
    buyer.close()
    world.start()
    browser.wake()
    browser.until(lambda: decided(world, act) == 1)
    assert owners(world, units) == [BUYER] * 2
    # An address of ours that is no page of the app.
    browser.page.goto(world.address + "/health")
    browser.until(lambda: [one["path"] for one in browser.page.evaluate(WAITING)] == [REFUSED["path"]])

    world.kill()
    browser.page.goto(world.address + act)
    stands(browser.page, "accepted")
    browser.page.goto(world.address + "/outbox")
    shown(browser.page, waiting=0)


def shown(page: Page, *, waiting: int) -> None:
    """The one that is refused, and so many that wait."""
    expect(page.locator("article[data-state=refused]")).to_have_count(1)
    expect(page.locator("article[data-state=waiting]")).to_have_count(waiting)


class Browser:
    """What the browser does while no page of the app is open, seen from an empty one."""

    def __init__(self, page: Page, world: World) -> None:
        self.page, self.world, self.events, found = page, world, [], []
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.on("BackgroundService.backgroundServiceEventReceived", self._hear)
        self.session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
        self.session.send("BackgroundService.startObserving", {"service": "backgroundSync"})
        self.session.send("BackgroundService.setRecording", {"service": "backgroundSync", "shouldRecord": True})
        self.session.send("ServiceWorker.enable")
        # Any answer comes after the events that were sent before it.
        page.evaluate("1")
        self.worker = found[0]["registrationId"]

    def _hear(self, event: dict) -> None:
        self.events.append(event["backgroundServiceEvent"]["eventName"])

    def until(self, so: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE / 1000
        while not so():
            assert time.monotonic() < end, self.events
            self.page.evaluate("new Promise((resolve) => setTimeout(resolve, 50))")

    def wake(self) -> None:
        """Do what the browser does when the network is back, without its patience of minutes."""
        self.session.send(
            "ServiceWorker.dispatchSyncEvent",
            {"origin": self.world.address, "registrationId": self.worker, "tag": "tanba.outbox", "lastChance": False},
        )
