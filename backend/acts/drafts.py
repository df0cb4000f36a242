"""Drafts: what goes into an act before it is signed. A draft belongs to an organisation, and its staff share it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update

from backend.acts import adding, attachments, goods, queries
from backend.acts.adding import Put, Wanted
from backend.acts.models import Act, Box, Unit
from backend.acts.rules import (
    LARGEST_ACT,
    ActMoved,
    DraftChanged,
    Kind,
    OriginalInvalid,
    ReceiverInvalid,
    State,
    TooLarge,
)
from backend.codes import rules as codes
from backend.core import clock, gs1
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.organisations.models import Organisation, Place
from backend.organisations.rules import tax_number_valid
from backend.organisations.scope import require_place

FIELDS = frozenset(
    {"number", "kind", "sender_place_id", "receiver_place_id", "original_id", "transfer_date", "terms", "prices"}
)


def create(actor: Actor, given: dict[str, Any]) -> Act:
    """Begin an empty draft. Raises ReceiverInvalid, OriginalInvalid."""
    now = clock.now()
    row = Act(
        id=new_id(),
        number="",
        kind=Kind.SALE,
        state=State.DRAFT,
        version=1,
        sender_id=actor.organisation_id,
        receiver_name="",
        transfer_date=clock.today(),
        terms={},
        prices={},
        units=0,
        created_by=actor.person_id,
        created_at=now,
        changed_at=now,
        reminded=0,
    )
    row.number = f"{now:%y%m%d}-{row.id[-5:]}"
    _fill(row, given)
    db.session.add(row)
    db.session.flush()
    return row


def change(actor: Actor, act_id: str, version: int, given: dict[str, Any]) -> Act:
    """Save a draft that is still the version that was seen; a colleague's newer one is never overwritten.

    Raises ActUnknown, ActMoved, DraftChanged, ReceiverInvalid, OriginalInvalid.
    """
    row = claim(actor, act_id, version)
    _fill(row, given)
    db.session.flush()
    return row


def put(actor: Actor, act_id: str, texts: Sequence[str]) -> tuple[Act, list[Put]]:
    """Add units and packages as they were scanned. Each is added or refused by itself; scanning twice adds once, so
    colleagues scan into one draft without a version. Raises ActUnknown, ActMoved, TooLarge."""
    row = claim(actor, act_id, None)
    done = adding.put(row, actor, [_wanted(text) for text in texts])
    db.session.flush()
    recount(row)
    return row, done


def take_out(actor: Actor, act_id: str, texts: Sequence[str]) -> Act:
    """Take units and packages out again; what is not in the draft is passed over. Raises ActUnknown, ActMoved."""
    row = claim(actor, act_id, None)
    for text in texts:
        scan = gs1.read(text)
        if scan.sscc:
            db.session.execute(delete(Box).where(Box.act_id == row.id, Box.sscc == scan.sscc))
        elif scan.identification_code:
            code_id = codes.code_id(scan.identification_code)
            db.session.execute(delete(Unit).where(Unit.act_id == row.id, Unit.code_id == code_id))
    recount(row)
    return row


def discard(actor: Actor, act_id: str) -> None:
    """Delete a draft. Raises ActUnknown, ActMoved."""
    row = claim(actor, act_id, None)
    for table in (Unit, Box):
        db.session.execute(delete(table).where(table.act_id == row.id))
    attachments.forget(row)
    db.session.delete(row)


def claim(actor: Actor, act_id: str, version: int | None) -> Act:
    """The draft, locked for this transaction, one version on."""
    row = queries.act(actor.organisation_id, act_id)
    claimed = update(Act).where(Act.id == row.id, Act.state == State.DRAFT)
    if version is not None:
        claimed = claimed.where(Act.version == version)
    claimed = claimed.values(version=Act.version + 1, changed_at=clock.now())
    done = db.session.execute(claimed, execution_options={"synchronize_session": False}).rowcount
    db.session.expire(row)
    if done:
        return row
    if row.state is not State.DRAFT:
        raise ActMoved(verb="change", state=row.state.value, at=row.changed_at.isoformat())
    raise DraftChanged(version=row.version)


def _fill(row: Act, given: dict[str, Any]) -> None:
    for name in FIELDS & given.keys():
        setattr(row, name, given[name])
    if not row.number.strip():
        row.number = f"{row.created_at:%y%m%d}-{row.id[-5:]}"
    if "receiver_tax" in given:
        _address(row, given["receiver_tax"], given.get("receiver_name", ""))
    if row.kind is Kind.INTERNAL and row.receiver_tax is None:
        own = db.session.get_one(Organisation, row.sender_id)
        _address(row, own.bin, own.names["ru"])
    # Of the draft as it is now: another kind makes another buyer of the one who was right before.
    if row.receiver_tax is not None and (row.receiver_id == row.sender_id) != (row.kind is Kind.INTERNAL):
        raise ReceiverInvalid(fields=[{"field": "receiver_tax", "code": "own"}])
    _require_places(row)
    if row.original_id is not None or row.kind is Kind.RETURN:
        _require_original(row)


def _address(row: Act, tax_number: str | None, name: str) -> None:
    """The buyer by BIN or IIN. One that is registered is called as in the register; another waits for an invitation."""
    if tax_number is None:
        row.receiver_tax, row.receiver_id, row.receiver_name = None, None, ""
        return
    own = db.session.get_one(Organisation, row.sender_id)
    # A sandbox's own number is no tax number, so that it is nobody's by mistake.
    if tax_number != own.bin and not tax_number_valid(tax_number):
        raise ReceiverInvalid(fields=[{"field": "receiver_tax", "code": "tax_number"}])
    found = db.session.scalars(select(Organisation).where(Organisation.bin == tax_number)).first()
    if (own.sandbox_of is not None) != (found is not None and found.sandbox_of is not None):
        raise ReceiverInvalid(fields=[{"field": "receiver_tax", "code": "sandbox"}])
    row.receiver_tax = tax_number
    row.receiver_id = found.id if found else None
    row.receiver_name = found.names["ru"] if found else name.strip()


def _require_places(row: Act) -> None:
    for field, owner in (("sender_place_id", row.sender_id), ("receiver_place_id", row.receiver_id)):
        place = getattr(row, field)
        if place is None:
            continue
        found = db.session.get(Place, place)
        if found is None or found.organisation_id != owner:
            raise ReceiverInvalid(fields=[{"field": field, "code": "unknown"}])
    require_place(row.sender_place_id)


def _require_original(row: Act) -> None:
    found = db.session.get(Act, row.original_id) if row.original_id else None
    taken = found is not None and found.state in (State.ACCEPTED, State.PARTLY_ACCEPTED)
    if not taken or found.receiver_id != row.sender_id or found.sender_id != row.receiver_id:
        raise OriginalInvalid(fields=[{"field": "original_id", "code": "unknown"}])


def _wanted(text: str) -> Wanted:
    scan = gs1.read(text)
    return Wanted(text, f"00{scan.sscc}" if scan.sscc else scan.identification_code)


def recount(row: Act) -> None:
    """Say how many units a draft holds after it was changed. Raises TooLarge."""
    row.units = goods.count(row)
    if row.units > LARGEST_ACT:
        raise TooLarge(limit=LARGEST_ACT)
