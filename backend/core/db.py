"""The database: one metadata, names for every constraint, UTC times, and how SQLite and PostgreSQL are opened."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

import psycopg
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, ExceptionContext, MetaData, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase

from backend.core.errors import RequestInvalid

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. SQLite has no zones, so there it is stored bare and read back as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def moment(value: Any) -> datetime | None:
    """A time as a raw cursor gives it (text in SQLite, datetime in PostgreSQL), made aware."""
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


@event.listens_for(Engine, "connect")
def _open(connection: Any, _record: Any) -> None:
    """WAL so that readers never wait, FULL because NORMAL loses acknowledged commits in a power cut."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-65536")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "handle_error")
def _text_that_cannot_be(context: ExceptionContext) -> None:
    """Half a surrogate pair, and in PostgreSQL NUL, is the mistake of whoever sent it. Raises RequestInvalid."""
    error = context.original_exception
    if isinstance(error, UnicodeEncodeError) or (isinstance(error, psycopg.DataError) and "NUL" in str(error)):
        raise RequestInvalid() from error


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    """A writer takes SQLite's one write lock at once: upgrading a read would fail under contention.

    A `bare` connection asks one question at a time and needs no transaction at all."""
    options = connection.get_execution_options()
    if connection.dialect.name == "sqlite" and not options.get("bare"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")
