"""Which signatures stand under an act, and whose."""

from typing import NamedTuple

from sqlalchemy import select

from backend.acts.models import Act
from backend.acts.rules import STEPS, Side, Verb
from backend.core.db import db
from backend.history.models import Fact

RECEIVERS = frozenset(f"act:{verb}" for verb, step in STEPS.items() if step.by is Side.RECEIVER)

SUBJECTS: dict[str, str] = {
    **dict.fromkeys((Verb.SEND, Verb.SUBMIT), "act"),
    **dict.fromkeys((Verb.ACCEPT, Verb.ACCEPT_PARTLY, Verb.REJECT, Verb.HOLD), "acceptance"),
    **dict.fromkeys((Verb.CORRECT, Verb.PROPOSE_CORRECTION, Verb.AGREE_CORRECTION), "correction"),
    **dict.fromkeys((Verb.REQUEST_ANNULMENT, Verb.ANNUL), "annulment"),
}


class Signed(NamedTuple):
    """A signature that an act's step rests on. `verb` is the step's name, `side` the party that signed."""

    verb: str
    side: Side
    signature_id: str


def signatures(act: Act) -> list[Signed]:
    """The signatures of an act, in the order of its steps, each once."""
    rows = (
        select(Fact.kind, Fact.organisation_id, Fact.signature_id)
        .where(Fact.subject_id == act.id, Fact.kind.startswith("act:"), Fact.signature_id.is_not(None))
        .order_by(Fact.id)
    )
    found: dict[str, Signed] = {}
    for kind, organisation_id, signature_id in db.session.execute(rows):
        side = Side.SENDER if organisation_id == act.sender_id and not _received(act, kind) else Side.RECEIVER
        found.setdefault(signature_id, Signed(kind.partition(":")[2], side, signature_id))
    return list(found.values())


def subject_of(verb: str) -> str:
    """What a step's signature stands under: act, acceptance, correction, annulment, or another document."""
    return SUBJECTS.get(verb, "document")


def _received(act: Act, kind: str) -> bool:
    """In an internal move one organisation is on both sides: what was decided was decided as the receiver."""
    return act.sender_id == act.receiver_id and kind in RECEIVERS
