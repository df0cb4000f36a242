"""Whether a paper speaks the truth: the link in its QR code, which nobody can guess, and what it tells the public."""

import hmac

from flask import current_app

from backend.acts.authenticity_rules import LinkUnknown, NotSigned
from backend.acts.models import Act
from backend.acts.queries import UNSENT
from backend.core import vault
from backend.core.db import db

ID_LENGTH = 26


def public(act: Act) -> bool:
    """Whether there is something to check: a draft is its maker's alone."""
    return act.state not in UNSENT


def signed(act: Act) -> Act:
    """The act, if it has something to prove. Raises NotSigned."""
    if not public(act):
        raise NotSigned()
    return act


def token(act_id: str) -> str:
    """The id and 128 bits that only this installation can make; nothing is stored."""
    return act_id + vault.pseudonym("act", act_id)


def link(act: Act) -> str:
    """The address of the public check of an act."""
    return f"{page()}/{token(act.id)}"


def page() -> str:
    """The address where any signed package is checked."""
    return f"{current_app.config['SETTINGS'].public_url}/a"


def act(given: str) -> Act:
    """The act behind a link. Raises LinkUnknown for whatever is no link of ours, as for an act that is a draft again;
    the database is asked only for what carries our mark."""
    act_id = given[:ID_LENGTH]
    if not hmac.compare_digest(token(act_id).encode(), given.encode()):
        raise LinkUnknown()
    found = db.session.get(Act, act_id)
    if found is None or not public(found):
        raise LinkUnknown()
    return found
