"""Which codes an act holds: set-based, so that an act of 100 000 units is one statement."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Select, func, select, union_all

from backend.acts.models import Act, Box, Unit
from backend.catalogue.models import Card
from backend.codes.models import Code, Movement, Package
from backend.core.db import db
from backend.history import rules as history
from backend.history.models import Fact
from backend.organisations.scope import within


class Line(NamedTuple):
    """The units of one product card in an act. `gtin` is None where the group marks without one (fur)."""

    card_id: str
    gtin: str | None
    names: dict[str, str]
    attributes: dict[str, object]
    count: int


def drafted(act_id: str) -> Select[tuple[bytes]]:
    """The codes that a draft names: its units, and whatever lies in its packages at this moment, at any depth."""
    inside = select(Package.sscc).join(Box, Box.sscc == Package.sscc).where(Box.act_id == act_id)
    tree = inside.cte("tree", recursive=True)
    tree = tree.union(select(Package.sscc).join(tree, Package.parent_id == tree.c.sscc))
    packed = select(Code.id).where(Code.package_id.in_(select(tree.c.sscc)))
    loose = select(Unit.code_id).where(Unit.act_id == act_id)
    both = union_all(loose, packed).subquery()
    return select(both.c[0]).distinct()


def sent(act: Act) -> Select[tuple[bytes]]:
    """The codes that a sent act bound, whatever became of them since."""
    return select(Movement.code_id).where(Movement.fact_id == act.sent_fact)


def of(act: Act) -> Select[tuple[bytes]]:
    return sent(act) if act.sent_fact else drafted(act.id)


def loose(act: Act) -> Select[tuple[bytes]]:
    """The units of an act that lie in no package."""
    if not act.sent_fact:
        return select(Unit.code_id).where(Unit.act_id == act.id)
    return sent(act).join(Code, Code.id == Movement.code_id).where(Code.package_id.is_(None))


def lines(act: Act) -> list[Line]:
    """The act by product, in the order of GTIN."""
    units = by_card(act)
    rows = select(Card.id, Card.gtin, Card.names, Card.attributes).where(Card.id.in_(units))
    return [Line(*row, units[row.id]) for row in db.session.execute(rows.order_by(Card.gtin, Card.id))]


def by_card(act: Act) -> dict[str, int]:
    """How many units of each card. A sent act says it in its signed bytes, which bind the codes: to look at it, nobody
    counts a hundred thousand of them again."""
    if act.sent_fact and act.signed_as:
        return {line["card"]: line["units"] for line in orjson.loads(act.signed_as)["lines"]}
    chosen = of(act).subquery()
    counted = select(Code.card_id, func.count()).join(chosen, Code.id == chosen.c[0]).group_by(Code.card_id)
    return {card: units for card, units in db.session.execute(counted)}


def groups(act: Act) -> Sequence[str]:
    """The product groups in the act."""
    return db.session.scalars(select(Card.group).where(Card.id.in_(by_card(act))).distinct()).all()


def some(act: Act) -> bool:
    """Whether anything is in it."""
    return bool(db.session.scalar(select(of(act).exists())))


def elsewhere(act: Act) -> bool:
    """Whether anything in it lies at a place that is not of whoever asks."""
    inside = of(act).subquery()
    strange = select(Code.id).join(inside, Code.id == inside.c[0]).where(~within(Code.place_id))
    return bool(db.session.scalar(select(strange.exists())))


def count(act: Act) -> int:
    return db.session.scalar(select(func.count()).select_from(of(act).subquery())) or 0


def root(act: Act) -> str:
    """Merkle root over the ids of the codes, hexadecimal: with it a short document binds every one of them."""
    if act.sent_fact:
        found = db.session.scalar(select(Fact.merkle_root).where(Fact.id == act.sent_fact))
        return (found or b"").hex()
    return history.merkle_root(db.session.scalars(drafted(act.id))).hex()


def packages(act_id: str) -> Sequence[str]:
    """SSCCs that the act names, in order."""
    return db.session.scalars(select(Box.sscc).where(Box.act_id == act_id).order_by(Box.sscc)).all()
