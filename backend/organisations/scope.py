"""Whose things a request may see and act on: its own organisation's; the operator's desk reaches everyone's. Where a
member's work, or a program's key, is tied to places, what is at other places is not there for them; what was put
nowhere is everybody's."""

from flask import g, has_request_context
from sqlalchemy import ColumnElement, or_, true

from backend.core.actor import current_actor
from backend.core.db import db
from backend.organisations.access import Permission
from backend.organisations.models import Organisation
from backend.organisations.rules import OrganisationUnknown, PlaceOfOthers


def scope() -> str | None:
    """The organisation that reads are limited to, or None for the operator."""
    actor = current_actor()
    return None if Permission.EVERY_ORGANISATION in actor.permissions else actor.organisation_id


def acting_for(organisation_id: str | None) -> str:
    """The organisation a change is made for. Raises OrganisationUnknown for another's, as for one that is not."""
    limited = scope()
    if organisation_id is None or organisation_id == limited:
        return organisation_id or current_actor().organisation_id
    if limited is not None or db.session.get(Organisation, organisation_id) is None:
        raise OrganisationUnknown(id=organisation_id)
    return organisation_id


def tied_to() -> frozenset[str]:
    """The places that whoever asks is limited to; none for everybody else, and for jobs and commands."""
    actor = g.get("actor") if has_request_context() else None
    return actor.places if actor else frozenset()


def within(column: ColumnElement[str | None]) -> ColumnElement[bool]:
    """What is at the places of whoever asks."""
    places = tied_to()
    return or_(column.is_(None), column.in_(sorted(places))) if places else true()


def reaches(place_id: str | None) -> bool:
    """The same of one place."""
    places = tied_to()
    return not places or place_id is None or place_id in places


def require_place(place_id: str | None) -> None:
    """Raises PlaceOfOthers."""
    if not reaches(place_id):
        raise PlaceOfOthers()
