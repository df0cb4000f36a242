"""The one way by which an act takes a step: compare-and-set on its state, a fact, and the news for the other side."""

from typing import Any

from sqlalchemy import update

from backend.acts import attachments
from backend.acts.models import Act, Remark
from backend.acts.rules import STEPS, ActMoved, ActUnknown, DraftChanged, State, Verb, require
from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history


def step(
    act: Act,
    verb: Verb,
    *,
    actor: Actor | None,
    to: State | None = None,
    version: int | None = None,
    signature_id: str | None = None,
    known_as: Verb | None = None,
    own: str | None = None,
    other: str | None = "",
    detail: dict[str, Any] | None = None,
    **values: Any,
) -> Act:
    """Take a step in the open transaction, if the act is still where the table lets it begin (and, where given, of
    this version). Of two who try at once exactly one succeeds. `known_as` is what history calls the step, where that is
    another verb's effect; `own` and `other` are told as in `told`. Raises ActMoved or DraftChanged, which say what the
    act has become."""
    table = STEPS[verb]
    changed = (
        update(Act)
        .where(Act.id == act.id, Act.state.in_(table.sources))
        .values(state=to or table.to or Act.state, version=Act.version + 1, changed_at=clock.now(), **values)
    )
    if version is not None:
        changed = changed.where(Act.version == version)
    before = act.state
    done = db.session.execute(changed, execution_options={"synchronize_session": False}).rowcount
    db.session.expire(act)
    if not done:
        raise _why(act, verb, version)
    if act.state is State.SENT:
        attachments.arrive(act)
    told(
        f"act:{(known_as or verb).value}",
        act,
        actor=actor,
        own=own,
        other=other,
        signature_id=signature_id,
        before={"state": before.value},
        after={"state": act.state.value},
        detail=detail,
    )
    return act


def claim(act: Act, verb: Verb) -> None:
    """Lock an act before anything is kept beside it: whoever comes second is told of the step that was taken, not that
    the same signature was there before. Raises ActMoved."""
    db.session.refresh(act, with_for_update=True)
    require(verb, act.state, at=act.changed_at)


def told(
    kind: str,
    act: Act,
    *,
    actor: Actor | None,
    own: str | None = None,
    other: str | None = "",
    signature_id: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write a fact about an act and let whom it concerns be told. Facts of what the system does belong to the sender,
    unless `own` says for whom it did it; `other` is the party that did not act, None where it must not hear of it."""
    own = own or (actor.organisation_id if actor and actor.organisation_id else act.sender_id)
    if other == "":
        other = act.receiver_id if own == act.sender_id else act.sender_id
    fact_id = history.record(
        kind,
        subject=("act", act.id),
        organisation_id=own,
        actor=actor,
        document=("act", act.id),
        signature_id=signature_id,
        before=before,
        after=after,
        detail={"number": act.number, "units": act.units, "other": other} | _at(act) | (detail or {}),
    )
    queue.after_commit("notifications.on_fact", fact_id)


def _at(act: Act) -> dict[str, Any]:
    """At which places it happens, by organisation: those who work at others are not told."""
    at: dict[str, list[str]] = {}
    for side, place in ((act.sender_id, act.sender_place_id), (act.receiver_id, act.receiver_place_id)):
        if side and place:
            at.setdefault(side, []).append(place)
    return {"at": at} if at else {}


def remark(act: Act, kind: str, text: str, actor: Actor) -> None:
    """Keep what one side wrote to the other."""
    db.session.add(
        Remark(
            id=new_id(),
            act_id=act.id,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            kind=kind,
            text=text,
            at=clock.now(),
        )
    )


def _why(act: Act, verb: Verb, version: int | None) -> ActMoved | DraftChanged | ActUnknown:
    if act.state in STEPS[verb].sources and version is not None and act.version != version:
        return DraftChanged(version=act.version)
    return ActMoved(verb=verb.value, state=act.state.value, at=act.changed_at.isoformat())
