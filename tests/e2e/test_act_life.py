"""The life of an act after it was sent, walked on two phones: questions, corrections, annulment, sending again, return,
and moving to another place."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from backend.core import clock
from tests import registering, samples
from tests.e2e.conftest import Browse, World
from tests.e2e.people import choose, no_complaints, press, said, sheet
from tests.e2e.test_acts_offline import on_device, unheard
from tests.e2e.test_screens import sound
from tests.e2e.trading import (
    BUYER,
    SELLER,
    Desk,
    counted,
    film,
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

PAPER = {"name": "Накладная 7.pdf", "mimeType": "application/pdf", "buffer": samples.PDF}


def write(page: Page, verb: str, text: str) -> None:
    """Open the sheet of a verb, say why, and do it."""
    press(page, f"acts.verb_{verb}")
    sheet(page).get_by_label(said(f"acts.write_{verb}")).fill(text)
    press(sheet(page), f"acts.verb_{verb}")


def accept(page: Page, world: World, owner: str = BUYER) -> None:
    press(page, "acts.accept_all")
    sign(page, world, owner)
    stands(page, "accepted")


def correct(page: Page, world: World, contract: str) -> None:
    press(page, "acts.verb_correct")
    sheet(page).get_by_label(said("acts.contract")).fill(contract)


def corrected(page: Page, before: str, after: str) -> None:
    """Both sides read what stood and what stands."""
    part = page.locator("section").filter(has=page.get_by_role("heading", name=said("acts.corrections")))
    expect(part.locator("del").first).to_contain_text(before)
    expect(part.locator("ins").first).to_contain_text(after)


def both(browse: Browse, world: World, act: str) -> tuple[Page, Page]:
    return phone(browse, world, SELLER, act), phone(browse, world, BUYER, act)


def test_a_question_is_answered_and_the_papers_are_corrected(browse: Browse, world: World) -> None:
    act = sent(world, loose(world, 1), terms={"contract": {"number": "7"}})
    seller, buyer = both(browse, world, act)
    write(buyer, "clarify", "Где второй короб?")
    stands(buyer, "clarification")
    seller.reload()
    stands(seller, "clarification")
    write(seller, "answer", "Едет завтра")
    stands(seller, "viewed")
    correct(seller, world, "8")
    sound(seller, "correcting")
    press(sheet(seller), "acts.correct_sign")
    sign(seller, world, SELLER)
    corrected(seller, "7", "8")
    sound(seller, "corrected")
    buyer.reload()
    expect(buyer.get_by_text("Едет завтра")).to_be_visible()
    corrected(buyer, "7", "8")
    accept(buyer, world)
    seller.reload()
    stands(seller, "accepted")
    correct(seller, world, "9")
    press(sheet(seller), "acts.correct_propose")
    sign(seller, world, SELLER)
    expect(seen(seller, "acts.correction_proposed")).to_be_visible()
    buyer.reload()
    expect(buyer.get_by_role("button", name=said("acts.verb_correct_agree"))).to_be_visible()
    sound(buyer, "correction proposed")
    press(buyer, "acts.verb_correct_agree")
    sign(buyer, world, BUYER)
    expect(seen(buyer, "acts.correction_agreed")).to_be_visible()
    corrected(buyer, "8", "9")
    no_complaints(seller)
    no_complaints(buyer)


def propose(page: Page, world: World, contract: str) -> None:
    correct(page, world, contract)
    press(sheet(page), "acts.correct_propose")
    sign(page, world, SELLER)
    expect(seen(page, "acts.correction_proposed")).to_be_visible()


def test_a_correction_is_withdrawn_another_refused_and_the_rest_sent_again(browse: Browse, world: World) -> None:
    damaged, whole = units = loose(world, 2)
    act = sent(world, units, terms={"contract": {"number": "7"}})
    Desk(world, BUYER).decide(act, rejected=[{"code": damaged.split("\x1d", 1)[0], "reason": "damaged"}])
    seller, buyer = both(browse, world, act)
    propose(seller, world, "8")
    press(seller, "acts.verb_correct_withdraw")
    expect(seen(seller, "acts.correction_withdrawn")).to_be_visible()
    propose(seller, world, "9")
    buyer.reload()
    # Not the first proposal, which the device may have seen.
    corrected(buyer, "7", "9")
    press(buyer, "acts.verb_correct_refuse")
    sheet(buyer).get_by_label(said("acts.write_correct_refuse")).fill("Договор верный")
    sound(buyer, "refusing a correction")
    press(sheet(buyer), "acts.verb_correct_refuse")
    expect(seen(buyer, "acts.correction_refused")).to_be_visible()
    seller.reload()
    for side in (seller, buyer):
        expect(seen(side, "acts.refusal_was", text="Договор верный")).to_be_visible()
    sound(seller, "refused correction")
    press(seller, "acts.verb_resend_rejected")
    press(seller, "acts.sign_and_send")
    sign(seller, world, SELLER)
    stands(seller, "sent")
    assert owners(world, [damaged, whole]) == [SELLER, BUYER]
    buyer.goto(seller.url)
    accept(buyer, world)
    assert owners(world, units) == [BUYER] * 2
    no_complaints(seller)
    no_complaints(buyer)


def test_signed_without_network_over_papers_that_changed_meanwhile(browse: Browse, world: World) -> None:
    """What changed is said, and one tap signs the same decision again."""
    units = loose(world, 1)
    act = sent(world, units, terms={"contract": {"number": "7"}})
    seller, buyer = both(browse, world, act)
    expect(buyer.get_by_role("button", name=said("acts.scan"))).to_be_enabled()
    on_device(buyer)
    buyer.reload()
    expect(buyer.get_by_role("button", name=said("acts.scan"))).to_be_enabled()
    buyer.context.set_offline(True)
    press(buyer, "acts.accept_all")
    sign(buyer, world, BUYER)
    expect(seen(buyer, "acts.queued_offline")).to_be_visible()
    correct(seller, world, "8")
    press(sheet(seller), "acts.correct_sign")
    sign(seller, world, SELLER)
    corrected(seller, "7", "8")
    buyer.context.set_offline(False)
    expect(seen(buyer, "errors.acts.corrected_meanwhile")).to_be_visible()
    expect(buyer.locator("ins").first).to_contain_text("8")
    assert owners(world, units) == [SELLER]
    sound(buyer, "to be signed again")
    press(buyer, "acts.sign_anew")
    sign(buyer, world, BUYER)
    stands(buyer, "accepted")
    assert owners(world, units) == [BUYER]
    assert unheard(buyer) == []


def test_taken_back_while_the_buyer_had_no_network(browse: Browse, world: World, tmp_path: Path) -> None:
    """The buyer hears of it; what was scanned is saved, serves the act that is sent instead, or is thrown away."""
    units = loose(world, 3)
    act, desk = sent(world, units), Desk(world, SELLER)
    buyer = phone(browse, world, BUYER, act, film=film(tmp_path / "units.mjpeg", units))
    press(buyer, "acts.scan")
    counted(buyer, missing=0, found=3)
    on_device(buyer)
    buyer.context.set_offline(True)
    press(buyer, "acts.to_decision")
    press(sheet(buyer), "acts.accept_count")
    sign(buyer, world, BUYER)
    expect(seen(buyer, "acts.queued_offline")).to_be_visible()
    desk.post(f"{act.removeprefix('/acts')}/cancel", {"text": ""})
    buyer.context.set_offline(False)
    expect(seen(buyer, "acts.moved_cancelled")).to_be_visible()
    expect(seen(buyer, "acts.kept_scans")).to_be_visible()
    buyer.evaluate("scrollTo(0, 0)")  # whatever lies half under the bar above is too small to be touched
    sound(buyer, "taken back meanwhile")
    press(buyer, "acts.decide_anew")
    stands(buyer, "cancelled")
    expect(seen(buyer, "acts.scans_left", count=3)).to_be_visible()
    sound(buyer, "scans that are left")
    with buyer.expect_download() as saved:
        press(buyer, "acts.scans_save")
    assert sorted(Path(saved.value.path()).read_text().split()) == sorted(one.split("\x1d", 1)[0] for one in units)

    made = desk.post(f"{act.removeprefix('/acts')}/again")["act"]["id"]
    papers = desk.client.get(f"/api/v1/acts/{made}/document").json
    desk.post(f"/{made}/send", {"signatures": desk.signatures(papers)})
    buyer.goto(f"{world.address}/acts/{made}")
    expect(seen(buyer, "acts.scans_earlier", count=3)).to_be_visible()
    sound(buyer, "scans of the act before")
    press(buyer, "acts.scans_take")
    counted(buyer, missing=0, found=3)
    desk.post(f"/{made}/cancel", {"text": ""})
    buyer.reload()
    stands(buyer, "cancelled")
    press(buyer, "acts.scans_discard")
    sound(buyer, "throwing scans away")
    press(sheet(buyer), "acts.scans_discard")
    expect(seen(buyer, "acts.scans_left")).to_have_count(0)
    buyer.goto(world.address + "/outbox")
    expect(seen(buyer, "outbox.empty")).to_be_visible()
    assert owners(world, units) == [SELLER] * 3
    assert unheard(buyer) == []


def test_annulment_is_refused_once_and_agreed_then(browse: Browse, world: World) -> None:
    units = loose(world, 1)
    act = sent(world, units)
    seller, buyer = both(browse, world, act)
    accept(buyer, world)
    for answer in ("refuse", "agree"):
        write(buyer, "annul_ask", "Не тот размер")
        sign(buyer, world, BUYER)
        stands(buyer, "annulment_requested")
        seller.reload()
        if answer == "refuse":
            write(seller, "annul_refuse", "Размер верный")
            stands(seller, "accepted")
            buyer.reload()
            stands(buyer, "accepted")
        else:
            press(seller, "acts.verb_annul_agree")
            sign(seller, world, SELLER)
            stands(seller, "annulled")
    assert owners(world, units) == [SELLER]
    no_complaints(seller)
    no_complaints(buyer)


def test_taken_back_sent_again_and_returned(browse: Browse, world: World) -> None:
    units = loose(world, 2)
    seller, buyer = both(browse, world, sent(world, units))
    write(seller, "cancel", "Ошибка в адресе")
    stands(seller, "cancelled")
    press(seller, "acts.verb_resend")
    choose(seller, "files.attach", PAPER)
    paper = said("files.open", name=PAPER["name"])
    expect(seller.get_by_role("link", name=paper)).to_be_visible()
    with seller.expect_download() as looked_at:
        press(seller, "paper.draft_pdf")
    assert Path(looked_at.value.path()).read_bytes().startswith(b"%PDF-")
    press(seller, "acts.sign_and_send")
    sign(seller, world, SELLER)
    stands(seller, "sent")
    buyer.goto(seller.url)
    accept(buyer, world)
    press(buyer, "acts.verb_return")
    buyer.get_by_role("button", name=said("files.attach_this", name=PAPER["name"])).click()
    expect(buyer.get_by_role("link", name=paper)).to_be_visible()
    press(buyer, "acts.sign_and_send")
    sign(buyer, world, BUYER)
    stands(buyer, "sent")
    seller.goto(buyer.url)
    expect(seen(seller, "acts.kind_return")).to_be_visible()
    expect(seller.get_by_role("link", name=paper)).to_be_visible()
    accept(seller, world, SELLER)
    assert owners(world, units) == [SELLER] * 2
    of_days(seller, world)
    no_complaints(seller)
    no_complaints(buyer)


def of_days(page: Page, world: World) -> None:
    """The list shows the acts of the days that are asked for, which wait behind one word."""
    today = clock.now().astimezone(clock.ALMATY).date()
    page.goto(f"{world.address}/acts")
    page.get_by_label(said("acts.which_state")).select_option("all")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows.first).to_be_visible()
    page.get_by_text(said("acts.days")).click()
    page.get_by_label(said("acts.days_from")).fill(f"{today + timedelta(days=1)}")
    expect(seen(page, "acts.none_found")).to_be_visible()
    sound(page, "days without acts")
    page.get_by_label(said("acts.days_from")).fill(f"{today}")
    expect(rows.first).to_be_visible()


def drafted(world: World, goods: list[str], **given: Any) -> str:
    """A draft of the seller with these goods; returns its path."""
    client = world.app.test_client()
    assert registering.log_in(client, key_of(world, SELLER).content).status_code == 200

    def post(path: str, body: dict[str, Any]) -> Any:
        answer = client.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": str(uuid4())})
        assert answer.status_code < 300, answer.text
        return answer.json

    post("/places", PLACE)
    act = post("/acts", given)["id"]
    post(f"/acts/{act}/units", {"codes": goods})
    return f"/acts/{act}"


PLACE = {
    "kind": "shop",
    "names": {"kk": "Абайдағы дүкен", "ru": "Магазин на Абая", "en": "Shop on Abay"},
    "address": {"region": "Алматы", "locality": "Алматы", "line": "Абай даңғылы, 1", "postcode": "050000"},
}


def test_goods_move_to_a_branch(browse: Browse, world: World) -> None:
    units = loose(world, 1)
    seller = phone(browse, world, SELLER, drafted(world, units, kind="internal"))
    press(seller, "acts.sign_and_send")
    expect(seen(seller, "acts.buyer_place")).to_be_visible()
    seller.get_by_label(said("acts.to_place")).select_option(label="Магазин на Абая")
    press(seller, "acts.sign_and_send")
    sign(seller, world, SELLER)
    accept(seller, world, SELLER)
    assert owners(world, units) == [SELLER]
    no_complaints(seller)
