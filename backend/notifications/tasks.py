"""Jobs of telling; each takes ids, may run twice, and has a sweep."""

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.queue import every, task
from backend.notifications import deliveries, digest, inbox, letters, push, reminders, rules, telling


@task
def on_fact(fact_id: str) -> None:
    """Tell of a fact whom it concerns."""
    telling.tell(fact_id)


@every(minutes=1)
def tell_forgotten() -> None:
    """Facts for which nobody queued a job, or whose job was lost."""
    while telling.tell_forgotten() == telling.AT_ONCE:
        pass


@task
def send_letter(letter_id: str) -> None:
    letters.send(letter_id)


@every(minutes=1)
def send_letters() -> None:
    """Letters that a lost queue forgot, and those whose next try has come."""
    for letter_id in letters.due():
        letters.send(letter_id)


@task
def send_push(message_id: str) -> None:
    push.send(message_id)


@every(minutes=1)
def send_pushes() -> None:
    for message_id in push.due():
        push.send(message_id)


@task
def deliver(delivery_id: str) -> None:
    deliveries.send(delivery_id)


@every(minutes=1)
def send_deliveries() -> None:
    for delivery_id in deliveries.due():
        deliveries.send(delivery_id)


@every(minutes=10)
def send_digests() -> None:
    """From nine in the morning on, whatever was put off until then."""
    digest.send()


@every(minutes=30)
def remind() -> None:
    """Once in the morning; the distances overlap, so that a missed day loses nothing."""
    if clock.now().astimezone(clock.ALMATY).hour == rules.DIGEST_HOUR:
        reminders.remind()


@every(minutes=60)
def forget() -> None:
    for old in (letters.forget, inbox.forget, telling.forget, deliveries.forget, push.forget_signed_out):
        unit_of_work(old)
