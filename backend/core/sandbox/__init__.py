"""Untrusted images and HTML are handled in separate limited processes, kept ready so that a photo costs little.

`call("decode", bytes, seconds=2)` hands the bytes to an idle process and waits for its answer. A process that takes too
long, dies or asks for too much memory is killed and replaced; the caller gets SandboxFailed and goes on living. Safe
from any thread: workers are started by exec, never by fork, and each has one job at a time.
"""

import atexit
import os
import queue
import threading
import time
from dataclasses import dataclass

from .worker import Died, TimedOut, Worker

__all__ = ["SandboxFailed", "call", "close", "warm"]

# The name of a job: where its Job stands, and how many processes wait for it.
_JOBS = {
    "decode": ("backend.core.sandbox.photos:DECODE", 2),
    "html_pdf": ("backend.core.sandbox.forms:HTML_PDF", 1),
    "file": ("backend.core.sandbox.files:FILE", 1),
    "packing_list": ("backend.core.sandbox.packing_lists:PACKING_LIST", 1),
}
_JOBS_PER_WORKER = 500  # then a fresh process, whatever a library may have leaked


class SandboxFailed(Exception):
    """The job gave no answer.

    `reason` is `busy` (no process became free), `time`, `memory`, `crash`, `failed` (the job raised), or the code with
    which the job refused its input, for instance `damaged`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class _Pool:
    target: str
    idle: queue.LifoQueue[Worker]
    replaced: int = 0

    def replace(self, worker: Worker) -> None:
        self.replaced += 1
        worker.kill()
        self.idle.put(Worker(self.target))


_pools: dict[str, _Pool] = {}
_lock = threading.Lock()
_inherited: list[_Pool] = []


def call(name: str, payload: bytes, *, seconds: float, megabytes: int = 256) -> bytes:
    """Run the job `name` on `payload` in a limited process and return its answer.

    `name` is one of the known jobs or "module:ATTRIBUTE" of a Job. The job may take `seconds` of wall time (and as much
    again may pass while all processes are busy) and `megabytes` beyond what an idle process has. Raises SandboxFailed.
    """
    pool = _pool(name)
    try:
        worker = pool.idle.get(timeout=seconds)
    except queue.Empty:
        raise SandboxFailed("busy") from None
    try:
        worker.wait_ready()
        status, answer = worker.ask(payload, time.monotonic() + seconds, seconds, megabytes)
    except TimedOut:
        pool.replace(worker)
        raise SandboxFailed("time") from None
    except Died as died:
        pool.replace(worker)
        raise SandboxFailed(died.reason) from None
    except BaseException:
        pool.replace(worker)  # interrupted in the middle of an answer: the pipe is no longer in step
        raise
    if status == b"M" or worker.jobs >= _JOBS_PER_WORKER:
        pool.replace(worker)
    else:
        pool.idle.put(worker)
    match status:
        case b"O":
            return answer
        case b"R":
            raise SandboxFailed(answer.decode())
        case b"M":
            raise SandboxFailed("memory")
        case _:
            raise SandboxFailed("failed")


def warm(name: str) -> None:
    """Start the processes of a job now, so that the first call need not wait for them."""
    _pool(name)


def close() -> None:
    """End every process of this sandbox. The next call starts new ones."""
    with _lock:
        pools = list(_pools.values())
        _pools.clear()
    for pool in pools:
        while True:
            try:
                pool.idle.get_nowait().kill()
            except queue.Empty:
                break


def _pool(name: str) -> _Pool:
    with _lock:
        pool = _pools.get(name)
        if pool is None:
            target, workers = _JOBS.get(name, (name, 1))
            pool = _pools[name] = _Pool(target, queue.LifoQueue())
            for _ in range(workers):
                pool.idle.put(Worker(target))
        return pool


def _after_fork() -> None:
    # The processes belong to the parent: two askers on one pipe would get each other's answers.
    global _lock
    _lock = threading.Lock()
    for pool in _pools.values():
        for worker in list(pool.idle.queue):
            worker.disown()
        _inherited.append(pool)
    _pools.clear()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(close)
