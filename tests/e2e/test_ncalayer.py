"""Signing with NCALayer on a computer: one request for all documents, a closed window is no fault, and where the
program is missing that is said together with what else there is."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import ncalayer
from tests.e2e.applying import agree, approve, fill_in, open_mail
from tests.e2e.conftest import Browse, World
from tests.e2e.people import (
    DESK,
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
    sign_with_file,
    tiles,
    words_of,
)

pytestmark = pytest.mark.e2e


def at_a_computer(browse: Browse, path: str, *, allowed: bool = True) -> Page:
    """A browser whose owner lets the site reach programs on the computer, or does not. The program's certificate is
    its own; on a real computer its installer makes the browser trust it."""
    page = browse(path, size=DESK, ignore_https_errors=True)
    if allowed:
        page.context.grant_permissions(["local-network-access"])
    return page


def test_a_company_registers_with_ncalayer(browse: Browse, world: World, tmp_path: Path) -> None:
    key = firm_key(world, tmp_path, organisation="ТОО «Есептеуіш»")
    page = at_a_computer(browse, "/register")
    with ncalayer.running(key.content, key.password, tmp_path) as program:
        press(page, "registration.ncalayer_look")
        expect(page.get_by_text(said("registration.ncalayer_running"))).to_be_visible()
        press(page, "registration.begin")
        choose_way(page, "ncalayer")
        heading(page, "registration.data")
        fill_in(page, email="eseptegish@example.kz")
        agree(page)

        program.cancels = True
        asked = len(program.asked)
        choose_way(page, "ncalayer")
        expect(sheet(page).get_by_role("button").filter(has_text="NCALayer")).to_be_visible()
        assert len(program.asked) == asked + 1
        expect(page.get_by_role("alert")).to_have_count(0)
        program.cancels = False

        choose_way(page, "ncalayer")
        heading(page, "registration.letter")
        assert len(program.asked) == asked + 2, "both documents in one request"
        assert len(program.asked[-1]["args"]["data"]) == 2
        assert program.asked[-1]["args"]["signerParams"]["bin"] == key.bin
        open_mail(page, "eseptegish@example.kz")

        desk = browse("/", size=DESK)
        come_in(desk, demo_key(world, "operator"))
        desk.goto(world.address + "/desk")
        approve(desk, "Есептеуіш")
        page.goto(world.address + "/login")
        press(page, "registration.login_sign")
        choose_way(page, "ncalayer")
        expect(tiles(page)).to_be_visible()
    employs(browse, page, own_key(world, tmp_path, name="МҰСТАФИН АЙБЕК"), "audit", "audit:see")
    no_complaints(page)


def test_without_the_program_other_ways_are_offered(browse: Browse, world: World) -> None:
    page = at_a_computer(browse, "/login")
    press(page, "registration.login_sign")
    choose_way(page, "ncalayer")
    expect(sheet(page).get_by_role("alert")).to_contain_text(words_of("errors.sign.ncalayer_absent"))
    expect(sheet(page).get_by_role("link", name=said("sign.ncalayer.install"))).to_be_visible()
    press(sheet(page), "sign.other_way")
    sign_with_file(page, demo_key(world, "shop-almaty", "ӘБДІРАХМАНОВА"))
    expect(tiles(page)).to_be_visible()


def test_the_question_of_the_browser_is_explained_before_it_comes(browse: Browse, world: World) -> None:
    """A browser without a window answers its own question with no."""
    page = at_a_computer(browse, "/login", allowed=False)
    press(page, "registration.login_sign")
    choose_way(page, "ncalayer")
    expect(sheet(page).get_by_text(said("sign.ncalayer.explained"))).to_be_visible()
    press(sheet(page), "sign.ncalayer.connect")
    expect(sheet(page).get_by_role("alert")).to_contain_text(words_of("errors.sign.ncalayer_blocked"))
    press(sheet(page), "sign.other_way")
    expect(sheet(page).get_by_role("button").filter(has_text="eGov")).to_have_count(2)
