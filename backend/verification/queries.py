"""What a check reads: one statement for the code, its goods, its seller and its earlier checks.

It runs outside the session on a connection without a transaction, because this is the platform's busiest read.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from flask import current_app
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError

COLUMNS = (
    "c.state, c.flags, c.reason, c.changed_at, c.introduced_at, c.expires_on, c.key_id, c.product_group,"
    " s.score, s.count, s.first_at, k.gtin, k.names, k.brand, k.attributes, k.producer, k.country,"
    " o.names AS seller, i.names AS importer"
)
JOINS = (
    " LEFT JOIN check_summaries s ON s.code_id = c.id"
    " JOIN cards k ON k.id = c.card_id JOIN organisations o ON o.id = c.owner_id"
    " LEFT JOIN organisations i ON i.id = k.importer_id"
)
BY_ID = f"SELECT {COLUMNS} FROM codes c{JOINS} WHERE c.id = "
BY_GTIN = (
    'SELECT k.gtin, k."group", k.names, k.brand, k.attributes, k.producer, k.country, i.names'
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
    names: Any
    brand: str | None
    attributes: Any
    producer: Any
    country: str
    seller: Any
    importer: Any


def reader() -> Engine:
    """The engine of checks: the replica where there is one, no transaction, no ping before each question."""
    engine = current_app.extensions.get("reader")
    if engine is None:
        settings = current_app.config["SETTINGS"]
        url = settings.replica_url or settings.database_url
        arguments = {"check_same_thread": False} if url.startswith("sqlite") else {"connect_timeout": 5}
        engine = create_engine(
            url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, connect_args=arguments
        ).execution_options(bare=True)
        current_app.extensions["reader"] = engine
    return engine


def code(code_id: bytes) -> Row | None:
    row = _one(BY_ID, code_id)
    return Row._make(row) if row else None


def card(gtin: str) -> dict[str, Any] | None:
    """The goods behind a bare barcode, when exactly this GTIN has a published card."""
    row = _one(BY_GTIN, gtin)
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
    names: Any,
    brand: str | None,
    attributes: Any,
    producer: Any,
    country: str,
    importer: Any,
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


def parsed(value: Any) -> Any:
    """JSON as the engines give it: text in SQLite, already parsed in PostgreSQL."""
    return _parse(value) if isinstance(value, str) else value


@lru_cache(maxsize=4096)
def _parse(text: str) -> Any:
    return orjson.loads(text)


def _one(statement: str, value: Any) -> Any:
    engine = reader()
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    for last in (False, True):
        try:
            with engine.connect() as connection:
                return connection.exec_driver_sql(statement + mark, (value,)).fetchone()
        except DBAPIError as error:
            # The database was restarted under a pooled connection: a fresh one answers.
            if last or not error.connection_invalidated:
                raise
    return None


def dispose() -> None:
    engine = current_app.extensions.pop("reader", None)
    if engine is not None:
        engine.dispose()
