"""Whatever else ends or holds up an act: looking at it, clarification, cancelling, expiry, annulment by both sides."""

from typing import NamedTuple

from sqlalchemy import func, select

from backend.acts import documents, goods, queries, rules
from backend.acts.models import Act
from backend.acts.rules import LaterEvent, State, Verb
from backend.acts.service import claim, remark, step
from backend.acts.signatories import require_right
from backend.codes import ledger
from backend.codes.models import Code, Movement
from backend.codes.rules import Event
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.history.models import Fact
from backend.organisations import queries as organisations
from backend.organisations.models import Organisation
from backend.organisations.scope import require_place
from backend.signatures import service as signatures
from backend.signatures.rules import Purpose
from backend.signatures.verifier import Verified


class Judged(NamedTuple):
    verified: Verified


def view(actor: Actor, act_id: str) -> Act:
    """The receiver has opened the act; the sender sees that. Looking again changes nothing."""
    row = _of(actor, act_id, Verb.VIEW)
    if row.state is State.SENT:
        step(row, Verb.VIEW, actor=actor, viewed_at=clock.now())
    return row


def clarify(actor: Actor, act_id: str, text: str) -> Act:
    """The receiver asks something before deciding. Raises ActMoved, NotYourSide."""
    row = step(_of(actor, act_id, Verb.CLARIFY), Verb.CLARIFY, actor=actor)
    remark(row, "question", text, actor)
    return row


def answer(actor: Actor, act_id: str, text: str) -> Act:
    """The sender answers. Raises ActMoved, NotYourSide."""
    row = step(_of(actor, act_id, Verb.ANSWER), Verb.ANSWER, actor=actor)
    remark(row, "answer", text, actor)
    return row


def cancel(actor: Actor, act_id: str, text: str) -> Act:
    """The sender takes the act back while nobody has decided; the codes are free again. Raises ActMoved."""
    row = step(_of(actor, act_id, Verb.CANCEL), Verb.CANCEL, actor=actor, decided_at=clock.now())
    if text:
        remark(row, "cancelled", text, actor)
    _release(row, actor)
    return row


def take_back(actor: Actor, act_id: str) -> Act:
    """What was sent under a signature that is still checked becomes a draft again; nobody has seen it. Raises
    ActMoved, NotYourSide."""
    return redraft(_of(actor, act_id, Verb.TAKE_BACK), Verb.TAKE_BACK, actor)


def redraft(row: Act, verb: Verb, actor: Actor | None) -> Act:
    """A draft again, with its goods free. Raises ActMoved."""
    bound, signature_id = goods.sent(row), row.sender_signature_id
    empty = dict.fromkeys(("signed_as", "sender_signature_id", "sent_fact", "sent_at", "due_at"))
    step(row, verb, actor=actor, other=None, signature_id=signature_id, **empty)
    ledger.move(Event.RELEASE, bound, actor=actor, owner_id=row.sender_id, document=("act", row.id))
    return row


def expire(act_id: str) -> bool:
    """End one act whose term has run out; False when something else ended it first."""
    row = db.session.get(Act, act_id)
    if row is None or row.state not in rules.OPEN or row.due_at is None or clock.now() < row.due_at:
        return False
    step(row, Verb.EXPIRE, actor=None, decided_at=clock.now())
    _release(row, None)
    return True


def join(act_id: str) -> bool:
    """The invited buyer has registered: the act is theirs to decide from now. False when it waits no more."""
    row = db.session.get(Act, act_id)
    buyer = db.session.scalars(
        select(Organisation).where(Organisation.bin == (row.receiver_tax if row else None))
    ).first()
    if row is None or buyer is None or row.state is not State.WAITING_PARTICIPANT or buyer.sandbox_of is not None:
        return False
    step(row, Verb.JOIN, actor=None, receiver_id=buyer.id)
    return True


def annulment(actor: Actor, act_id: str) -> tuple[Act, bytes]:
    """The act and the bytes that this side signs to undo it: to ask for it, or to agree. Raises ActUnknown, ActMoved,
    NotYourSide."""
    row = queries.act(actor.organisation_id, act_id)
    verb = Verb.ANNUL if row.state is State.ANNULMENT_REQUESTED else Verb.REQUEST_ANNULMENT
    rules.require(verb, row.state, at=row.changed_at)
    _require_side(row, verb, actor)
    return row, documents.annulment(row, organisations.organisation(actor.organisation_id))


