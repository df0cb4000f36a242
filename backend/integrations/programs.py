"""What a program is told of itself."""

from backend.core.actor import Actor
from backend.identity import api_keys
from backend.identity.rules import ApiKeyRefused
from backend.integrations.schemas import ProgramOut
from backend.organisations import queries


def shown(actor: Actor) -> ProgramOut:
    """Raises ApiKeyRefused for a person: there is no program behind a session."""
    if actor.via != "api_key":
        raise ApiKeyRefused()
    key = api_keys.key_of(actor.organisation_id, actor.person_id)
    return ProgramOut(
        key_id=key.id,
        organisation_id=key.organisation_id,
        names=queries.organisation(key.organisation_id).names,
        test=key.test,
        scopes=sorted(actor.permissions),
        place_id=key.place_id,
        expires_at=key.expires_at,
    )
