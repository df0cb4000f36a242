"""What time does to acts: reminders on the tenth and fourteenth working day, the end on the fifteenth, buyers who
register at last, and signatures that are settled."""

from sqlalchemy import select

from backend.acts import closing, rules, settling
from backend.acts.models import Act
from backend.acts.service import told
from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.queue import every, task
from backend.organisations.models import Organisation


@every(minutes=10)
def expire_due() -> None:
    """End what is due, each act in a transaction of its own, so that one that fails holds up no other."""
    due = select(Act.id).where(Act.state.in_(rules.OPEN), Act.due_at <= clock.now()).limit(1_000)
    for act_id in db.session.scalars(due).all():
        unit_of_work(lambda act_id=act_id: closing.expire(act_id))


@task
def signature_settled(signature_id: str) -> None:
    """A signature that waited for word on its certificate has it."""
    for act_id in settling.waiting(signature_id):
        unit_of_work(lambda act_id=act_id: settling.settle(act_id))


@every(minutes=10)
def settle_the_rest() -> None:
    """Acts whose word was lost with a queue."""
    for act_id in settling.waiting():
        unit_of_work(lambda act_id=act_id: settling.settle(act_id))


@every(minutes=1)
def join_registered() -> None:
    """Hand over the acts that wait for a buyer who has registered meanwhile."""
    waiting = select(Act.id).join(Organisation, Organisation.bin == Act.receiver_tax)
    for act_id in db.session.scalars(waiting.where(Act.state == rules.State.WAITING_PARTICIPANT).limit(1_000)).all():
        unit_of_work(lambda act_id=act_id: closing.join(act_id))


@every(minutes=60)
def remind() -> None:
    """Tell both sides that the term of an act is running out, once for each of the two days."""
    waiting = select(Act.id).where(Act.state.in_(rules.OPEN), Act.reminded < rules.REMINDED_AT[-1])
    for act_id in db.session.scalars(waiting).all():
        unit_of_work(lambda act_id=act_id: _remind(act_id))


def _remind(act_id: str) -> None:
    act = db.session.get_one(Act, act_id)
    if act.state not in rules.OPEN or act.due_at is None:
        return
    reached = rules.reminder(act.due_at, clock.today())
    if reached is None or reached <= act.reminded:
        return
    act.reminded = reached
    told("act:reminded", act, actor=None, detail={"working_days": reached})
