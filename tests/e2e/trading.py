"""Goods of the demo world between two phones: what may be sold, labels before a camera, signatures, whose is what."""

from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any
from uuid import uuid4

import pypdfium2
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from backend.codes import emission, packages
from backend.codes.models import Code
from backend.codes.rules import State, code_id
from backend.core import gs1
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.symbols import data_matrix
from backend.demo.people import PARTICIPANTS
from backend.labels.presets import preset
from backend.labels.render import render
from backend.labels.rules import LabelItem
from backend.notifications import telling
from backend.organisations import queries as organisations
from backend.signatures import signer
from tests import factories, registering
from tests.e2e import video
from tests.e2e.conftest import Browse, World
from tests.e2e.people import (
    ANDROID,
    PASSWORD,
    Key,
    choose_way,
    come_in,
    demo_key,
    open_file,
    press,
    said,
    sheet,
    sign_with_file,
    words_of,
)

SELLER, BUYER = "importer-shoes", "wholesaler"
PARTIES = {one.key: one for one in PARTICIPANTS}
PIN = "704152"

_boxes = iter(range(5001, 10_000))


def key_of(world: World, owner: str) -> Key:
    """The head's key of somebody in the demo world, known by surname."""
    party = PARTIES[owner]
    return demo_key(world, owner, party.head, party.bin)


def loose(world: World, count: int, owner: str = SELLER) -> list[str]:
    """Element strings of so many units that this owner may sell now and that lie in no box."""
    with world.app.app_context():
        mine = organisations.by_tax_number(PARTIES[owner].bin).id
        free = select(Code.emission_id, Code.number).where(
            Code.owner_id == mine,
            Code.state == State.INTRODUCED,
            Code.flags == 0,
            Code.package_id.is_(None),
            Code.emission_id.is_not(None),
        )
        found = db.session.execute(free.order_by(Code.emission_id, Code.number).limit(count)).all()
        texts = [next(emission.pack(one.emission_id, one.number, 1))[1] for one in found]
        db.session.rollback()
    assert len(texts) == count, "the demo world has run out of goods"
    return texts


def box(world: World, count: int, owner: str = SELLER) -> tuple[str, list[str]]:
    """A closed box of loose units; returns what is read from its label, and the units."""
    texts, sscc = loose(world, count, owner), gs1.sscc("487000100", next(_boxes))
    with world.app.app_context():
        mine = organisations.by_tax_number(PARTIES[owner].bin).id
        codes = [code_id(text.split("\x1d", 1)[0]) for text in texts]
        unit_of_work(lambda: packages.form(sscc, codes=codes, owner_id=mine, actor=None))
    return f"00{sscc}", texts


def boxes(world: World, count: int, owner: str = SELLER) -> list[str]:
    """Labels of so many closed boxes, a fresh unit in each: more than the demo world has goods."""
    ssccs = [gs1.sscc("487000100", next(_boxes)) for _ in range(count)]
    with world.app.app_context():
        mine = organisations.by_tax_number(PARTIES[owner].bin).id
        for sscc, unit in zip(ssccs, factories.codes(mine, count), strict=True):
            unit_of_work(lambda sscc=sscc, unit=unit: packages.form(sscc, codes=[unit], owner_id=mine, actor=None))
    return [f"00{sscc}" for sscc in ssccs]


def owners(world: World, texts: list[str], *others: str) -> list[str]:
    """Whose each unit is, as the server's database has it, by the names of the demo world; by the BIN of `others`."""
    with world.app.app_context():
        names = {one.bin: one.key for one in PARTICIPANTS} | {bin: bin for bin in others}
        known = {organisations.by_tax_number(bin).id: name for bin, name in names.items()}
        ids = [code_id(text.split("\x1d", 1)[0]) for text in texts]
        found = dict(db.session.execute(select(Code.id, Code.owner_id).where(Code.id.in_(ids))).all())
        db.session.rollback()
    return [known[found[one]] for one in ids]


def tell(world: World) -> None:
    """What happened is put into inboxes, as the worker does."""
    with world.app.app_context():
        telling.tell_forgotten()


