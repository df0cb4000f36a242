"""Acts as their routes answer them, seen by one of the two sides."""

from collections.abc import Sequence

from sqlalchemy import select

from backend.acts import attachments, correction_views, corrections, documents, goods, queries, rules, undone
from backend.acts.attachments_schemas import shown
from backend.acts.drafts import Put
from backend.acts.models import Act
from backend.acts.rules import State
from backend.acts.schemas import (
    ActOut,
    ActRow,
    GoodsOut,
    LineOut,
    PartyOut,
    PutOut,
    RefusalOut,
    RefusedOut,
    RemarkOut,
    Terms,
    UnitList,
    UnitOut,
)
from backend.core import clock
from backend.core.clock import ALMATY
from backend.core.db import db
from backend.core.i18n import Names
from backend.core.paging import page
from backend.organisations.models import Organisation
from backend.signatures.exchange import ToSignList, to_sign

NAMES = {
    documents.ACT: {"kk": "Қабылдау-беру актісі", "ru": "Акт приёма-передачи", "en": "Act of acceptance-transfer"},
    documents.ACCEPTANCE: {
        "kk": "Акт бойынша шешім",
        "ru": "Решение по акту приёма-передачи",
        "en": "Decision on an act of acceptance-transfer",
    },
    documents.ANNULMENT: {
        "kk": "Актінің күшін жою",
        "ru": "Аннулирование акта приёма-передачи",
        "en": "Annulment of an act of acceptance-transfer",
    },
}


def rows(found: Sequence[Act], own: str | None) -> list[ActRow]:
    parties = _parties(found)
    return [ActRow(**_row(one, own, parties)) for one in found]


def act(row: Act, own: str | None) -> ActOut:
    """One act whole, but for its units, which are paged."""
    lines = goods.lines(row)
    sent = row.sent_at or clock.now()
    return ActOut(
        **_row(row, own, _parties([row])),
        version=row.version,
        sender_place_id=row.sender_place_id,
        receiver_place_id=row.receiver_place_id,
        original_id=row.original_id,
        terms=Terms(**row.terms),
        lines=[
            LineOut(
                card_id=line.card_id,
                gtin=line.gtin,
                names=Names(**line.names),
                attributes=line.attributes,
                units=line.count,
                price=row.prices.get(line.gtin or line.card_id),
            )
            for line in lines
        ],
        total=documents.total(lines, row.prices),
        packages=list(goods.packages(row.id)),
        late=rules.late(row.transfer_date, sent.astimezone(ALMATY).date()),
        mode=row.mode,
        sampled=documents.sampled(row),
        viewed_at=row.viewed_at,
        decided_at=row.decided_at,
        sha256=documents.digest(row.signed_as) if row.signed_as else None,
        rejected=[
            RefusedOut(code=one.code, reason=one.reason, words=one.words, photos=list(one.photos))
            for one in queries.refusals(row.id)
        ],
        extra=list(queries.extras(row.id)),
        remarks=[
            RemarkOut(kind=one.kind, text=one.text, at=one.at, ours=one.organisation_id == own)
            for one in queries.remarks(row.id)
        ],
        attachments=[shown(one) for one in attachments.of(row.id)],
        annulment_asked_by_us=row.state is State.ANNULMENT_REQUESTED and row.asked_by == own,
        refusal=RefusalOut(reason=row.refusal, words=row.refusal_words) if row.refusal else None,
        corrections=[correction_views.shown(one) for one in corrections.of(row.id)],
        resent_from=row.resent_from,
        undone=undone.of(row),
    )


def results(row: Act, done: Sequence[Put]) -> GoodsOut:
    shown = [
        PutOut(text=one.text, status=one.status, code=one.code, reason=one.reason, package=one.package) for one in done
    ]
    return GoodsOut(version=row.version, units=row.units, results=shown)


def units(row: Act, after: str | None, limit: int, *, loose: bool = False) -> UnitList:
    shown, following = page(queries.contents(row, after, limit, loose=loose), limit, lambda one: one.key)
    return UnitList(
        units=[
            UnitOut(
                code=one.code,
                card_id=one.card_id,
                package=one.packages[0] if one.packages else None,
                packages=one.packages,
            )
            for one in shown
        ],
        next=following,
    )


def paper(row: Act, schema: str, content: bytes, facts: Sequence[tuple[str, str]] = ()) -> ToSignList:
    """A document about an act, with what it says in words."""
    lines = goods.lines(row)
    sender = db.session.get_one(Organisation, row.sender_id)
    said = [
        ("number", row.number),
        ("seller", f"{sender.names['ru']}, {sender.bin}"),
        ("buyer", f"{row.receiver_name}, {row.receiver_tax}"),
        ("date", row.transfer_date.isoformat()),
        ("units", str(sum(line.count for line in lines))),
        *([("total", documents.tenge(documents.total(lines, row.prices)))] if row.prices else []),
        *facts,
    ]
    return ToSignList(documents=[to_sign(row.id, schema, content, NAMES[schema], said)])


def _row(row: Act, own: str | None, parties: dict[str, Organisation]) -> dict[str, object]:
    sender, receiver = parties[row.sender_id], parties.get(row.receiver_id or "")
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "ours": _side(row, own),
        "sender": PartyOut(id=sender.id, tax_number=sender.bin, name=sender.names["ru"], names=sender.names),
        "receiver": PartyOut(
            id=row.receiver_id,
            tax_number=row.receiver_tax,
            name=receiver.names["ru"] if receiver else row.receiver_name,
            names=receiver.names if receiver else None,
        ),
        "units": row.units,
        "transfer_date": row.transfer_date,
        "changed_at": row.changed_at,
        "sent_at": row.sent_at,
        "due_at": row.due_at,
    }


def _side(row: Act, own: str | None) -> str:
    sides = {(True, True): "both", (True, False): "sender", (False, True): "receiver", (False, False): "none"}
    return sides[row.sender_id == own, row.receiver_id == own]


def _parties(found: Sequence[Act]) -> dict[str, Organisation]:
    wanted = {one for row in found for one in (row.sender_id, row.receiver_id) if one}
    return {one.id: one for one in db.session.scalars(select(Organisation).where(Organisation.id.in_(wanted)))}
