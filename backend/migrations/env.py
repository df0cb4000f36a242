"""Alembic's door to our metadata. Partitions of a table are not tables of their own here."""

import re

from alembic import context
from flask import current_app

PARTITION = re.compile(r"^(codes|movements)_p\d+$")

config = context.config
database = current_app.extensions["migrate"].db
config.set_main_option("sqlalchemy.url", str(database.engine.url).replace("%", "%%"))


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare: object) -> bool:
    return not (kind == "table" and name and PARTITION.match(name))


def plain(kind: str, value: object, _context: object) -> str | bool:
    """Our own column type is written as what the database sees, so that old migrations need none of our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and type(value).__name__ == "UtcDateTime" else False


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        include_object=ours,
        render_item=plain,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
