"""Chaining happens after the fact, so that a chain head never makes writers wait."""

from backend.core.api import unit_of_work
from backend.core.queue import every
from backend.history import service


@every(minutes=1)
def sequence() -> None:
    """Chain everything that waits, batch by batch."""
    while unit_of_work(service.sequence_some):
        pass
