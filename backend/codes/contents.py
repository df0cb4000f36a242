"""What lies in packages, and which packages lie in stock. The asking organisation comes first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import func, select

from backend.catalogue.models import Card
from backend.codes import packages, stock
from backend.codes.models import Code, Package
from backend.codes.packing import FORMED
from backend.codes.rules import Event, Flag, PackageUnknown, State, code_id, why_not
from backend.codes.stock_rules import Standing, standing
from backend.core import gs1
from backend.core.db import db
from backend.core.paging import CursorInvalid
from backend.organisations.scope import tied_to, within

CHILDREN = 500


class Part(NamedTuple):
    """How much of one product lies in a package, at any depth."""

    card: Card
    count: int


@dataclass(slots=True)
class Inside:
    """A package with what is in it: `around` is the chain of packages that it lies in, innermost first; `free` says
    that everything inside may be sent or sold."""

    package: Package
    count: int = 0
    free: bool = True
    around: list[str] = field(default_factory=list)
    children: int = 0
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fitting:
    """Whether a scanned text may go into a package: `reason` says in one word why it may not, `package` where it lies
    already."""

    text: str
    code: str | None = None
    reason: str | None = None
    package: str | None = None
    card: Card | None = None
    count: int = 0


def package(organisation_id: str | None, text: str) -> Inside:
    """One package looked into. Raises PackageUnknown."""
    found = db.session.get(Package, gs1.read(text).sscc or text)
    if found is None or (organisation_id and not (found.owner_id == organisation_id and reached(found.sscc))):
        raise PackageUnknown(sscc=text)
    (shown,) = looked_into([found])
    shown.around = chain(found.parent_id)
    return shown


def reached(sscc: str) -> bool:
    """Whether everything in a package is at the places of whoever asks."""
    if not tied_to():
        return True
    strange = packages.contents(sscc).where(~within(Code.place_id))
    return not db.session.scalar(select(strange.exists()))


def children(organisation_id: str | None, sscc: str) -> list[Inside]:
    """The first 500 packages directly inside, each looked into."""
    found = select(Package).where(Package.parent_id == sscc).order_by(Package.sscc).limit(CHILDREN)
    if organisation_id:
        found = found.where(Package.owner_id == organisation_id)
    return looked_into(db.session.scalars(found).all())


def directly(organisation_id: str | None, sscc: str, after: str | None, limit: int) -> Sequence[Code]:
    """Single codes that lie in a package itself, in a fixed order."""
    rows = select(Code).where(Code.package_id == sscc).order_by(Code.id).limit(limit + 1)
    if organisation_id:
        rows = rows.where(Code.owner_id == organisation_id)
    if after:
        rows = rows.where(Code.id > _place(after))
    return db.session.scalars(rows).all()


def outermost(
    organisation_id: str, goods: tuple[str, str | None] | None, words: str, after: str | None, limit: int
) -> tuple[list[Inside], str | None]:
    """Closed packages that lie in no other: all of them, or those with a product inside (a card, and the place where
    it lies or None for any); and where the next page begins."""
    if goods:
        return _holding(organisation_id, *goods, after, limit)
    rows = select(Package).where(Package.owner_id == organisation_id, Package.state == FORMED)
    rows = (
        rows.where(Package.sscc.contains(words, autoescape=True)) if words else rows.where(Package.parent_id.is_(None))
    )
    if after:
        rows = rows.where(Package.sscc > after)
    found = db.session.scalars(rows.order_by(Package.sscc).limit(limit + 1)).all()
    onward = found[limit - 1].sscc if len(found) > limit else None
    return looked_into([one for one in found[:limit] if reached(one.sscc)]), onward


def looked_into(found: Sequence[Package]) -> list[Inside]:
    """Counts by product of everything inside, of all the packages in one question."""
    shown = {one.sscc: Inside(one) for one in found}
    root = Package.sscc.label("root")
    tree = select(root, Package.sscc).where(Package.sscc.in_(shown)).cte("tree", recursive=True)
    tree = tree.union(select(tree.c.root, Package.sscc).join(tree, Package.parent_id == tree.c.sscc))
    alike = (tree.c.root, Code.card_id, Code.state, Code.flags)
    counted = select(*alike, func.count()).join(Code, Code.package_id == tree.c.sscc).group_by(*alike)
    rows = db.session.execute(counted).all()
    cards = {one.id: one for one in db.session.scalars(select(Card).where(Card.id.in_({row.card_id for row in rows})))}
    parts: dict[tuple[str, str], int] = {}
    for sscc, card_id, state, flags, count in rows:
        shown[sscc].count += count
        shown[sscc].free &= standing(State(state), Flag(flags)) is Standing.FREE
        parts[sscc, card_id] = parts.get((sscc, card_id), 0) + count
    for (sscc, card_id), count in sorted(parts.items()):
        shown[sscc].parts.append(Part(cards[card_id], count))
    inner = select(Package.parent_id, func.count()).where(Package.parent_id.in_(shown)).group_by(Package.parent_id)
    for sscc, count in db.session.execute(inner):
        shown[sscc].children = count
    return list(shown.values())


def chain(sscc: str | None) -> list[str]:
    """The package and those around it, innermost first."""
    found = []
    while sscc:
        found.append(sscc)
        above = db.session.get(Package, sscc)
        sscc = above.parent_id if above else None
    return found


def fitting(organisation_id: str, texts: Sequence[str]) -> list[Fitting]:
    """Whether each of these may go into a new package of the organisation."""
    return [_fitting(organisation_id, text) for text in texts]


def _fitting(organisation_id: str, text: str) -> Fitting:
    scan = gs1.read(text)
    if scan.sscc:
        return _fitting_package(organisation_id, text, scan.sscc)
    if not scan.identification_code:
        return Fitting(text, reason="not_a_mark")
    code = scan.identification_code
    found = db.session.get(Code, code_id(code))
    if found is None:
        return Fitting(text, code, "unknown")
    owned = found.owner_id == organisation_id
    state, flags = State(found.state), Flag(found.flags)
    why = why_not(Event.AGGREGATE, state, flags, owned=owned, bound=True, reason=found.reason)
    if not owned:
        return Fitting(text, code, "not_yours")
    card = db.session.get(Card, found.card_id)
    if found.package_id and not why:
        return Fitting(text, code, "packed", found.package_id, card)
    return Fitting(text, code, why, card=card, count=1)


def _fitting_package(organisation_id: str, text: str, sscc: str) -> Fitting:
    found = db.session.get(Package, sscc)
    if found is None or found.owner_id != organisation_id:
        return Fitting(text, f"00{sscc}", "unknown")
    if found.state != FORMED:
        return Fitting(text, f"00{sscc}", "opened")
    if found.parent_id:
        return Fitting(text, f"00{sscc}", "packed", found.parent_id)
    if packages.bound(sscc):
        return Fitting(text, f"00{sscc}", "in_act")
    count = db.session.scalar(select(func.count()).select_from(packages.contents(sscc).subquery()))
    return Fitting(text, f"00{sscc}", count=count or 0)


def _holding(
    organisation_id: str, card_id: str, place: str | None, after: str | None, limit: int
) -> tuple[list[Inside], str | None]:
    """By the package directly around the goods, of which the outermost is shown."""
    near = select(Code.package_id).where(Code.owner_id == organisation_id, Code.card_id == card_id)
    near = near.where(Code.package_id.is_not(None), Code.package_id > (after or "")).distinct()
    if place:
        near = near.where(stock.placed(Code.place_id, place))
    found = db.session.scalars(near.order_by(Code.package_id).limit(limit + 1)).all()
    ring = select(Package.sscc, Package.parent_id).where(Package.sscc.in_(found[:limit])).cte("ring", recursive=True)
    ring = ring.union(select(Package.sscc, Package.parent_id).join(ring, Package.sscc == ring.c.parent_id))
    rows = select(Package).where(Package.sscc.in_(select(ring.c.sscc)), Package.parent_id.is_(None))
    listed = db.session.scalars(rows.order_by(Package.sscc)).all()
    shown = looked_into([one for one in listed if reached(one.sscc)])
    return shown, found[limit - 1] if len(found) > limit else None


def _place(after: str) -> bytes:
    """A code's place in a package. Raises CursorInvalid."""
    try:
        return bytes.fromhex(after)
    except ValueError as error:
        raise CursorInvalid() from error
