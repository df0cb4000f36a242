"""An employee comes by a head's link, can do what was granted and nothing else, and nothing at all once blocked."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Browse, World
from tests.e2e.people import (
    come_in,
    demo_key,
    employs,
    follow,
    heading,
    no_complaints,
    own_key,
    press,
    said,
    sheet,
    sign_in,
    tiles,
    words_of,
)

pytestmark = pytest.mark.e2e

# Whoever types the address of what they may not see is told so.
FORBIDDEN = {
    "/organisation/staff": "errors.identity.not_allowed",
    "/organisation/powers": "errors.identity.not_allowed",
    "/desk": "errors.identity.not_allowed",
    "/integrations": "integrations.forbidden",
    "/integrations/webhooks": "errors.identity.not_allowed",
}


def test_an_employee_does_what_was_granted_and_nothing_else(browse: Browse, world: World, tmp_path: Path) -> None:
    head = browse("/")
    come_in(head, demo_key(world, "importer-fur"))
    own = own_key(world, tmp_path, name="ОРАЗАЛЫ ГҮЛНАР МҰРАТҚЫЗЫ")
    employee = employs(browse, head, own, "audit", "audit:see")
    sees_the_audit_trail_alone(employee, world)
    no_complaints(employee)

    employee.goto(world.address + "/home")
    expect(tiles(employee)).to_be_visible()
    block(head, "Гүлнар", world)
    follow(tiles(employee), "registration.home_organisation")
    follow(employee, "organisation.audit")
    expect(employee.get_by_role("alert")).to_contain_text(words_of("errors.identity.not_signed_in"))
    sign_in(employee, own)
    expect(employee.get_by_role("alert")).to_contain_text(words_of("errors.organisations.membership_blocked"))
    assert employee.request.get(world.address + "/api/v1/audit").status == 401
    no_complaints(head)
    no_complaints(employee)


def sees_the_audit_trail_alone(employee: Page, world: World) -> None:
    """In the cabinet's lists, and by addresses that are in none of them."""
    offered = tiles(employee).get_by_role("link").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert set(offered) == {"/inbox", "/organisation", "/account", "/help"}

    follow(tiles(employee), "registration.home_organisation")
    expect(employee.get_by_role("list", name=said("organisation.title")).get_by_role("link")).to_have_count(3)
    follow(employee, "organisation.audit")
    heading(employee, "organisation.audit")
    expect(employee.get_by_role("main").get_by_role("listitem").first).to_be_visible()
    for path, words in FORBIDDEN.items():
        employee.goto(world.address + path)
        expect(employee.get_by_role("main")).to_contain_text(words_of(words))


def block(head: Page, name: str, world: World) -> None:
    head.goto(world.address + "/organisation/staff")
    head.get_by_role("link").filter(has_text=re.compile(name, re.IGNORECASE)).click()
    press(head, "organisation.block")
    press(sheet(head), "organisation.block")
    expect(head.get_by_role("button", name=said("organisation.restore"))).to_be_visible()
