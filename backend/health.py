"""Is it alive, and can it work."""

from flask import Flask, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backend.core.db import db
from backend.core.vault import VaultLocked, close, open_


def init(app: Flask) -> None:
    app.add_url_rule("/health", "health", lambda: jsonify(status="ok"))
    app.add_url_rule("/ready", "ready", ready)


def ready() -> tuple[Response, int]:
    """Readiness of database, queue and keys; 503 names what is missing, without details for strangers."""
    checks = {"database": _database(), "queue": _queue(), "keys": _keys()}
    good = all(checks.values())
    body = {"status": "ok" if good else "unavailable"} | {name: "ok" if up else "down" for name, up in checks.items()}
    return jsonify(body), 200 if good else 503


def _database() -> bool:
    try:
        return db.session.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
    except SQLAlchemyError:
        return False


def _queue() -> bool:
    try:
        return current_app.extensions["huey"].pending_count() >= 0
    except Exception:
        return False


def _keys() -> bool:
    try:
        return open_(close(b"probe")) == b"probe"
    except VaultLocked:
        return False
