"""Webhook deliveries on their way: signed when sent, tried again for a day, replayed when asked."""

import http.client
import logging
import ssl

from sqlalchemy import delete, func, select, update

from backend.core import clock, queue, vault
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history import service as history
from backend.notifications import outbound, rules, webhooks
from backend.notifications.models import WebhookDelivery, WebhookEndpoint
from backend.notifications.rules import DeliveryUnknown, timedelta

log = logging.getLogger("tanba.webhooks")

KEPT = timedelta(days=30)
AT_ONCE = 100


def send(delivery_id: str) -> None:
    """Try a delivery that is due, and note the answer's code or why there was none."""
    taken = unit_of_work(lambda: _take(delivery_id))
    if taken is None:
        return
    url, body, headers = taken
    status, error = None, None
    try:
        status = outbound.post(url, body, headers)
    except outbound.AddressRefused as refused:
        error = f"refused_{refused.reason}"
    except ssl.SSLError:
        error = "tls"
    except TimeoutError:
        error = "timeout"
    except (OSError, http.client.HTTPException):
        error = "connection"
    unit_of_work(lambda: _note(delivery_id, status, error))


def due() -> list[str]:
    waiting = (WebhookDelivery.state == "waiting", WebhookDelivery.next_at <= clock.now())
    rows = select(WebhookDelivery.id).where(*waiting).order_by(WebhookDelivery.next_at)
    found = list(db.session.scalars(rows.limit(AT_ONCE)))
    db.session.rollback()
    return found


def replay(actor: Actor, delivery_id: str) -> WebhookDelivery:
    """Queue the same bytes again as another delivery. Raises DeliveryUnknown."""
    old = db.session.get(WebhookDelivery, delivery_id)
    if old is None or not _owned(actor.organisation_id, old.endpoint_id):
        raise DeliveryUnknown(id=delivery_id)
    same = (WebhookDelivery.endpoint_id == old.endpoint_id, WebhookDelivery.event_id == old.event_id)
    last = db.session.execute(select(func.max(WebhookDelivery.turn)).where(*same)).scalar_one()
    again = webhooks.queue_body(old.endpoint_id, old.event, old.event_id, old.body, last + 1)
    return db.session.get_one(WebhookDelivery, again)


def forget() -> None:
    db.session.execute(delete(WebhookDelivery).where(WebhookDelivery.created_at < clock.now() - KEPT))


def _owned(organisation_id: str, endpoint_id: str) -> bool:
    endpoint = db.session.get(WebhookEndpoint, endpoint_id)
    return endpoint is not None and endpoint.organisation_id == organisation_id


def _take(delivery_id: str) -> tuple[str, bytes, dict[str, str]] | None:
    now = clock.now()
    due_now = (WebhookDelivery.id == delivery_id, WebhookDelivery.state == "waiting", WebhookDelivery.next_at <= now)
    claim = update(WebhookDelivery).where(*due_now)
    claim = claim.values(attempts=WebhookDelivery.attempts + 1, next_at=now + rules.LEASE)
    if not db.session.execute(claim).rowcount:
        return None
    delivery = db.session.get_one(WebhookDelivery, delivery_id, populate_existing=True)
    endpoint = db.session.get_one(WebhookEndpoint, delivery.endpoint_id)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Tanba-Webhooks/1",
        "Tanba-Event": delivery.event,
        "Tanba-Delivery": delivery.id,
        "Tanba-Signature": rules.signature(_secrets(endpoint), int(now.timestamp()), delivery.body),
    }
    return endpoint.url, delivery.body, headers


def _secrets(endpoint: WebhookEndpoint) -> list[bytes]:
    found = [vault.open_(endpoint.secret_sealed)]
    if endpoint.old_secret_sealed and endpoint.old_secret_until and clock.now() < endpoint.old_secret_until:
        found.append(vault.open_(endpoint.old_secret_sealed))
    return found


def _note(delivery_id: str, status: int | None, error: str | None) -> None:
    delivery = db.session.get(WebhookDelivery, delivery_id, populate_existing=True)
    if delivery is None:
        return
    endpoint = db.session.get_one(WebhookEndpoint, delivery.endpoint_id, populate_existing=True)
    delivery.status, delivery.error = status, error
    if status is not None and 200 <= status < 300:
        delivery.state, delivery.delivered_at = "delivered", clock.now()
        endpoint.state, endpoint.delivered_at = "active", clock.now()
        return
    if status is not None and 300 <= status < 400:
        delivery.error = "redirect"
    wait = rules.wait_after(delivery.attempts, rules.WEBHOOK_WAITS)
    if wait is not None:
        delivery.next_at = clock.now() + wait
        return
    delivery.state = "failed"
    if endpoint.state != "failing":
        endpoint.state = "failing"
        _tell_failing(endpoint)


def _tell_failing(endpoint: WebhookEndpoint) -> None:
    fact_id = history.record(
        "webhook:failing", subject=("webhook", endpoint.id), organisation_id=endpoint.organisation_id
    )
    queue.after_commit("notifications.on_fact", fact_id)
