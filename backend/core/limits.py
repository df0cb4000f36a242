"""Named limits on how often one source may ask. All limits of the platform stand in this one table.

Counters live in SQLite by default, shared by the worker processes of one machine; `LIMITS_URL` moves them to Redis.
An answer says how much is left: `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds, as in the IETF
draft on RateLimit fields), of the limit that is nearest to its end.
"""

import sqlite3
import threading
import time
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import NamedTuple, NoReturn
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItem, parse
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from backend.core.errors import TooManyRequests

LIMITS: dict[str, RateLimitItem] = {
    "verify": parse("600/minute"),
    "verify_unknown": parse("60/10 minutes"),
    "decode": parse("60/minute"),
    "lookup": parse("300/minute"),
    "login": parse("100/10 minutes"),
    "change": parse("600/minute"),
    "confirm": parse("30/10 minutes"),
    "registration_mail": parse("5/hour"),
    "api_key": parse("1200/minute"),
    "export": parse("20/10 minutes"),
    "invitation": parse("60/10 minutes"),
    "signing_session": parse("60/10 minutes"),
    "signature_check": parse("30/10 minutes"),
    "phone": parse("600/minute"),  # a mobile operator puts many phones behind one address
    "phone_answer": parse("10/10 minutes"),
}

WEIGHTS: dict[str, int] = {
    "verification.decode": 5,
    "labels.ask_sheet": 20,
    "codes.order_emission": 20,
    "codes.list_codes": 2,
}
"""What one call costs a program's key, where that is more than 1."""


class Window(NamedTuple):
    """What is left of a limit: `resets_at` is in seconds since 1970."""

    limit: int
    remaining: int
    resets_at: float


class SqliteCounters(Storage):
    """Counters in a small SQLite file without durability: losing them in a crash only forgives."""

    STORAGE_SCHEME = ["sqlite"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: object):
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self.path = urlsplit(uri or "").path[1:]
        self.local = threading.local()
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    @property
    def connection(self) -> sqlite3.Connection:
        if not hasattr(self.local, "connection"):
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=5)
            for pragma in ("journal_mode=WAL", "synchronous=OFF"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS counters"
                " (name TEXT PRIMARY KEY, amount INTEGER NOT NULL, expires REAL NOT NULL) WITHOUT ROWID"
            )
            self.local.connection = connection
        return self.local.connection

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        present = time.time()
        row = self.connection.execute(
            "INSERT INTO counters VALUES (?1, ?2, ?3 + ?4) ON CONFLICT (name) DO UPDATE SET"
            " amount = CASE WHEN expires <= ?3 THEN ?2 ELSE amount + ?2 END,"
            " expires = CASE WHEN expires <= ?3 THEN ?3 + ?4 ELSE expires END RETURNING amount, expires",
            (key, amount, present, expiry),
        ).fetchone()
        self.local.counted = row
        if row[0] == amount:
            self.connection.execute("DELETE FROM counters WHERE expires < ?", (present - 86_400,))
        return row[0]

    def get(self, key: str) -> int:
        row = self.connection.execute(
            "SELECT amount FROM counters WHERE name = ? AND expires > ?", (key, time.time())
        ).fetchone()
        return row[0] if row else 0

    def get_expiry(self, key: str) -> float:
        row = self.connection.execute("SELECT expires FROM counters WHERE name = ?", (key,)).fetchone()
        return row[0] if row else time.time()

    def check(self) -> bool:
        return self.connection.execute("SELECT 1").fetchone() == (1,)

    def reset(self) -> int | None:
        return self.connection.execute("DELETE FROM counters").rowcount

    def clear(self, key: str) -> None:
        self.connection.execute("DELETE FROM counters WHERE name = ?", (key,))


def init(app: Flask) -> None:
    app.extensions["limiter"] = FixedWindowRateLimiter(storage_from_string(app.config["SETTINGS"].limits_url))

    @app.after_request
    def tell(answer: Response) -> Response:
        answer.headers.extend(headers())
        return answer


def source() -> str:
    """The asking address; of IPv6 the /64, because one customer owns it whole, and IPv4 written as IPv6 is IPv4."""
    given = g.get("asked_from") or request.remote_addr or "127.0.0.1"
    try:
        address = ip_address(given.partition("%")[0])
    except ValueError:  # a proxy that we trust wrote something else, such as a port behind it
        return given[:64]
    address = getattr(address, "ipv4_mapped", None) or address
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))


def hit(name: str, who: str | None = None, weight: int = 1) -> None:
    """Count one request, as `weight` where it costs more. Raises TooManyRequests with `retry_after` in seconds."""
    if not current_app.config["SETTINGS"].limits:
        return
    item, who, limiter = LIMITS[name], who or source(), current_app.extensions["limiter"]
    allowed = limiter.hit(item, name, who, cost=weight)
    _note(_counted(limiter, item, name, who))
    if not allowed:
        _refuse(limiter, item, name, who)


def weight(domain: str, view: str) -> int:
    return WEIGHTS.get(f"{domain}.{view}", 1)


def check(name: str, who: str | None = None) -> None:
    """Look without counting: used where only some answers count."""
    if not current_app.config["SETTINGS"].limits:
        return
    item, who, limiter = LIMITS[name], who or source(), current_app.extensions["limiter"]
    if not limiter.test(item, name, who):
        _refuse(limiter, item, name, who)


def headers() -> list[tuple[str, str]]:
    """What this request's answer says of the limits that it was counted against; nothing where none was."""
    window = g.get("limit_window")
    if window is None:
        return []
    return [
        ("RateLimit-Limit", str(window.limit)),
        ("RateLimit-Remaining", str(window.remaining)),
        ("RateLimit-Reset", str(max(0, round(window.resets_at - time.time())))),
    ]


def _counted(limiter: FixedWindowRateLimiter, item: RateLimitItem, name: str, who: str) -> Window:
    """What the count just now left over. Our own counters said it with the count; others are asked."""
    if isinstance(limiter.storage, SqliteCounters):
        amount, resets_at = limiter.storage.local.counted
        return Window(item.amount, max(0, item.amount - amount), resets_at)
    stats = limiter.get_window_stats(item, name, who)
    return Window(item.amount, stats.remaining, stats.reset_time)


def _note(window: Window) -> None:
    """Of several limits the nearest to its end is the one to tell."""
    known = g.get("limit_window")
    if known is None or window.remaining * known.limit < known.remaining * window.limit:
        g.limit_window = window


def _refuse(limiter: FixedWindowRateLimiter, item: RateLimitItem, name: str, who: str) -> NoReturn:
    resets_at = limiter.get_window_stats(item, name, who).reset_time
    g.limit_window = Window(item.amount, 0, resets_at)
    raise TooManyRequests(retry_after=max(1, round(resets_at - time.time())))
