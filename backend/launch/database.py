"""The schema, and on a first start the demo world: `python -m backend.launch.database`, a process of its own."""

import shutil
import sys
from importlib import import_module
from importlib.util import find_spec

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from backend.app import create_app
from backend.core.db import db
from backend.launch.words import CannotStart
from backend.organisations.models import Organisation
from backend.settings import ROOT, Settings, load

WORLD = "backend.demo.main"
UNFINISHED = "demo.unfinished"


def forget_unfinished(settings: Settings) -> None:
    """A first start that was interrupted leaves half a demo world, which nobody can have used: begin anew."""
    marker = settings.instance / UNFINISHED
    if not marker.exists():
        return
    database = settings.instance / "tanba.db"
    if settings.database_url != f"sqlite:///{database}":
        raise CannotStart(f"The demo world was interrupted. Empty the database of DATABASE_URL and remove {marker}.")
    for path in (database, *settings.instance.glob("tanba.db-*")):
        path.unlink(missing_ok=True)
    shutil.rmtree(settings.instance / "demo", ignore_errors=True)
    marker.unlink()


def migrate(app: Flask) -> None:
    """Bring the database to the newest schema."""
    with app.app_context():
        upgrade(str(ROOT / "backend" / "migrations"))


def fill(app: Flask) -> bool:
    """Make the demo world in an empty register; one that is there or in use is left alone."""
    settings = app.config["SETTINGS"]
    with app.app_context():
        used = db.session.execute(select(Organisation.id).limit(1)).first()
        db.session.rollback()
    if used or (settings.instance / "demo").exists() or find_spec(WORLD.rpartition(".")[0]) is None:
        return False
    marker = settings.instance / UNFINISHED
    marker.touch()
    import_module(WORLD).fill(app)
    marker.unlink()
    return True


def main(words: list[str]) -> None:
    settings = load()
    demo = "--demo" in words
    if demo:
        forget_unfinished(settings)
    app = create_app(settings)
    migrate(app)
    if demo:
        fill(app)


if __name__ == "__main__":
    main(sys.argv[1:])
