"""The limited process itself: prepare, shut the door, then answer jobs until the pipe closes."""

import importlib
import os
import signal
import sys
from typing import BinaryIO

from .confine import address_space, confine, leave_network, limit_job
from .job import Job, Refused
from .worker import ANSWER, REQUEST


def serve(target: str) -> None:
    """Answer jobs from standard input on standard output; nobody else may write there."""
    leave_network()
    module, _, attribute = target.partition(":")
    job: Job = getattr(importlib.import_module(module), attribute)
    job.prepare()
    requests = os.fdopen(0, "rb", closefd=False)
    answers = os.fdopen(1, "wb", closefd=False)
    # What a library prints must not get into the answers; descriptor 2 already leads nowhere.
    sys.stdout = sys.stderr
    os.nice(5)  # a check at the counter goes before a photo
    base = address_space()
    confine()
    _answer(answers, b"K", b"")
    while header := requests.read(REQUEST.size):
        length, megabytes, seconds = REQUEST.unpack(header)
        limit_job(base + length, megabytes, seconds)
        # Should the caller die meanwhile, nobody is left to kill an endless job: the default action of SIGALRM does.
        signal.setitimer(signal.ITIMER_REAL, seconds + 1)
        payload = requests.read(length)
        _answer(answers, *_run(job, payload))
        signal.setitimer(signal.ITIMER_REAL, 0)


def _run(job: Job, payload: bytes) -> tuple[bytes, bytes]:
    try:
        return b"O", job.run(payload)
    except Refused as refused:
        return b"R", str(refused).encode()
    except MemoryError:
        return b"M", b""
    except Exception:
        return b"F", b""


def _answer(answers: BinaryIO, status: bytes, body: bytes) -> None:
    answers.write(ANSWER.pack(status, len(body)))
    answers.write(body)
    answers.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
