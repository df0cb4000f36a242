"""Sending: the sender signs, the codes are bound to the act, and the receiver is told."""

from typing import NamedTuple

from sqlalchemy import func, select

from backend.acts import closing, documents, goods, queries, rules
from backend.acts.models import Act
from backend.acts.rules import DocumentChanged, Kind, NothingInside, OriginalInvalid, ReceiverInvalid, State, Verb
from backend.acts.service import claim, step
from backend.acts.signatories import require_right
from backend.codes import ledger
from backend.codes.models import Movement
from backend.codes.rules import Event
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.history.models import Fact
from backend.organisations import queries as organisations
from backend.organisations.rules import PlaceOfOthers
from backend.organisations.scope import require_place, tied_to
from backend.signatures import service as signatures
from backend.signatures.rules import Purpose
from backend.signatures.verifier import Verified


class Judged(NamedTuple):
    """A signature that holds, over the bytes of this version of the act."""

    version: int
    verified: Verified


def document(actor: Actor, act_id: str) -> tuple[Act, bytes]:
    """The draft and the bytes to sign. Raises ActUnknown, ActMoved, NothingInside, ReceiverInvalid, PlaceOfOthers."""
    row = queries.act(actor.organisation_id, act_id)
    rules.require(Verb.SEND, row.state, at=row.changed_at)
    require_place(row.sender_place_id)
    if row.receiver_tax is None:
        raise ReceiverInvalid(fields=[{"field": "receiver_tax", "code": "missing"}])
    rules.require_route(row.kind, row.sender_place_id, row.receiver_place_id)
    if not goods.some(row):
        raise NothingInside()
    if tied_to() and goods.elsewhere(row):
        raise PlaceOfOthers()
    if row.kind is Kind.RETURN:
        _require_from_original(row)
    return row, documents.act(row, organisations.organisation(row.sender_id))


def _require_from_original(row: Act) -> None:
    """What is returned came by the act that is named (DOMAIN 4.1). Raises OriginalInvalid."""
    came = closing.taken(db.session.get_one(Act, row.original_id))
    inside = goods.of(row).subquery()
    unknown = ~came.where(Movement.code_id == inside.c[0]).correlate(inside).exists()
    if strange := db.session.scalar(select(func.count()).select_from(inside).where(unknown)):
        raise OriginalInvalid(fields=[{"field": "units", "code": "not_of_original"}], count=strange)


def judge(actor: Actor, act_id: str, cms: bytes) -> Judged:
    """Verify a signature under the draft as it is; slow, writes nothing. Raises what `document` raises, the errors of
    signatures.rules, and SigningRightMissing."""
    row, content = document(actor, act_id)
    verified = signatures.verify(content, cms, schema=documents.ACT, purpose=Purpose.DOCUMENT, pending_ok=True)
    require_right(verified, actor.organisation_id, row)
    return Judged(row.version, verified)


def send(actor: Actor, act_id: str, judged: Judged) -> Act:
    """Bind the codes and send. Under a signature of whose revocation nobody can tell yet the codes are bound all the
    same, so that nothing is sold twice, but the receiver hears of it only when the signature is settled.

    Raises ActMoved, DraftChanged, DocumentChanged (something in a package changed since it was signed) and what the
    ledger raises, naming the codes.
    """
    row = queries.act(actor.organisation_id, act_id)
    now, pending = clock.now(), judged.verified.pending
    claim(row, Verb.SEND)
    kept = signatures.keep(judged.verified, waits="acts")
    step(
        row,
        Verb.SUBMIT if pending else Verb.SEND,
        actor=actor,
        to=State.CHECKING if pending else arrives(row),
        version=judged.version,
        signature_id=kept,
        sender_signature_id=kept,
        signed_as=judged.verified.document,
        sent_at=now,
        due_at=None if pending else rules.due(now),
        reminded=0,
        detail={"late": rules.late(row.transfer_date, clock.today())},
    )
    moved = ledger.move(
        Event.SEND,
        goods.drafted(row.id),
        actor=actor,
        owner_id=row.sender_id,
        document=("act", row.id),
        signature_id=kept,
    )
    row.sent_fact, row.units = moved.fact_id, moved.count
    if db.session.get_one(Fact, moved.fact_id).merkle_root.hex() != judged.verified.content["codes"]["root"]:
        raise DocumentChanged()
    return row


def arrives(row: Act) -> State:
    """Where a sent act waits: with the receiver, or for the receiver to register."""
    return State.SENT if row.receiver_id else State.WAITING_PARTICIPANT
