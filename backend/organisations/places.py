"""Places of activity: offices, shops, warehouses, branches. One of them is the main one, and stays open."""

from dataclasses import asdict

from sqlalchemy import update

from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.organisations import queries
from backend.organisations.models import Place
from backend.organisations.profile import require_gln
from backend.organisations.rules import (
    ChangedMeanwhile,
    PlaceIsBlocked,
    PlaceIsMain,
    PlaceKind,
    PlaceTyped,
    TaxNumberInvalid,
    is_iin,
    tax_number_valid,
)

BRANCHES = (PlaceKind.BRANCH, PlaceKind.REPRESENTATIVE_OFFICE)


def add(actor: Actor, given: PlaceTyped) -> str:
    """Returns the id; the first place is the main one. Raises GlnInvalid, TaxNumberInvalid."""
    _require(given)
    main = given.main or not queries.places(actor.organisation_id)
    row = Place(
        id=new_id(), organisation_id=actor.organisation_id, created_at=clock.now(), **asdict(given) | {"main": main}
    )
    if main:
        _no_other_main(row)
    db.session.add(row)
    _record("place:added", row, actor, after=asdict(given) | {"main": main})
    return row.id


def edit(actor: Actor, place_id: str, version: int, given: PlaceTyped) -> None:
    """Raises PlaceUnknown, ChangedMeanwhile, PlaceIsMain (the main one stays so until another is), PlaceIsBlocked,
    GlnInvalid, TaxNumberInvalid."""
    _require(given)
    row = queries.place(actor.organisation_id, place_id)
    if row.version != version:
        raise ChangedMeanwhile(version=row.version)
    if row.main and not given.main:
        raise PlaceIsMain()
    if given.main and row.blocked_at:
        raise PlaceIsBlocked()
    before = {name: getattr(row, name) for name in asdict(given)}
    changed = (
        update(Place).where(Place.id == row.id, Place.version == version).values(version=version + 1, **asdict(given))
    )
    if db.session.execute(changed).rowcount != 1:
        raise ChangedMeanwhile(version=version)
    if given.main:
        _no_other_main(row)
    _record("place:changed", row, actor, before=before, after=asdict(given))


def block(actor: Actor, place_id: str) -> None:
    """Raises PlaceUnknown, PlaceIsMain."""
    row = queries.place(actor.organisation_id, place_id)
    if row.main:
        raise PlaceIsMain()
    if row.blocked_at is None:
        row.blocked_at = clock.now()
        _record("place:blocked", row, actor)


def unblock(actor: Actor, place_id: str) -> None:
    """Raises PlaceUnknown."""
    row = queries.place(actor.organisation_id, place_id)
    if row.blocked_at is not None:
        row.blocked_at = None
        _record("place:unblocked", row, actor)


def _require(given: PlaceTyped) -> None:
    require_gln(given.gln)
    if given.bin and (given.kind not in BRANCHES or not tax_number_valid(given.bin) or is_iin(given.bin)):
        raise TaxNumberInvalid(fields=[{"field": "bin", "code": "tax_number"}])


def _no_other_main(row: Place) -> None:
    others = update(Place).where(Place.organisation_id == row.organisation_id, Place.id != row.id, Place.main)
    db.session.execute(others.values(main=False, version=Place.version + 1))


def _record(kind: str, row: Place, actor: Actor, **states: dict[str, object]) -> None:
    history.record(kind, subject=("place", row.id), organisation_id=row.organisation_id, actor=actor, **states)
