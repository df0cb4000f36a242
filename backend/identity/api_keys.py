"""Keys of programs: a till, an accounting system. Shown once, kept as SHA-256, found again by leak scanners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from backend.core import clock, limits, queue
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import api_key_rules
from backend.identity.api_key_rules import ApiKeyUnknown, TooManyApiKeys
from backend.identity.models import ApiKey


@dataclass(frozen=True, slots=True)
class Made:
    """`secret` is shown once and kept nowhere."""

    id: str
    secret: str


def make(
    organisation_id: str,
    *,
    name: str,
    scopes: list[str],
    expires_at: datetime,
    place_id: str | None = None,
    test: bool = False,
    actor: Actor,
) -> Made:
    """A new key in the open transaction. Whether the scopes and the place are the maker's to give, the caller knows.

    Raises ApiKeyExpiry, TooManyApiKeys.
    """
    api_key_rules.require_expiry(expires_at, clock.now())
    if len(keys(organisation_id)) >= api_key_rules.MOST:
        raise TooManyApiKeys(limit=api_key_rules.MOST)
    key_id, secret = new_id(), api_key_rules.new_secret(test)
    db.session.execute(
        insert(ApiKey).values(
            id=key_id,
            organisation_id=organisation_id,
            created_by=actor.person_id,
            name=name,
            scopes=sorted(scopes),
            place_id=place_id,
            key_hash=api_key_rules.digest(secret),
            hint=secret[-4:],
            test=test,
            created_at=clock.now(),
            expires_at=expires_at,
        )
    )
    after = {"name": name, "scopes": sorted(scopes), "place": place_id, "expires_at": expires_at.isoformat()}
    _note("api_key:created", key_id, organisation_id, actor, after=after)
    return Made(key_id, secret)


def rotate(organisation_id: str, key_id: str, *, actor: Actor) -> Made:
    """Another secret for the same key; the former one works a while longer, so that nothing stops. Raises
    ApiKeyUnknown."""
    key = key_of(organisation_id, key_id)
    secret = api_key_rules.new_secret(key.test)
    key.former_hash, key.former_until = key.key_hash, clock.now() + api_key_rules.OVERLAP
    key.key_hash, key.hint = api_key_rules.digest(secret), secret[-4:]
    _note("api_key:rotated", key_id, organisation_id, actor, after={"former_until": key.former_until.isoformat()})
    return Made(key_id, secret)


def revoke(organisation_id: str, key_id: str, *, actor: Actor) -> None:
    """Both secrets stop working at once. Raises ApiKeyUnknown."""
    key_of(organisation_id, key_id).revoked_at = clock.now()
    _note("api_key:revoked", key_id, organisation_id, actor)


def orphan(person_id: str, organisation_id: str) -> int:
    """Whoever made these keys is leaving. The programs go on, and those who manage them are told; returns how many."""
    left = [one for one in keys(organisation_id) if one.created_by == person_id]
    for key in left:
        _note("api_key:maker_left", key.id, organisation_id, None)
    return len(left)


def touch(key_id: str) -> None:
    """Note that a key is in use and from which address; asked for at most once in a few minutes."""
    used = update(ApiKey).where(ApiKey.id == key_id)
    db.session.execute(used.values(used_at=clock.now(), used_from=limits.source()))


def keys(organisation_id: str) -> Sequence[ApiKey]:
    """The keys of an organisation that are not revoked, newest first; those that ran out are still shown for a
    while, because a till that stops at night needs an explanation."""
    wanted = select(ApiKey).where(ApiKey.organisation_id == organisation_id, ApiKey.revoked_at.is_(None))
    return db.session.scalars(wanted.order_by(ApiKey.id.desc())).all()


def key_of(organisation_id: str, key_id: str) -> ApiKey:
    """Raises ApiKeyUnknown, for another's as for one that is not."""
    found = db.session.get(ApiKey, key_id)
    if found is None or found.organisation_id != organisation_id or found.revoked_at is not None:
        raise ApiKeyUnknown(id=key_id)
    return found


def behind(secret: str) -> ApiKey | None:
    """The key with this secret, when it is good at this moment."""
    if not api_key_rules.well_formed(secret):
        return None
    digest, now = api_key_rules.digest(secret), clock.now()
    former = (ApiKey.former_hash == digest) & (ApiKey.former_until > now)
    good = (ApiKey.revoked_at.is_(None), ApiKey.expires_at > now)
    return db.session.scalars(select(ApiKey).where((ApiKey.key_hash == digest) | former, *good)).first()


def _note(
    kind: str, key_id: str, organisation_id: str, actor: Actor | None, after: dict[str, object] | None = None
) -> None:
    fact = history.record(kind, subject=("api_key", key_id), organisation_id=organisation_id, actor=actor, after=after)
    queue.after_commit("notifications.on_fact", fact)
