"""What nobody names is taken away: files that were brought and never used, and bytes without a row."""

import re

from sqlalchemy import delete, exists

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.queue import every
from backend.files import service, store
from backend.files.models import Belonging, Bringing, File
from backend.files.rules import LEFT_BEHIND, UNNAMED_FOR

AT_ONCE = 50
OURS = re.compile(r"[0-9a-f]{64}")
"""Keys of the store. What is called otherwise is somebody else's: a bucket may hold more than files."""
QUIET = {"synchronize_session": False}


@every(minutes=60)
def sweep() -> None:
    """First rows that no document names, then bytes without a row. Bytes are judged by their own age, and bringing
    them makes them young again."""
    unit_of_work(forget_unnamed)
    unnamed: list[str] = []
    for key in filter(OURS.fullmatch, store.current().older(clock.now() - LEFT_BEHIND)):
        unnamed.append(key)
        if len(unnamed) == AT_ONCE:
            _remove(unnamed)
            unnamed = []
    _remove(unnamed)


def forget_unnamed() -> None:
    """Rows alone: the bytes go with a later sweep."""
    named = exists().where(Belonging.file_id == Bringing.file_id, Belonging.organisation_id == Bringing.organisation_id)
    old = delete(Bringing).where(Bringing.at < clock.now() - UNNAMED_FOR, ~named)
    db.session.execute(old, execution_options=QUIET)
    held = exists().where(Bringing.file_id == File.id)
    belongs = exists().where(Belonging.file_id == File.id)
    db.session.execute(delete(File).where(~held, ~belongs), execution_options=QUIET)


def _remove(keys: list[str]) -> None:
    """Take away those of these bytes that have no row. The sweep holds their rows meanwhile, so that whoever brings
    the same waits, and then sees that they are gone."""
    if keys:
        unit_of_work(lambda: _take_away(keys))


def _take_away(keys: list[str]) -> None:
    held = service.hold(keys)
    for key in held:
        store.current().delete(key)
    db.session.execute(delete(File).where(File.id.in_(held)), execution_options=QUIET)
