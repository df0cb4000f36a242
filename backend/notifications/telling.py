"""From facts, and from days that come near, to the people and the systems that want to know."""

import logging
from typing import Any

from flask import current_app
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import queries as identity
from backend.notifications import inbox, letters, queries, recipients, webhooks
from backend.notifications.kinds import EMAIL_ASKED, EVENT_OF, KINDS, LOOKED_AT, TELLINGS
from backend.notifications.models import ToldFact
from backend.notifications.rules import timedelta
from backend.organisations import queries as organisations

log = logging.getLogger("tanba.telling")
UNKNOWN_DEVICE = {"kk": "белгісіз құрылғы", "ru": "неизвестное устройство", "en": "unknown device"}

# A queue that was lost is noticed long before; older facts are nobody's news.
WINDOW = timedelta(days=3)
AT_ONCE = 200


class ToldBefore(Exception):
    """Another worker has looked at this fact."""


def tell(fact_id: str) -> None:
    """Look at one fact once: tell people, queue webhooks, write letters."""
    try:
        unit_of_work(lambda: _tell(fact_id))
    except ToldBefore:
        return


def tell_forgotten() -> int:
    """Look at facts that no job was queued for, or whose job was lost; returns how many were told."""
    told = select(ToldFact.fact_id).where(ToldFact.fact_id == Fact.id).exists()
    rows = select(Fact.id).where(Fact.at > clock.now() - WINDOW, Fact.kind.in_(LOOKED_AT), ~told)
    found = list(db.session.scalars(rows.order_by(Fact.at, Fact.id).limit(AT_ONCE)))
    db.session.rollback()
    return sum(_told(fact_id) for fact_id in found)


def _told(fact_id: str) -> bool:
    """One fact that cannot be told must not keep the others waiting."""
    try:
        tell(fact_id)
    except Exception:
        log.exception("fact not told", extra={"fact": fact_id})
        return False
    return True


def forget() -> None:
    db.session.execute(delete(ToldFact).where(ToldFact.at < clock.now() - 2 * WINDOW))


def _tell(fact_id: str) -> None:
    fact = db.session.get(Fact, fact_id)
    if fact is None or fact.kind not in LOOKED_AT:
        return
    try:
        with db.session.begin_nested():
            db.session.execute(insert(ToldFact).values(fact_id=fact_id, at=clock.now()))
    except IntegrityError as error:
        raise ToldBefore() from error
    if fact.kind in TELLINGS:
        _tell_people(fact)
    if fact.kind in EVENT_OF:
        webhooks.announce(EVENT_OF[fact.kind], fact)
    if fact.kind == EMAIL_ASKED:
        _write_to_new_address(fact.subject_id)


def _tell_people(fact: Fact) -> None:
    telling = TELLINGS[fact.kind]
    kind = KINDS[telling.kind]
    params = {name: _value(fact, source) for name, source in telling.params.items()}
    link = kind.link.format(subject=fact.subject_id)
    for person_id, organisation_id in recipients.of_fact(kind, fact):
        inbox.put(person_id, organisation_id, telling.kind, params, cause=f"fact:{fact.id}", link=link)


def _value(fact: Fact, source: str) -> Any:
    """What a word's value is in this fact; see kinds.Telling."""
    if source == "organisation":
        return organisations.organisation(fact.organisation_id or "").names
    if source == "actor":
        return queries.name_of(fact.actor_id)
    if source == "device":
        return (fact.detail or {}).get("device") or UNKNOWN_DEVICE
    if source == "at":
        return fact.at
    part, _, name = source.partition(".")
    return (getattr(fact, part) or {}).get(name, "")


def _write_to_new_address(change_id: str) -> None:
    asked = identity.email_change(change_id)
    if asked is None:
        return
    link = current_app.config["SETTINGS"].public_url + asked.path
    letters.write(
        to=asked.email, template="email_confirm", language=asked.language, params={"person": asked.name, "link": link}
    )
