"""The caller's end of one limited process: start it, ask it, end it. Frames are length-prefixed, over two pipes."""

import os
import select
import struct
import subprocess
import sys
import time
from pathlib import Path

# Request: length of the payload, megabytes, seconds. Answer: status, length.
# Status: K ready, O the answer, R refused (the code), M out of memory, F the job raised.
REQUEST = struct.Struct(">QId")
ANSWER = struct.Struct(">cQ")

_START_SECONDS = 30.0
_ROOT = Path(__file__).resolve().parents[3]
# A worker gets none of our settings, and with them none of our secrets. One malloc arena, because every further one
# claims 64 MB of the address space that is limited.
_ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "PYTHONDONTWRITEBYTECODE": "1"}


class TimedOut(Exception):
    """No whole answer before the deadline."""


class Died(Exception):
    """The process ended; `reason` is time (its own alarm or processor limit) or crash."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Worker:
    """One process. Not for two threads at a time."""

    def __init__(self, target: str) -> None:
        # Our own interpreter and a name from code, never from a request. The pipes are unbuffered, for poll().
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-m", "backend.core.sandbox", target],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=_ENVIRONMENT,
            bufsize=0,
            start_new_session=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        os.set_blocking(self._in.fileno(), False)
        os.set_blocking(self._out.fileno(), False)
        self._ready = False
        self.jobs = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_ready(self) -> None:
        """Wait until the process has imported what it needs and locked itself in."""
        if not self._ready:
            deadline = time.monotonic() + _START_SECONDS
            status, _ = ANSWER.unpack(self._read(ANSWER.size, deadline))
            self._ready = status == b"K"
            if not self._ready:
                raise Died("crash")

    def ask(self, payload: bytes, deadline: float, seconds: float, megabytes: int) -> tuple[bytes, bytes]:
        """Send a job and return status and answer. Raises TimedOut or Died."""
        self.jobs += 1
        self._write(REQUEST.pack(len(payload), megabytes, seconds), deadline)
        self._write(payload, deadline)
        status, length = ANSWER.unpack(self._read(ANSWER.size, deadline))
        return status, self._read(length, deadline)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._in.close()
        self._out.close()

    def disown(self) -> None:
        """Close the pipes of a process that belongs to the parent of this one."""
        self._in.close()
        self._out.close()

    def _write(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(self._in.fileno(), select.POLLOUT, deadline)
            try:
                view = view[os.write(self._in.fileno(), view) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise self._death() from None

    def _read(self, length: int, deadline: float) -> bytes:
        parts = []
        while length:
            self._wait(self._out.fileno(), select.POLLIN, deadline)
            try:
                part = os.read(self._out.fileno(), min(length, 1 << 20))
            except BlockingIOError:
                continue
            if not part:
                raise self._death()
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TimedOut

    def _death(self) -> Died:
        self._process.kill()
        ended = -self._process.wait()
        return Died("time" if ended in (_SIGALRM, _SIGXCPU) else "crash")


_SIGALRM, _SIGXCPU = 14, 24
