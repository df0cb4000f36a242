"""What a check reads: one statement for the code, its goods, its seller and its earlier checks.

It runs outside the session, on the driver's own connections and without a transaction, because this is the platform's
busiest read: through the engine it took 90 µs, of which the database needed 12.
"""

import sqlite3
import threading
import weakref
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import psycopg
from flask import current_app
from sqlalchemy import make_url

COLUMNS = (
    "c.state, c.flags, c.reason, c.changed_at, c.introduced_at, c.expires_on, c.key_id, c.product_group,"
    " s.score, s.count, s.first_at, k.gtin, CAST(k.names AS TEXT), k.brand, CAST(k.attributes AS TEXT),"
    " CAST(k.producer AS TEXT), k.country, CAST(o.names AS TEXT), CAST(i.names AS TEXT),"
    " COALESCE(o.sandbox_of, i.sandbox_of)"
)
JOINS = (
    " LEFT JOIN check_summaries s ON s.code_id = c.id"
    " JOIN cards k ON k.id = c.card_id JOIN organisations o ON o.id = c.owner_id"
    " LEFT JOIN organisations i ON i.id = k.importer_id"
)
BY_ID = f"SELECT {COLUMNS} FROM codes c{JOINS} WHERE c.id = "
BY_PACKAGE = "SELECT o.sandbox_of FROM packages p JOIN organisations o ON o.id = p.owner_id WHERE p.sscc = "
BY_GTIN = (
    'SELECT k.gtin, k."group", CAST(k.names AS TEXT), k.brand, CAST(k.attributes AS TEXT), CAST(k.producer AS TEXT),'
    " k.country, CAST(i.names AS TEXT)"
    " FROM cards k LEFT JOIN organisations i ON i.id = k.importer_id"
    " WHERE k.state = 'published' AND k.gtin = "
)


class Row(NamedTuple):
    state: str
    flags: int
    reason: str | None
    changed_at: datetime | str
    introduced_at: datetime | str | None
    expires_on: date | str | None
    key_id: str | None
    group: str
    score: int | None
    count: int | None
    first_at: datetime | str | None
    gtin: str | None
    names: str
    brand: str | None
    attributes: str
    producer: str | None
    country: str
    seller: str
    importer: str | None
    sandbox_of: str | None


class Line:
    """A driver's connection that closes itself: with the thread that holds it, or with all others in `Reader.close`."""

    def __init__(self, connection: Any):
        self.connection = connection
        self.close = connection.close

    def __del__(self) -> None:
        self.close()


class Reader:
    """One connection a thread, to the replica where there is one."""

    def __init__(self, url: str):
        self.address = make_url(url)
        self.sqlite = self.address.get_backend_name() == "sqlite"
        self.mark = "?" if self.sqlite else "%s"
        self.held = threading.local()
        self.lines: weakref.WeakSet[Line] = weakref.WeakSet()

    def one(self, statement: str, value: Any) -> Any:
        """The first row. A connection that the database closed (it was restarted) is replaced, once."""
        for last in (False, True):
            line = getattr(self.held, "line", None) or self._open()
            try:
                return line.connection.execute(statement + self.mark, (value,)).fetchone()
            except (psycopg.Error, sqlite3.Error):
                if last or self.sqlite or not line.connection.closed:
                    raise
                self.held.line = None
        return None

    def _open(self) -> Line:
        if self.sqlite:
            connection = sqlite3.connect(self.address.database or "", isolation_level=None, check_same_thread=False)
            for pragma in ("busy_timeout=10000", "cache_size=-65536", "query_only=ON"):
                connection.execute(f"PRAGMA {pragma}")
        else:
            plain = self.address.set(drivername="postgresql").render_as_string(hide_password=False)
            connection = psycopg.connect(plain, autocommit=True, connect_timeout=5)
            # One plan for all codes: planning the partitions anew for each took three times as long as reading.
            connection.execute("SET plan_cache_mode = force_generic_plan")
        line = self.held.line = Line(connection)
        self.lines.add(line)
        return line

    def close(self) -> None:
        for line in list(self.lines):
            line.close()
        self.held = threading.local()


def reader() -> Reader:
    found = current_app.extensions.get("reader")
    if found is None:
        settings = current_app.config["SETTINGS"]
        found = current_app.extensions.setdefault("reader", Reader(settings.replica_url or settings.database_url))
    return found


def code(code_id: bytes) -> Row | None:
    row = reader().one(BY_ID, code_id)
    return Row._make(row) if row else None


def packed_for_trial(sscc: str) -> bool:
    """Whether a package is a sandbox's."""
    row = reader().one(BY_PACKAGE, sscc)
    return row is not None and row[0] is not None


def card(gtin: str) -> dict[str, Any] | None:
    """The goods behind a bare barcode, when exactly this GTIN has a published card."""
    row = reader().one(BY_GTIN, gtin)
    if row is None:
        return None
    return goods(*row, None, None)


def product(row: Row) -> dict[str, Any]:
    return goods(
        row.gtin,
        row.group,
        row.names,
        row.brand,
        row.attributes,
        row.producer,
        row.country,
        row.importer,
        row.expires_on,
        row.introduced_at,
    )


def goods(
    gtin: str | None,
    group: str,
    names: str,
    brand: str | None,
    attributes: str,
    producer: str | None,
    country: str,
    importer: str | None,
    expires_on: Any,
    introduced_at: Any,
) -> dict[str, Any]:
    """The public face of a product."""
    return {
        "gtin": gtin,
        "group": group,
        "names": parsed(names),
        "brand": brand,
        "attributes": parsed(attributes),
        "producer": parsed(producer),
        "country": country,
        "importer": {"names": parsed(importer)} if importer else None,
        "image": None,
        "expires_on": expires_on,
        "introduced_on": str(introduced_at)[:10] if introduced_at else None,
    }


@lru_cache(maxsize=4096)
def parsed(text: str | None) -> Any:
    """A JSON column, asked for as text: few cards are behind many checks, so most are parsed already."""
    return orjson.loads(text) if text is not None else None


def dispose() -> None:
    found = current_app.extensions.pop("reader", None)
    if found is not None:
        found.close()
