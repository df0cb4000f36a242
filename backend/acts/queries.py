"""Reads of acts. The asking organisation comes first; None is the operator, who sees all."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from backend.acts import goods
from backend.acts.models import Act, Extra, Rejected, Remark, Unit
from backend.acts.rules import ActUnknown, Refusal, State
from backend.codes.ledger import identification
from backend.codes.models import Code
from backend.core.db import db
from backend.core.paging import CursorInvalid

UNSENT = (State.DRAFT, State.CHECKING)


class Content(NamedTuple):
    """A unit of an act. `key` is the place in the list, `package` the one directly around it."""

    key: str
    code: str
    card_id: str
    package: str | None


def visible(organisation_id: str | None) -> ColumnElement[bool]:
    """What an organisation may see: its own acts, and those sent to it; drafts are their maker's alone."""
    if organisation_id is None:
        return Act.state.not_in(UNSENT)
    received = and_(Act.receiver_id == organisation_id, Act.state.not_in(UNSENT))
    return or_(Act.sender_id == organisation_id, received)


def act(organisation_id: str | None, act_id: str) -> Act:
    """Raises ActUnknown, for another's as for one that is not."""
    found = db.session.scalars(select(Act).where(Act.id == act_id, visible(organisation_id))).first()
    if found is None:
        raise ActUnknown(id=act_id)
    return found


def acts(
    organisation_id: str | None, *, box: str, states: Sequence[State], after: str | None, limit: int
) -> Sequence[Act]:
    """Newest first. `box` is "in", "out" or "all"."""
    rows = select(Act).where(visible(organisation_id)).order_by(Act.id.desc()).limit(limit + 1)
    if box == "in":
        rows = rows.where(Act.receiver_id == organisation_id, Act.state.not_in(UNSENT))
    if box == "out":
        rows = rows.where(Act.sender_id == organisation_id)
    if states:
        rows = rows.where(Act.state.in_(states))
    if after:
        rows = rows.where(Act.id < after)
    return db.session.scalars(rows).all()


def contents(act_row: Act, after: str | None, limit: int) -> Sequence[Content]:
    """The units of an act in a fixed order, with the package directly around each. Raises CursorInvalid."""
    chosen = goods.of(act_row).subquery()
    rows = select(Code).join(chosen, Code.id == chosen.c[0]).order_by(Code.id).limit(limit + 1)
    if after:
        rows = rows.where(Code.id > _place(after))
    return [
        Content(one.id.hex(), identification(one.gtin, one.serial), one.card_id, one.package_id)
        for one in db.session.scalars(rows)
    ]


def _place(after: str) -> bytes:
    try:
        return bytes.fromhex(after)
    except ValueError as error:
        raise CursorInvalid() from error


def holds(act_id: str, code_id: bytes) -> bool:
    return db.session.get(Unit, (act_id, code_id)) is not None


def refusals(act_id: str) -> list[Refusal]:
    """The units that were not taken, in the order of their codes."""
    rows = select(Code, Rejected).join(Rejected, Rejected.code_id == Code.id).where(Rejected.act_id == act_id)
    found = [
        Refusal(identification(code.gtin, code.serial), row.reason, row.words) for code, row in db.session.execute(rows)
    ]
    return sorted(found, key=lambda one: one.code)


def extras(act_id: str) -> Sequence[str]:
    return db.session.scalars(select(Extra.code).where(Extra.act_id == act_id).order_by(Extra.code)).all()


def remarks(act_id: str) -> Sequence[Remark]:
    """What the sides wrote to one another, oldest first."""
    return db.session.scalars(select(Remark).where(Remark.act_id == act_id).order_by(Remark.id)).all()
