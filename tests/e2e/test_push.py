"""A push message in a real browser: the service worker finds the words on the device and opens only our own pages."""

import json
import time

import pytest
from playwright.sync_api import Page, Worker, expect

from tests.e2e.conftest import PATIENCE, Browse, World

pytestmark = pytest.mark.e2e

WORDS = {"language": "kk", "name": "Таңба", "body": "Кіріс жәшігінде", "kinds": {"head_changed": "Ұйым басшысы ауысты"}}
PUSHED = {"id": "1", "kind": "head_changed", "link": "/help", "language": "kk", "unread": 3}
CONTROLLED = """new Promise((done) => {
    const there = () => navigator.serviceWorker.controller && done(true);
    navigator.serviceWorker.addEventListener('controllerchange', there);
    there();
})"""


@pytest.fixture
def page(browse: Browse) -> Page:
    page = browse()
    page.context.grant_permissions(["notifications"])
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(CONTROLLED)
    return page


def keep_words(page: Page) -> None:
    page.evaluate(
        "(words) => caches.open('tanba-push')"
        ".then((cache) => cache.put('/push-words', new Response(JSON.stringify(words))))",
        WORDS,
    )


def delivered(page: Page, world: World, data: str) -> list[list[str]]:
    """Do what a push service does, whose message the browser has decrypted, and return what is on screen then. The
    debugger does not say whether the worker was reached: on a crowded machine a message may go astray, and goes once
    more, as a push service would send it."""
    for _ in range(2):
        _deliver(page, world, data)
        if found := shown(page):
            return found
    return []


def _deliver(page: Page, world: World, data: str) -> None:
    session, found = page.context.new_cdp_session(page), []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    # The list comes by itself, some time after the answer.
    end = time.monotonic() + PATIENCE / 1000
    while not found and time.monotonic() < end:
        page.wait_for_timeout(50)
    message = {"origin": world.address, "registrationId": found[0]["registrationId"], "data": data}
    session.send("ServiceWorker.deliverPushMessage", message)
    session.detach()


def worker(page: Page) -> Worker:
    """The service worker, as soon as the browser has told of it."""
    known = page.context.service_workers
    return known[0] if known else page.context.wait_for_event("serviceworker")


def shown(page: Page) -> list[list[str]]:
    """The notifications on screen, as soon as there are some."""
    return page.evaluate(
        """async () => {
          const worker = await navigator.serviceWorker.ready;
          for (let look = 0; look < 50; look += 1) {
            const all = await worker.getNotifications();
            if (all.length > 0) return all.map(({ title, body, lang, data }) => [title, body, lang, data.link]);
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          return [];
        }"""
    )


def tap(page: Page, link: str) -> None:
    """Tap a notification that leads there. A made-up tap gives no right to open windows, so one must be open."""
    worker(page).evaluate(
        "(link) => self.registration.showNotification('Таңба', { data: { link } })"
        ".then(() => self.registration.getNotifications())"
        ".then(([notification]) => self.dispatchEvent(new NotificationEvent('notificationclick', { notification })))",
        link,
    )


def test_a_message_is_said_in_the_words_on_the_device(page: Page, world: World) -> None:
    keep_words(page)
    assert delivered(page, world, json.dumps(PUSHED)) == [["Ұйым басшысы ауысты", "Кіріс жәшігінде", "kk", "/help"]]


@pytest.mark.parametrize("data", [json.dumps(PUSHED | {"kind": "unheard_of"}), "no json", "null"])
def test_a_message_without_words_is_still_shown(page: Page, world: World, data: str) -> None:
    assert [one[0] for one in delivered(page, world, data)] == ["Таңба"]


@pytest.mark.parametrize(
    ("link", "opened"), [("/help", "/help"), ("https://evil.example/login", "/"), ("//evil.example/", "/")]
)
def test_a_tap_opens_only_our_own_pages(page: Page, world: World, link: str, opened: str) -> None:
    page.goto(f"{world.address}/history")
    tap(page, link)
    expect(page).to_have_url(world.address + opened)


def test_a_new_version_of_the_app_keeps_the_words(page: Page) -> None:
    keep_words(page)
    worker(page).evaluate("self.dispatchEvent(new ExtendableEvent('activate'))")
    assert page.evaluate("caches.keys().then((names) => names.includes('tanba-push'))")
