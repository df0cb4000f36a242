"""THE door: nothing else changes a code's state, flags, owner or container.

A movement stages one row per code (who it was), moves all of them with one compare-and-set statement, and writes its
fact, all in the caller's transaction. When a single code is not where the caller believed, everything rolls back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, LargeBinary, Select, Table, bindparam, cast, func, insert, literal, select, update

from backend.codes import counters, packing
from backend.codes.counters import Heap
from backend.codes.models import Code, Movement
from backend.codes.rules import (
    BEGINS,
    TRANSITIONS,
    WITHDRAWAL_REASONS,
    By,
    CodesEmpty,
    CodesMoved,
    CodesRepeated,
    CodesUnknown,
    Event,
    Flag,
    Packing,
    ReasonInvalid,
    State,
    Transition,
    why_not,
)
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db, is_sqlite
from backend.core.ids import new_id
from backend.history import service as history

NAMED = 20
SEPARATOR = "\x1f"  # in no serial: AI 21 has printable characters only

TABLE = Code.__table__


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement that happened: its fact, and how many codes took part."""

    fact_id: str
    count: int


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code about to be born: `number` counts inside its emission."""

    id: bytes
    serial: str
    number: int | None = None
    gtin: str | None = None


def move(
    event: Event,
    codes: Sequence[bytes] | Select[tuple[bytes]],
    *,
    actor: Actor | None,
    owner_id: str | None = None,
    to: str | None = None,
    document: tuple[str, str] | None = None,
    reason: str | None = None,
    signature_id: str | None = None,
    package: str | None = None,
    place_id: str | None = None,
    detail: dict[str, Any] | None = None,
) -> Moved:
    """Let an event happen to codes: all of them or none.

    `codes` are ids, or a SELECT of ids for the large documents. `owner_id` is who the caller says owns them (needed
    where the owner acts); `to` the new owner and `place_id` where they will be kept; `package` the SSCC that closes
    around them.
    Raises CodesUnknown, CodesMoved (which names the codes and why), PackageBroken, ReasonInvalid, CodesEmpty.
    """
    rule = TRANSITIONS[event]
    if rule.needs_reason and reason not in WITHDRAWAL_REASONS:
        raise ReasonInvalid(reason=reason)
    if rule.by is By.OWNER and owner_id is None:
        raise ValueError(f"{event} is the owner's: say who owns the codes")
    fact_id = new_id()
    expected = _stage(fact_id, codes)
    if rule.packing is not Packing.ANY:
        packing.prepare(rule.packing, fact_id)
    act_id = document[1] if document and rule.requires & Flag.IN_ACT else None
    attempt = db.session.begin_nested()
    counters.moved(fact_id, lambda heap: _becomes(event, rule, heap, to, place_id))
    if _apply(event, rule, fact_id, owner_id, to, act_id, document, reason, package, place_id) != expected:
        attempt.rollback()
        _explain(event, fact_id, owner_id, act_id)
    attempt.commit()
    if rule.changes_owner and to:
        packing.hand_over(fact_id, to)
    ids = db.session.scalars(select(Movement.code_id).where(Movement.fact_id == fact_id)).all()
    history.record(
        f"codes:{event.value}",
        fact_id=fact_id,
        subject=document or ("codes", fact_id),
        organisation_id=owner_id or (actor.organisation_id if actor else None),
        actor=actor,
        document=document,
        signature_id=signature_id,
        before={"owner": owner_id},
        after={"state": rule.to, "owner": to or owner_id, "package": package, "reason": reason},
        detail=detail,
        codes=ids,
    )
    return Moved(fact_id, expected)


def begin(
    event: Event,
    codes: Sequence[NewCode],
    *,
    actor: Actor | None,
    owner_id: str,
    card_id: str,
    gtin: str | None,
    group: str,
    key_id: str | None,
    emission_id: str | None = None,
    expires_on: date | None = None,
    document: tuple[str, str] | None = None,
) -> Moved:
    """Begin the life of codes: emission (T1), or acceptance of a foreign mark (T8)."""
    if not codes:
        raise CodesEmpty()
    fact_id, moment = new_id(), clock.now()
    state = BEGINS[event]
    introduced = moment if state is State.INTRODUCED else None
    common = {
        "gtin": gtin,
        "product_group": group,
        "key_id": key_id,
        "card_id": card_id,
        "emission_id": emission_id,
        "owner_id": owner_id,
        "state": state.value,
        "changed_at": moment,
        "introduced_at": introduced,
        "expires_on": expires_on,
    }
    _insert_codes(sorted(codes, key=lambda code: code.id), common)
    _insert_movements(fact_id, sorted(code.id for code in codes))
    counters.born(Heap(owner_id, card_id, None, state.value, 0, packed=False), len(codes))
    history.record(
        f"codes:{event.value}",
        fact_id=fact_id,
        subject=document or ("emission", emission_id or fact_id),
        organisation_id=owner_id,
        actor=actor,
        document=document,
        after={"state": state.value, "owner": owner_id, "card": card_id, "key": key_id},
        codes=[code.id for code in codes],
    )
    return Moved(fact_id, len(codes))


def _stage(fact_id: str, codes: Sequence[bytes] | Select[tuple[bytes]]) -> int:
    """Write down who each code was before; returns how many there are."""
    before = select(Code.id, literal(fact_id), Code.state, Code.flags, Code.version)
    columns = ["code_id", "fact_id", "state", "flags", "version"]
    if isinstance(codes, Select):
        db.session.execute(insert(Movement).from_select(columns, before.where(Code.id.in_(codes))))
        staged = _staged(fact_id)
        if not staged:
            raise CodesEmpty()
        return staged
    if not codes:
        raise CodesEmpty()
    if len(set(codes)) != len(codes):
        raise CodesRepeated()
    if is_sqlite():
        one = insert(Movement).from_select(columns, before.where(Code.id == bindparam("code")))
        db.session.connection().execute(one, [{"code": code} for code in sorted(codes)])
    else:
        among = before.where(Code.id == func.any(literal(list(codes), ARRAY(LargeBinary))))
        db.session.execute(insert(Movement).from_select(columns, among))
    staged = _staged(fact_id)
    if staged != len(codes):
        _name_unknown(fact_id, codes)
    return staged


def _staged(fact_id: str) -> int:
    return db.session.scalar(select(func.count()).select_from(Movement).where(Movement.fact_id == fact_id)) or 0


def _apply(
    event: Event,
    rule: Transition,
    fact_id: str,
    owner_id: str | None,
    to: str | None,
    act_id: str | None,
    document: tuple[str, str] | None,
    reason: str | None,
    package: str | None,
    place_id: str | None,
) -> int:
    """The compare-and-set: version, state, flags, owner and act must all still be what they were staged as."""
    flags = Code.flags.op("|")(int(rule.sets)).op("&")(~int(rule.clears))
    values: dict[str, Any] = {"version": Code.version + 1, "flags": flags, "changed_at": clock.now()}
    if rule.to is not None:
        values["state"] = rule.to.value
        values["reason"] = reason
    elif reason is not None:
        values["reason"] = reason
    if rule.to is State.INTRODUCED and State.WITHDRAWN not in rule.sources:
        values["introduced_at"] = clock.now()
    if rule.changes_owner:
        values |= {"owner_id": to, "place_id": place_id}
    if rule.sets & Flag.IN_ACT:
        values["act_id"] = document[1] if document else None
    if rule.clears & Flag.IN_ACT:
        values["act_id"] = None
    if event is Event.AGGREGATE:
        values["package_id"] = package
    if event is Event.DISAGGREGATE or rule.packing is Packing.OPENS:
        values["package_id"] = None
    statement = (
        update(Code)
        .where(Movement.fact_id == fact_id, Code.id == Movement.code_id, Code.version == Movement.version)
        .where(Code.state.in_([state.value for state in rule.sources]))
        .where(Code.flags.op("&")(int(rule.forbids)) == 0)
        .where(Code.flags.op("&")(int(rule.requires)) == int(rule.requires))
    )
    if rule.by is By.OWNER:
        statement = statement.where(Code.owner_id == owner_id)
    if act_id:
        statement = statement.where(Code.act_id == act_id)
    if rule.reasons:
        statement = statement.where(Code.reason.in_(rule.reasons))
    return db.session.execute(statement.values(values), execution_options={"synchronize_session": False}).rowcount


def _becomes(event: Event, rule: Transition, heap: Heap, to: str | None, place_id: str | None) -> Heap:
    """Where codes of a heap lie after the compare-and-set."""
    after = heap._replace(flags=(heap.flags | int(rule.sets)) & ~int(rule.clears))
    if rule.to is not None:
        after = after._replace(state=rule.to.value)
    if rule.changes_owner:
        after = after._replace(owner_id=to, place_id=place_id)
    if event in (Event.AGGREGATE, Event.DISAGGREGATE):
        after = after._replace(packed=event is Event.AGGREGATE)
    return after


def _explain(event: Event, fact_id: str, owner_id: str | None, act_id: str | None) -> None:
    """Say which codes stood in the way and why, after the attempt has been undone. Raises CodesMoved."""
    named, count = [], 0
    staged = select(Code, Movement.version).join(Movement, Movement.code_id == Code.id)
    for code, version in db.session.execute(staged.where(Movement.fact_id == fact_id)):
        bound = act_id is None or code.act_id == act_id
        owned = code.owner_id == owner_id
        why = why_not(event, State(code.state), Flag(code.flags), owned=owned, bound=bound, reason=code.reason)
        if why is None and code.version == version:
            continue
        count += 1
        if len(named) < NAMED:
            named.append({"code": identification(code.gtin, code.serial), "reason": why or "changed_meanwhile"})
    raise CodesMoved(count=count, codes=named)


def _name_unknown(fact_id: str, codes: Sequence[bytes]) -> None:
    known = set(db.session.scalars(select(Movement.code_id).where(Movement.fact_id == fact_id)))
    places = [place for place, code in enumerate(codes) if code not in known]
    raise CodesUnknown(count=len(places), places=places[:NAMED])


def identification(gtin: str | None, serial: str) -> str:
    """What documents carry: `01<gtin>21<serial>`, or a physical mark as it stands."""
    return f"01{gtin}21{serial}" if gtin else serial


def _insert_codes(codes: Sequence[NewCode], common: dict[str, Any]) -> None:
    numbers = [code.number for code in codes]
    _insert(
        TABLE,
        [code.id for code in codes],
        {"serial": [code.serial for code in codes], "number": numbers},
        {"flags": 0, "version": 0} | common,
    )


def _insert_movements(fact_id: str, ids: Sequence[bytes]) -> None:
    _insert(Movement.__table__, ids, {}, {"fact_id": fact_id, "state": None, "flags": 0, "version": -1})


def _insert(table: Table, ids: Sequence[bytes], each: dict[str, list[Any]], common: dict[str, Any]) -> None:
    """Many rows of which most columns are the same. Binding every value of every row through its type took longer
    than writing them: SQLite gets bare tuples, PostgreSQL one text a column."""
    key = table.primary_key.columns[0].name
    if is_sqlite():
        dialect = db.engine.dialect
        fixed = []
        for name, value in common.items():
            bind = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
            fixed.append(bind(value) if bind else value)
        names = [key, *each, *common]
        statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        rows = [(*row, *fixed) for row in zip(ids, *each.values(), strict=True)]
        db.session.connection().exec_driver_sql(statement, rows)
        return
    texts = [SEPARATOR.join([code.hex() for code in ids])]
    texts += [SEPARATOR.join(["" if value is None else str(value) for value in column]) for column in each.values()]
    columns = [func.string_to_array(literal(text), SEPARATOR, "") for text in texts]
    new = func.unnest(*columns).table_valued(key, *each).render_derived()
    own = [func.decode(new.c[key], "hex"), *(cast(new.c[name], table.c[name].type) for name in each)]
    fixed = [literal(value, table.c[name].type) for name, value in common.items()]
    db.session.execute(insert(table).from_select([key, *each, *common], select(*own, *fixed)))
