"""The web server and the worker: how each is started, and watching over both. Standard library alone."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from backend.launch.words import CannotStart, last_lines
from backend.settings import ROOT

WEB_PROCESSES = 2
# The processor time of a check was the same with 1, 2, 4 and 8 threads (measured); four keep small answers moving while
# photos are being read.
BLOCKING_THREADS = 4
WORKER_THREADS = 2
PATIENCE = 15.0


@dataclass(frozen=True, slots=True)
class Tls:
    certificate: Path
    key: Path


def web_command(host: str, port: int, tls: Tls | None = None) -> list[str]:
    """The WSGI server. A worker that dies is replaced; one that dies again at once ends the server."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", os.environ.get("WEB_CONCURRENCY") or str(WEB_PROCESSES)]
    command += ["--blocking-threads", str(BLOCKING_THREADS), "--backlog", "1024", "--respawn-failed-workers"]
    command += ["--workers-kill-timeout", "10s", "--log-level", "warning"]
    if tls:
        command += ["--ssl-certificate", str(tls.certificate), "--ssl-keyfile", str(tls.key)]
    return [*command, "backend.wsgi:app"]


def worker_command() -> list[str]:
    """The job consumer. An idle queue is asked once a second, so that a job starts within that."""
    command = [sys.executable, "-m", "huey.bin.huey_consumer", "backend.worker.huey"]
    return [*command, "--workers", str(WORKER_THREADS), "--max-delay", "1", "--shutdown-timeout", "10", "--quiet"]


def metrics_folder(instance: Path, port: int) -> str:
    """An empty folder in which the web processes add up their figures (PROMETHEUS_MULTIPROC_DIR)."""
    folder = instance / "metrics" / str(port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return str(folder)


class Child:
    """One process. Its output goes to `log`, or to ours where the host collects it."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], gentle: int, log: Path | None):
        self.name = name
        self.gentle = gentle
        self.log = log
        output = None
        if log:
            log.parent.mkdir(parents=True, exist_ok=True)
            output = log.open("wb")
        bound = [sys.executable, "-m", "backend.launch.bound", str(int(gentle)), str(os.getpid())]
        # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop it in order.
        self.process = subprocess.Popen(
            [*bound, *command],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
        )
        if output:
            output.close()

    def ended(self) -> str | None:
        """How it ended, with its last words; None while it runs."""
        code = self.process.poll()
        if code is None:
            return None
        how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        words = last_lines(self.log.read_text(errors="replace")) if self.log else ""
        return f"The {self.name} stopped {how}." + (f"\n{words}\n    (all of it: {self.log})" if words else "")

    def ask(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(self.gentle)

    def wait(self, deadline: float) -> None:
        """Past the deadline (of the monotonic clock) it is ended; what it started and left behind is, in any case."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Asked(Exception):
    """Somebody asked us to stop."""


class Household:
    """The children, and the promise that none outlives us: leaving the block stops them all."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.asked = False
        self.before: dict[int, Any] = {}

    def __enter__(self) -> "Household":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.before[number] = signal.signal(number, self._note)
        return self

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        # Only noted, so that no child is lost half-started; `watch` acts on it.
        self.asked = True

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        deadline = time.monotonic() + PATIENCE
        for child in self.children:
            child.ask()
        for child in self.children:
            child.wait(deadline)
        for number, handler in self.before.items():
            signal.signal(number, handler)
        return kind is Asked

    def start(
        self, name: str, command: Sequence[str], env: Mapping[str, str], gentle: int, log: Path | None = None
    ) -> None:
        """Start a child. `gentle` is the signal that it takes as a request to finish."""
        self.children.append(Child(name, command, env, gentle, log))

    def watch(self, seconds: float = float("inf")) -> None:
        """Wait. Raises Asked when somebody wants us to stop, CannotStart as soon as a child has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.asked:
                raise Asked
            for child in self.children:
                reason = child.ended()
                if reason:
                    raise CannotStart(reason)
            time.sleep(0.1)
