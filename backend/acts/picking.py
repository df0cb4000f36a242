"""Goods chosen from the list of one's own: so many loose units of a product go into a draft by one statement.

Packed units never go singly: whoever wants them puts the box in, or opens it first.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, insert, literal, select

from backend.acts import drafts
from backend.acts.models import Act, Unit
from backend.acts.rules import LARGEST_ACT, State
from backend.codes.models import Code
from backend.codes.rules import HELD, Flag
from backend.codes.rules import State as CodeState
from backend.codes.stock import placed
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import UtcDateTime, db
from backend.organisations.scope import within

FREE = [flags for flags in range(2 * max(Flag)) if not flags & HELD]
"""All sets of flags with which a code may be sent; named one by one, so that the index finds them."""
LISTED = (Code.owner_id, Code.card_id, Code.state, Code.flags, Code.place_id, Code.package_id, Code.serial)


@dataclass(frozen=True, slots=True)
class Picked:
    """What became of a wish: `added` now, `short` how many of those asked for were not there, `left` how many loose
    units could still be added."""

    act: Act
    added: int
    short: int
    left: int


def pick(actor: Actor, act_id: str, card_id: str, *, place_id: str | None, count: int | None) -> Picked:
    """Add up to `count` loose units of a product (all of them without a count), from one place ("none" is where goods
    are that were put nowhere) or from any, passing over what a draft of the organisation already names. Raises
    ActUnknown, ActMoved, TooLarge."""
    row = drafts.claim(actor, act_id, None)
    moment = literal(clock.now(), UtcDateTime())
    named = select(literal(row.id), Code.id, literal(actor.person_id), moment)
    chosen = _loose(named, row.sender_id, card_id, place_id).order_by(*LISTED)
    chosen = chosen.limit(LARGEST_ACT + 1 if count is None else count)
    names = ["act_id", "code_id", "added_by", "added_at"]
    counted = {"preserve_rowcount": True}
    added = db.session.execute(insert(Unit).from_select(names, chosen), execution_options=counted).rowcount
    drafts.recount(row)
    left = db.session.scalar(_loose(select(func.count()), row.sender_id, card_id, place_id))
    return Picked(row, added, 0 if count is None else count - added, left or 0)


def pickable(organisation_id: str, card_id: str) -> list[tuple[str | None, int]]:
    """Where loose units of a product lie that may be added, and how many: what drafts name is not counted."""
    counted = _loose(select(Code.place_id, func.count()), organisation_id, card_id, None).group_by(Code.place_id)
    return [(place_id, count) for place_id, count in db.session.execute(counted)]


def _loose(rows: Select[Any], owner_id: str, card_id: str, place_id: str | None) -> Select[Any]:
    """Of the codes those that may be added. What drafts name is joined and not looked for with NOT IN: for a hundred
    thousand units PostgreSQL would look through all of them for each."""
    drafted = select(Unit.code_id).join(Act, Act.id == Unit.act_id)
    drafted = drafted.where(Act.sender_id == owner_id, Act.state == State.DRAFT).distinct().subquery()
    rows = rows.select_from(Code).outerjoin(drafted, drafted.c.code_id == Code.id).where(drafted.c.code_id.is_(None))
    rows = rows.where(Code.owner_id == owner_id, Code.card_id == card_id, Code.state == CodeState.INTRODUCED)
    rows = rows.where(Code.flags.in_(FREE), Code.package_id.is_(None), within(Code.place_id))
    return rows.where(placed(Code.place_id, place_id)) if place_id else rows
