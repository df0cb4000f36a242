"""Stock and packages as their routes answer them."""

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import select

from backend.catalogue.models import Card
from backend.codes import contents, stock
from backend.codes.contents import Fitting, Inside
from backend.codes.ledger import identification
from backend.codes.models import Code
from backend.codes.rules import Flag, State
from backend.codes.stock import Count, Product, Wanted
from backend.codes.stock_rules import standing
from backend.codes.stock_schemas import (
    ContentsOut,
    DescribedOut,
    FitList,
    FitOut,
    HeapOut,
    PartOut,
    StockCardOut,
    StockCodeOut,
    StockCodesOut,
    StockOut,
    StockPackageOut,
    StockPackagesOut,
    StockPlaceOut,
    StockProductOut,
)
from backend.core.db import db
from backend.core.i18n import Names
from backend.core.paging import cursor_of, page
from backend.organisations.models import Place


def overview(organisation_id: str, wanted: Wanted, after: str | None, limit: int) -> StockOut:
    found, more, total = stock.products(organisation_id, wanted, after, limit)
    return StockOut(
        total=total,
        products=[_product(one) for one in found],
        places=_places({count.place_id for one in found for count in one.counts if count.place_id}),
        next=cursor_of(found[-1].id) if more else None,
    )


def listed(organisation_id: str, wanted: Wanted, after: str | None, limit: int) -> StockCodesOut:
    if wanted.words:
        found = stock.find(organisation_id, wanted)
        return _codes(found, None, more=len(found) == stock.FOUND)
    return _codes(*page(stock.codes(organisation_id, wanted, after, limit), limit, stock.key))


def packages(
    organisation_id: str, goods: tuple[str, str | None] | None, words: str, after: str | None, limit: int
) -> StockPackagesOut:
    found, following = contents.outermost(organisation_id, goods, words, after, limit)
    shown = [StockPackageOut(**_package(one)) for one in found]
    return StockPackagesOut(packages=shown, next=cursor_of(following) if following else None)


def inside(organisation_id: str | None, sscc: str, after: str | None, limit: int) -> ContentsOut:
    found = contents.package(organisation_id, sscc)
    directly = contents.directly(organisation_id, found.package.sscc, after, limit)
    shown, following = page(directly, limit, lambda code: code.id.hex())
    inner = contents.children(organisation_id, found.package.sscc)
    return ContentsOut(
        **_package(found),
        around=found.around,
        children=[StockPackageOut(**_package(one)) for one in inner],
        codes=[_code(one) for one in shown],
        next=following,
    )


def fits(results: Sequence[Fitting]) -> FitList:
    return FitList(
        results=[
            FitOut(
                text=one.text,
                code=one.code,
                reason=one.reason,
                package=one.package,
                card=_part(one.card, one.count) if one.card else None,
                count=one.count,
            )
            for one in results
        ]
    )


def _product(product: Product) -> StockProductOut:
    heaps: dict[str, list[Count]] = {}
    for count in product.counts:
        heaps.setdefault(count.card_id, []).append(count)
    first = product.cards.get(product.id) or next(iter(product.cards.values()))
    cards = sorted(product.cards.values(), key=lambda card: card.id)
    return StockProductOut(
        id=product.id,
        group=first.group,
        names=Names(**first.names),
        brand=first.brand,
        article=first.attributes.get("model"),
        count=product.count,
        cards=[_card(card, heaps.get(card.id, [])) for card in cards],
    )


def _card(card: Card, heaps: Sequence[Count]) -> StockCardOut:
    count = sum(heap.count for heap in heaps)
    return StockCardOut(**_described(card), count=count, heaps=[_heap(heap) for heap in heaps])


def _heap(heap: Count) -> HeapOut:
    return HeapOut(place_id=heap.place_id, packed=heap.packed, count=heap.count, **_stands(heap.state, heap.flags))


def _code(code: Code) -> StockCodeOut:
    return StockCodeOut(
        code=identification(code.gtin, code.serial),
        card_id=code.card_id,
        place_id=code.place_id,
        package=code.package_id,
        act_id=code.act_id,
        changed_at=code.changed_at,
        **_stands(code.state, code.flags),
    )


def _codes(shown: Sequence[Code], following: str | None, *, more: bool = False) -> StockCodesOut:
    rows = db.session.scalars(select(Card).where(Card.id.in_({one.card_id for one in shown})).order_by(Card.id))
    described = [DescribedOut(**_described(card)) for card in rows]
    return StockCodesOut(codes=[_code(one) for one in shown], cards=described, next=following, more=more)


@cache
def _stands(state: str, flags: int) -> dict[str, object]:
    """The few that there are, worked out once: a page tells hundreds."""
    named = [(flag.name or "").lower() for flag in Flag if flags & flag]
    return {"state": state, "flags": named, "standing": standing(State(state), Flag(flags))}


def _package(one: Inside) -> dict[str, object]:
    return {
        "sscc": one.package.sscc,
        "level": one.package.level,
        "state": one.package.state,
        "count": one.count,
        "packages": one.children,
        "free": one.free,
        "parts": [_part(part.card, part.count) for part in one.parts],
    }


def _part(card: Card, count: int) -> PartOut:
    return PartOut(**_described(card), count=count)


def _described(card: Card) -> dict[str, object]:
    return {"card_id": card.id, "gtin": card.gtin, "names": Names(**card.names), "attributes": card.attributes}


def _places(ids: Iterable[str]) -> list[StockPlaceOut]:
    rows = db.session.scalars(select(Place).where(Place.id.in_(set(ids))).order_by(Place.id))
    return [StockPlaceOut(id=one.id, names=Names(**one.names)) for one in rows]
