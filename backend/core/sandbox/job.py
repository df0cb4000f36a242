"""What a limited process runs."""

from collections.abc import Callable
from dataclasses import dataclass


class Refused(Exception):
    """The input is not what the job takes; the code travels to the caller as SandboxFailed.reason."""


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Job:
    """`run` turns payload into answer; it can open no file, not even a font or a module.

    `prepare` loads, before the door shuts, everything that `run` will need.
    """

    run: Callable[[bytes], bytes]
    prepare: Callable[[], None] = _nothing
