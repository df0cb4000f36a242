"""A company comes in with its signature alone: from the checklist on a phone to its cabinet, past the operator."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Browse, World
from tests.e2e.people import (
    DESK,
    agree,
    begin,
    come_in,
    decide,
    demo_key,
    fill_in,
    firm_key,
    heading,
    no_complaints,
    open_mail,
    press,
    said,
    sign_in,
    sign_with_file,
)

pytestmark = pytest.mark.e2e


def test_a_company_registers_with_a_key_file_on_a_phone(browse: Browse, world: World, tmp_path: Path) -> None:
    key = firm_key(world, tmp_path)
    page = browse("/register")
    begin(page, key)
    data = page.get_by_role("main")
    for fact in (key.bin, key.organisation, key.name, key.iin[-4:]):
        expect(data).to_contain_text(fact)
    expect(data.locator("input[type=email], input[type=tel]")).to_have_count(0)
    fill_in(page, email="sapa@example.kz")
    agree(page)
    sign_with_file(page, key)
    heading(page, "registration.letter")
    open_mail(page, "sapa@example.kz")
    press(page, "registration.confirm_own", role="link")
    heading(page, "registration.waiting")
    no_complaints(page)

    desk = browse("/", size=DESK)
    come_in(desk, demo_key(world, "operator"))
    desk.goto(world.address + "/desk")
    decide(desk, "Сапа")
    no_complaints(desk)

    page.reload()
    heading(page, "registration.approved")
    press(page, "registration.login_sign", role="link")
    sign_in(page, key)
    expect(page.get_by_role("heading", level=1, name="Сапа")).to_be_visible()
    expect(page.get_by_role("list", name=said("registration.home_tiles"))).to_be_visible()
    no_complaints(page)
