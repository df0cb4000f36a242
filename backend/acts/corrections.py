"""Correcting prices and papers after sending: alone while nobody has decided, afterwards with the receiver's agreement.

Every version stays: the bytes that were signed first, and those that took their place. An acceptance signed over older
bytes is refused, and says what was corrected.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from backend.acts import correcting, documents, goods, queries, rules
from backend.acts.correcting import Corrected, CorrectionGone, CorrectionOpen
from backend.acts.models import Act, Correction
from backend.acts.rules import ActCorrected, DocumentChanged, Verb
from backend.acts.service import step
from backend.acts.signatories import require_right
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import DomainError
from backend.core.ids import new_id
from backend.organisations import queries as organisations
from backend.signatures import cms as messages
from backend.signatures import service as signatures
from backend.signatures.rules import Purpose
from backend.signatures.verifier import Verified


class Wanted(NamedTuple):
    """A correction and the bytes that say it. `before` and `after` are flat parts (acts.correcting)."""

    verb: Verb
    schema: str
    content: bytes
    before: dict[str, Any]
    after: dict[str, Any]


class Judged(NamedTuple):
    verified: Verified


def of(act_id: str) -> Sequence[Correction]:
    """All corrections of an act, oldest first."""
    return db.session.scalars(select(Correction).where(Correction.act_id == act_id).order_by(Correction.id)).all()


def document(actor: Actor, act_id: str, given: dict[str, Any]) -> tuple[Act, Wanted]:
    """The act and the bytes that its sender signs to correct it. `given` {"transfer_date", "terms", "prices"}: what is
    left out stays, and a price of None goes. Raises ActUnknown, ActMoved, NotYourSide, NothingCorrected."""
    row = queries.act(actor.organisation_id, act_id)
    rules.require_side(Verb.CORRECT, sender=row.sender_id == actor.organisation_id, receiver=False)
    return row, _wanted(row, given)


def judge(actor: Actor, act_id: str, given: dict[str, Any], cms: bytes) -> Judged:
    """Verify the sender's signature; slow, writes nothing."""
    row, wanted = document(actor, act_id, given)
    verified = signatures.verify(wanted.content, cms, schema=wanted.schema, purpose=Purpose.DOCUMENT)
    require_right(verified, actor.organisation_id, row)
    return Judged(verified)


def correct(actor: Actor, act_id: str, given: dict[str, Any], reason: str, judged: Judged) -> Act:
    """Correct an act that nobody has decided, or propose it for one that was. Raises ActMoved, DocumentChanged when
    the act was decided or corrected since it was signed, CorrectionOpen."""
    row, wanted = document(actor, act_id, given)
    kept = signatures.keep(judged.verified)
    step(row, wanted.verb, actor=actor, signature_id=kept, detail={"changed": sorted(wanted.after)})
    wanted = _wanted(row, given)
    if wanted.content != judged.verified.document:
        raise DocumentChanged()
    made = Correction(
        id=new_id(),
        act_id=row.id,
        state=Corrected.PROPOSED,
        before=wanted.before,
        after=wanted.after,
        document=wanted.content,
        sender_signature_id=kept,
        reason=reason,
        made_at=clock.now(),
    )
    if wanted.verb is Verb.CORRECT:
        made.state, made.ended_at = Corrected.APPLIED, made.made_at
        made.replaced, made.replaced_signature_id = row.signed_as, row.sender_signature_id
        row.signed_as, row.sender_signature_id = wanted.content, kept
        _apply(row, made)
    elif _open(row.id):
        raise CorrectionOpen()
    db.session.add(made)
    return row


def proposal(actor: Actor, act_id: str, verb: Verb = Verb.AGREE_CORRECTION) -> tuple[Act, Correction]:
    """The correction that waits for an answer. Raises ActUnknown, ActMoved, NotYourSide, CorrectionGone."""
    row = queries.act(actor.organisation_id, act_id)
    own = actor.organisation_id
    rules.require_side(verb, sender=row.sender_id == own, receiver=row.receiver_id == own)
    rules.require(verb, row.state, at=row.changed_at)
    found = _open(row.id)
    if found is None:
        raise CorrectionGone()
    return row, found


def judge_agreement(actor: Actor, act_id: str, cms: bytes) -> Judged:
    """Verify the receiver's signature under the very bytes that the sender signed; slow, writes nothing."""
    row, found = proposal(actor, act_id)
    verified = signatures.verify(found.document, cms, schema=documents.CORRECTION, purpose=Purpose.DOCUMENT)
    require_right(verified, actor.organisation_id, row)
    return Judged(verified)


