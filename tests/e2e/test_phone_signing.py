"""Signing with eGov's app: a QR code for the phone beside the screen, a button for the phone that shows the page."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from backend.signatures import egov_phone
from tests.e2e.applying import agree, approve, fill_in, open_mail
from tests.e2e.conftest import Browse, World
from tests.e2e.people import (
    ANDROID,
    DESK,
    Key,
    choose_way,
    come_in,
    demo_key,
    employs,
    firm_key,
    heading,
    no_complaints,
    own_key,
    press,
    said,
    sheet,
    tiles,
    words_of,
)

pytestmark = pytest.mark.e2e


def phone(code: str, key: Key, *options: str) -> str:
    """What the app shows while it signs what this code leads to: the code's text, its picture, or the button's link."""
    command = [code, "--key", str(key.file), "--password", key.password, "--language", "ru", *options]
    done = CliRunner().invoke(egov_phone.command, command)
    assert done.exit_code == 0, done.output
    return done.output


def scan(page: Page, key: Key, folder: Path, *options: str) -> str:
    """Hold a phone against the screen: it gets the pixels and nothing else."""
    picture = folder / "screen.png"
    page.get_by_role("img", name=said("sign.egov.code")).screenshot(path=picture)
    return phone(str(picture), key, *options)


def sign_by_phone(page: Page, key: Key, folder: Path) -> str:
    """The whole way of a QR code through the sheet; returns what the phone showed."""
    choose_way(page, "egov_business")
    shown = scan(page, key, folder)
    who = sheet(page).get_by_label(said("sign.who"))
    expect(who).to_contain_text(key.shown)
    expect(who).to_contain_text(key.bin or key.iin[-4:])
    press(sheet(page), "sign.egov.mine")
    expect(sheet(page)).to_have_count(0)
    return shown


def test_a_company_registers_by_the_code_on_the_screen(browse: Browse, world: World, tmp_path: Path) -> None:
    key = firm_key(world, tmp_path, organisation="ТОО «Телефон Алу»")
    page = browse("/register", size=DESK)
    press(page, "registration.begin")
    shown = sign_by_phone(page, key, tmp_path)
    assert "Вход в систему" in shown
    heading(page, "registration.data")
    expect(page.get_by_role("main")).to_contain_text(key.bin)
    fill_in(page, email="telefon@example.kz")
    agree(page)
    shown = sign_by_phone(page, key, tmp_path)
    assert key.bin in shown
    heading(page, "registration.letter")
    open_mail(page, "telefon@example.kz")

    desk = browse("/", size=DESK)
    come_in(desk, demo_key(world, "operator"))
    desk.goto(world.address + "/desk")
    approve(desk, "Телефон")
    page.goto(world.address + "/login")
    press(page, "registration.login_sign")
    sign_by_phone(page, key, tmp_path)
    expect(tiles(page)).to_be_visible()
    employs(browse, page, own_key(world, tmp_path, name="ЕРЖАНОВА ДАНА"), "audit", "audit:see")
    no_complaints(page)


def test_a_stranger_who_scanned_the_code_is_not_taken_for_oneself(browse: Browse, world: World, tmp_path: Path) -> None:
    page = browse("/login", size=DESK)
    press(page, "registration.login_sign")
    choose_way(page, "egov_mobile")
    stranger = own_key(world, tmp_path, name="БӨТЕНОВ БЕЙТАНЫС")
    scan(page, stranger, tmp_path)
    expect(sheet(page).get_by_label(said("sign.who"))).to_contain_text(stranger.shown)
    press(sheet(page), "sign.egov.not_mine")
    expect(sheet(page).get_by_role("alert")).to_contain_text(words_of("errors.sign.stranger"))
    assert page.request.get(world.address + "/api/v1/me").status == 401
    press(sheet(page), "app.retry")
    expect(page.get_by_role("img", name=said("sign.egov.code"))).to_be_visible()
    no_complaints(page)


def test_on_the_phone_itself_a_button_opens_the_app(browse: Browse, world: World) -> None:
    page = browse("/login", **ANDROID)
    press(page, "registration.login_sign")
    expect(sheet(page).get_by_text(said("sign.way.ncalayer"))).to_have_count(0)
    choose_way(page, "egov_business")
    button = sheet(page).get_by_role("link", name=said("sign.egov.open_business"))
    link = button.get_attribute("href")
    assert link is not None
    assert link.startswith("https://m.egov.kz/businessSign/?link=")
    assert unquote(link).split("link=")[1].startswith(world.address + "/mgovSign/")
    phone(link, demo_key(world, "wholesaler", "ҚАСЫМОВ"))
    press(sheet(page), "sign.egov.mine")
    expect(tiles(page)).to_be_visible()
    no_complaints(page)
