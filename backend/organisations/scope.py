"""Whose things a request may see and act on: its own organisation's; the operator's desk reaches everyone's."""

from backend.core.actor import current_actor
from backend.core.db import db
from backend.organisations.access import Permission
from backend.organisations.models import Organisation
from backend.organisations.rules import OrganisationUnknown


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
