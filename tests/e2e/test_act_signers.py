"""Acts signed in every way that people here sign, each with a key of another kind; and signed while nobody could say
whether the key is still good."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from backend.acts import tasks as acts
from backend.core import clock
from backend.signatures import tasks as signatures
from backend.signatures.devca import DevCA, serial_of
from tests.e2e import ncalayer
from tests.e2e.conftest import Browse, World
from tests.e2e.people import DESK, PASSWORD, choose_way, come_in, no_complaints, press, said, words_of
from tests.e2e.test_ncalayer import at_a_computer
from tests.e2e.test_phone_signing import sign_by_phone
from tests.e2e.test_screens import sound
from tests.e2e.trading import (
    BUYER,
    PARTIES,
    SELLER,
    Desk,
    key_of,
    loose,
    owners,
    phone,
    seen,
    sent,
    sign,
    stands,
)

pytestmark = pytest.mark.e2e

GOST_BUYER, REVOKED = "shop-astana", "shop-almaty"


def signed_by(page: Page, act: str, *parties: str) -> str:
    """Both papers of an act name these signatories: the PDF, and the page that anybody may open by its code. Returns
    what the PDF says."""
    answer = page.request.get(f"{page.url.split('/acts')[0]}/api/v1{act}/paper?lang=ru")
    assert answer.ok, answer.text()
    document = pypdfium2.PdfDocument(answer.body())
    text = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    document.close()
    link = page.request.get(f"{page.url.split('/acts')[0]}/api/v1{act}/authenticity").json()["url"]
    page.goto(link)
    expect(page.get_by_role("article")).to_have_count(len(parties))
    for one, shown in zip(parties, page.get_by_role("article").all(), strict=True):
        surname = PARTIES[one].head.split()[0]
        assert surname.casefold() in text.casefold(), surname
        expect(shown).to_contain_text(PARTIES[one].bin)
        expect(shown).to_contain_text(words_of("paper.standing_valid"))
    return text


def test_signed_by_phone_and_taken_with_ncalayer(browse: Browse, world: World, tmp_path: Path) -> None:
    units = loose(world, 1)
    act = Desk(world, SELLER).draft(units, receiver_tax=PARTIES[BUYER].bin)
    seller = phone(browse, world, SELLER, act, size=DESK, user_agent=None, is_mobile=False, has_touch=False)
    press(seller, "acts.sign_and_send")
    shown = sign_by_phone(seller, key_of(world, SELLER), tmp_path)
    assert PARTIES[BUYER].bin in shown, "the phone shows to whom"
    stands(seller, "sent")

    key = key_of(world, BUYER)
    buyer = at_a_computer(browse, "/")
    come_in(buyer, key)
    buyer.goto(world.address + act)
    with ncalayer.running(key.content, key.password, tmp_path) as program:
        press(buyer, "acts.accept_all")
        choose_way(buyer, "ncalayer")
        stands(buyer, "accepted")
        assert program.asked[-1]["args"]["signerParams"]["bin"] == key.bin
    assert owners(world, units) == [BUYER]
    signed_by(buyer, act, SELLER, BUYER)
    sound(buyer, "authenticity")
    seller.reload()
    stands(seller, "accepted")
    no_complaints(seller)
    no_complaints(buyer)


def test_taken_with_a_gost_key(browse: Browse, world: World) -> None:
    units = loose(world, 1)
    act = sent(world, units, GOST_BUYER)
    buyer = phone(browse, world, GOST_BUYER, act)
    press(buyer, "acts.accept_all")
    sign(buyer, world, GOST_BUYER)
    stands(buyer, "accepted")
    assert owners(world, units) == [GOST_BUYER]
    assert "GOST R 34.10-2015" in signed_by(buyer, act, SELLER, GOST_BUYER)
    no_complaints(buyer)


@contextmanager
def silence(world: World) -> Iterator[None]:
    """While it lasts, the authority answers nobody; afterwards the jobs ask again."""
    authority = DevCA(world.instance / "devca")
    authority.silence(True)
    try:
        yield
    finally:
        authority.silence(False)


def settle(world: World) -> None:
    with world.app.app_context():
        signatures.settle_pending()
        acts.settle_the_rest()


def test_nothing_is_lost_while_nobody_answers_for_a_key(browse: Browse, world: World) -> None:
    """Sent and then decided with signatures that wait for word: both sides read what is waited for and what is kept."""
    units = loose(world, 2)
    act = Desk(world, SELLER).draft(units, receiver_tax=PARTIES[BUYER].bin)
    seller, buyer = phone(browse, world, SELLER, act), phone(browse, world, BUYER)
    with silence(world):
        press(seller, "acts.sign_and_send")
        sign(seller, world, SELLER)
        stands(seller, "checking")
        expect(seen(seller, "acts.about_checking")).to_be_visible()
        expect(seller.get_by_role("button", name=said("acts.verb_take_back"))).to_be_visible()
        sound(seller, "checking")
        buyer.goto(world.address + act)
        expect(seen(buyer, "errors.acts.unknown")).to_be_visible()
    settle(world)
    seller.reload()
    stands(seller, "sent")
    buyer.reload()
    with silence(world):
        press(buyer, "acts.accept_all")
        sign(buyer, world, BUYER)
        stands(buyer, "deciding")
        expect(seen(buyer, "acts.about_deciding")).to_be_visible()
        expect(buyer.get_by_role("button", name=said("acts.accept_all"))).to_have_count(0)
        sound(buyer, "deciding")
        seller.reload()
        expect(seen(seller, "acts.about_deciding_sender")).to_be_visible()
        expect(seller.get_by_role("button", name=said("acts.verb_cancel"))).to_have_count(0)
        sound(seller, "decided upon")
        assert owners(world, units) == [SELLER] * 2
    settle(world)
    for side in (buyer, seller):
        side.reload()
        stands(side, "accepted")
    assert owners(world, units) == [BUYER] * 2
    no_complaints(seller)
    no_complaints(buyer)


def test_a_decision_under_a_revoked_key_is_undone_and_both_sides_read_it(browse: Browse, world: World) -> None:
    units = loose(world, 1)
    act = sent(world, units, REVOKED)
    seller, buyer = phone(browse, world, SELLER, act), phone(browse, world, REVOKED, act)
    with silence(world):
        press(buyer, "acts.accept_all")
        sign(buyer, world, REVOKED)
        stands(buyer, "deciding")
        with clock.at(clock.now() - timedelta(hours=1)):
            DevCA(world.instance / "devca").revoke(serial_of(key_of(world, REVOKED).content, PASSWORD))
    settle(world)
    for side, words in ((buyer, "acts.undone_signature"), (seller, "acts.undone_signature_sender")):
        side.reload()
        stands(side, "viewed")
        expect(seen(side, words)).to_be_visible()
        sound(side, words)
    expect(buyer.get_by_role("button", name=said("acts.accept_all"))).to_be_visible()
    assert owners(world, units) == [SELLER]
    no_complaints(seller)
    no_complaints(buyer)