def agree(actor: Actor, act_id: str, judged: Judged) -> Act:
    """Both have signed: the act says from now on what the correction says. Raises ActMoved, CorrectionGone,
    DocumentChanged when another correction stands there by now."""
    kept = signatures.keep(judged.verified)
    row, found = _answered(actor, act_id, Verb.AGREE_CORRECTION, Corrected.AGREED, kept)
    if found.document != judged.verified.document:
        raise DocumentChanged()
    found.receiver_signature_id = kept
    _apply(row, found)
    return row


def refuse(actor: Actor, act_id: str, sha256: str, text: str) -> Act:
    """The act stays as it was accepted. Raises ActMoved, NotYourSide, CorrectionGone, also when another proposal than
    the one that was read stands there by now."""
    row, found = _answered(actor, act_id, Verb.REFUSE_CORRECTION, Corrected.REFUSED)
    _require(found, sha256)
    found.reason = text
    return row


def withdraw(actor: Actor, act_id: str, sha256: str) -> Act:
    """The sender takes a proposal back. Raises ActMoved, NotYourSide, CorrectionGone, also for another proposal."""
    row, found = _answered(actor, act_id, Verb.WITHDRAW_CORRECTION, Corrected.WITHDRAWN)
    _require(found, sha256)
    return row


def require_uncorrected(row: Act, acceptance: bytes, cms: bytes) -> None:
    """Whether a signature that does not hold over an acceptance holds over one of an earlier version of the act: then
    its signer saw that one. Raises ActCorrected, and nothing for a signature over anything else."""
    claim = messages.read(cms)
    for one in reversed(of(row.id)):
        try:
            messages.check(claim, documents.of_version(acceptance, one.replaced or b""))
        except DomainError:
            continue
        raise _corrected(row)


def require_current(row: Act, acceptance: dict[str, Any]) -> None:
    """Whether an acceptance names the act as it is now. Raises ActCorrected."""
    if acceptance["act_sha256"] != documents.digest(row.signed_as or b""):
        raise _corrected(row)


def _corrected(row: Act) -> ActCorrected:
    last = of(row.id)[-1]
    return ActCorrected(changed=",".join(sorted(last.after)), at=last.made_at.isoformat())


def _wanted(row: Act, given: dict[str, Any]) -> Wanted:
    verb = Verb.PROPOSE_CORRECTION if row.state in rules.DECIDED else Verb.CORRECT
    rules.require(verb, row.state, at=row.decided_at or row.changed_at)
    now = correcting.parts(row.transfer_date, row.terms, row.prices)
    prices = row.prices | given.get("prices", {})
    wanted = correcting.parts(given.get("transfer_date", row.transfer_date), given.get("terms", row.terms), prices)
    held = frozenset(line.gtin or line.card_id for line in goods.lines(row))
    before, after = correcting.changes(now, wanted, held)
    if verb is Verb.CORRECT:
        mended = correcting.split(correcting.applied(now, after))
        return Wanted(verb, documents.ACT, documents.mended(row.signed_as or b"", *mended), before, after)
    parties = organisations.organisation(row.sender_id), organisations.organisation(row.receiver_id)
    return Wanted(verb, documents.CORRECTION, documents.correction(row, *parties, before, after), before, after)


def _apply(row: Act, made: Correction) -> None:
    now = correcting.parts(row.transfer_date, row.terms, row.prices)
    row.transfer_date, row.terms, row.prices = correcting.split(correcting.applied(now, made.after))


def _open(act_id: str) -> Correction | None:
    waiting = select(Correction).where(Correction.act_id == act_id, Correction.state == Corrected.PROPOSED)
    return db.session.scalars(waiting.execution_options(populate_existing=True)).first()


def _require(found: Correction, sha256: str) -> None:
    if documents.digest(found.document) != sha256:
        raise CorrectionGone()


def _answered(
    actor: Actor, act_id: str, verb: Verb, state: Corrected, signature_id: str | None = None
) -> tuple[Act, Correction]:
    """Step first: of two answers at once the second waits for the act's row and finds no proposal."""
    row, _ = proposal(actor, act_id, verb)
    step(row, verb, actor=actor, signature_id=signature_id)
    found = _open(row.id)
    if found is None:
        raise CorrectionGone()
    found.state, found.ended_at = state, clock.now()
    return row, found
