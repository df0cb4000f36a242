"""Jobs of signatures. The network is asked outside any transaction, because nobody may wait for it holding a lock."""

import logging
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.queue import every, task
from backend.signatures import asking, queries, service, trust
from backend.signatures.crl import ListRefused
from backend.signatures.lists import StoredLists
from backend.signatures.models import Signature
from backend.signatures.rules import TimestampWrong

log = logging.getLogger("tanba.signatures")

LARGEST_LIST = 64 * 1024 * 1024
LIST_SECONDS = 60.0
LIST_AGE = timedelta(minutes=29)
# A stamp proves little once it comes late, and an authority that is down must not be asked for ever.
STAMPED_WITHIN = timedelta(days=3)
AT_ONCE = 200


@task
def timestamp(signature_id: str) -> None:
    """Have a kept signature stamped, unless it is."""
    try:
        stamp = service.ask_stamp(signature_id)
    except TimestampWrong as error:
        log.warning("a stamp of time was refused", extra={"reason": str(error.params.get("why"))})
        return
    finally:
        db.session.rollback()
    if stamp is not None:
        unit_of_work(lambda: service.keep_stamp(signature_id, stamp))


@every(minutes=10)
def stamp_the_rest() -> None:
    """Stamps that an authority or a queue that was down owes us."""
    owed = (
        select(Signature.id)
        .where(Signature.stamped_at.is_(None), Signature.verified_at > clock.now() - STAMPED_WITHIN)
        .where(Signature.verdict["purpose"].as_string() == "document")
        .order_by(Signature.id)
        .limit(AT_ONCE)
    )
    found = list(db.session.scalars(owed))
    db.session.rollback()
    for signature_id in found:
        timestamp(signature_id)


@every(minutes=5)
def settle_pending() -> None:
    """Ask again about the certificates of signatures that wait, and settle what can be settled."""
    waiting = queries.waiting()
    db.session.rollback()
    for signature_id in waiting:
        decision = service.judge_again(signature_id)
        db.session.rollback()
        if decision is not None:
            unit_of_work(lambda one=signature_id, told=decision: service.settle(one, told))


@every(minutes=5)
def refresh_lists() -> None:
    """Fetch the national authority's revocation lists, full and delta, half-hourly; what failed is tried again at the
    next run. One that cannot be fetched or believed leaves the old one, which says nothing once it is out of date."""
    settings = current_app.config["SETTINGS"]
    if settings.trust_profile == "dev":
        return
    here = trust.active(settings)
    stored = StoredLists(settings.instance / "trust" / settings.trust_profile / "crl")
    for url in settings.crl_urls:
        if stored.fetched(url, since=clock.now() - LIST_AGE):
            continue
        pieces = asking.answer("GET", url, None, {}, largest=LARGEST_LIST, seconds=LIST_SECONDS)
        try:
            stored.keep(pieces, here.authorities)
            stored.mark(url, clock.now())
        except asking.Unreachable as error:
            log.warning("a revocation list was not fetched", extra={"reason": str(error)})
        except ListRefused as refused:
            log.warning("a revocation list was refused", extra={"reason": refused.why})
