"""A company comes in with its signature alone: from the checklist on a phone to its cabinet, past the operator."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.applying import agree, approve, begin, fill_in, open_mail, refuse, register
from tests.e2e.conftest import Browse, World
from tests.e2e.people import (
    DESK,
    Key,
    choose_way,
    come_in,
    demo_key,
    employs,
    firm_key,
    heading,
    no_complaints,
    open_file,
    own_key,
    press,
    said,
    sheet,
    sign_in,
    sign_with_file,
    tiles,
    words_of,
)

pytestmark = pytest.mark.e2e

REASON = "Приложите декларацию: без неё вид участника не подтвердить."


def at_the_desk(browse: Browse, world: World) -> Page:
    desk = browse("/", size=DESK)
    come_in(desk, demo_key(world, "operator"))
    desk.goto(world.address + "/desk")
    return desk


def let_in(page: Page, key: Key) -> None:
    """The applicant, whose page stands where it was left, comes into the cabinet."""
    page.reload()
    heading(page, "registration.approved")
    press(page, "registration.login_sign", role="link")
    sign_in(page, key)
    expect(tiles(page)).to_be_visible()


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
    expect(sheet(page)).to_contain_text(key.bin)
    sign_with_file(page, key)
    heading(page, "registration.letter")
    open_mail(page, "sapa@example.kz")
    press(page, "registration.confirm_own", role="link")
    heading(page, "registration.waiting")

    desk = at_the_desk(browse, world)
    approve(desk, "Сапа")
    let_in(page, key)
    expect(page.get_by_role("heading", level=1, name="Сапа")).to_be_visible()
    employs(browse, page, own_key(world, tmp_path, name="СЕЙІЛХАНОВ ОЛЖАС"), "integrations", "integrations:manage")
    no_complaints(page)
    no_complaints(desk)


def test_a_company_registers_with_a_gost_key(browse: Browse, world: World, tmp_path: Path) -> None:
    key = firm_key(world, tmp_path, algorithm="gost", organisation="ТОО «Мемлекеттік стандарт»")
    page = browse("/register")
    register(page, key, "gost@example.kz", kind="producer")
    desk = at_the_desk(browse, world)
    approve(desk, "Мемлекеттік")
    page.goto(world.address + "/register")
    let_in(page, key)
    clerk = own_key(world, tmp_path, name="ТӨЛЕГЕН АРУЖАН", algorithm="gost")
    employs(browse, page, clerk, "staff", "staff:manage")
    no_complaints(page)


def test_a_refused_application_is_mended_and_sent_again(browse: Browse, world: World) -> None:
    """The reasons stand before the applicant in words, on whatever device, and what was typed is still there."""
    desk = at_the_desk(browse, world)
    reason = refuse(desk, "Тұлпар", REASON)

    key = demo_key(world, "waiting-importer", name="БЕКОВ ТИМУР")
    page = browse("/login")
    sign_in(page, key)
    heading(page, "registration.refused")
    expect(page.get_by_role("main")).to_contain_text(REASON)
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_text([reason])
    press(page, "registration.refused_mend", role="link")
    heading(page, "registration.data")
    press(page, "registration.continue")
    expect(page.get_by_role("radio", name=words_of("registration.kind_importer"))).to_be_checked()
    page.get_by_role("group", name=said("registration.holder")).get_by_role("radio").last.check()
    press(page, "registration.continue")
    expect(page.get_by_label(said("registration.email"))).to_have_value("bekov@example.kz")
    press(page, "registration.continue")
    agree(page)
    sign_with_file(page, key)
    open_mail(page, "bekov@example.kz")

    desk.goto(world.address + "/desk")
    approve(desk, "Тұлпар")
    page.goto(world.address + "/register")
    let_in(page, key)
    no_complaints(page)


def test_what_was_typed_outlives_a_reload_and_a_lost_network(browse: Browse, world: World) -> None:
    key = demo_key(world, "new-trader", name="ПЕТРОВА АННА")
    page = browse("/register")
    begin(page, key)
    press(page, "registration.continue")
    page.get_by_role("group", name=said("registration.trade")).get_by_role("radio").last.check()
    page.get_by_role("group", name=said("registration.groups")).get_by_role("checkbox").last.check()
    press(page, "registration.continue")
    email, phone = (page.get_by_label(said(f"registration.{field}")) for field in ("email", "phone"))
    email.fill("petrova@example.kz")
    page.reload()
    heading(page, "registration.contact")
    expect(email).to_have_value("petrova@example.kz")

    page.context.set_offline(True)
    expect(page.get_by_text(said("registration.kept_offline"))).to_be_visible()
    phone.fill("8 (702) 111-22-33")
    press(page, "registration.continue")
    expect(page.get_by_role("alert")).to_contain_text(words_of("registration.kept"))
    heading(page, "registration.contact")
    expect(phone).to_have_value("8 (702) 111-22-33")

    page.context.set_offline(False)
    press(page, "registration.continue")
    heading(page, "registration.sign")
    page.goto(world.address + "/register/who")
    expect(page.get_by_role("group", name=said("registration.trade")).get_by_role("radio").last).to_be_checked()
    expect(page.get_by_role("group", name=said("registration.groups")).get_by_role("checkbox").last).to_be_checked()

    page.goto(world.address + "/register/sign")
    agree(page)
    choose_way(page, "p12")
    open_file(page, key)
    expect(sheet(page).get_by_label(said("sign.who"))).to_contain_text(key.shown)
    page.context.set_offline(True)
    press(sheet(page), "sign.sign")
    expect(page.get_by_role("alert")).to_contain_text(words_of("registration.kept"))
    page.context.set_offline(False)
    press(page, "registration.sign_both")
    sign_with_file(page, key)
    heading(page, "registration.letter")
    no_complaints(page)
