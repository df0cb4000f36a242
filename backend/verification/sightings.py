"""Sightings are gathered in memory and written in batches, so that a check never waits for a write.

Losing the last seconds of them in a crash costs nothing that anyone was promised.
"""

import atexit
import json
import logging
import math
import threading
import time
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from flask import Flask, current_app
from sqlalchemy import Row, select

from backend.core import clock, vault
from backend.core.api import unit_of_work
from backend.core.db import db, is_sqlite
from backend.core.ids import new_id
from backend.verification.models import CheckSummary

EVERY_SECONDS = 2.0
LARGEST_BUFFER = 50_000
CELL_DEGREES = 0.2
WINDOW = timedelta(hours=24)
DECAY = timedelta(days=90)
FASTEST_KMH = 900
REMEMBERED = 40

TOGETHER = 500

SUMMARIES = CheckSummary.__table__

NOTED = "INSERT INTO sightings (id, code_id, at, outcome, source, cell, device) VALUES (?, ?, ?, ?, ?, ?, ?)"
# Two processes may see a new code in the same moment: the later one adds its count.
ADDED = (
    "INSERT INTO check_summaries (count, last_at, score, seen, first_at, code_id) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (code_id) DO UPDATE SET count = check_summaries.count + excluded.count, last_at = excluded.last_at"
)
CHANGED = "UPDATE check_summaries SET count = ?, last_at = ?, score = ?, seen = ? WHERE code_id = ?"

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
    """Store a batch and bring the summaries of its codes up to date.

    Bare rows for the driver: the processor that writes the checks of a busy second must answer the next ones.
    """
    zone = "" if is_sqlite() else "+00"

    def stored(moment: datetime) -> str:
        return moment.isoformat(" ", "microseconds")[:26] + zone

    _many(NOTED, [(new_id(), one.code_id, stored(one.at), *one[2:]) for one in batch])
    by_code: dict[bytes, list[Seen]] = defaultdict(list)
    for one in batch:
        by_code[one.code_id].append(one)
    codes = sorted(by_code)
    for start in range(0, len(codes), TOGETHER):
        some = codes[start : start + TOGETHER]
        rows = db.session.execute(select(SUMMARIES).where(SUMMARIES.c.code_id.in_(some)).with_for_update())
        known = {row.code_id: row for row in rows}
        fresh, changed = [], []
        for code in some:
            seen = by_code[code]
            count, height, memory = absorbed(known.get(code), seen)
            row = (count, stored(seen[-1].at), height, json.dumps(memory))
            if code in known:
                changed.append((*row, code))
            else:
                fresh.append((*row, stored(seen[0].at), code))
        _many(ADDED, fresh)
        _many(CHANGED, changed)


def _many(statement: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        marked = statement if is_sqlite() else statement.replace("?", "%s")
        db.session.connection().exec_driver_sql(marked, rows)


def absorbed(row: Row[Any] | None, sightings: list[Seen]) -> tuple[int, int, dict[str, Any]]:
    """Count, score and memory of a summary with more sightings in it; the score keeps its height for 90 days after
    the last cause."""
    before = row.seen if row else {}
    last = sightings[-1].at
    events = [event for event in before.get("events", []) if last - datetime.fromisoformat(event[0]) < WINDOW]
    events += [[one.at.isoformat(), one.device, one.cell] for one in sightings if one.device]
    events = compact(events)
    raised = before.get("raised_at")
    held = row.score if row and raised and last - datetime.fromisoformat(raised) < DECAY else 0
    present = score(events)
    if present and present >= held:
        raised = last.isoformat()
    count = (row.count if row else 0) + len(sightings)
    return count, max(held, present), {"events": events, "raised_at": raised}


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
