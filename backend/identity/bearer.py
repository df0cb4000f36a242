"""The key that a program sends: `Authorization: Bearer tanba_…`."""

from flask import request

SCHEME = "Bearer tanba_"


def secret() -> str | None:
    """The key of this request; None where there is none, or the header is not ours (phones bring their own tokens)."""
    given = request.environ.get("HTTP_AUTHORIZATION", "")
    return given.removeprefix("Bearer ") if given.startswith(SCHEME) else None
