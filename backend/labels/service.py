"""Sheets of labels: asked for once, logged, and rendered as they are downloaded.

A reprint is a fraud vector, so codes printed before are printed again only with a reason (UX 5.1).
"""

from collections.abc import Iterator
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from backend.catalogue import groups
from backend.catalogue.models import Card
from backend.codes import emission, ledger
from backend.codes.models import Code, Emission
from backend.codes.rules import EmissionUnknown, Event, GroupNotPrintable, State
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.labels import presets, tables
from backend.labels.models import Sheet
from backend.labels.render import render
from backend.labels.rules import (
    LabelItem,
    NotEmittedYet,
    OneAtATime,
    OutsideEmission,
    PresetTooSmall,
    ReprintReasonNeeded,
    SheetUnknown,
)

LAYOUT = ("preset", "custom", "dpi", "start", "offset_mm", "excel", "price_tiyn")
ON_LABELS = ("size", "colour")

MIME = {
    "pdf": "application/pdf",
    "png": "image/png",
    "zpl": "application/octet-stream",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
}


def ask(organisation_id: str | None, wanted: dict[str, Any], actor: Actor) -> Sheet:
    """Log a sheet of labels and mark its codes as received (T2).

    `wanted` are the fields of SheetIn. Raises EmissionUnknown, NotEmittedYet, OutsideEmission, ReprintReasonNeeded,
    OneAtATime, and what the preset and the printer refuse.
    """
    order = db.session.get(Emission, wanted["emission_id"])
    if order is None or (organisation_id and order.owner_id != organisation_id):
        raise EmissionUnknown(id=wanted["emission_id"])
    first, count = wanted["first"], wanted["count"]
    if first + count - 1 > order.count:
        raise OutsideEmission(count=order.count)
    if first + count - 1 > order.emitted:
        raise NotEmittedYet(emitted=order.emitted, count=order.count)
    if wanted["media"] == "png" and count != 1:
        raise OneAtATime()
    printed = overlapping(order.id, first, count)
    if printed and not wanted["reason"]:
        raise ReprintReasonNeeded(printed=printed)
    sheet = Sheet(
        id=new_id(),
        emission_id=order.id,
        organisation_id=order.owner_id,
        first=first,
        count=count,
        media=wanted["media"],
        layout={name: wanted[name] for name in LAYOUT},
        reason=wanted["reason"] if printed else None,
        created_at=clock.now(),
    )
    next(file(sheet), None)
    db.session.add(sheet)
    _receive(sheet, actor)
    history.record(
        "labels:reprinted" if printed else "labels:printed",
        subject=("emission", order.id),
        organisation_id=order.owner_id,
        actor=actor,
        document=("label_sheet", sheet.id),
        detail={"first": first, "count": count, "media": sheet.media, "reason": sheet.reason, "printed": printed},
    )
    return sheet


def overlapping(emission_id: str, first: int, count: int) -> int:
    """How many earlier sheets hold a code of this range."""
    past = select(func.count()).select_from(Sheet).where(Sheet.emission_id == emission_id)
    return db.session.scalar(past.where(Sheet.first < first + count, Sheet.first + Sheet.count > first)) or 0


def find(organisation_id: str | None, sheet_id: str) -> Sheet:
    """Raises SheetUnknown, for another's sheet too."""
    sheet = db.session.get(Sheet, sheet_id)
    if sheet is None or (organisation_id and sheet.organisation_id != organisation_id):
        raise SheetUnknown(id=sheet_id)
    return sheet


def file(sheet: Sheet) -> Iterator[bytes]:
    """The bytes of a sheet, piece by piece; the same codes every time."""
    card = db.session.get_one(Card, db.session.get_one(Emission, sheet.emission_id).card_id)
    layout = sheet.layout
    items = _items(sheet, card)
    if sheet.media == "csv":
        return tables.csv(items, excel=layout["excel"])
    if sheet.media == "jsonl":
        return tables.jsonl(items)
    return render(
        stock(layout["preset"], layout["custom"]),
        items,
        dpi=layout["dpi"],
        media=sheet.media,
        minimum_mm=groups.get(card.group).label.minimum_mm,
        start=layout["start"],
        offset_mm=tuple(layout["offset_mm"]),
        test=only_tests(),
    )


def stock(preset: str, custom: dict[str, Any] | None) -> presets.Preset:
    return presets.custom(**custom) if custom else presets.preset(preset)


def fitting(group: str, dpi: int) -> list[tuple[presets.Preset, bool]]:
    """Every preset, and whether this group's symbol fits it at this resolution.

    Raises GroupUnknown, GroupNotPrintable, DpiUnsupported.
    """
    kind = groups.get(group)
    if kind.code.kind != "gs1":
        raise GroupNotPrintable(group=group)
    minimum, serial = kind.label.minimum_mm, "W" * kind.code.serial_length
    longest = LabelItem(code=f"010487000000001221{serial}\x1d91TAAA\x1d92{'W' * 86}==")
    found = []
    for preset in presets.PRESETS.values():
        if preset.carrier is not presets.Carrier.DATA_MATRIX:
            continue
        try:
            next(render(preset, [longest], dpi=dpi, minimum_mm=minimum), None)
        except PresetTooSmall:
            found.append((preset, False))
        else:
            found.append((preset, True))
    return found


def _items(sheet: Sheet, card: Card) -> Iterator[LabelItem]:
    names, line = card.names, in_words(card)
    for _, text in emission.pack(sheet.emission_id, sheet.first, sheet.count):
        serial = text[18:].split("\x1d", 1)[0]
        yield LabelItem(text, names, line, serial, sheet.layout["price_tiyn"])


def in_words(card: Card) -> str:
    """Size and colour as people read them, in Kazakh and Russian, once where both agree: "42 · Қара / Чёрный"."""
    told = []
    for attribute in groups.get(card.group).attributes:
        value = card.attributes.get(attribute.code)
        if value and attribute.code in ON_LABELS:
            told.append(" / ".join(dict.fromkeys(attribute.words(str(value), language) for language in ("kk", "ru"))))
    return " · ".join(told)


def _receive(sheet: Sheet, actor: Actor) -> None:
    fresh = select(Code.id).where(
        Code.emission_id == sheet.emission_id,
        Code.number >= sheet.first,
        Code.number < sheet.first + sheet.count,
        Code.state == State.EMITTED.value,
    )
    if db.session.scalar(select(func.count()).select_from(fresh.subquery())):
        ledger.move(
            Event.RECEIVE, fresh, actor=actor, owner_id=sheet.organisation_id, document=("label_sheet", sheet.id)
        )


def only_tests() -> bool:
    """Codes of a development installation are no legal marks, and their labels say so."""
    return not current_app.config["SETTINGS"].production
