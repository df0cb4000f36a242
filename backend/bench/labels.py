"""Labels as PDF against the bare making of their symbols, one core; and the memory of long sheets."""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import zxingcpp

from backend.bench.rows import Result, Row, median
from backend.core.gs1 import check_digit
from backend.core.symbols import bracketed
from backend.labels.presets import preset
from backend.labels.render import render
from backend.labels.rules import LabelItem
from backend.settings import ROOT

PRESET, DPI, MINIMUM_MM = "58x40", 203, 20.0
COUNT, ROUNDS = 5_000, 3
SHORT, LONG = 1_000, 10_000

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BASE64 = ALPHABET + "abcdefghkmnpqrstuvwxyz+/"
NAMES = {"kk": "«Жайлау» ерлер бәтеңкесі", "ru": "Ботинки мужские «Жайлау»"}


def measure(large: bool) -> Iterator[Result]:
    items = [*made(COUNT)]
    texts = [bracketed(item.code) for item in items]
    rounds = [(pdf_rate(items), symbol_rate(texts)) for _ in range(ROUNDS)]
    middle = median([ours / bare for ours, bare in rounds])
    ours, bare = next(pair for pair in rounds if pair[0] / pair[1] == middle)
    yield Row("labels, PDF, one core", "labels", ours, bare, "/s")
    note = f"peak of a process that makes {LONG} labels, against {SHORT}"
    yield Row("labels, memory", "labels memory", peak_of(LONG), peak_of(SHORT), "MB", note)


def made(count: int) -> Iterator[LabelItem]:
    """Labels with whole codes; the tails are only as long as real ones."""
    rng = random.Random(count)
    body = "0487000000017"
    gtin = f"{body}{check_digit(body)}"
    for _ in range(count):
        serial = "".join(rng.choices(ALPHABET, k=13))
        tail = "".join(rng.choices(BASE64, k=86)) + "=="
        yield LabelItem(f"01{gtin}21{serial}\x1d91T001\x1d92{tail}", NAMES, "42 · қара", serial)


def pdf_rate(items: Sequence[LabelItem]) -> float:
    """Labels a second of processor time."""
    started = time.process_time()
    for _ in render(preset(PRESET), items, dpi=DPI, minimum_mm=MINIMUM_MM):
        pass
    return len(items) / (time.process_time() - started)


def symbol_rate(texts: Sequence[str]) -> float:
    """Bare symbols a second of processor time."""
    started = time.process_time()
    for text in texts:
        zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, gs1=True, force_square=True)
    return len(texts) / (time.process_time() - started)


def peak_of(count: int) -> float:
    """Megabytes at the peak of a process of its own that makes so many labels."""
    command = [sys.executable, "-m", "backend.bench.labels", str(count)]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def main(count: int) -> None:
    for _ in render(preset(PRESET), made(count), dpi=DPI, minimum_mm=MINIMUM_MM):
        pass
    print(peak())


def peak() -> float:
    """Megabytes. On Linux the resource usage of a started program begins with that of its starter, the status not."""
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmHWM"].split()[0]) * 1_024 / 1e6


if __name__ == "__main__":
    main(int(sys.argv[1]))
