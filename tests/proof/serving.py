"""A real server process over the database of a test, clients that speak to it over sockets, and how it is killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from flask import Flask

from backend.settings import ROOT
from tests import factories
from tests.trading import Party

OURS = "backend.wsgi:app"
FAULTY = "tests.proof.faulty:app"
THREADS = 8


@dataclass
class Answer:
    status: int
    json: Any

    @property
    def code(self) -> str | None:
        """The error's code; None where what was asked was done."""
        return self.json["error"]["code"] if self.status >= 400 else None

    @property
    def params(self) -> dict[str, Any]:
        return self.json["error"]["params"]


class Lost(Exception):
    """No answer came: whether anything was done is not known."""


class Client:
    """One party's device: a connection of its own, kept open."""

    def __init__(self, port: int, party: Party):
        self.port = port
        self.cookie = f"tanba={party.client.get_cookie('tanba').value}"
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Any = None, key: dict[str, str] | None = None) -> Answer:
        return self._ask("POST", path, body, key or factories.key())

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        headers = {"Cookie": self.cookie, "Content-Type": "application/json", **headers}
        try:
            content = None if body is None else json.dumps(body)
            self.connection.request(method, f"/api/v1{path}", body=content, headers=headers)
            answer = self.connection.getresponse()
            return Answer(answer.status, json.loads(answer.read()))
        except (OSError, EOFError, ValueError) as error:
            self.connection.close()
            raise Lost from error

    def close(self) -> None:
        self.connection.close()


class Server:
    """The WSGI server that `run` starts, with one worker, in a session of its own so that all of it can be killed."""

    def __init__(self, app: Flask, fault: str | None = None):
        settings = app.config["SETTINGS"]
        self.instance: Path = settings.instance
        self.target = FAULTY if fault else OURS
        self.names = {
            "TANBA_INSTANCE": str(settings.instance),
            "DATABASE_URL": settings.database_url,
            "TANBA_NO_LIMITS": "1",
            "PROOF_FAULT": fault or "",
        }
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def launch(self) -> None:
        """Start it, and do not wait until it listens."""
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(self.port), "--workers", "1"]
        command += ["--blocking-threads", str(THREADS), "--log-level", "warning", self.target]
        log = (self.instance / "server.log").open("ab")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | self.names, stdout=log, stderr=log, start_new_session=True
        )
        log.close()

    def ready(self) -> None:
        for _ in range(1_200):
            try:
                probe = HTTPConnection("127.0.0.1", self.port, timeout=30)
                probe.request("GET", "/health")
                probe.getresponse().read()
                return
            except OSError:
                assert self.process.poll() is None, (self.instance / "server.log").read_text()[-2_000:]
                time.sleep(0.05)
            finally:
                probe.close()
        raise AssertionError((self.instance / "server.log").read_text()[-2_000:])

    def kill(self) -> None:
        """As when the power of the machine goes, but for what the system has in its hands: nothing is tidied up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(app: Flask, fault: str | None = None) -> Iterator[Server]:
    server = Server(app, fault)
    server.launch()
    try:
        server.ready()
        yield server
    finally:
        server.kill()
