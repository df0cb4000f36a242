"""Jobs of the ledger; each takes ids and may run twice."""

from sqlalchemy import select

from backend.codes import emission, keys, trust_list
from backend.codes.models import Emission
from backend.core import idempotency
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.queue import every, task


@task
def emit(emission_id: str) -> None:
    """Emit chunk by chunk, each in its own transaction, until the order is whole."""
    while unit_of_work(lambda: emission.emit_some(emission_id)):
        pass


@every(minutes=5)
def resume_emissions() -> None:
    """Finish what a lost queue or a killed worker left unfinished."""
    unfinished = db.session.scalars(select(Emission.id).where(Emission.emitted < Emission.count)).all()
    db.session.rollback()
    for emission_id in unfinished:
        emit(emission_id)


@every(minutes=10)
def publish_withdrawn() -> None:
    """Make the withdrawn lists anew; a list that does not pass its gate leaves the old one published."""
    published = [key.id for key in keys.published()]
    db.session.rollback()
    for key_id in published:
        unit_of_work(lambda key_id=key_id: trust_list.publish(key_id))
    unit_of_work(trust_list.forget_old)


@every(minutes=60)
def forget_old_keys() -> None:
    """Idempotency keys older than any operation that could still come back."""
    unit_of_work(idempotency.forget_old)