ROOM = tuple((400 + 240 * (at % 3), 220 + 280 * (at // 3)) for at in range(6))
"""Where labels lie in the picture, up to six at once: a phone held upright shows its middle alone."""


def film(path: Path, *scenes: list[str], seconds: float = 0.8) -> Path:
    """A film that shows these codes in turn, all those of a scene at once: our own labels of units and of boxes."""
    made = video.Film([], [])
    for codes in scenes:
        frame = Image.new("L", video.SIZE, video.GREY_CARD)
        for at, text in enumerate(codes):
            if text.startswith("00"):
                frame = video.place(frame, box_label(text), video.MIDDLE)
            else:
                symbol = data_matrix(text).image(quiet=2).convert("L")
                frame = video.place(frame, video.modules(symbol, 4), ROOM[at], 3)
        made.frames.extend([frame] * round(seconds * video.RATE))
    video.write(made, path)
    return path


def box_label(text: str) -> Image.Image:
    """Our own label of a box, as large as a camera sees it at arm's length."""
    item = LabelItem(text, {"kk": "Қорап", "ru": "Короб"}, "", text[2:], None)
    document = pypdfium2.PdfDocument(b"".join(render(preset("box-100x50"), [item], dpi=203, minimum_mm=20)))
    try:
        return document[0].render(scale=1100 / 100 * 25.4 / 72).to_pil().convert("L")
    finally:
        document.close()


def seen(page: Page, key: str, language: str = "ru", **filled: object) -> Locator:
    """These words somewhere on screen."""
    return page.get_by_text(said(key, language, **filled)).filter(visible=True).first


def stands(page: Page, state: str, language: str = "ru") -> None:
    """The act that is open has come to this state."""
    expect(page.get_by_text(said(f"acts.state_{state}", language)).filter(visible=True).first).to_be_visible()


def counted(page: Page, language: str = "ru", *, missing: int, found: int, extra: int = 0) -> None:
    """The three counts of a receiving."""
    group = page.get_by_role("group", name=said("acts.progress", language))
    for what, count in {"missing": missing, "found": found, "extra": extra}.items():
        button = group.get_by_role("button").filter(has_text=words_of(f"acts.{what}", language))
        expect(button.locator("strong")).to_contain_text(str(count))


def phone(browse: Browse, world: World, owner: str, path: str = "/acts", **options: Any) -> Page:
    """A phone of this participant's head, signed in, at this page of the cabinet."""
    page = browse(**ANDROID | options)
    come_in(page, key_of(world, owner))
    page.goto(world.address + path)
    return page


def keeps_key(page: Page, key: Key, language: str = "ru") -> None:
    """A log-in at which the device is asked to remember the key."""
    press(page, "registration.login_sign", language)
    choose_way(page, "p12", language)
    open_file(page, key, language=language)
    sheet(page).get_by_label(said("sign.remember", language)).check()
    sheet(page).get_by_label(said("sign.pin_new", language)).fill(PIN)
    press(sheet(page), "sign.sign", language)
    expect(sheet(page)).to_have_count(0)


def sign(page: Page, world: World, owner: str) -> None:
    sign_with_file(page, key_of(world, owner))


class Desk:
    """A participant's head without a browser, where what a browser does is not what is tested."""

    def __init__(self, world: World, owner: str) -> None:
        self.client, self.key = world.app.test_client(), key_of(world, owner)
        assert registering.log_in(self.client, self.key.content).status_code == 200

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self.client.post(f"/api/v1/acts{path}", json=body, headers={"Idempotency-Key": str(uuid4())})
        assert answer.status_code < 300, answer.text
        return answer.json

    def signatures(self, papers: dict[str, Any]) -> list[dict[str, str]]:
        """For the documents that a route gave out."""
        cms = {
            one["id"]: signer.sign(self.key.content, PASSWORD, b64decode(one["bytes"])) for one in papers["documents"]
        }
        return [{"id": id, "cms": b64encode(one).decode()} for id, one in cms.items()]

    def draft(self, goods: list[str], **given: Any) -> str:
        """Returns its path in the app."""
        act = self.post("", given)["id"]
        put = self.post(f"/{act}/units", {"codes": goods})
        assert {one["status"] for one in put["results"]} == {"added"}, put
        return f"/acts/{act}"

    def decide(self, act: str, **decision: Any) -> None:
        path, decision = act.removeprefix("/acts"), {"mode": "full"} | decision
        signatures = self.signatures(self.post(f"{path}/decision/document", decision))
        self.post(f"{path}/decision", {"decision": decision, "signatures": signatures})


def sent(world: World, goods: list[str], buyer: str = BUYER, **given: Any) -> str:
    """An act of the seller with these goods, signed and sent without a browser; returns its path in the app."""
    desk = Desk(world, SELLER)
    act = desk.draft(goods, receiver_tax=PARTIES[buyer].bin, **given)
    papers = desk.client.get(f"/api/v1{act}/document").json
    desk.post(f"{act.removeprefix('/acts')}/send", {"signatures": desk.signatures(papers)})
    return act
