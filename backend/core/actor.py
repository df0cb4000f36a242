"""Who is asking, as the rest of the code sees it: plain data, no rows."""

from dataclasses import dataclass, field

from flask import g, request

from backend.core.errors import OtherActor


@dataclass(frozen=True, slots=True)
class Actor:
    """`organisation_id` is the organisation that the person acts for in this session; `permissions` are what the
    permission table grants there. `via` is "session" (opened by a signature), "passkey", "api_key" or "command".

    Of a program `person_id` is the id of its key, which is what history shall name. `places` are those that the
    work is tied to, none for all of them.
    """

    person_id: str
    organisation_id: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    via: str = "session"
    session_id: str | None = None
    places: frozenset[str] = field(default_factory=frozenset)


def current_actor() -> Actor:
    """The signed-in actor of this request; routes that allow the public must not call it."""
    return g.actor


def same_actor(actor: Actor | None) -> None:
    """What was done on a phone is sent later, perhaps when somebody else has signed in there: the phone names who did
    it for which organisation. Raises OtherActor."""
    named = request.headers.get("X-Tanba-Actor")
    if named is not None and actor is not None and named != f"{actor.person_id}:{actor.organisation_id}":
        raise OtherActor()
