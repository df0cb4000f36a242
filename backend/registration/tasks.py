"""Applications go on when their signatures are settled; what nobody finishes is forgotten, people's data first."""

from backend.core.api import unit_of_work
from backend.core.queue import every, task
from backend.registration import queries, service, signing


@task
def signature_settled(signature_id: str) -> None:
    """A signature that waited for word on its certificate has it."""
    for application_id in queries.checking(signature_id):
        unit_of_work(lambda application_id=application_id: signing.settle(application_id))


@every(minutes=10)
def settle_the_rest() -> None:
    """Applications whose word was lost with a queue."""
    for application_id in queries.checking():
        unit_of_work(lambda application_id=application_id: signing.settle(application_id))


@every(minutes=30)
def remove_stale() -> None:
    """Unconfirmed after 7 days, drafts that lie, refusals that nobody mends: rows go, a fact without names stays."""
    for application_id in queries.stale():
        unit_of_work(lambda application_id=application_id: service.remove_if_stale(application_id))
