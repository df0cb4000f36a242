"""What the print form of an act says: read from the very bytes that were signed, and from the register what they leave
open."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import func, select

from backend.acts import authenticity, documents, evidence
from backend.acts.correcting import Corrected
from backend.acts.models import Act, Correction, Rejected
from backend.acts.rules import Side, State
from backend.codes.models import Code
from backend.core import clock
from backend.core.clock import ALMATY
from backend.core.db import db
from backend.organisations import queries as organisations
from backend.organisations.models import Organisation, Place
from backend.organisations.rules import is_iin
from backend.signatures import facts
from backend.signatures.facts import SignatureFacts
from backend.signatures.models import State as Kept

PAPERS = ("contract", "waybill", "invoice")
DECIDED = (State.ACCEPTED, State.PARTLY_ACCEPTED, State.ANNULMENT_REQUESTED, State.ANNULLED)


@dataclass(frozen=True, slots=True)
class Party:
    """One side. `number_word` says whether its number is a BIN or an IIN; `place` is where the goods leave or go to."""

    role: str
    names: dict[str, str]
    number_word: str
    number: str
    address: str
    place: str


@dataclass(frozen=True, slots=True)
class Line:
    """A product of the act; amounts are text, as signed. `accepted` is None while nobody has decided."""

    gtin: str
    names: dict[str, str]
    units: int
    accepted: int | None
    price: str | None
    sum: str | None


@dataclass(frozen=True, slots=True)
class Refusals:
    """Units that were not taken for one reason, in one wording. `photos` counts the pictures that prove it."""

    reason: str
    words: str
    codes: list[str]
    photos: int


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature on the sheet: the words for what was signed, the side, and the certificate."""

    word: str
    side: str
    party: dict[str, str]
    facts: SignatureFacts


@dataclass(frozen=True, slots=True)
class Content:
    """The sheet. `total` and `taken` are (units, amount or None); `link` opens the public check, None for a draft."""

    act: Act
    number: str
    day: date
    parties: tuple[Party, Party]
    terms: list[tuple[str, str]]
    attachments: list[str]
    lines: list[Line]
    total: tuple[int, str | None]
    taken: tuple[int, str | None] | None
    boxes: int
    root: str
    corrected: list[tuple[datetime, str]]
    sampled: int
    all_rejected: bool
    refusals: list[Refusals]
    extra: list[str]
    signatures: list[Signature]
    sha256: str | None
    link: str | None
    original: str | None
    is_test: bool
    printed_at: datetime

    @property
    def is_draft(self) -> bool:
        return self.act.signed_as is None

    @property
    def priced(self) -> bool:
        return any(line.price is not None for line in self.lines)


def of(act: Act) -> Content:
    """Gather the sheet of an act, or of a draft as it would be signed now."""
    sender = organisations.organisation(act.sender_id)
    corrections = _corrections(act)
    said = orjson.loads(_standing(act, sender, corrections))
    decision = orjson.loads(act.decided_as) if act.decided_as else {}
    receiver = organisations.organisation(act.receiver_id) if act.receiver_id else None
    parties = _parties(act, said, decision, sender, receiver)
    lines = _lines(act, said)
    signatures = _signatures(act, parties)
    original = db.session.get(Act, said["original"]) if said["original"] else None
    return Content(
        act=act,
        number=said["number"],
        day=date.fromisoformat(said["transfer_date"]),
        parties=parties,
        terms=[(one, _paper(said["terms"][one])) for one in PAPERS if said["terms"].get(one, {}).get("number")]
        + ([("comment", said["terms"]["comment"])] if said["terms"].get("comment") else []),
        attachments=[one["name"] for one in said.get("attachments", ())],
        lines=lines,
        total=(said["units"], said["total"] if _priced(lines) else None),
        taken=_taken(lines) if act.state in DECIDED and decision.get("rejected") else None,
        boxes=len(said["packages"]),
        root=said["codes"]["root"],
        corrected=[(one.ended_at or one.made_at, one.reason) for one in corrections],
        sampled=decision.get("sampled", 0),
        all_rejected=decision.get("all_rejected", False),
        refusals=_refusals(decision),
        extra=decision.get("extra", []),
        signatures=signatures,
        sha256=documents.digest(act.signed_as) if act.signed_as else None,
        link=authenticity.link(act) if authenticity.public(act) else None,
        original=original.number if original else None,
        is_test=any(one.facts.is_test for one in signatures),
        printed_at=clock.now().astimezone(ALMATY),
    )


