"""Stock of an organisation: its products with their counts, and the codes behind a count. The asking organisation comes
first, and nobody asks for another's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true

from backend.catalogue.models import Card
from backend.codes.models import Code, StockEntry
from backend.codes.rules import HELD, Flag, code_id
from backend.codes.stock_rules import AHEAD, OVER, Standing
from backend.core import gs1
from backend.core.db import db, is_sqlite
from backend.core.paging import CursorInvalid
from backend.organisations.scope import reaches, within

NOWHERE = "none"
FOUND = 50
TOGETHER = 10
PART_OF_GTIN = 4
"""Digits: the shortest part by which people look for a GTIN, its last ones."""
HEAPS = 600
"""As many heaps as a page of products tells, and those of one product more: a phone has to read them all."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `article_of` is a card of which all sizes are wanted, `place` an id or "none" for what was put
    nowhere; empty standings mean all on hand."""

    words: str = ""
    card: str | None = None
    article_of: str | None = None
    group: str | None = None
    state: str | None = None
    place: str | None = None
    packed: bool | None = None
    standings: tuple[Standing, ...] = ()


class Count(NamedTuple):
    """How many codes of a card are alike."""

    card_id: str
    state: str
    flags: int
    place_id: str | None
    packed: bool
    count: int


@dataclass(slots=True)
class Product:
    """Cards of one article: sizes and colours of the same goods. `id` is the oldest of them."""

    id: str
    count: int
    cards: dict[str, Card] = field(default_factory=dict)
    counts: list[Count] = field(default_factory=list)


class Listed(NamedTuple):
    """A page of products, whether others follow, and how many codes there are from the first of them on."""

    products: list[Product]
    more: bool
    total: int


ARTICLE = (
    Card.owner_id,
    Card.group,
    func.coalesce(Card.brand, ""),
    func.coalesce(Card.attributes["model"].as_string(), Card.names["ru"].as_string()),
)
HEAP = (StockEntry.card_id, StockEntry.state, StockEntry.flags, StockEntry.place_id, StockEntry.packed)


def products(organisation_id: str, wanted: Wanted, after: str | None, limit: int) -> Listed:
    """Products, newest first, each with all its cards and counts: up to the limit, or fewer where they are in many
    sizes and places, so that a page is as large with fifty kinds of goods as with ten thousand."""
    held = _limited(select(StockEntry.card_id, func.sum(StockEntry.count).label("count")), organisation_id, wanted)
    cards = held.group_by(StockEntry.card_id).having(func.sum(StockEntry.count) > 0).subquery()
    oldest, count = func.min(Card.id), func.sum(cards.c.count)
    listed = select(oldest, count, func.aggregate_strings(Card.id, ","), func.sum(count).over())
    listed = listed.join(cards, cards.c.card_id == Card.id).where(_described(wanted)).group_by(*ARTICLE)
    if after:
        listed = listed.having(oldest < after)
    rows = db.session.execute(listed.order_by(oldest.desc()).limit(limit + 1)).all()
    found: list[Product] = []
    heaps = 0
    for start in range(0, min(limit, len(rows)), TOGETHER):
        for product in _counted(organisation_id, wanted, rows[start : min(start + TOGETHER, limit)]):
            if heaps < HEAPS:
                found.append(product)
                heaps += len(product.counts)
        if heaps >= HEAPS:
            break
    return Listed(found, len(found) < len(rows), int(rows[0][3]) if rows else 0)


def counts(organisation_id: str, wanted: Wanted, cards: Iterable[str] | None = None) -> list[Count]:
    """Heaps of like codes, in the order in which their codes are listed."""
    rows = _limited(select(*HEAP, func.sum(StockEntry.count)), organisation_id, wanted)
    if cards is not None:
        rows = rows.where(StockEntry.card_id.in_(list(cards)))
    rows = rows.group_by(*HEAP).having(func.sum(StockEntry.count) > 0)
    found = [Count(*row[:5], int(row[5])) for row in db.session.execute(rows)]
    return sorted(found, key=lambda one: (one[0], one[1], one[2], one[3] or "", one[4]))


def codes(organisation_id: str, wanted: Wanted, after: str | None, limit: int) -> list[Code]:
    """Single codes, heap by heap: each is one range of the index, so the millionth page is as quick as the first.

    `after` is the key of the last one seen. Raises CursorInvalid.
    """
    started = _place(after) if after else None
    found: list[Code] = []
    cards = _cards(organisation_id, wanted, started[0][0] if started else "", beyond=False)
    while cards and len(found) <= limit:
        for heap in counts(organisation_id, wanted, cards):
            place = (heap.card_id, heap.state, heap.flags, heap.place_id or "", heap.packed)
            if len(found) > limit or (started and place < started[0]):
                continue
            rows = _of_heap(organisation_id, heap).limit(limit + 1 - len(found))
            if started and place == started[0]:
                rows = rows.where(_beyond(*started[1]))
            found += db.session.scalars(rows)
        cards = _cards(organisation_id, wanted, cards[-1], beyond=True)
    return found


def find(organisation_id: str, wanted: Wanted) -> list[Code]:
    """Up to 50 codes by a code in any written form, or by a part of the serial."""
    written = gs1.read(wanted.words).identification_code
    one = db.session.get(Code, code_id(written)) if written else None
    if one is not None and one.owner_id == organisation_id and reaches(one.place_id):
        return [one]
    part = f"%{_plain(wanted.words)}%"
    # LIKE of SQLite does not mind capitals, and its lower() would cost as much again.
    holds = Code.serial.like(part, "\\") if is_sqlite() else Code.serial.ilike(part, "\\")
    # The index alone is searched: fetching every row to look at its serial takes sixty times longer.
    ids = select(Code.id).where(Code.owner_id == organisation_id, holds, within(Code.place_id))
    if wanted.card:
        ids = ids.where(Code.card_id == wanted.card)
    return list(db.session.scalars(select(Code).where(Code.id.in_(ids.limit(FOUND)))))


def placed(column: ColumnElement[str | None], place: str) -> ColumnElement[bool]:
    """In this place; "none" is where goods are that were put nowhere."""
    return column.is_(None) if place == NOWHERE else column == place


def key(code: Code) -> str:
    """Where a code stands in the list."""
    packed = int(code.package_id is not None)
    parts = (code.card_id, code.state, code.flags, code.place_id or "", packed, code.package_id or "", code.serial)
    return "|".join(str(part) for part in parts)


def _counted(organisation_id: str, wanted: Wanted, rows: Sequence[Row[Any]]) -> list[Product]:
    """Products by the rows that name them and their cards, with what is known of the cards."""
    found = [Product(row[0], int(row[1])) for row in rows]
    of_card = {card: product for product, row in zip(found, rows, strict=True) for card in row[2].split(",")}
    for card in db.session.scalars(select(Card).where(Card.id.in_(of_card)).order_by(Card.id)):
        of_card[card.id].cards[card.id] = card
    for heap in counts(organisation_id, wanted, of_card):
        of_card[heap.card_id].counts.append(heap)
    return found


def _cards(organisation_id: str, wanted: Wanted, start: str, *, beyond: bool) -> Sequence[str]:
    """The next few cards of which there is anything, from one on."""
    rows = _limited(select(StockEntry.card_id).distinct(), organisation_id, wanted)
    rows = rows.where(StockEntry.card_id > start if beyond else StockEntry.card_id >= start)
    return db.session.scalars(rows.order_by(StockEntry.card_id).limit(TOGETHER)).all()


def _of_heap(organisation_id: str, heap: Count) -> Select[tuple[Code]]:
    packed = Code.package_id.is_not(None) if heap.packed else Code.package_id.is_(None)
    placed = Code.place_id == heap.place_id if heap.place_id else Code.place_id.is_(None)
    rows = select(Code).where(Code.owner_id == organisation_id, Code.card_id == heap.card_id, Code.state == heap.state)
    order = (Code.owner_id, Code.card_id, Code.state, Code.flags, Code.place_id, Code.package_id, Code.serial)
    return rows.where(Code.flags == heap.flags, placed, packed).order_by(*order)


def _beyond(package: str, serial: str) -> ColumnElement[bool]:
    if not package:
        return Code.serial > serial
    return and_(Code.package_id >= package, or_(Code.package_id > package, Code.serial > serial))


def _place(after: str) -> tuple[tuple[str, str, int, str, bool], tuple[str, str]]:
    parts = after.split("|", 6)
    if len(parts) != 7 or not parts[2].isdecimal() or len(parts[2]) > 5:
        raise CursorInvalid()
    card, state, flags, place, packed, package, serial = parts
    return (card, state, int(flags), place, packed == "1"), (package, serial)


def _limited(rows: Select[Any], organisation_id: str, wanted: Wanted) -> Select[Any]:
    rows = rows.where(StockEntry.owner_id == organisation_id, within(StockEntry.place_id))
    if wanted.card:
        rows = rows.where(StockEntry.card_id == wanted.card)
    if wanted.state:
        rows = rows.where(StockEntry.state == wanted.state)
    if wanted.packed is not None:
        rows = rows.where(StockEntry.packed.is_(wanted.packed))
    if wanted.place:
        rows = rows.where(placed(StockEntry.place_id, wanted.place))
    if wanted.standings:
        return rows.where(or_(*(_stands(one) for one in wanted.standings)))
    return rows if wanted.state else rows.where(StockEntry.state.not_in(OVER))


def _stands(one: Standing) -> ColumnElement[bool]:
    """As stock_rules.standing says it of one code."""
    state, in_act = StockEntry.state, StockEntry.flags.op("&")(int(Flag.IN_ACT)) != 0
    held, over = StockEntry.flags.op("&")(int(HELD)) != 0, state.in_(OVER)
    return {
        Standing.GONE: over,
        Standing.IN_ACT: and_(~over, in_act),
        Standing.HELD: and_(~over, ~in_act, held),
        Standing.NOT_YET: and_(state.in_(AHEAD), ~held),
        Standing.FREE: and_(state.not_in(AHEAD | OVER), ~held),
    }[one]


def _described(wanted: Wanted) -> ColumnElement[bool]:
    """Every word stands somewhere in what the card says; in its GTIN only what is too long for a size, because most
    GTINs hold a given pair of digits somewhere."""
    texts = (
        Card.brand,
        *(Card.names[language].as_string() for language in ("kk", "ru", "en")),
        *(Card.attributes[name].as_string() for name in ("model", "size")),
    )
    told = [
        or_(*(text.ilike(f"%{way}%", "\\") for text in _and_gtin(texts, word) for way in _ways(word)))
        for word in wanted.words.split()
    ]
    grouped = Card.group == wanted.group if wanted.group else true()
    return and_(grouped, *told, *_same_article(wanted.article_of))


def _and_gtin(texts: Iterable[ColumnElement[str]], word: str) -> Iterable[ColumnElement[str]]:
    return (*texts, Card.gtin) if len(word) >= PART_OF_GTIN else texts


def _same_article(card_id: str | None) -> list[ColumnElement[bool]]:
    if card_id is None:
        return []
    like = db.session.execute(select(*ARTICLE).where(Card.id == card_id)).first()
    return [one == value for one, value in zip(ARTICLE, like, strict=True)] if like else [Card.id == card_id]


def _ways(word: str) -> set[str]:
    """SQLite knows capitals of the Latin alphabet only."""
    plain = _plain(word)
    return {plain, plain.lower(), plain.upper(), plain.capitalize()}


def _plain(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