def judge_annulment(actor: Actor, act_id: str, cms: bytes) -> Judged:
    """Verify a signature under an annulment; slow, writes nothing."""
    row, content = annulment(actor, act_id)
    verified = signatures.verify(content, cms, schema=documents.ANNULMENT, purpose=Purpose.DOCUMENT)
    require_right(verified, actor.organisation_id, row)
    return Judged(verified)


def request_annulment(actor: Actor, act_id: str, text: str, judged: Judged) -> Act:
    """Ask the other side to undo an accepted act. Raises ActMoved, LaterEvent."""
    row = _of(actor, act_id, Verb.REQUEST_ANNULMENT)
    claim(row, Verb.REQUEST_ANNULMENT)
    _require_last(row)
    step(
        row,
        Verb.REQUEST_ANNULMENT,
        actor=actor,
        signature_id=signatures.keep(judged.verified),
        asked_by=actor.organisation_id,
        state_before=row.state,
    )
    remark(row, "annulment", text, actor)
    return row


def annul(actor: Actor, act_id: str, judged: Judged) -> Act:
    """Agree: what was taken goes back to the sender. Raises ActMoved, NotYourSide, LaterEvent and what the ledger
    raises."""
    row = _of(actor, act_id, Verb.ANNUL)
    claim(row, Verb.ANNUL)
    _require_last(row)
    kept = signatures.keep(judged.verified)
    step(row, Verb.ANNUL, actor=actor, signature_id=kept)
    ledger.move(
        Event.GIVE_BACK,
        taken(row),
        actor=actor,
        owner_id=row.receiver_id,
        to=row.sender_id,
        place_id=row.sender_place_id,
        document=("act", row.id),
        signature_id=kept,
    )
    return row


def refuse_annulment(actor: Actor, act_id: str, text: str) -> Act:
    """Decline: the act stands as it was. Raises ActMoved, NotYourSide."""
    row = _of(actor, act_id, Verb.REFUSE_ANNULMENT)
    step(row, Verb.REFUSE_ANNULMENT, actor=actor, to=row.state_before, asked_by=None, state_before=None)
    remark(row, "annulment_refused", text, actor)
    return row


def taken(row: Act) -> object:
    """The codes that the receiver took."""
    confirmed = select(Fact.id).where(Fact.subject_id == row.id, Fact.kind == f"codes:{Event.CONFIRM.value}")
    return select(Movement.code_id).where(Movement.fact_id.in_(confirmed))


def _release(row: Act, actor: Actor | None) -> None:
    common = {"actor": actor, "owner_id": row.sender_id, "document": ("act", row.id)}
    ledger.move(Event.RELEASE, goods.sent(row), **common)


def _require_last(row: Act) -> None:
    """Nothing may have happened since to any of the codes. Raises LaterEvent."""
    chosen = taken(row).subquery()
    confirmed = select(Movement.code_id, Movement.version).join(Fact, Fact.id == Movement.fact_id)
    confirmed = confirmed.where(Fact.subject_id == row.id, Fact.kind == f"codes:{Event.CONFIRM.value}").subquery()
    moved = select(func.count()).select_from(Code).join(chosen, Code.id == chosen.c[0])
    moved = moved.join(confirmed, confirmed.c.code_id == Code.id).where(Code.version != confirmed.c.version + 1)
    if count := db.session.scalar(moved):
        raise LaterEvent(count=count)


def _of(actor: Actor, act_id: str, verb: Verb) -> Act:
    row = queries.act(actor.organisation_id, act_id)
    _require_side(row, verb, actor)
    return row


def _require_side(row: Act, verb: Verb, actor: Actor) -> None:
    own = actor.organisation_id
    rules.require_side(
        verb, sender=row.sender_id == own, receiver=row.receiver_id == own, asked_by_us=row.asked_by == own
    )
    if rules.STEPS[verb].by is rules.Side.SENDER:
        require_place(row.sender_place_id)
