"""What happened in the demo world: codes are emitted, applied, introduced, packed, handed over, sold and worse."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from backend.codes import emission, ledger, packages
from backend.codes.models import Code, Emission
from backend.codes.rules import Event, code_id
from backend.core import clock, gs1
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.ids import new_id
from backend.demo import goods
from backend.verification import sightings

COUNT = 48
FUR_MARKS = tuple(f"KZ-430301-KZA{number:07d}" for number in range(2061001, 2061013))
COMPANY = "487000100"


@dataclass(slots=True)
class Story:
    """`texts` are full codes by emission; `packed` the SSCCs by what they hold."""

    owners: dict[str, str]
    boots: str = ""
    shoes: str = ""
    coat: str = ""
    texts: dict[str, list[str]] = field(default_factory=dict)
    packed: dict[str, str] = field(default_factory=dict)
    expired: str = ""


def tell(owners: dict[str, str]) -> Story:
    """Live through the last month of the demo world, in order, each step dated."""
    story, day = Story(owners), clock.now().replace(microsecond=0) - timedelta(days=30)
    importer, furrier = owners["importer-shoes"], owners["importer-fur"]
    with clock.at(day):
        story.boots = emitted(goods.describe(goods.BOOTS, importer), importer)
        story.shoes = emitted(goods.describe(goods.SHOES, importer), importer)
        story.coat = goods.describe(goods.COAT, furrier)
        enter_marks(story.coat, furrier)
    for order in (story.boots, story.shoes):
        story.texts[order] = texts(order)
    introduce(story, importer, furrier, day + timedelta(days=3))
    hand_over(story, day + timedelta(days=8))
    trouble(story, day + timedelta(days=20))
    return story


def emitted(card_id: str, owner_id: str) -> str:
    order = unit_of_work(lambda: emission.order(card_id, COUNT, owner_id=owner_id, actor=None).id)
    while unit_of_work(lambda: emission.emit_some(order)):
        pass
    return order


def texts(order: str) -> list[str]:
    """Full element strings of an emission, as they stand on labels."""
    found = [text for _, text in emission.pack(order, 1, COUNT)]
    db.session.rollback()
    return found


def enter_marks(card_id: str, owner_id: str) -> None:
    """Physical fur marks, personalised by the emitter, accepted to the balance and introduced by import (S4-20)."""
    born = [ledger.NewCode(code_id(mark), mark, number) for number, mark in enumerate(FUR_MARKS, 1)]
    unit_of_work(
        lambda: ledger.begin(
            Event.EMIT, born, actor=None, owner_id=owner_id, card_id=card_id, gtin=None, group="fur", key_id=None
        )
    )


def move(event: Event, codes: list[str], owner_id: str | None, **more: object) -> None:
    ids = [code_id(text.split("\x1d", 1)[0]) for text in codes]
    unit_of_work(lambda: ledger.move(event, ids, actor=None, owner_id=owner_id, **more))


def introduce(story: Story, importer: str, furrier: str, day: datetime) -> None:
    """Most codes go into circulation; the last of each emission stay on the way there."""
    declaration = {"document": ("customs_declaration", "55302/031126/0012345")}
    with clock.at(day):
        for order in (story.boots, story.shoes):
            ready = story.texts[order][:-2]
            move(Event.RECEIVE, [*ready, story.texts[order][-2]], importer)
            move(Event.APPLY, ready, importer)
            move(Event.INTRODUCE_IMPORT, ready[:-2], importer, **declaration)
        marks = list(FUR_MARKS)
        move(Event.RECEIVE, marks, furrier)
        move(Event.APPLY, marks, furrier)
        move(Event.INTRODUCE_IMPORT, marks[:-1], furrier, **declaration)


def hand_over(story: Story, day: datetime) -> None:
    """Two boxes on a pallet go to the wholesaler, loose pairs to the shops, and one act is still open."""
    importer, boots = story.owners["importer-shoes"], story.texts[story.boots]
    with clock.at(day):
        for number, part in ((1, boots[0:10]), (2, boots[10:20])):
            box = gs1.sscc(COMPANY, number)
            ids = [code_id(text.split("\x1d", 1)[0]) for text in part]
            unit_of_work(lambda box=box, ids=ids: packages.form(box, owner_id=importer, actor=None, codes=ids))
            story.packed[f"box-{number}"] = box
        pallet, boxes = gs1.sscc(COMPANY, 100), list(story.packed.values())
        unit_of_work(lambda: packages.form(pallet, owner_id=importer, actor=None, packages=boxes))
        story.packed["pallet"] = pallet
        deliver(packages.contents(pallet), importer, story.owners["wholesaler"])
        deliver(ids_of(boots[20:32]), importer, story.owners["shop-almaty"])
        deliver(ids_of(story.texts[story.shoes][:20]), importer, story.owners["shop-astana"])
    with clock.at(day + timedelta(days=12)):
        act = ("act", new_id())
        move(Event.SEND, boots[32:34], importer, document=act)


def deliver(codes: object, seller: str, buyer: str) -> None:
    """An act that was sent, and confirmed a day later: only then does the owner change (S0-29)."""
    act = ("act", new_id())
    unit_of_work(lambda: ledger.move(Event.SEND, codes, actor=None, owner_id=seller, document=act))
    with clock.at(clock.now() + timedelta(days=1)):
        unit_of_work(lambda: ledger.move(Event.CONFIRM, codes, actor=None, owner_id=None, to=buyer, document=act))


def ids_of(codes: list[str]) -> list[bytes]:
    return [code_id(text.split("\x1d", 1)[0]) for text in codes]


def trouble(story: Story, day: datetime) -> None:
    """Sales, a defect, a block, a recall, a mark that was lost, and one code seen in two cities at once."""
    shop, boots = story.owners["shop-almaty"], story.texts[story.boots]
    with clock.at(clock.now() - timedelta(days=7)):
        move(Event.SELL, boots[20:22], shop, reason="RETAIL", document=("receipt", "64"))
    with clock.at(day):
        move(Event.WITHDRAW, [boots[22]], shop, reason="DEFECT", document=("paper", "Б-12"))
        move(Event.WRITE_OFF, [boots[23]], shop, reason="DESTRUCTION", document=("destruction_act", "Ж-3"))
        move(Event.BLOCK, [boots[24]], None, reason="AUTHORITY", document=("order", "КГД-118"))
        move(Event.RECALL, [boots[25]], None, reason="SAFETY", document=("order", "Қ-7"))
        move(Event.LOSE, [boots[26]], shop)
        move(Event.CANCEL, [story.texts[story.shoes][-2]], story.owners["importer-shoes"], reason="KM_SPOILED")
        story.expired = past_its_date(story)
    clone(boots[27])


def past_its_date(story: Story) -> str:
    """One code whose shelf life is over."""
    importer = story.owners["importer-shoes"]
    known = db.session.get_one(Emission, story.shoes)
    card_id, key_id = known.card_id, known.key_id
    gtin = db.session.scalar(select(Code.gtin).where(Code.emission_id == story.shoes).limit(1))
    serial = next(iter(emission.serials(1, "ABCDEFGHJKMNPQRSTUVWXYZ23456789", 13)))
    identification = f"01{gtin}21{serial}"
    tail = emission.keys.signer(key_id).tail(identification)
    born = [ledger.NewCode(code_id(identification), serial)]
    over = clock.today() - timedelta(days=1)
    unit_of_work(
        lambda: ledger.begin(
            Event.EMIT,
            born,
            actor=None,
            owner_id=importer,
            card_id=card_id,
            gtin=gtin,
            group="footwear",
            key_id=key_id,
            expires_on=over,
        )
    )
    for event in (Event.RECEIVE, Event.APPLY, Event.INTRODUCE_IMPORT):
        move(event, [identification], importer)
    return f"{identification}\x1d91{key_id}\x1d92{tail}"


def clone(text: str) -> None:
    """The same code, seen by two phones in Almaty and Atyrau within ten minutes."""
    code = code_id(text.split("\x1d", 1)[0])
    seen = [("first-phone", (43.24, 76.95)), ("second-phone", (47.1, 51.9))]
    for minutes, (device, place) in enumerate(seen):
        with clock.at(clock.now() - timedelta(hours=2) + timedelta(minutes=10 * minutes)):
            sightings.note(code, "in_circulation", "camera", place, device)
    sightings.buffer().flush()
