"""Passkeys in a real browser: Chromium's own virtual authenticator makes one, signs in with it and confirms with it."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.demo.people import PASSWORD
from backend.identity import rules
from backend.identity.models import Session
from backend.signatures import signer
from tests.e2e.conftest import World

pytestmark = pytest.mark.e2e

PLATFORM = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browse: Callable[..., Page], world: World) -> Page:
    """Somebody who has just signed in with a key, before a device that has an authenticator."""
    opened = browse("/help")
    devtools = opened.context.new_cdp_session(opened)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": PLATFORM})
    sign_in(opened, world)
    return opened


def sign_in(page: Page, world: World) -> None:
    asked = page.request.post(f"{world.address}/api/v1/auth/challenge").json()
    container = (world.instance / "demo" / "keys" / "importer-shoes.p12").read_bytes()
    cms = b64encode(signer.sign(container, PASSWORD, b64decode(asked["document"]))).decode()
    body = {"challenge_id": asked["challenge_id"], "cms": cms}
    assert page.request.post(f"{world.address}/api/v1/auth/login", data=body).ok
    # What the app keeps once it has asked who is signed in.
    page.evaluate("fetch('/api/v1/me').then(said => said.text()).then(me => localStorage.setItem('tanba.me', me))")


def grow_old(world: World) -> None:
    """Nobody has signed in for a while."""
    before = clock.now() - rules.FRESH - timedelta(minutes=1)
    with world.app.app_context():
        unit_of_work(lambda: db.session.execute(update(Session).values(created_at=before)))


def test_a_passkey_is_made_and_confirms(page: Page, world: World, browse: Callable[..., Page]) -> None:
    page.goto(f"{world.address}/account")
    page.get_by_role("button", name="Добавить ключ доступа").click()
    page.get_by_text("Ключ доступа добавлен").wait_for()
    other = browse("/help")
    sign_in(other, world)
    grow_old(world)
    page.reload()
    page.get_by_role("button", name="Завершить все остальные").click()
    page.get_by_role("dialog").get_by_role("button", name="Завершить все остальные").click()
    page.get_by_text("Завершено сеансов: 1").wait_for()
    assert page.request.get(f"{world.address}/api/v1/me").ok
    assert other.request.get(f"{world.address}/api/v1/me").status == 401


def test_without_a_passkey_an_old_session_signs_in_again(page: Page, world: World, browse: Callable[..., Page]) -> None:
    other = browse("/help")
    sign_in(other, world)
    grow_old(world)
    page.goto(f"{world.address}/account")
    page.get_by_role("button", name="Завершить все остальные").click()
    page.get_by_role("dialog").get_by_role("button", name="Завершить все остальные").click()
    again = page.get_by_role("dialog").get_by_role("link", name="Войти заново")
    assert again.get_attribute("href") == "/login?next=/account"
    assert other.request.get(f"{world.address}/api/v1/me").ok


def test_a_passkey_signs_in(page: Page, world: World) -> None:
    page.goto(f"{world.address}/account")
    page.get_by_role("button", name="Добавить ключ доступа").click()
    page.get_by_text("Ключ доступа добавлен").wait_for()
    page.get_by_role("button", name="Выйти", exact=True).click()
    page.wait_for_url(f"{world.address}/")
    assert page.request.get(f"{world.address}/api/v1/me").status == 401
    page.goto(f"{world.address}/login")
    page.get_by_role("button", name="Войти с ключом доступа").click()
    page.wait_for_url(f"{world.address}/home")
    page.goto(f"{world.address}/account")
    page.get_by_role("button", name="Добавить ключ доступа").click()
    page.get_by_role("link", name="Войти заново").wait_for()
