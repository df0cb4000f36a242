"""What a limited process runs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class Refused(Exception):
    """The input is not what the job takes; the code travels to the caller as SandboxFailed.reason."""


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Job:
    """`run` turns payload into answer. `prepare` loads, before the door shuts, everything that `run` will need.

    A job opens no file at all, except that one with `readable` may read beneath those folders (fonts).
    """

    run: Callable[[bytes], bytes]
    prepare: Callable[[], None] = _nothing
    readable: tuple[Path, ...] = ()
