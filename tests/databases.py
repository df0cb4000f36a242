"""PostgreSQL for the tests: one server for a run, and one database for a worker, used again and again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import psycopg

TEMPLATE = "template_tanba"

_standing: dict[str, str] = {}
"""Databases that can be used again, and what their schema was when they were made."""

# The objects of a schema with the transactions that last changed them, and the settings of the database.
SCHEMA = """SELECT md5(string_agg(one, ',' ORDER BY one)) FROM (
  SELECT 'c' || oid || ' ' || xmin AS one FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 't' || oid || ' ' || xmin FROM pg_trigger
  UNION ALL SELECT 'f' || oid || ' ' || xmin FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT 's' || setconfig::text FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase
  WHERE d.datname = current_database()
)"""
TABLES = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
  AND relkind IN ('r', 'p') AND NOT relispartition AND relname != 'alembic_version'"""
# What is deleted still lies in its table and would slow every test to come.
GROWN = "SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 2000000 LIMIT 1"


@contextmanager
def lent(base: str) -> Iterator[str]:
    """The address of a fresh database: emptied after use, since making one takes longer than most tests do, and made
    anew after a test that changed more than a few rows."""
    database = f"tanba_{os.getpid()}"
    url = named(base, database)
    if database not in _standing:
        administrate(base, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        administrate(base, f"CREATE DATABASE {database} TEMPLATE {TEMPLATE}")
        _standing[database] = _schema(url)
    yield url
    administrate(base, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
    if not _emptied(url, _standing[database]):
        del _standing[database]


def _connected(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


def _schema(url: str) -> str:
    with _connected(url) as connection:
        return connection.execute(SCHEMA).fetchone()[0]


def _emptied(url: str, schema: str) -> bool:
    """Take out every row, past the triggers that keep history; False when there is more to undo than a few rows."""
    with _connected(url) as connection:
        if connection.execute(SCHEMA).fetchone()[0] != schema or connection.execute(GROWN).fetchone():
            return False
        tables = [f'"{name}"' for (name,) in connection.execute(TABLES)]
        filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)
        connection.execute("SET session_replication_role = replica")
        for (name,) in connection.execute(filled).fetchall():
            connection.execute(f"DELETE FROM {name}")
    return True


def named(base: str, database: str) -> str:
    """The server's address with another database in it."""
    head, _, options = base.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{database}" + (f"?{options}" if options else "")


def administrate(base: str, *statements: str) -> None:
    """One connection serves all of a run: making and dropping a database is quicker than connecting twice."""
    for statement in statements:
        administrator(base).execute(statement)


@lru_cache(maxsize=1)
def administrator(base: str) -> psycopg.Connection:
    return psycopg.connect(named(base, "postgres").replace("postgresql+psycopg", "postgresql"), autocommit=True)
