"""Servers for the length of a block, started by the command that `run` uses."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from backend.launch.processes import web_command
from backend.settings import ROOT

OURS = "backend.wsgi:app"
BARE = "backend.bench.yardstick:app"
SECONDS_TO_START = 30


class NotStarted(RuntimeError):
    """The server did not begin to listen; the text holds its last words."""


@contextmanager
def served(target: str, env: Mapping[str, str], folder: Path) -> Iterator[int]:
    """Serve a WSGI application as `run` does, and yield its port."""
    port = free_port()
    log = folder / f"{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*web_command("127.0.0.1", port)[:-1], target],
            cwd=ROOT,
            env={**env, "TANBA_PUBLIC_URL": f"http://localhost:{port}"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await(process, port, log)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Both workers have loaded the application once a request is answered and a moment has passed."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                line.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if line.recv(12).startswith(b"HTTP/1.1"):
                    time.sleep(1)
                    return
        except OSError:
            time.sleep(0.1)
    raise NotStarted(log.read_text(errors="replace")[-2_000:])
