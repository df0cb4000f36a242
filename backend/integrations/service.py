"""The verbs of integrations: which keys a person may make, and the sandbox. Keys and organisations keep their tables
themselves."""

from datetime import datetime

from backend.core.actor import Actor
from backend.identity import api_keys
from backend.identity.api_keys import Made
from backend.identity.models import ApiKey
from backend.integrations import rules
from backend.integrations.rules import SandboxOfSandbox, SandboxUnknown
from backend.organisations import access, queries, sandbox
from backend.organisations.models import Organisation
from backend.organisations.rules import require_places


def make_key(
    actor: Actor, *, name: str, scopes: list[str], expires_at: datetime, place_id: str | None, test: bool
) -> Made:
    """Raises ScopeNotYours, SandboxUnknown, PlaceUnknown, PlaceOfOthers, ApiKeyExpiry, TooManyApiKeys."""
    owner = _sandbox_id(actor) if test else actor.organisation_id
    rules.require_scopes(scopes, scopes_for(actor, test))
    if place_id is not None:
        queries.place(owner, place_id)
    if not test:
        require_places(_one(place_id), actor.places)
    return api_keys.make(
        owner, name=name, scopes=scopes, expires_at=expires_at, place_id=place_id, test=test, actor=actor
    )


def rotate_key(actor: Actor, key_id: str) -> Made:
    """Raises ApiKeyUnknown, ScopeNotYours and PlaceOfOthers when the key may more than the person."""
    key = key_of(actor, key_id)
    rules.require_scopes(key.scopes, scopes_for(actor, key.test))
    if not key.test:
        require_places(_one(key.place_id), actor.places)
    return api_keys.rotate(key.organisation_id, key.id, actor=actor)


def revoke_key(actor: Actor, key_id: str) -> None:
    """Raises ApiKeyUnknown."""
    key = key_of(actor, key_id)
    api_keys.revoke(key.organisation_id, key.id, actor=actor)


def keys(actor: Actor) -> list[ApiKey]:
    """The organisation's keys and those of its sandbox, newest first."""
    found = [one for owner in _owners(actor) for one in api_keys.keys(owner)]
    return sorted(found, key=lambda one: one.id, reverse=True)


def key_of(actor: Actor, key_id: str) -> ApiKey:
    """Raises ApiKeyUnknown, for another organisation's as for one that is not."""
    test = sandbox.of(actor.organisation_id)
    if test is not None and any(one.id == key_id for one in api_keys.keys(test.id)):
        return api_keys.key_of(test.id, key_id)
    return api_keys.key_of(actor.organisation_id, key_id)


def scopes_for(actor: Actor, test: bool) -> list[str]:
    """What this person can entrust to a program: of their own powers those that are work on goods and codes."""
    if test and sandbox.of(actor.organisation_id) is None:
        return []
    return sorted(str(one) for one in access.SCOPES & actor.permissions)


def make_sandbox(actor: Actor) -> Organisation:
    """The organisation's sandbox, made when there is none. Raises SandboxOfSandbox."""
    if queries.organisation(actor.organisation_id).sandbox_of is not None:
        raise SandboxOfSandbox()
    return sandbox.make(actor.organisation_id, actor=actor)


def _sandbox_id(actor: Actor) -> str:
    found = sandbox.of(actor.organisation_id)
    if found is None:
        raise SandboxUnknown()
    return found.id


def _one(place_id: str | None) -> list[str]:
    return [place_id] if place_id else []


def _owners(actor: Actor) -> list[str]:
    test = sandbox.of(actor.organisation_id)
    return [actor.organisation_id] + ([test.id] if test else [])
