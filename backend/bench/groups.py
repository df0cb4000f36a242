"""The groups of rows, in the order in which they run: one file each, `measure(large)` yields the rows."""

from collections.abc import Callable, Iterator

from backend.bench import (
    acts,
    camera,
    checks,
    emission,
    first_load,
    growth,
    labels,
    lighthouse,
    long_list,
    photos,
    signatures,
    stock,
)
from backend.bench.rows import Result

GROUPS: dict[str, Callable[[bool], Iterator[Result]]] = {
    "checks": checks.measure,
    "growth": growth.measure,
    "emission": emission.measure,
    "acts": acts.measure,
    "stock": stock.measure,
    "signatures": signatures.measure,
    "labels": labels.measure,
    "photos": photos.measure,
    "load": first_load.measure,
    "list": long_list.measure,
    "camera": camera.measure,
    "lighthouse": lighthouse.measure,
}
