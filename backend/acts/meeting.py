"""The handshake of two phones: the buyer's code, who is behind it, and what has just come for whoever shows it."""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy import func, select

from backend.acts.meeting_rules import LASTS, Meeting, MeetingInvalid, MeetingOver, parsed
from backend.acts.models import Act
from backend.acts.rules import Kind, State
from backend.codes.models import Code, Package
from backend.codes.packing import FORMED
from backend.codes.rules import code_id
from backend.core import clock, gs1, vault
from backend.core.db import db
from backend.core.ids import ALPHABET
from backend.organisations import queries as organisations
from backend.organisations.models import Organisation, OrganisationState, Place
from backend.organisations.scope import require_place, within

YOUNG = timedelta(days=30)
MANY = 20
RECENT = 8


class Met(NamedTuple):
    organisation: Organisation
    place: Place | None


class Known(NamedTuple):
    """Somebody whom acts were sent to. `names` is None while they are not registered; then `typed` is what they were
    called."""

    tax_number: str
    names: dict[str, str] | None
    typed: str


def begin(own: Organisation, place_id: str | None) -> tuple[str, Meeting]:
    """A fresh token, which nobody stores. Raises PlaceUnknown, PlaceOfOthers."""
    if place_id is not None:
        organisations.place(own.id, place_id)
        require_place(place_id)
    until = (clock.now() + LASTS).replace(microsecond=0)
    met = Meeting(own.bin, place_id, until)
    return f"{met.content()}-{_seal(met)}", met


def read(token: str) -> Met:
    """Who showed this code. Raises MeetingInvalid, MeetingOver, OrganisationUnknown."""
    met, seal = parsed(token)
    if not hmac.compare_digest(seal, _seal(met)):
        raise MeetingInvalid()
    if met.until <= clock.now():
        raise MeetingOver()
    organisation = organisations.by_tax_number(met.tax_number)
    if organisation.state is OrganisationState.BLOCKED:
        raise MeetingInvalid()
    return Met(organisation, db.session.get(Place, met.place_id) if met.place_id else None)


def address(last: str) -> str:
    """Where a code leads: any camera opens the app there."""
    return f"{current_app.config['SETTINGS'].public_url}/meet/{last}"


def news(organisation_id: str, since: datetime) -> Sequence[Act]:
    """Acts that came for an organisation since an instant, newest first: asked every two seconds by whoever waits at a
    counter, so one narrow range of one index is read. What was opened is no news. An act begun more than a month before
    it was sent is not here; it stands in the list."""
    rows = select(Act).where(Act.receiver_id == organisation_id, Act.id > _first_id(clock.now() - YOUNG))
    rows = rows.where(Act.sent_at >= since, Act.state == State.SENT, Act.kind != Kind.INTERNAL)
    rows = rows.where(within(Act.receiver_place_id))
    return db.session.scalars(rows.order_by(Act.id.desc()).limit(MANY)).all()


def owns(organisation_id: str, texts: Sequence[str]) -> list[bool]:
    """Whether each of the things scanned belongs to an organisation: a unit, or a package that is not opened."""
    scans = [gs1.read(text) for text in texts]
    boxes = {one.sscc for one in scans if one.sscc}
    units = {code_id(one.identification_code) for one in scans if one.identification_code and not one.sscc}
    formed = select(Package.sscc).where(Package.sscc.in_(boxes), Package.state == FORMED)
    own_boxes = set(db.session.scalars(formed.where(Package.owner_id == organisation_id)))
    own_units = set(db.session.scalars(select(Code.id).where(Code.id.in_(units), Code.owner_id == organisation_id)))
    return [
        one.sscc in own_boxes
        if one.sscc
        else bool(one.identification_code) and code_id(one.identification_code) in own_units
        for one in scans
    ]


def recent(organisation_id: str) -> list[Known]:
    """Those whom acts were sent to last, the last first."""
    latest = (
        select(Act.receiver_tax, func.max(Act.id).label("last"))
        .where(Act.sender_id == organisation_id, Act.sent_at.is_not(None), Act.kind != Kind.INTERNAL)
        .group_by(Act.receiver_tax)
        .order_by(func.max(Act.id).desc())
        .limit(RECENT)
        .subquery()
    )
    rows = select(latest.c.receiver_tax, Act.receiver_name, Organisation.names)
    rows = rows.join(Act, Act.id == latest.c.last).outerjoin(Organisation, Organisation.bin == latest.c.receiver_tax)
    return [Known(tax, names, typed) for tax, typed, names in db.session.execute(rows.order_by(latest.c.last.desc()))]


def _seal(met: Meeting) -> str:
    return vault.pseudonym("meeting", met.content())


def _first_id(at: datetime) -> str:
    """The least id that is made at this instant (core/ids.py)."""
    number = int(at.timestamp() * 1000) << 80
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -5, -5))
