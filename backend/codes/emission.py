"""Emission: unguessable serials, born in chunks so that no other writer waits for a large order."""

import secrets
from collections.abc import Iterator

from sqlalchemy import select, update

from backend.catalogue import groups
from backend.catalogue.models import Card
from backend.codes import keys, ledger
from backend.codes.models import Code, Emission
from backend.codes.rules import (
    LARGEST_EMISSION,
    CardNotOrderable,
    EmissionUnknown,
    Event,
    GroupNotPrintable,
    code_id,
)
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history

CHUNK = 10_000
PACK = 1_000


def order(card_id: str, count: int, *, owner_id: str, actor: Actor | None) -> Emission:
    """Begin an emission of 1 to 150 000 codes; the job does the work and `emitted` shows how far it is.

    Raises CardNotOrderable, GroupNotPrintable.
    """
    if not 1 <= count <= LARGEST_EMISSION:
        raise ValueError(f"an emission holds 1 to {LARGEST_EMISSION} codes")
    card = db.session.get(Card, card_id)
    if card is None or card.state != "published" or card.owner_id != owner_id:
        raise CardNotOrderable(card=card_id)
    shape = groups.get(card.group).code
    if shape.kind != "gs1" or not shape.emittable or card.gtin is None:
        raise GroupNotPrintable(group=card.group)
    emission = Emission(
        id=new_id(),
        card_id=card.id,
        owner_id=owner_id,
        key_id=keys.current(card.group).id,
        count=count,
        emitted=0,
        created_at=clock.now(),
    )
    db.session.add(emission)
    db.session.flush()
    history.record(
        "emission:ordered",
        subject=("emission", emission.id),
        organisation_id=owner_id,
        actor=actor,
        after={"card": card.id, "count": count, "key": emission.key_id},
    )
    return emission


def emit_some(emission_id: str) -> int:
    """Emit the next chunk; returns how many are still missing. Safe to run twice and from two workers at once."""
    emission = db.session.get(Emission, emission_id)
    if emission is None:
        raise EmissionUnknown(id=emission_id)
    card = db.session.get_one(Card, emission.card_id)
    size = min(CHUNK, emission.count - emission.emitted)
    if size <= 0:
        return 0
    claimed = db.session.execute(
        update(Emission)
        .where(Emission.id == emission_id, Emission.emitted == emission.emitted)
        .values(emitted=Emission.emitted + size),
        execution_options={"synchronize_session": False},
    ).rowcount
    if claimed != 1:
        db.session.expire(emission)
        return emission.count - emission.emitted
    born = list(_born(card, size, first=emission.emitted + 1))
    ledger.begin(
        Event.EMIT,
        born,
        actor=None,
        owner_id=emission.owner_id,
        card_id=card.id,
        gtin=card.gtin,
        group=card.group,
        key_id=emission.key_id,
        emission_id=emission.id,
        document=("emission", emission.id),
    )
    db.session.expire(emission)
    return emission.count - emission.emitted


def _born(card: Card, size: int, first: int) -> Iterator[ledger.NewCode]:
    template = groups.get(card.group).code
    prefix = f"01{card.gtin}21"
    for number, serial in enumerate(serials(size, template.alphabet, template.serial_length), first):
        yield ledger.NewCode(code_id(prefix + serial), serial, number)


def serials(count: int, alphabet: str, length: int) -> set[str]:
    """Distinct unguessable serials. Bytes beyond a multiple of the alphabet are thrown away, so none is likelier."""
    limit = 256 - 256 % len(alphabet)
    table = bytes(ord(alphabet[value % len(alphabet)]) for value in range(256))
    waste = bytes(range(limit, 256))
    found: set[str] = set()
    while len(found) < count:
        drawn = secrets.token_bytes((count - len(found)) * length * 256 // limit + 64).translate(table, waste)
        text = drawn.decode()
        whole = min(len(text) // length, count - len(found))
        found.update(text[place * length : (place + 1) * length] for place in range(whole))
    return found


def pack(emission_id: str, first: int, count: int) -> Iterator[tuple[int, str]]:
    """The codes `first` … of an emission as (number, element string with tail), in order, flat in memory.

    Tails are recomputed: Ed25519 is deterministic, so a pack downloaded twice is the same.
    """
    emission = db.session.get(Emission, emission_id)
    if emission is None:
        raise EmissionUnknown(id=emission_id)
    signer = keys.signer(emission.key_id)
    for start in range(first, first + count, PACK):
        yield from _tailed(emission_id, start, min(PACK, first + count - start), signer)


def _tailed(emission_id: str, first: int, count: int, signer: keys.Signer) -> list[tuple[int, str]]:
    """A part small enough to fetch whole: a download that breaks off leaves no cursor open."""
    wanted = (
        select(Code.number, Code.gtin, Code.serial)
        .where(Code.emission_id == emission_id, Code.number >= first, Code.number < first + count)
        .order_by(Code.number)
    )
    found = []
    for number, gtin, serial in db.session.execute(wanted):
        identification = f"01{gtin}21{serial}"
        found.append((number, f"{identification}\x1d91{signer.key_id}\x1d92{signer.tail(identification)}"))
    return found
