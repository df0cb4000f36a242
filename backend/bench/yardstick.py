"""The bare application that checks are measured against: Flask, one route, one raw indexed SELECT, nothing of ours.

Served exactly as the platform is; `DATABASE_URL` names the same database.
"""

import os
import sqlite3
import threading
from typing import Any

import psycopg
from flask import Flask, Response

SQLITE = "sqlite:///"
COLUMNS = "state, flags, key_id, card_id, owner_id"

app = Flask("yardstick")
address = os.environ.get("DATABASE_URL", "")
local = threading.local()


def connection() -> Any:
    if not hasattr(local, "connection"):
        if address.startswith(SQLITE):
            local.connection = sqlite3.connect(address.removeprefix(SQLITE))
        else:
            local.connection = psycopg.connect(address, autocommit=True)
    return local.connection


@app.get("/code/<code>")
def code(code: str) -> Response | tuple[str, int]:
    mark = "?" if address.startswith(SQLITE) else "%s"
    row = connection().execute(f"SELECT {COLUMNS} FROM codes WHERE id = {mark}", (bytes.fromhex(code),)).fetchone()
    return app.json.response(state=row[0], flags=row[1], key=row[2], card=row[3], owner=row[4]) if row else ("", 404)
