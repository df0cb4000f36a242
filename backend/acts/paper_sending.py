"""Papers of an act as they go out."""

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import IO

from flask import Response

from backend.acts.authenticity_rules import PaperBusy

PIECE = 64 * 1024
LARGE = 4 * 1024 * 1024
"""From so many bytes on a slow line holds a thread for minutes; the server has few, so one such answer is given at a
time (measured: two slow readers of 300 MB kept both threads of a process, at 30 MB of memory)."""

_large = threading.BoundedSemaphore(1)


def sent(write: Callable[[IO[bytes]], object], kind: str, name: str) -> Response:
    """A file as it is written: to a disk first, so that neither memory nor the database waits for a slow line. Raises
    PaperBusy while another large one goes out."""
    with ExitStack() as unless_sent:
        file = unless_sent.enter_context(tempfile.TemporaryFile())
        write(file)
        length = file.seek(0, os.SEEK_END)
        file.seek(0)
        if length > LARGE:
            _take(unless_sent)
        pieces = _Pieces(file, unless_sent.pop_all())
    answer = Response(pieces, mimetype=kind, headers={"Content-Length": str(length)})
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _take(until: ExitStack) -> None:
    if not _large.acquire(blocking=False):
        raise PaperBusy()
    until.callback(_large.release)


class _Pieces:
    """The file, and what is held until it has gone out or nobody wants more of it, begun or not."""

    def __init__(self, file: IO[bytes], held: ExitStack) -> None:
        self._file, self._held = file, held

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._file.read(PIECE)
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        self._held.close()
