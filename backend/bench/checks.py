"""Throughput of checks against a bare Flask route with one raw indexed SELECT: same server, workers and database."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from backend.bench import load, questions, register
from backend.bench.rows import Result, Row, median
from backend.bench.served import BARE, OURS, Server, served
from backend.bench.world import World, world
from backend.core.db import db
from backend.settings import ROOT

CODES, ASKED = 100_000, 20_000
CONNECTIONS, SECONDS, ROUNDS = 16, 3.0, 3


class Refused(RuntimeError):
    """Answers other than 200: the figures would mean nothing."""


def measure(large: bool) -> Iterator[Result]:
    for engine in ("sqlite", "postgresql") if large else ("sqlite",):
        with world(engine) as made:
            texts = random.Random(1).sample(register.real(CODES), ASKED)
            db.session.remove()
            yield compared(made, texts, f"verify, {engine}")


def compared(made: World, texts: list[str], name: str) -> Row:
    asked = {OURS: made.folder / "ours", BARE: made.folder / "bare"}
    asked[OURS].write_bytes(load.pack([questions.asked_of_us(text) for text in texts]))
    asked[BARE].write_bytes(load.pack([questions.asked_of_yardstick(text) for text in texts]))
    metrics = made.folder / "metrics"
    metrics.mkdir()
    env = {**made.env, "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
    with served(OURS, env, made.folder) as ours, served(BARE, env, made.folder) as bare:
        rounds = [(driven(ours, asked[OURS]), driven(bare, asked[BARE])) for _ in range(ROUNDS)]
    middle = median([one["rate"] / other["rate"] for one, other in rounds])
    one, other = next(pair for pair in rounds if pair[0]["rate"] / pair[1]["rate"] == middle)
    note = (
        f"median {one['median']:.1f} ms, p99 {one['p99']:.0f} ms; the server's processor time for one answer"
        f" {one['processor']:.0f} µs, the yardstick's {other['processor']:.0f} µs"
    )
    return Row(name, "verify", one["rate"], other["rate"], "/s", note)


def driven(server: Server, requests: Path) -> dict[str, float]:
    """One round of load from a process of its own."""
    before = server.processor_seconds()
    command = [sys.executable, "-m", "backend.bench.load", server.port, CONNECTIONS, SECONDS, requests]
    done = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    if found["refused"]:
        raise Refused(f"{found['refused']:.0f} answers were not 200")
    answers = found["rate"] * (SECONDS + load.WARM_SECONDS)
    return found | {"processor": (server.processor_seconds() - before) / answers * 1e6}