def _parties(
    act: Act, said: dict[str, Any], decision: dict[str, Any], sender: Organisation, receiver: Organisation | None
) -> tuple[Party, Party]:
    kept = decision.get("place") or said["receiver"]["place"]
    return (
        _party("sender", sender, said["sender"]["name"], said["sender"]["bin"], said["sender"]["place"]),
        _party("receiver", receiver, said["receiver"]["name"], said["receiver"]["bin"] or "", kept),
    )


def _party(role: str, row: Organisation | None, name: str, number: str, place_id: str | None) -> Party:
    # The Russian name is in the signed bytes; the Kazakh one is the organisation's, unless it was renamed since.
    names = row.names if row and row.names["ru"] == name else {"kk": name, "ru": name}
    places = organisations.places(row.id) if row else []
    place = db.session.get(Place, place_id) if place_id else None
    return Party(
        role=role,
        names=names,
        number_word="iin" if len(number) == 12 and is_iin(number) else "bin",
        number=number,
        address=_address(places[0]) if places and places[0].main else "",
        place=", ".join(filter(None, (place.names["ru"], _address(place)))) if place else "",
    )


def _address(place: Place) -> str:
    return ", ".join(filter(None, (place.address.get(part) for part in ("postcode", "region", "locality", "line"))))


def _lines(act: Act, said: dict[str, Any]) -> list[Line]:
    refused = _refused_by_card(act) if act.state in DECIDED else None
    return [
        Line(
            gtin=one["gtin"] or "",
            names=one["name"],
            units=one["units"],
            accepted=one["units"] - refused.get(one["card"], 0) if refused is not None else None,
            price=one["price"],
            sum=one["sum"],
        )
        for one in said["lines"]
    ]


def _refused_by_card(act: Act) -> dict[str, int]:
    rows = select(Code.card_id, func.count()).join(Rejected, Rejected.code_id == Code.id)
    counted = rows.where(Rejected.act_id == act.id).group_by(Code.card_id)
    return {card_id: count for card_id, count in db.session.execute(counted)}


def _priced(lines: list[Line]) -> bool:
    return any(line.price is not None for line in lines)


def _taken(lines: list[Line]) -> tuple[int, str | None]:
    units = sum(line.accepted or 0 for line in lines)
    amount = sum(int((line.price or "0.00").replace(".", "")) * (line.accepted or 0) for line in lines)
    return units, documents.tenge(amount) if _priced(lines) else None


def _paper(term: dict[str, Any]) -> str:
    day = f", {date.fromisoformat(term['date']):%d.%m.%Y}" if term.get("date") else ""
    return f"№ {term['number']}{day}"


def _refusals(decision: dict[str, Any]) -> list[Refusals]:
    found: dict[tuple[str, str], Refusals] = {}
    for one in decision.get("rejected", ()):
        group = found.setdefault((one["reason"], one["words"]), Refusals(one["reason"], one["words"], [], 0))
        group.codes.append(one["code"])
        found[one["reason"], one["words"]] = Refusals(
            group.reason, group.words, group.codes, group.photos + len(one.get("photos", ()))
        )
    return list(found.values())


def _signatures(act: Act, parties: tuple[Party, Party]) -> list[Signature]:
    steps = evidence.signatures(act)
    known = {one.id: one for one in facts.of([step.signature_id for step in steps])}
    return [
        Signature(
            f"signed_{evidence.subject_of(step.verb)}",
            step.side.value,
            parties[0 if step.side is Side.SENDER else 1].names,
            known[step.signature_id],
        )
        for step in steps
        if step.signature_id in known and known[step.signature_id].state is not Kept.REFUSED
    ]


def _corrections(act: Act) -> list[Correction]:
    """The corrections that hold."""
    rows = select(Correction).where(
        Correction.act_id == act.id, Correction.state.in_((Corrected.APPLIED, Corrected.AGREED))
    )
    return list(db.session.scalars(rows.order_by(Correction.id)))


def _standing(act: Act, sender: Organisation, corrections: list[Correction]) -> bytes:
    """What the act says now: as signed, with the corrections that both sides signed afterwards."""
    if act.signed_as is None:
        return documents.act(act, sender)
    if any(one.state is Corrected.AGREED for one in corrections):
        return documents.mended(act.signed_as, act.transfer_date, act.terms, act.prices)
    return act.signed_as
