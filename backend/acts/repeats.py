"""One tap more: what came back is sent again, and what was accepted is returned. A draft with the same goods is made,
as far as they are still there."""

from typing import Any, NamedTuple

from sqlalchemy import Select, func, insert, literal, select

from backend.acts import attachments, closing, drafts, goods, queries, rules
from backend.acts.models import Act, Box, Rejected, Unit
from backend.acts.rules import Kind, NothingLeft, State
from backend.codes.models import Code, Package
from backend.codes.rules import TRANSITIONS, Event
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.organisations.models import Organisation, Place

SEND = TRANSITIONS[Event.SEND]


class Made(NamedTuple):
    """A new draft, and how many units of the earlier act are not in it: sold, moved on, held, or packed with others."""

    act: Act
    left_out: int


def again(actor: Actor, act_id: str) -> Made:
    """Begin an act anew that was rejected, expired or cancelled; of one that was accepted in part, what was rejected.
    Its papers come with it.

    Raises ActUnknown, NotYourSide, ActMoved, NothingLeft, and what a draft raises.
    """
    row = queries.act(actor.organisation_id, act_id)
    rules.require_repeat(row.state, sender=row.sender_id == actor.organisation_id, at=row.changed_at)
    partly = row.state is State.PARTLY_ACCEPTED
    wanted = select(Rejected.code_id).where(Rejected.act_id == row.id) if partly else goods.sent(row)
    given = {
        "kind": row.kind,
        "receiver_tax": row.receiver_tax,
        "receiver_name": row.receiver_name,
        "sender_place_id": _standing(row.sender_place_id),
        "receiver_place_id": _standing(row.receiver_place_id),
        "original_id": row.original_id,
        "terms": row.terms,
        "prices": row.prices,
    }
    made = _made(actor, given, wanted)
    made.act.resent_from = row.id
    attachments.carry(row, made.act)
    return made


def give_back(actor: Actor, act_id: str) -> Made:
    """Begin the return of what an act brought (DOMAIN 4.1): to its sender, linked to it, at the same prices. The papers
    of that act are its sender's word and stay beside it; whoever returns may put any of them beside the return.

    Raises ActUnknown, NotYourSide, ActMoved, NothingLeft.
    """
    row = queries.act(actor.organisation_id, act_id)
    rules.require_return(row.state, row.kind, receiver=row.receiver_id == actor.organisation_id, at=row.changed_at)
    given = {
        "kind": Kind.RETURN,
        "receiver_tax": db.session.get_one(Organisation, row.sender_id).bin,
        "original_id": row.id,
        "prices": row.prices,
    }
    return _made(actor, given, closing.taken(row))


def _made(actor: Actor, given: dict[str, Any], wanted: Select[tuple[bytes]]) -> Made:
    row = drafts.create(actor, given)
    _take(row, wanted, actor)
    row.units = goods.count(row)
    if not row.units:
        raise NothingLeft()
    return Made(row, (db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0) - row.units)


def _take(row: Act, wanted: Select[tuple[bytes]], actor: Actor) -> None:
    """Put in what may still be sent: loose units, and closed packages that are there whole."""
    free = select(Code.id, Code.package_id).where(
        Code.id.in_(wanted),
        Code.owner_id == row.sender_id,
        Code.state.in_([state.value for state in SEND.sources]),
        Code.flags.op("&")(int(SEND.forbids)) == 0,
    )
    added = (literal(actor.person_id), literal(clock.now(), Unit.added_at.type))
    loose = free.with_only_columns(literal(row.id), Code.id, *added).where(Code.package_id.is_(None))
    db.session.execute(insert(Unit).from_select(["act_id", "code_id", "added_by", "added_at"], loose))
    whole = _whole(free).subquery()
    boxes = select(literal(row.id), whole.c.top, *added)
    db.session.execute(insert(Box).from_select(["act_id", "sscc", "added_by", "added_at"], boxes))


def _whole(free: Select[tuple[bytes, str]]) -> Select[tuple[str]]:
    """The outermost packages of which everything inside is free to go. Such a package is closed, and its owner's who
    owns what is in it: the ledger hands over both together."""
    near = free.with_only_columns(Code.package_id).where(Code.package_id.is_not(None))
    ring = select(Package.sscc, Package.parent_id).where(Package.sscc.in_(near)).cte("around", recursive=True)
    ring = ring.union(select(Package.sscc, Package.parent_id).join(ring, Package.sscc == ring.c.parent_id))
    outermost = select(Package.sscc.label("top"), Package.sscc).where(
        Package.sscc.in_(select(ring.c.sscc).where(ring.c.parent_id.is_(None)))
    )
    tree = outermost.cte("tree", recursive=True)
    tree = tree.union(select(tree.c.top, Package.sscc).join(tree, Package.parent_id == tree.c.sscc))
    able = free.with_only_columns(Code.id).subquery()
    inside = (
        select(tree.c.top, func.count(Code.id).label("all"), func.count(able.c.id).label("able"))
        .join(Code, Code.package_id == tree.c.sscc)
        .join(able, able.c.id == Code.id, isouter=True)
        .group_by(tree.c.top)
        .subquery()
    )
    return select(inside.c.top).where(inside.c.all == inside.c.able)


def _standing(place_id: str | None) -> str | None:
    """A place that was closed since is not named again."""
    place = db.session.get(Place, place_id) if place_id else None
    return place.id if place and place.blocked_at is None else None
