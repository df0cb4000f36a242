"""The operator of the platform, for whoever must be told on whose behalf it speaks."""

from sqlalchemy import select

from backend.core.db import db
from backend.organisations.models import Organisation
from backend.organisations.rules import Kind


def operator() -> tuple[str, dict[str, str]] | None:
    """BIN and names; None on an installation that has none yet."""
    row = db.session.execute(
        select(Organisation.bin, Organisation.names)
        .where(Organisation.kind == Kind.OPERATOR)
        .order_by(Organisation.id)
        .limit(1)
    ).first()
    return (row.bin, row.names) if row else None
