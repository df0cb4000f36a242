"""What nobody finishes is forgotten, people's data first."""

from backend.core.api import unit_of_work
from backend.core.queue import every
from backend.registration import queries, service


@every(minutes=30)
def remove_stale() -> None:
    """Unconfirmed after 7 days, drafts that lie, refusals that nobody mends: rows go, a fact without names stays."""
    for application_id in queries.stale():
        unit_of_work(lambda application_id=application_id: service.remove_if_stale(application_id))
