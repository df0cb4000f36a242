"""What was signed and did not happen: the certificate turned out to be revoked, or the goods may not move any more.
The act is again what it was before, and whoever opens it is told why."""

from sqlalchemy import select

from backend.acts.models import Act
from backend.acts.rules import AWAITED, State, Verb
from backend.acts.undone_schemas import UndoneOut
from backend.core.db import db
from backend.history.models import Fact

KINDS = {
    f"act:{verb.value}": what
    for verb, what in {
        Verb.SUBMIT: None,
        Verb.SEND: None,
        Verb.TAKE_BACK: None,
        Verb.DISCARD: "sending",
        Verb.DROP: "decision",
    }.items()
}
"""What each of them undid; the others begin anew."""


def of(row: Act) -> UndoneOut | None:
    """Of a draft, and of an act that waits for a decision; None where nothing was undone since."""
    if row.state is not State.DRAFT and row.state not in AWAITED:
        return None
    mine = select(Fact).where(Fact.subject_id == row.id, Fact.kind.in_(KINDS))
    last = db.session.scalars(mine.order_by(Fact.at.desc(), Fact.id.desc()).limit(1)).first()
    what = KINDS[last.kind] if last else None
    if last is None or what is None:
        return None
    return UndoneOut(what=what, why=(last.detail or {}).get("why", "signature"), at=last.at)
