"""Jobs of the ledger; each takes ids and may run twice."""

from sqlalchemy import select

from backend.codes import counters, emission, keys, trust_list
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
    """Make the withdrawn lists anew; a list that does not pass its gate leaves the old one published.

    Raises GateClosed with the keys of such lists, after all others have been published.
    """
    published = [key.id for key in keys.published()]
    db.session.rollback()
    refused = []
    for key_id in published:
        try:
            made = trust_list.make(key_id)
        except trust_list.GateClosed:
            refused.append(key_id)
            continue
        finally:
            db.session.rollback()
        unit_of_work(lambda made=made: trust_list.publish(made))
    unit_of_work(trust_list.forget_old)
    if refused:
        raise trust_list.GateClosed(", ".join(refused))


@every(minutes=60)
def forget_old_keys() -> None:
    """Idempotency keys older than any operation that could still come back."""
    unit_of_work(idempotency.forget_old)


@every(minutes=5)
def fold_stock() -> None:
    """Keep the entries of stock few: a list sums them."""
    unit_of_work(counters.fold)
