"""A supplier's packing list read into a draft: every code in it is added, was there, or is refused with its row."""

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from backend.acts import adding, drafts, goods, queries
from backend.acts.adding import Put, Wanted
from backend.acts.models import Act
from backend.acts.packing_list_rules import (
    LARGEST_FILE,
    MOST_ROWS,
    PackingListEmpty,
    PackingListTooLarge,
    PackingListUnreadable,
)
from backend.acts.rules import ActMoved, State
from backend.catalogue import groups
from backend.core import sandbox
from backend.core.actor import Actor
from backend.core.sandbox import SandboxFailed
from backend.files.rules import CheckBusy
from backend.history import service as history

SECONDS = 60.0
MEGABYTES = 700
REFUSALS = {"busy": CheckBusy}


class Line(NamedTuple):
    """A cell that holds a code, or what was one. `row` counts from 1, `column` from 0; `problem` says what is wrong
    with it in one word."""

    sheet: int
    row: int
    column: int
    text: str
    code: str | None
    problem: str | None


class Read(NamedTuple):
    """A packing list. `passed` are sheet and row without any code; `prices` all prices of each GTIN, in tiyn."""

    lines: Sequence[Line]
    passed: Sequence[tuple[int, int]]
    rows: int
    sheets: Sequence[str]
    prices: dict[str, list[int]]
    prices_unread: int


class Result(NamedTuple):
    """What became of each line, in their order, and the prices that were taken."""

    read: Read
    done: Sequence[Put]
    prices: dict[str, int]
    conflicts: Sequence[str]


def require_draft(actor: Actor, act_id: str) -> None:
    """Asked before the slow work. Raises ActUnknown, ActMoved."""
    row = queries.act(actor.organisation_id, act_id)
    if row.state is not State.DRAFT:
        raise ActMoved(verb="change", state=row.state.value, at=row.changed_at.isoformat())


def read(content: bytes) -> Read:
    """Look into a file, in the limited process; slow, writes nothing. Raises PackingListUnreadable, PackingListEmpty,
    PackingListTooLarge, CheckBusy."""
    if len(content) > LARGEST_FILE:
        raise PackingListTooLarge(limit=MOST_ROWS)
    header = json.dumps({"templates": [asdict(one) for one in groups.templates()]}).encode()
    payload = struct.pack(">I", len(header)) + header + content
    try:
        found = json.loads(sandbox.call("packing_list", payload, seconds=SECONDS, megabytes=MEGABYTES))
    except SandboxFailed as failed:
        if failed.reason == "too_large":
            raise PackingListTooLarge(limit=MOST_ROWS) from failed
        raise REFUSALS.get(failed.reason, PackingListUnreadable)() from failed
    if not found["lines"]:
        raise PackingListEmpty()
    lines = [Line(*one) for one in found["lines"]]
    return Read(lines, [(sheet, row) for sheet, row in found["passed"]], *_rest(found))


def put(actor: Actor, act_id: str, listed: Read) -> tuple[Act, Result]:
    """Add what may go along. Raises ActUnknown, ActMoved, TooLarge."""
    row = drafts.claim(actor, act_id, None)
    readable = [at for at, line in enumerate(listed.lines) if line.code]
    judged = adding.put(row, actor, [Wanted(listed.lines[at].text, listed.lines[at].code) for at in readable])
    done = [Put(line.text, "refused", reason=line.problem) for line in listed.lines]
    for at, one in zip(readable, judged, strict=True):
        done[at] = one
    drafts.recount(row)
    taken, conflicts = _prices(row, listed.prices)
    _record(row, actor, done)
    return row, Result(listed, done, taken, conflicts)


def _prices(row: Act, found: dict[str, list[int]]) -> tuple[dict[str, int], list[str]]:
    """Prices of what the draft holds now; where the list contradicts itself none is taken."""
    inside = {line.gtin for line in goods.lines(row)}
    ours = {gtin: amounts for gtin, amounts in found.items() if gtin in inside}
    taken = {gtin: amounts[0] for gtin, amounts in ours.items() if len(amounts) == 1}
    if taken:
        row.prices = row.prices | taken
    return taken, sorted(ours.keys() - taken.keys())


def _record(row: Act, actor: Actor, done: Sequence[Put]) -> None:
    counts = {status: sum(one.status == status for one in done) for status in ("added", "already", "refused")}
    history.record(
        "act:packing_list_read",
        subject=("act", row.id),
        organisation_id=row.sender_id,
        actor=actor,
        document=("act", row.id),
        detail={"number": row.number} | counts,
    )


def _rest(found: dict[str, Any]) -> tuple[int, Sequence[str], dict[str, list[int]], int]:
    return found["rows"], found["sheets"], found["prices"], found["prices_unread"]
