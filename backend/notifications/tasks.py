"""Jobs of telling; each takes ids, may run twice, and has a sweep."""

from backend.core.api import unit_of_work
from backend.core.queue import every, task
from backend.notifications import letters


@task
def send_letter(letter_id: str) -> None:
    letters.send(letter_id)


@every(minutes=1)
def send_letters() -> None:
    """Letters that a lost queue forgot, and those whose next try has come."""
    for letter_id in letters.due():
        letters.send(letter_id)


@every(minutes=60)
def forget() -> None:
    unit_of_work(letters.forget)
