"""Deciding: the receiver signs what is taken and what is not; only then does the owner change (S0-29)."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, insert, select

from backend.acts import attachments, corrections, documents, goods, queries, rules
from backend.acts.adding import BATCH
from backend.acts.models import Act, Extra, Rejected
from backend.acts.rules import Decision, DecisionInvalid, Verb
from backend.acts.service import claim, step
from backend.acts.signatories import require_right
from backend.codes import ledger
from backend.codes.models import Movement
from backend.codes.rules import Event, code_id
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.organisations import queries as organisations
from backend.organisations.scope import require_place
from backend.signatures import service as signatures
from backend.signatures.rules import DocumentChanged as SignedOther
from backend.signatures.rules import Purpose
from backend.signatures.verifier import Verified


class Judged(NamedTuple):
    """A signature that holds over this decision about this act."""

    verified: Verified
    verb: Verb


def document(actor: Actor, act_id: str, decision: Decision) -> tuple[Act, bytes]:
    """The act and the bytes that a decision about it is signed as. Raises ActUnknown, ActMoved, NotYourSide,
    DecisionInvalid, PlaceUnknown for a place that is not the receiver's, and PlaceOfOthers."""
    row = queries.act(actor.organisation_id, act_id)
    rules.require_side(Verb.ACCEPT, sender=False, receiver=row.receiver_id == actor.organisation_id)
    require_place(row.receiver_place_id)
    rules.require_decision(decision, row.units)
    rules.require(rules.verb_of(decision, row.units), row.state, at=row.decided_at or row.changed_at)
    _require_units(row, [code_id(one.code) for one in decision.rejected])
    if decision.place_id is not None:
        organisations.place(actor.organisation_id, decision.place_id)
        require_place(decision.place_id)
    return row, documents.acceptance(row, organisations.organisation(actor.organisation_id), decision)


def judge(actor: Actor, act_id: str, decision: Decision, cms: bytes) -> Judged:
    """Verify the receiver's signature; slow, writes nothing. Raises what `document` raises, the errors of
    signatures.rules, SigningRightMissing, and PhotoMissing."""
    row, content = document(actor, act_id, decision)
    attachments.require_photos(actor.organisation_id, decision)
    try:
        verified = signatures.verify(
            content, cms, schema=documents.ACCEPTANCE, purpose=Purpose.DOCUMENT, pending_ok=True
        )
    except SignedOther:
        corrections.require_uncorrected(row, content, cms)
        raise
    require_right(verified, actor.organisation_id, row)
    return Judged(verified, rules.verb_of(decision, row.units))


def decide(actor: Actor, act_id: str, decision: Decision, judged: Judged) -> Act:
    """Let the decision happen: what is taken gets its new owner, what is not is the sender's again and free, and boxes
    of which only a part is taken are opened. Under a signature of whose revocation nobody can tell yet the decision is
    kept and nothing moves: nobody can decide again, or take the act back, until it is settled.

    Raises ActMoved when the sender cancelled or another decided first, ActCorrected when the sender corrected the act
    after it was signed, and what the ledger raises.
    """
    row = queries.act(actor.organisation_id, act_id)
    claim(row, judged.verb)
    kept = signatures.keep(judged.verified, waits="acts")
    pending = judged.verified.pending
    step(
        row,
        Verb.HOLD if pending else judged.verb,
        actor=actor,
        signature_id=kept,
        receiver_signature_id=kept,
        decided_as=judged.verified.document,
        decided_at=clock.now(),
        mode=decision.mode,
        refusal=decision.reason,
        refusal_words=decision.words,
        state_before=row.state if pending else None,
        detail=counted(decision),
    )
    corrections.require_current(row, judged.verified.content)
    _note(row, decision)
    attachments.keep_photos(row, decision)
    if not pending:
        happen(row, judged.verb, decision.place_id, actor)
    return row


def counted(decision: Decision) -> dict[str, int]:
    """What a fact says of a decision."""
    return {"rejected": len(decision.rejected), "extra": len(decision.extra)}


def happen(row: Act, verb: Verb, place_id: str | None, actor: Actor | None) -> None:
    """Let the goods follow the decision that the act holds. Raises what the ledger raises."""
    common = {"actor": actor, "document": ("act", row.id), "signature_id": row.receiver_signature_id}
    if verb is Verb.REJECT:
        ledger.move(Event.RELEASE, goods.sent(row), owner_id=row.sender_id, **common)
    else:
        _take(row, verb, place_id or row.receiver_place_id, common)


def _take(row: Act, verb: Verb, place_id: str | None, common: dict[str, object]) -> None:
    refused = select(Rejected.code_id).where(Rejected.act_id == row.id)
    if verb is Verb.ACCEPT_PARTLY:
        ledger.move(Event.RELEASE, refused, owner_id=row.sender_id, **common)
    ledger.move(
        Event.CONFIRM,
        goods.sent(row).where(~refused.where(Rejected.code_id == Movement.code_id).correlate(Movement).exists()),
        owner_id=row.sender_id,
        to=row.receiver_id,
        place_id=place_id,
        **common,
    )


def _note(row: Act, decision: Decision) -> None:
    """The discrepancy notice, made of the decision itself."""
    if decision.rejected:
        db.session.execute(
            insert(Rejected),
            [
                {"act_id": row.id, "code_id": code_id(one.code), "reason": one.reason, "words": one.words}
                for one in decision.rejected
            ],
        )
    if decision.extra:
        db.session.execute(insert(Extra), [{"act_id": row.id, "code": code} for code in sorted(set(decision.extra))])


def _require_units(row: Act, wanted: Sequence[bytes]) -> None:
    chosen = goods.of(row).subquery()
    inside = select(func.count()).select_from(chosen)
    parts = (wanted[at : at + BATCH] for at in range(0, len(wanted), BATCH))
    if sum(db.session.scalar(inside.where(chosen.c[0].in_(some))) or 0 for some in parts) != len(wanted):
        raise DecisionInvalid(fields=[{"field": "rejected", "code": "not_in_act"}])
