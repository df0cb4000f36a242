"""Buyers without an account: a link that nobody can guess says who sent what to whom, and the act waits for them."""

import hmac

from flask import current_app
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from backend.acts import queries, rules
from backend.acts.models import Act, Invitation
from backend.acts.rules import ActMoved, InvitationUnknown, State, TooManyLetters, Verb
from backend.acts.service import told
from backend.core import clock, limits, vault
from backend.core.actor import Actor
from backend.core.db import db
from backend.notifications import service as notifications
from backend.organisations import queries as organisations

ID = 26
MOST_LETTERS = 5


def of(actor: Actor, act_id: str) -> tuple[Act, Invitation | None]:
    """An act that waits for its buyer to register, with what became of its link. Raises ActUnknown, NotYourSide,
    ActMoved."""
    row = queries.act(actor.organisation_id, act_id)
    rules.require_side(Verb.CANCEL, sender=row.sender_id == actor.organisation_id, receiver=False)
    if row.state is not State.WAITING_PARTICIPANT:
        raise ActMoved(verb="invite", state=row.state.value, at=row.changed_at.isoformat())
    return row, db.session.get(Invitation, row.id, populate_existing=True)


def mail(actor: Actor, act_id: str, email: str, language: str) -> tuple[Act, Invitation | None]:
    """Write to the buyer. Raises what `of` raises, TooManyLetters, AddressInvalid, TooManyRequests."""
    row, _ = of(actor, act_id)
    limits.hit("invitation", actor.organisation_id)
    _begin(row.id)
    counted = update(Invitation).where(Invitation.act_id == row.id, Invitation.letters < MOST_LETTERS)
    counted = counted.values(letters=Invitation.letters + 1, mailed_at=clock.now())
    if not db.session.execute(counted, execution_options={"synchronize_session": False}).rowcount:
        raise TooManyLetters(count=MOST_LETTERS)
    sender = organisations.organisation(row.sender_id)
    params = {
        "organisation": sender.names,
        "number": row.number,
        "units": row.units,
        "until": rules.last_day(row.due_at),
        "link": link(row.id),
    }
    notifications.mail(to=email, template="act_invitation", language=language, params=params)
    told("act:invite", row, actor=actor, other=None)
    return of(actor, act_id)


def opened(token: str, looking: Actor | None) -> Act:
    """The act behind a link; the sender sees that it was opened, unless it is the sender that looks. Raises
    InvitationUnknown for what is no link of ours."""
    row = db.session.get(Act, token[:ID])
    if row is None or not hmac.compare_digest(token.encode(), token_of(row.id).encode()) or row.state in queries.UNSENT:
        raise InvitationUnknown()
    own = looking is not None and looking.organisation_id == row.sender_id
    if row.state is State.WAITING_PARTICIPANT and not own:
        _note_opened(row)
    return row


def standing(state: State) -> str:
    """What an act is to the holder of its link: it waits for a registration, it was joined, or it is over."""
    if state is State.WAITING_PARTICIPANT:
        return "waiting"
    return "over" if state in (State.CANCELLED, State.EXPIRED) else "joined"


def link(act_id: str) -> str:
    """Behind the #, which no server and no log gets to see."""
    return f"{current_app.config['SETTINGS'].public_url}/invited#{token_of(act_id)}"


def token_of(act_id: str) -> str:
    """Derived, so that it is stored nowhere: the id and 128 bits that only this installation can make."""
    return act_id + vault.pseudonym("act-invitation", act_id)


def _note_opened(row: Act) -> None:
    _begin(row.id)
    first = update(Invitation).where(Invitation.act_id == row.id, Invitation.opened_at.is_(None))
    changed = first.values(opened_at=clock.now())
    if db.session.execute(changed, execution_options={"synchronize_session": False}).rowcount:
        told("act:invitation_opened", row, actor=None, other=None)


def _begin(act_id: str) -> None:
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    db.session.execute(dialect.insert(Invitation).values(act_id=act_id, letters=0).on_conflict_do_nothing())
