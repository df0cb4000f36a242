"""Servers for the length of a block, started by the command that `run` uses."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.launch.processes import web_command
from backend.settings import ROOT

OURS = "backend.wsgi:app"
BARE = "backend.bench.yardstick:app"
SECONDS_TO_START = 30


class NotStarted(RuntimeError):
    """The server did not begin to listen; the text holds its last words."""


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int

    def processor_seconds(self) -> float:
        """Processor time of the server and its workers until now; 0 where the system does not tell."""
        return sum(_processor_seconds(pid) for pid in _family(self.pid))


@contextmanager
def served(target: str, env: Mapping[str, str], folder: Path) -> Iterator[Server]:
    """Serve a WSGI application as `run` does."""
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
        yield Server(port, process.pid)
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
    """One worker answers, and the other has had a second to load the application as well."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                line.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if line.recv(12).startswith(b"HTTP/1.1"):
                    time.sleep(1)
                    return
        except OSError:
            time.sleep(0.1)
    raise NotStarted(log.read_text(errors="replace")[-2_000:])


def _family(pid: int) -> list[int]:
    try:
        tasks = [*Path(f"/proc/{pid}/task").iterdir()]
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(child))]


def _processor_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
