"""Reads of acts. The asking organisation comes first; None is the operator, who sees all."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from backend.acts import attachments, goods
from backend.acts.models import Act, Extra, Rejected, Remark, Unit
from backend.acts.rules import ActUnknown, Refusal, State
from backend.codes.ledger import identification
from backend.codes.models import Code, Package
from backend.core.clock import ALMATY
from backend.core.db import db
from backend.core.i18n import LANGUAGES
from backend.core.paging import CursorInvalid
from backend.organisations.models import Organisation
from backend.organisations.scope import within

UNSENT = (State.DRAFT, State.CHECKING)


class Content(NamedTuple):
    """A unit of an act. `key` is the place in the list, `packages` those around it, the innermost first."""

    key: str
    code: str
    card_id: str
    packages: list[str]


def visible(organisation_id: str | None) -> ColumnElement[bool]:
    """What an organisation may see: its own acts, and those sent to it; drafts are their maker's alone. Of these,
    whoever is tied to places sees those of them."""
    if organisation_id is None:
        return Act.state.not_in(UNSENT)
    sent = and_(Act.sender_id == organisation_id, within(Act.sender_place_id))
    received = and_(Act.receiver_id == organisation_id, Act.state.not_in(UNSENT), within(Act.receiver_place_id))
    return or_(sent, received)


def act(organisation_id: str | None, act_id: str) -> Act:
    """Raises ActUnknown, for another's as for one that is not."""
    found = db.session.scalars(select(Act).where(Act.id == act_id, visible(organisation_id))).first()
    if found is None:
        raise ActUnknown(id=act_id)
    return found


def acts(
    organisation_id: str | None,
    *,
    box: str,
    states: Sequence[State],
    after: str | None,
    limit: int,
    text: str | None = None,
    days: tuple[date | None, date | None] = (None, None),
) -> Sequence[Act]:
    """Newest first. `box` is "in", "out" or "all"; `text` is part of a number, of the other side's name, or the
    beginning of its BIN or IIN; `days` are the first and the last, each of them open when None."""
    rows = select(Act).where(visible(organisation_id)).order_by(Act.id.desc()).limit(limit + 1)
    if box == "in":
        rows = rows.where(Act.receiver_id == organisation_id, Act.state.not_in(UNSENT))
    if box == "out":
        rows = rows.where(Act.sender_id == organisation_id)
    if states:
        rows = rows.where(Act.state.in_(states))
    if text:
        rows = rows.where(_names(organisation_id, text))
    for bound in _within(*days):
        rows = rows.where(bound)
    if after:
        rows = rows.where(Act.id < after)
    return db.session.scalars(rows).all()


def _names(organisation_id: str | None, text: str) -> ColumnElement[bool]:
    """Whether an act is called so, or has such another side. One's own name finds nothing, because every act has it."""
    others = select(Organisation.id).where(
        or_(
            Organisation.bin.startswith(text, autoescape=True),
            *(_holds_text(Organisation.names[one].as_string(), text) for one in LANGUAGES),
        )
    )
    if organisation_id is not None:
        sent = select(Act.receiver_id).where(Act.sender_id == organisation_id, Act.receiver_id.is_not(None))
        received = select(Act.sender_id).where(Act.receiver_id == organisation_id)
        others = others.where(Organisation.id != organisation_id, Organisation.id.in_(sent.union(received)))
    return or_(
        _holds_text(Act.number, text),
        and_(Act.receiver_id.is_(None), _holds_text(Act.receiver_name, text)),
        and_(Act.receiver_id.is_(None), Act.receiver_tax.startswith(text, autoescape=True)),
        Act.sender_id.in_(others),
        Act.receiver_id.in_(others),
    )


def _within(first: date | None, last: date | None) -> Iterator[ColumnElement[bool]]:
    """Whether an act is of these days of Kazakhstan: sent then, or, where nobody has sent it, meant for then."""
    if first:
        sent, meant = Act.sent_at >= _begins(first), Act.transfer_date >= first
        yield or_(sent, and_(Act.sent_at.is_(None), meant))
    if last:
        sent, meant = Act.sent_at < _begins(last + timedelta(days=1)), Act.transfer_date <= last
        yield or_(sent, and_(Act.sent_at.is_(None), meant))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), ALMATY)


def _holds_text(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whatever the case: SQLite folds ASCII letters alone, so the usual ways to write a word are all asked for."""
    written = {text, text.lower(), text.upper(), text.capitalize(), text.title()}
    return or_(*(column.icontains(one, autoescape=True) for one in sorted(written)))


def contents(act_row: Act, after: str | None, limit: int, *, loose: bool = False) -> Sequence[Content]:
    """The units of an act in a fixed order, each with the packages around it; `loose` ones lie in none.

    The page is cut before anything is joined to it, so that each page of a large act costs the same.
    Raises CursorInvalid.
    """
    chosen = (goods.loose(act_row) if loose else goods.of(act_row)).subquery().c[0]
    cut = select(chosen.label("id")).order_by(chosen).limit(limit + 1)
    if after:
        cut = cut.where(chosen > _place(after))
    shown = cut.subquery()
    rows = select(Code.id, Code.gtin, Code.serial, Code.card_id, Code.package_id)
    rows = db.session.execute(rows.join(shown, Code.id == shown.c.id).order_by(Code.id)).all()
    chains = _around({row.package_id for row in rows if row.package_id})
    return [
        Content(row.id.hex(), identification(row.gtin, row.serial), row.card_id, chains.get(row.package_id or "", []))
        for row in rows
    ]


def _around(near: Iterable[str]) -> dict[str, list[str]]:
    """For each of these packages, itself and every package around it, outwards."""
    if not near:
        return {}
    ring = select(Package.sscc, Package.parent_id).where(Package.sscc.in_(near)).cte("around", recursive=True)
    ring = ring.union(select(Package.sscc, Package.parent_id).join(ring, Package.sscc == ring.c.parent_id))
    parents = {row.sscc: row.parent_id for row in db.session.execute(select(ring.c.sscc, ring.c.parent_id))}

    def chain(one: str | None) -> list[str]:
        found = []
        while one is not None:
            found.append(one)
            one = parents.get(one)
        return found

    return {one: chain(one) for one in near}


def _place(after: str) -> bytes:
    try:
        return bytes.fromhex(after)
    except ValueError as error:
        raise CursorInvalid() from error


def holds(act_id: str, code_id: bytes) -> bool:
    return db.session.get(Unit, (act_id, code_id)) is not None


def refusals(act_id: str) -> list[Refusal]:
    """The units that were not taken, in the order of their codes."""
    shown = attachments.photos(act_id)
    rows = select(Code, Rejected).join(Rejected, Rejected.code_id == Code.id).where(Rejected.act_id == act_id)
    found = [
        Refusal(identification(code.gtin, code.serial), row.reason, row.words, shown.get(code.id, ()))
        for code, row in db.session.execute(rows)
    ]
    return sorted(found, key=lambda one: one.code)


def extras(act_id: str) -> Sequence[str]:
    return db.session.scalars(select(Extra.code).where(Extra.act_id == act_id).order_by(Extra.code)).all()


def remarks(act_id: str) -> Sequence[Remark]:
    """What the sides wrote to one another, oldest first."""
    return db.session.scalars(select(Remark).where(Remark.act_id == act_id).order_by(Remark.id)).all()
