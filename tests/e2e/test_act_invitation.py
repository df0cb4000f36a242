"""A buyer who is not registered: from the seller's letter past the operator into the act, which is taken."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.acts import tasks
from tests.e2e.applying import agree, approve, begin, fill_in, open_mail, refuse
from tests.e2e.conftest import Browse, World
from tests.e2e.people import (
    ANDROID,
    DESK,
    come_in,
    demo_key,
    firm_key,
    heading,
    no_complaints,
    press,
    said,
    sign_in,
    sign_with_file,
    words_of,
)
from tests.e2e.test_screens import sound
from tests.e2e.trading import PARTIES, SELLER, Desk, loose, owners, phone, seen, sign, stands

pytestmark = pytest.mark.e2e

FIRM = "ТОО «Дос Сауда»"


def awaited(page: Page, key: str = "acts.invited_waits") -> None:
    """The applicant is told of the act that waits."""
    expect(page.get_by_role("main").get_by_text(words_of(key)).first).to_be_visible()


def test_who_was_invited_registers_and_takes_the_goods(browse: Browse, world: World, tmp_path: Path) -> None:
    key, units = firm_key(world, tmp_path, organisation=FIRM), loose(world, 2)
    assert key.bin
    seller = phone(browse, world, SELLER, Desk(world, SELLER).draft(units, receiver_tax=key.bin))
    expect(seen(seller, "acts.buyer_unregistered")).to_be_visible()
    seller.get_by_label(said("acts.buyer_name")).fill(FIRM)
    press(seller, "acts.sign_and_send")
    sign(seller, world, SELLER)
    stands(seller, "waiting_participant")
    expect(seen(seller, "acts.invitation_unopened")).to_be_visible()
    sound(seller, "invitation")
    seller.get_by_label(said("acts.invitation_email")).fill("dos@example.kz")
    press(seller, "acts.invitation_send")
    expect(seen(seller, "acts.invitation_mailed")).to_be_visible()

    guest = browse("/mailbox", **ANDROID)
    guest.get_by_role("main").get_by_role("link").filter(has_text="dos@example.kz").first.click()
    sound(guest, "letter")
    letter = guest.get_by_role("article").get_by_role("link").first
    link = letter.inner_text()
    assert link == seller.locator("p").filter(has_text="/invited#").inner_text()
    letter.click()
    heading(guest, "acts.invited")
    expect(guest.get_by_text(FIRM)).to_be_visible()
    sound(guest, "invited")
    press(guest, "acts.invited_register", role="link")
    heading(guest, "registration.title")
    awaited(guest)
    begin(guest, key)
    sound(guest, "data")
    fill_in(guest, "retail", "dos@example.kz")
    agree(guest)
    sign_with_file(guest, key)
    heading(guest, "registration.letter")
    open_mail(guest, "dos@example.kz")
    press(guest, "registration.confirm_own", role="link")
    heading(guest, "registration.waiting")
    awaited(guest)
    sound(guest, "waiting")
    again(guest, link, "acts.invited_at_desk")
    sound(guest, "link opened again")
    seller.reload()
    expect(seen(seller, "acts.invitation_opened")).to_be_visible()

    desk = browse("/", size=DESK)
    come_in(desk, demo_key(world, "operator"))
    desk.goto(world.address + "/desk")
    refuse(desk, "Дос Сауда", "Приложите декларацию.")
    again(guest, link, "acts.invited_returned")
    press(guest, "acts.invited_application", role="link")
    heading(guest, "registration.refused")
    awaited(guest)
    sound(guest, "refused")
    guest.goto(world.address + "/register/sign")
    agree(guest)
    sign_with_file(guest, key)
    open_mail(guest, "dos@example.kz")
    desk.goto(world.address + "/desk")
    approve(desk, "Дос Сауда")
    with world.app.app_context():
        tasks.join_registered()  # as the worker does at once

    press(guest, "registration.confirm_own", role="link")
    heading(guest, "registration.approved")
    awaited(guest, "acts.invited_arrived")
    sound(guest, "approved")
    press(guest, "acts.invited_enter", role="link")
    sign_in(guest, key)
    stands(guest, "viewed")
    expect(guest.get_by_text(f"{PARTIES[SELLER].ru} → {FIRM}")).to_be_visible()
    sound(guest, "the act")
    press(guest, "acts.accept_all")
    sign_with_file(guest, key)
    stands(guest, "accepted")
    seller.reload()
    stands(seller, "accepted")
    assert owners(world, units, key.bin) == [key.bin] * 2
    no_complaints(seller)
    no_complaints(guest)
    no_complaints(desk)


def again(page: Page, link: str, key: str) -> None:
    """Whoever opens the link once more sees where the application stands."""
    page.goto("about:blank")
    page.goto(link)
    awaited(page, key)
