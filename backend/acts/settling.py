"""Acts that wait for word on a certificate: sent or decided under a signature of whose revocation nobody could tell.

Until then the codes of such an act are bound to it and nothing changes hands. A signature that turns out good lets
happen what it was given for, as of its receipt; one that does not undoes it.
"""

from collections.abc import Sequence

import orjson
from sqlalchemy import delete, or_, select

from backend.acts import attachments, deciding, rules
from backend.acts.closing import redraft
from backend.acts.models import Act, Extra, Rejected
from backend.acts.rules import STEPS, State, Verb
from backend.acts.sending import arrives
from backend.acts.service import step
from backend.core import clock
from backend.core.db import db
from backend.core.errors import DomainError
from backend.signatures import queries as signatures
from backend.signatures.models import State as Standing

WAITING = (State.CHECKING, State.DECIDING)


def waiting(signature_id: str | None = None) -> Sequence[str]:
    """Acts that wait for a signature: for this one, or for any."""
    rows = select(Act.id).where(Act.state.in_(WAITING)).limit(1_000)
    if signature_id is not None:
        rows = rows.where(or_(Act.sender_signature_id == signature_id, Act.receiver_signature_id == signature_id))
    return db.session.scalars(rows).all()


def settle(act_id: str) -> None:
    """Let an act go on, or back, once the signature that it waits for is settled; until then do nothing."""
    row = db.session.get(Act, act_id, with_for_update=True)
    if row is None or row.state not in WAITING:
        return
    sent = row.state is State.CHECKING
    standing = signatures.state(row.sender_signature_id if sent else row.receiver_signature_id)
    if standing == Standing.VALID:
        _arrive(row) if sent else _decide(row)
    elif standing == Standing.REFUSED:
        redraft(row, Verb.DISCARD, None) if sent else _drop(row, "signature")


def _arrive(row: Act) -> None:
    """The receiver's days begin now, when the act is there to be seen."""
    due = rules.due(clock.now())
    step(row, Verb.SETTLE, actor=None, to=arrives(row), signature_id=row.sender_signature_id, due_at=due)


def _decide(row: Act) -> None:
    """What was decided happens; where the goods may not move any more (blocked or recalled meanwhile), the receiver
    decides anew."""
    said = orjson.loads(row.decided_as or b"{}")
    verb = rules.verb_said(said, row.units)
    try:
        with db.session.begin_nested():
            deciding.happen(row, verb, said["place"], None)
    except DomainError:
        _drop(row, "goods")
        return
    step(
        row,
        Verb.TAKE_EFFECT,
        actor=None,
        own=row.receiver_id,
        known_as=verb,
        to=STEPS[verb].to,
        signature_id=row.receiver_signature_id,
        state_before=None,
        detail={"rejected": len(said["rejected"]), "extra": len(said["extra"])},
    )


def _drop(row: Act, why: str) -> None:
    """The act waits for the receiver again, and both are told."""
    for table in (Rejected, Extra):
        db.session.execute(delete(table).where(table.act_id == row.id))
    attachments.forget_photos(row)
    dropped = row.receiver_signature_id
    names = ("decided_as", "receiver_signature_id", "decided_at", "mode", "refusal", "state_before")
    before = row.state_before or State.SENT
    empty = dict.fromkeys(names) | {"refusal_words": ""}
    detail = {"why": why}
    step(row, Verb.DROP, actor=None, own=row.receiver_id, to=before, signature_id=dropped, detail=detail, **empty)
