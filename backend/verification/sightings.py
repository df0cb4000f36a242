"""Sightings are gathered in memory and written in batches, so that a check never waits for a write.

Losing the last seconds of them in a crash costs nothing that anyone was promised.
"""

import atexit
import logging
import math
import threading
import time
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from flask import Flask, current_app
from sqlalchemy import Row, bindparam, insert, select, text, update

from backend.core import clock, vault
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.ids import new_id
from backend.verification.models import CheckSummary, Sighting

EVERY_SECONDS = 2.0
LARGEST_BUFFER = 50_000
CELL_DEGREES = 0.2
WINDOW = timedelta(hours=24)
DECAY = timedelta(days=90)
FASTEST_KMH = 900
REMEMBERED = 40

TOGETHER = 500

SUMMARIES = CheckSummary.__table__
COLUMNS = SUMMARIES.c.keys()

# Two processes may see a new code in the same moment: the later one adds its count.
ADDED = text(
    f"INSERT INTO check_summaries ({', '.join(COLUMNS)}) VALUES ({', '.join(':' + name for name in COLUMNS)})"
    " ON CONFLICT (code_id) DO UPDATE SET count = check_summaries.count + excluded.count, last_at = excluded.last_at"
).bindparams(*(bindparam(column.name, type_=column.type) for column in SUMMARIES.c))
CHANGED = update(SUMMARIES).where(SUMMARIES.c.code_id == bindparam("code"))

log = logging.getLogger("tanba.sightings")


class Seen(NamedTuple):
    """One check that waits to be written."""

    code_id: bytes
    at: datetime
    outcome: str
    source: str
    cell: str | None
    device: str | None


class Buffer:
    """One per process; its thread starts with the first sighting, after any forking is done."""

    def __init__(self, app: Flask):
        self.app = app
        self.waiting: list[Seen] = []
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None

    def add(self, sighting: Seen) -> None:
        with self.lock:
            if len(self.waiting) < LARGEST_BUFFER:
                self.waiting.append(sighting)
            if self.thread is None and not self.app.testing:
                self.thread = threading.Thread(target=self._run, name="sightings", daemon=True)
                self.thread.start()
                atexit.register(self.flush)

    def flush(self) -> int:
        """Write what waits; returns how many."""
        with self.lock:
            batch, self.waiting = self.waiting, []
        if batch:
            with self.app.app_context():
                unit_of_work(lambda: write(batch))
        return len(batch)

    def _run(self) -> None:
        while True:
            time.sleep(EVERY_SECONDS)
            try:
                self.flush()
            except Exception:
                log.exception("sightings lost")


def buffer() -> Buffer:
    found = current_app.extensions.get("sightings")
    return found or current_app.extensions.setdefault("sightings", Buffer(current_app._get_current_object()))


def note(
    code_id: bytes, outcome: str, source: str | None, place: tuple[float, float] | None, device: str | None
) -> None:
    """Remember a check: the place as a coarse square, the device as a pseudonym, nothing else of the asker."""
    cell = cell_of(*place) if place else None
    who = vault.pseudonym("device", device) if device else None
    buffer().add(Seen(code_id, clock.now(), outcome, source or "api", cell, who))


def cell_of(latitude: float, longitude: float) -> str:
    """The square of about 20 km that a position falls in."""
    return f"{math.floor(latitude / CELL_DEGREES)}:{math.floor(longitude / CELL_DEGREES)}"


def write(batch: list[Seen]) -> None:
    """Store a batch and bring the summaries of its codes up to date. Statements for many rows, no objects: the checks
    of a busy second are written by the processor that must answer the next ones."""
    connection = db.session.connection()
    connection.execute(insert(Sighting.__table__), [{"id": new_id(), **one._asdict()} for one in batch])
    by_code: dict[bytes, list[Seen]] = defaultdict(list)
    for one in batch:
        by_code[one.code_id].append(one)
    codes = sorted(by_code)
    for start in range(0, len(codes), TOGETHER):
        some = codes[start : start + TOGETHER]
        rows = connection.execute(select(SUMMARIES).where(SUMMARIES.c.code_id.in_(some)).with_for_update())
        known = {row.code_id: row for row in rows}
        summed = [absorbed(known.get(code), by_code[code]) for code in some]
        fresh = [row for row in summed if row["code_id"] not in known]
        changed = [{"code": row.pop("code_id"), **row} for row in summed if row["code_id"] in known]
        if fresh:
            connection.execute(ADDED, fresh)
        if changed:
            connection.execute(CHANGED, changed)


def absorbed(row: Row[Any] | None, sightings: list[Seen]) -> dict[str, Any]:
    """A summary with more sightings counted in; the score keeps its height for 90 days after the last cause."""
    first, last = sightings[0].at, sightings[-1].at
    before = row.seen if row else {}
    events = [event for event in before.get("events", []) if last - datetime.fromisoformat(event[0]) < WINDOW]
    events += [[one.at.isoformat(), one.device, one.cell] for one in sightings if one.device]
    events = compact(events)
    raised = before.get("raised_at")
    held = row.score if row and raised and last - datetime.fromisoformat(raised) < DECAY else 0
    present = score(events)
    if present and present >= held:
        raised = last.isoformat()
    return {
        "code_id": sightings[0].code_id,
        "count": (row.count if row else 0) + len(sightings),
        "first_at": row.first_at if row else first,
        "last_at": last,
        "score": max(held, present),
        "seen": {"events": events, "raised_at": raised},
    }


def compact(events: list[list[Any]]) -> list[list[Any]]:
    """Repeats of one device in one square say nothing new: its first and its last sighting are kept."""
    kept: list[list[Any]] = []
    for event in events:
        same = [index for index, old in enumerate(kept) if old[1:] == event[1:]]
        if len(same) > 1:
            kept.pop(same[-1])
        kept.append(event)
    return kept[-REMEMBERED:]


def score(events: list[list[Any]]) -> int:
    """How unlikely it is that one thing was seen like this within a day. One device alone never scores.

    Weights of RELIABILITY 3.5: faster than an aircraft between two devices 60, each further city 15,
    each device over three 10; the alarm is at 60.
    """
    devices = {device for _, device, _ in events}
    if len(devices) < 2:
        return 0
    placed = sorted((at, device, cell) for at, device, cell in events if cell)
    cities = len({cell for _, _, cell in placed})
    points = 15 * max(0, cities - 1) + 10 * max(0, len(devices) - 3)
    return points + (60 if any(impossible(a, b) for a, b in pairwise(placed)) else 0)


def impossible(earlier: tuple[str, str, str], later: tuple[str, str, str]) -> bool:
    """Two devices so far apart in so short a time that one thing cannot have been before both."""
    if earlier[1] == later[1]:
        return False
    hours = (datetime.fromisoformat(later[0]) - datetime.fromisoformat(earlier[0])).total_seconds() / 3600
    kilometres = distance(earlier[2], later[2]) - 2 * CELL_DEGREES * 111
    return kilometres > FASTEST_KMH * max(hours, 0.05)


def distance(one: str, other: str) -> float:
    """Kilometres between the middles of two squares, on a sphere."""
    (lat1, lon1), (lat2, lon2) = (
        [math.radians((int(part) + 0.5) * CELL_DEGREES) for part in cell.split(":")] for cell in (one, other)
    )
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))
