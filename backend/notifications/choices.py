"""How each person wants to be told: the kinds' own defaults, changed where the person chose otherwise."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, insert, select

from backend.core.actor import Actor
from backend.core.db import db
from backend.notifications.kinds import KINDS, Kind, Mail
from backend.notifications.models import Choice
from backend.notifications.rules import ChoiceMandatory, KindUnknown

Chosen = tuple[bool, Mail]
"""Whether browsers are woken, and what mail does."""


def of(person_id: str, kind: str) -> Chosen:
    own = db.session.get(Choice, (person_id, kind))
    return (own.push, Mail(own.mail)) if own else default(KINDS[kind])


def default(kind: Kind) -> Chosen:
    return kind.push, kind.mail


def offered(actor: Actor) -> dict[str, Chosen]:
    """The kinds that this person can be told of here, with what holds for each."""
    rows = select(Choice.kind, Choice.push, Choice.mail).where(Choice.person_id == actor.person_id)
    own = {kind: (push, Mail(mail)) for kind, push, mail in db.session.execute(rows)}
    seen = {name: kind for name, kind in KINDS.items() if not kind.permission or kind.permission in actor.permissions}
    return {name: own.get(name, default(kind)) for name, kind in seen.items()}


def choose(actor: Actor, wanted: Mapping[str, Chosen]) -> None:
    """Keep choices; kinds that are not named stay as they are. Raises KindUnknown, ChoiceMandatory."""
    for name, (_, mail) in wanted.items():
        if name not in KINDS:
            raise KindUnknown(kind=name)
        if KINDS[name].mandatory and mail is not KINDS[name].mail:
            raise ChoiceMandatory(kind=name)
    _replace(actor.person_id, wanted.keys())
    for name, (push, mail) in wanted.items():
        if (push, mail) != default(KINDS[name]):
            db.session.execute(insert(Choice).values(person_id=actor.person_id, kind=name, push=push, mail=mail.value))


def _replace(person_id: str, kinds: Iterable[str]) -> None:
    db.session.execute(delete(Choice).where(Choice.person_id == person_id, Choice.kind.in_(list(kinds))))
