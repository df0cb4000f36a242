"""What may be wrong with a key is said in its own words, and nothing is lost by it."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from backend.signatures.devca import DevCA, serial_of
from backend.signatures.rules import Role
from tests.e2e.applying import agree, begin, fill_in
from tests.e2e.conftest import Browse, World
from tests.e2e.people import (
    PASSWORD,
    choose_way,
    demo_key,
    firm_key,
    heading,
    no_complaints,
    open_file,
    press,
    said,
    sheet,
    sign_in,
    sign_with_file,
    tiles,
    words_of,
)

pytestmark = pytest.mark.e2e


def test_each_wrong_key_is_called_what_it_is(browse: Browse, world: World, tmp_path: Path) -> None:
    key = firm_key(world, tmp_path)
    own = {"bin": key.bin, "iin": key.iin, "name": key.name}
    page = browse("/register")
    begin(page, key)
    fill_in(page)
    agree(page)
    choose_way(page, "p12")

    def says(words: str) -> None:
        expect(sheet(page).get_by_role("alert")).to_contain_text(words_of(words))
        expect(sheet(page).get_by_label(said("sign.who"))).to_have_count(0)

    open_file(page, key, password=PASSWORD.swapcase())
    says("errors.sign.wrong_password")
    # A file chooser that is left as it was tells so by an event called like that of a closed sheet.
    sheet(page).locator("input[type=file]").set_input_files(str(key.file))
    says("errors.sign.wrong_password")
    open_file(page, key, file=world.instance / "demo" / "codes" / "sold.png")
    says("errors.sign.not_a_container")
    open_file(page, firm_key(world, tmp_path, sign=False, **own))
    says("errors.sign.login_key")
    open_file(page, firm_key(world, tmp_path, term=timedelta(days=-1), **own))
    says("errors.sign.expired")
    other = demo_key(world, "importer-shoes")
    open_file(page, other)
    says("errors.sign.other_party")
    expect(sheet(page).get_by_role("alert")).to_contain_text(key.bin)

    press(sheet(page), "app.dismiss")
    expect(sheet(page)).to_have_count(0)
    heading(page, "registration.sign")
    for paper in ("agreement", "contract"):
        expect(page.get_by_label(said(f"registration.{paper}_agreed"))).to_be_checked()

    # Whoever may not bind the company is stopped by the server, in words as well.
    clerk = firm_key(world, tmp_path, role=Role.EMPLOYEE, **own | {"iin": "900101300007"})
    press(page, "registration.sign_both")
    choose_way(page, "p12")
    open_file(page, clerk)
    press(sheet(page), "sign.sign")
    expect(page.get_by_role("alert")).to_contain_text(words_of("errors.registration.other_signer"))
    press(page, "registration.sign_both")
    choose_way(page, "p12")
    open_file(page, key)
    press(sheet(page), "sign.sign")
    heading(page, "registration.letter")
    no_complaints(page)


@pytest.fixture
def whose() -> dict[str, str]:
    """Of whom NUC RK might give another key: the head of a company in the demo world."""
    return {"bin": "210540000020", "iin": "850101300025", "name": "СЕЙІТОВ ДАНИЯР БОЛАТҰЛЫ"}


def test_a_key_for_logging_in_logs_in(browse: Browse, world: World, tmp_path: Path, whose: dict[str, str]) -> None:
    """What signs no document still opens the cabinet: NUC RK gives everybody one of each."""
    page = browse("/login")
    sign_in(page, firm_key(world, tmp_path, sign=False, **whose))
    expect(tiles(page)).to_be_visible()


def test_a_revoked_key_opens_nothing(browse: Browse, world: World, tmp_path: Path, whose: dict[str, str]) -> None:
    key = firm_key(world, tmp_path, **whose)
    DevCA(world.instance / "devca").revoke(serial_of(key.content, key.password))
    page = browse("/login")
    sign_in(page, key)
    expect(page.get_by_role("alert")).to_contain_text(words_of("errors.signatures.certificate_revoked"))
    heading(page, "registration.login")
    assert page.request.get(world.address + "/api/v1/me").status == 401
    no_complaints(page)


def test_a_clerk_registers_no_company(browse: Browse, world: World, tmp_path: Path) -> None:
    page = browse("/register")
    press(page, "registration.begin")
    sign_with_file(page, firm_key(world, tmp_path, role=Role.EMPLOYEE))
    expect(page.get_by_role("alert")).to_contain_text(words_of("errors.registration.role_insufficient"))
    heading(page, "registration.title")
    no_complaints(page)
