"""Addresses of integrators that are told of an organisation's facts: made, changed, their secrets turned over."""

import secrets
from typing import Any

import orjson
from sqlalchemy import func, insert, select

from backend.core import clock, queue, vault
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.history.models import Fact
from backend.notifications import outbound, rules
from backend.notifications.kinds import EVENTS, OTHER, PING
from backend.notifications.models import WebhookDelivery, WebhookEndpoint
from backend.notifications.rules import TooManyWebhooks, WebhookEventsInvalid, WebhookUnknown, WebhookUrlInvalid

MOST = 20
PREFIX = "whsec_"


def create(actor: Actor, url: str, events: list[str]) -> tuple[str, str]:
    """(id, secret) of a new endpoint; the secret is shown this once. A ping is sent to it at once.

    Raises WebhookUrlInvalid, WebhookEventsInvalid, TooManyWebhooks.
    """
    _require(url, events)
    mine = select(func.count()).where(WebhookEndpoint.organisation_id == actor.organisation_id)
    if db.session.execute(mine).scalar_one() >= MOST:
        raise TooManyWebhooks(most=MOST)
    endpoint_id, secret = new_id(), PREFIX + secrets.token_urlsafe(32)
    db.session.execute(
        insert(WebhookEndpoint).values(
            id=endpoint_id,
            organisation_id=actor.organisation_id,
            url=url,
            events=sorted(events),
            secret_sealed=vault.close(secret.encode()),
            state="active",
            created_at=clock.now(),
        )
    )
    _record("webhook:created", endpoint_id, actor, after={"url": _shown(url), "events": sorted(events)})
    ping(actor, endpoint_id)
    return endpoint_id, secret


def change(actor: Actor, endpoint_id: str, url: str, events: list[str]) -> WebhookEndpoint:
    """Raises WebhookUnknown, WebhookUrlInvalid, WebhookEventsInvalid."""
    _require(url, events)
    endpoint = own(actor.organisation_id, endpoint_id)
    before = {"url": _shown(endpoint.url), "events": endpoint.events}
    endpoint.url, endpoint.events = url, sorted(events)
    after = {"url": _shown(url), "events": endpoint.events}
    _record("webhook:changed", endpoint_id, actor, before=before, after=after)
    return endpoint


def remove(actor: Actor, endpoint_id: str) -> None:
    """Raises WebhookUnknown."""
    db.session.delete(own(actor.organisation_id, endpoint_id))
    _record("webhook:removed", endpoint_id, actor)


def rotate(actor: Actor, endpoint_id: str) -> str:
    """A new secret, shown this once; for a day both sign. Raises WebhookUnknown."""
    endpoint = own(actor.organisation_id, endpoint_id)
    secret = PREFIX + secrets.token_urlsafe(32)
    endpoint.old_secret_sealed, endpoint.old_secret_until = endpoint.secret_sealed, clock.now() + rules.ROTATION
    endpoint.secret_sealed = vault.close(secret.encode())
    _record("webhook:secret_rotated", endpoint_id, actor)
    return secret


def ping(actor: Actor, endpoint_id: str) -> str:
    """Queue a ping; returns the delivery's id. Raises WebhookUnknown."""
    endpoint = own(actor.organisation_id, endpoint_id)
    return queue_for(endpoint, PING, new_id(), {})


def announce(event: str, fact: Fact) -> None:
    """Queue an event for each endpoint of the fact's parties that asked for it before it happened."""
    parties = [one for one in (fact.organisation_id, (fact.detail or {}).get(OTHER)) if one]
    rows = select(WebhookEndpoint).where(WebhookEndpoint.organisation_id.in_(parties))
    for endpoint in db.session.scalars(rows).all():
        if event in endpoint.events and endpoint.created_at <= fact.at:
            queue_for(endpoint, event, fact.id, content(fact))


def content(fact: Fact) -> dict[str, Any]:
    """What an event says: ids and counts. Whoever may see more asks the API for it."""
    document = {"kind": fact.document_kind, "id": fact.document_id} if fact.document_id else None
    return {
        "action": fact.kind,
        "subject": {"kind": fact.subject_kind, "id": fact.subject_id},
        "document": document,
        "count": fact.count,
        "at": _iso(fact.at),
    }


def queue_for(endpoint: WebhookEndpoint, event: str, event_id: str, data: dict[str, Any], turn: int = 0) -> str:
    """One delivery, in the open transaction; the bytes are fixed here, so that every try sends the same."""
    body = orjson.dumps({"id": event_id, "event": event, "created_at": _iso(clock.now()), "data": data})
    return queue_body(endpoint.id, event, event_id, body, turn)


def queue_body(endpoint_id: str, event: str, event_id: str, body: bytes, turn: int) -> str:
    delivery_id, now = new_id(), clock.now()
    db.session.execute(
        insert(WebhookDelivery).values(
            id=delivery_id,
            endpoint_id=endpoint_id,
            event=event,
            event_id=event_id,
            turn=turn,
            body=body,
            state="waiting",
            attempts=0,
            next_at=now,
            created_at=now,
        )
    )
    queue.after_commit("notifications.deliver", delivery_id)
    return delivery_id


def own(organisation_id: str, endpoint_id: str) -> WebhookEndpoint:
    """Raises WebhookUnknown, for another organisation's as for one that is not."""
    found = db.session.get(WebhookEndpoint, endpoint_id, populate_existing=True)
    if found is None or found.organisation_id != organisation_id:
        raise WebhookUnknown(id=endpoint_id)
    return found


def _require(url: str, events: list[str]) -> None:
    try:
        outbound.require_public(url)
    except outbound.AddressRefused as error:
        raise WebhookUrlInvalid(fields=[{"field": "url", "code": error.reason}], reason=error.reason) from error
    if not events or not set(events) <= EVENTS.keys():
        raise WebhookEventsInvalid(fields=[{"field": "events", "code": "events"}])


def _shown(url: str) -> str:
    """Without what may be a secret in it: integrators put tokens behind the question mark."""
    return url.partition("?")[0]


def _record(kind: str, endpoint_id: str, actor: Actor, **changes: Any) -> None:
    subject = ("webhook", endpoint_id)
    history.record(kind, subject=subject, organisation_id=actor.organisation_id, actor=actor, **changes)


def _iso(moment: Any) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
