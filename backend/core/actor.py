"""Who is asking, as the rest of the code sees it: plain data, no rows."""

from dataclasses import dataclass, field

from flask import g


@dataclass(frozen=True, slots=True)
class Actor:
    """`organisation_id` is the organisation that the person acts for in this session; `permissions` are what the
    permission table grants there. `via` is "session" (opened by a signature), "passkey", "api_key" or "command".

    Of a program `person_id` is the id of its key, which is what history shall name, and `place_id` the place that the
    key is limited to, if any.
    """

    person_id: str
    organisation_id: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    via: str = "session"
    session_id: str | None = None
    place_id: str | None = None


def current_actor() -> Actor:
    """The signed-in actor of this request; routes that allow the public must not call it."""
    return g.actor
