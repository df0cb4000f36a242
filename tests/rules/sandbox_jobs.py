"""Jobs that misbehave, each in its own way; they run in the limited process only."""

import ctypes
import os
import socket
import subprocess
import time
from pathlib import Path

from backend.core.sandbox.job import Job, Refused

_libc = ctypes.CDLL(None)
# Looked up now: later even that is refused.
_open, _socket, _abort = _libc.open, _libc.socket, _libc.abort
_held: list[bytes] = []


def _run(payload: bytes) -> bytes:
    name, _, argument = payload.decode().partition(" ")
    return _ACTS[name](argument)


def _endless(_: str) -> bytes:
    while True:
        pass


def _greedy(_: str) -> bytes:
    while True:
        _held.append(bytes(10_000_000))


def _native(argument: str) -> bytes:
    """Past Python: straight to the C library, as exploited native code would."""
    call, _, detail = argument.partition(" ")
    if call == "open":
        result = _open(detail.encode(), os.O_RDONLY)
    elif call == "socket":
        result = _socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    else:
        result = _socket(socket.AF_UNIX, socket.SOCK_STREAM, 0)
    return str(result).encode()


def _python(argument: str) -> bytes:
    try:
        {
            "open": lambda: Path(__file__).read_bytes(),
            "write": lambda: Path("left-behind").write_bytes(b""),
            "socket": lambda: socket.create_connection(("127.0.0.1", 9)),
            "process": lambda: subprocess.run(["true"], check=False),
            "remove": lambda: os.remove("nothing"),
            "fork": os.fork,
        }[argument]()
    except OSError as refused:
        return type(refused).__name__.encode()
    return b"allowed"


def _refuse(code: str) -> bytes:
    raise Refused(code)


def _sleep(seconds: str) -> bytes:
    time.sleep(float(seconds))
    return seconds.encode()


_ACTS = {
    "echo": lambda text: text.encode(),
    "large": lambda size: b"x" * int(size),
    "pid": lambda _: str(os.getpid()).encode(),
    "environment": lambda _: " ".join(sorted(os.environ)).encode(),
    "print": lambda text: print(text, flush=True) or b"printed",
    "raise": lambda text: {}[text],
    "die": lambda _: os._exit(3),
    "crash": lambda _: _abort(),
    "endless": _endless,
    "greedy": _greedy,
    "native": _native,
    "python": _python,
    "refuse": _refuse,
    "sleep": _sleep,
}

JOB = Job(run=_run)
