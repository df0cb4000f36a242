"""The audit trail: everything that anyone did in one organisation, and never another's.

The facts are the history's own; whoever exports them can recompute each hash of the chain.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from backend.core.clock import ALMATY
from backend.core.db import db
from backend.core.paging import CursorInvalid
from backend.history.models import Fact, Link
from backend.identity.models import Person
from backend.organisations.models import Membership
from backend.organisations.rules import AuditTooLong, end_of

EXPORTED = 100_000
BATCH = 500


class Filter(NamedTuple):
    """Who acted, on what kind of thing, from which day through which, on which thing."""

    person: str | None = None
    family: str | None = None
    since: date | None = None
    until: date | None = None
    subject_kind: str | None = None
    subject_id: str | None = None


class Entry(NamedTuple):
    """`person` is the name of one's own people only; `previous` is the hash before it in the chain."""

    fact: Fact
    person: str | None
    sequence: int | None
    hash: bytes | None
    previous: bytes | None


def page(organisation_id: str, wanted: Filter, after: str | None, limit: int) -> Sequence[Entry]:
    """One row more than `limit`, the newest first, after the last one seen (see `key`)."""
    rows = _entries(organisation_id, wanted).order_by(Fact.at.desc(), Fact.id.desc())
    if after:
        at, fact_id = _seen(after)
        rows = rows.where(or_(Fact.at < at, and_(Fact.at == at, Fact.id < fact_id)))
    return [Entry(*row) for row in db.session.execute(rows.limit(limit + 1))]


def key(entry: Entry) -> str:
    return f"{entry.fact.at.isoformat()}|{entry.fact.id}"


def export(organisation_id: str, wanted: Filter) -> Iterator[Entry]:
    """All of them, the oldest first, a few in memory at a time. Raises AuditTooLong."""
    if (found := count(organisation_id, wanted)) > EXPORTED:
        raise AuditTooLong(count=found, limit=EXPORTED)
    return _parts(_entries(organisation_id, wanted).order_by(Fact.at, Fact.id).limit(BATCH))


def _parts(rows: Select[tuple[Fact, str, int, bytes, bytes]]) -> Iterator[Entry]:
    """Read when they are sent, part by part: by then the session that the request began with is gone, and a cursor
    opened in it would end in silence and leave a file without facts."""
    part = db.session.execute(rows).all()
    while part:
        at, fact_id = part[-1][0].at, part[-1][0].id
        yield from (Entry(*row) for row in part)
        part = db.session.execute(rows.where(or_(Fact.at > at, and_(Fact.at == at, Fact.id > fact_id)))).all()


def count(organisation_id: str, wanted: Filter) -> int:
    return db.session.scalar(select(func.count()).select_from(Fact).where(*_where(organisation_id, wanted))) or 0


def people(organisation_id: str) -> Sequence[tuple[str, str]]:
    """Whoever is or was among the staff: id and name, by name."""
    rows = select(Person.id, Person.name).join(Membership, Membership.person_id == Person.id)
    found = db.session.execute(rows.where(Membership.organisation_id == organisation_id).order_by(Person.name))
    return [tuple(row) for row in found]


def _entries(organisation_id: str, wanted: Filter) -> Select[tuple[Fact, str, int, bytes, bytes]]:
    before = aliased(Link)
    # Names of one's own people alone: the operator's officers act on many organisations and are nobody's staff there.
    works_here = (Membership.person_id == Fact.actor_id) & (Membership.organisation_id == organisation_id)
    return (
        select(Fact, Person.name, Link.sequence, Link.hash, before.hash)
        .outerjoin(Membership, works_here)
        .outerjoin(Person, Person.id == Membership.person_id)
        .outerjoin(Link, Link.fact_id == Fact.id)
        .outerjoin(before, before.sequence == Link.sequence - 1)
        .where(*_where(organisation_id, wanted))
    )


def _where(organisation_id: str, wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Fact.organisation_id == organisation_id]
    if wanted.person:
        found.append(Fact.actor_id == wanted.person)
    if wanted.family:
        found.append(Fact.kind.startswith(f"{wanted.family}:", autoescape=True))
    if wanted.since:
        found.append(Fact.at >= datetime.combine(wanted.since, time(), ALMATY))
    if wanted.until:
        found.append(Fact.at < end_of(wanted.until))
    if wanted.subject_kind:
        found.append(Fact.subject_kind == wanted.subject_kind)
    if wanted.subject_id:
        found.append(Fact.subject_id == wanted.subject_id)
    return found


def _seen(after: str) -> tuple[datetime, str]:
    at, _, fact_id = after.partition("|")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise CursorInvalid() from error
    if moment.tzinfo is None or not fact_id:
        raise CursorInvalid()
    return moment, fact_id
