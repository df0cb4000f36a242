"""Who may do what."""

from typing import Any

from backend.core.actor import Actor
from backend.core.api import PUBLIC
from backend.core.errors import NotSignedIn


def authorise(allow: Any) -> Actor | None:
    if allow is PUBLIC:
        return None
    raise NotSignedIn()
