"""Bad weather between a phone and the server: what is asked or answered is lost, late, doubled, or not from us."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PORTAL = b"<!doctype html><title>Wi-Fi</title><p>Agree to the rules of this network."
HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})
HELD = 20  # seconds, at most, that a request or an answer hangs

FAULTS = {
    "lost": 6,  # never reaches the server
    "unanswered": 8,  # done, and the answer is lost
    "half": 3,  # done, and the answer breaks off
    "late": 3,  # done, and the answer hangs
    "delayed": 3,  # hangs, and reaches the server when nobody waits for it any more
    "twice": 4,  # the network repeats it at once
    "replayed": 4,  # something that was asked earlier is asked again
    "down": 4,  # a gateway says 502 or 504 without asking
    "done_502": 3,  # done, and the gateway says 502
    "error": 4,  # 500 without having done it
    "busy": 3,  # 429 or 503 with Retry-After
    "portal": 3,  # 200 from the Wi-Fi's own page
    "barred": 3,  # 403 or 404 from somebody else's page
}
FINE = 400
"""Weights; the rest of the requests pass."""


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Weather:
    """A proxy in front of the server. Only changes that carry a key are harmed; `calm` harms nothing, `only` harms
    each of them in one way."""

    upstream: int
    port: int
    seed: int = 1
    calm: bool = True
    only: str | None = None
    met: Counter[str] = field(default_factory=Counter)
    changes: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.lock = threading.Lock()
        self.over = threading.Event()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def fate(self, asked: Asked) -> str:
        if self.calm or "Idempotency-Key" not in asked.headers:
            return "fine"
        with self.lock:
            fate = self.only or self.dice.choices(["fine", *FAULTS], [FINE, *FAULTS.values()])[0]
            self.met[fate] += 1
            self.changes.append(asked)
            return fate

    def earlier(self) -> Asked:
        with self.lock:
            return self.dice.choice(self.changes)

    def pick(self, *some: Any) -> Any:
        with self.lock:
            return self.dice.choice(some)

    def ask(self, asked: Asked) -> tuple[int, list[tuple[str, str]], bytes]:
        line = HTTPConnection("127.0.0.1", self.upstream, timeout=60)
        try:
            line.request(asked.method, asked.path, asked.body or None, asked.headers)
            answer = line.getresponse()
            return answer.status, [one for one in answer.getheaders() if one[0].lower() not in HOP], answer.read()
        finally:
            line.close()


class Lost(Exception):
    """The connection ends without a word."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    weather: Weather

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        asked = Asked(self.command, self.path, headers, body)
        try:
            getattr(self, self.weather.fate(asked))(asked)
        except (Lost, OSError, HTTPException):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

    def say(self, status: int, headers: list[tuple[str, str]], body: bytes, *, whole: bool = True) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if whole else body[: len(body) // 2])
        if not whole:
            raise Lost

    def fine(self, asked: Asked) -> None:
        self.say(*self.weather.ask(asked))

    def lost(self, asked: Asked) -> None:
        raise Lost

    def unanswered(self, asked: Asked) -> None:
        self.weather.ask(asked)
        raise Lost

    def half(self, asked: Asked) -> None:
        self.say(*self.weather.ask(asked), whole=False)

    def late(self, asked: Asked) -> None:
        answer = self.weather.ask(asked)
        self.weather.over.wait(HELD)
        self.say(*answer)

    def delayed(self, asked: Asked) -> None:
        self.weather.over.wait(self.weather.pick(1, 3, 8))
        self.fine(asked)

    def twice(self, asked: Asked) -> None:
        second = threading.Thread(target=self.aside, args=(asked,))
        second.start()
        self.fine(asked)
        second.join()

    def replayed(self, asked: Asked) -> None:
        self.aside(self.weather.earlier())
        self.fine(asked)

    def aside(self, asked: Asked) -> None:
        try:
            self.weather.ask(asked)
        except (OSError, HTTPException):
            return

    def down(self, asked: Asked) -> None:
        self.say(self.weather.pick(502, 504), [("Content-Type", "text/html")], b"<h1>Bad gateway</h1>")

    def done_502(self, asked: Asked) -> None:
        self.weather.ask(asked)
        self.down(asked)

    def error(self, asked: Asked) -> None:
        self.say(500, [("Content-Type", "application/json")], b'{"error":{"code":"request.unexpected","params":{}}}')

    def busy(self, asked: Asked) -> None:
        code = b'{"error":{"code":"request.too_many","params":{"retry_after":2}}}'
        self.say(self.weather.pick(429, 503), [("Content-Type", "application/json"), ("Retry-After", "2")], code)

    def portal(self, asked: Asked) -> None:
        self.say(200, [("Content-Type", "text/html")], PORTAL)

    def barred(self, asked: Asked) -> None:
        self.say(self.weather.pick(403, 404), [("Content-Type", "text/html")], PORTAL)

    def log_message(self, format: str, *args: object) -> None:
        """Silence: what was met is counted instead."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A killed browser leaves its connections behind."""


@contextmanager
def weather_before(upstream: int, port: int, seed: int) -> Iterator[Weather]:
    found = Weather(upstream, port, seed)
    server = Server(("127.0.0.1", port), type("Bound", (Handler,), {"weather": found}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield found
    finally:
        found.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
