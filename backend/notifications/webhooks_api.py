"""Webhooks: an organisation's systems are told of its facts."""

from backend.core.actor import current_actor
from backend.core.api import Api
from backend.core.paging import PageQuery, page
from backend.notifications import deliveries, queries, shapes, webhooks
from backend.notifications.kinds import EVENTS
from backend.notifications.schemas import (
    DeliveryList,
    DeliveryOut,
    Named,
    WebhookIn,
    WebhookList,
    WebhookOut,
    WebhookSecret,
)
from backend.organisations.access import Permission

api = Api("webhooks")


@api.get("/webhooks", allow=Permission.INTEGRATIONS_MANAGE, gives=WebhookList)
def list_webhooks() -> WebhookList:
    """The organisation's endpoints, and the events that can be asked for."""
    found = queries.webhooks(current_actor().organisation_id)
    return WebhookList(webhooks=[shapes.webhook(one) for one in found], events=list(EVENTS))


@api.post("/webhooks", allow=Permission.INTEGRATIONS_MANAGE, takes=WebhookIn, gives=WebhookSecret, status=201)
def create_webhook(body: WebhookIn) -> WebhookSecret:
    """Add an endpoint. The answer holds its secret, this once; a ping is sent at once.

    Each delivery is a POST of `{"id", "event", "created_at", "data"}` with `Tanba-Signature: t=<unix time>,v1=<hex>`:
    HMAC-SHA256 by the secret over `<t>.<body>`. Any 2xx within 5 seconds is taken as received; else it is tried again
    for 24 hours. `id` stays the same in every try and replay.
    """
    endpoint_id, secret = webhooks.create(current_actor(), body.url, body.events)
    return WebhookSecret(id=endpoint_id, secret=secret)


@api.put("/webhooks/<webhook_id>", allow=Permission.INTEGRATIONS_MANAGE, takes=WebhookIn, gives=WebhookOut)
def change_webhook(webhook_id: str, body: WebhookIn) -> WebhookOut:
    """Change the address or the events; the secret stays."""
    return shapes.webhook(webhooks.change(current_actor(), webhook_id, body.url, body.events))


@api.delete("/webhooks/<webhook_id>", allow=Permission.INTEGRATIONS_MANAGE, gives=Named)
def remove_webhook(webhook_id: str) -> Named:
    """Remove an endpoint with everything that waits for it."""
    webhooks.remove(current_actor(), webhook_id)
    return Named(id=webhook_id)


@api.post("/webhooks/<webhook_id>/secret", allow=Permission.INTEGRATIONS_MANAGE, gives=WebhookSecret)
def rotate_secret(webhook_id: str) -> WebhookSecret:
    """A new secret, shown this once. For 24 hours deliveries carry two signatures, by the new and by the old one."""
    return WebhookSecret(id=webhook_id, secret=webhooks.rotate(current_actor(), webhook_id))


@api.post("/webhooks/<webhook_id>/ping", allow=Permission.INTEGRATIONS_MANAGE, gives=Named)
def ping(webhook_id: str) -> Named:
    """Send a ping; answers the id of its delivery."""
    return Named(id=webhooks.ping(current_actor(), webhook_id))


@api.get("/webhooks/<webhook_id>/deliveries", allow=Permission.INTEGRATIONS_MANAGE, query=PageQuery, gives=DeliveryList)
def list_deliveries(webhook_id: str, query: PageQuery) -> DeliveryList:
    """What was sent in the last 30 days and what came of it, newest first."""
    rows = queries.deliveries(current_actor().organisation_id, webhook_id, query.limit, query.after())
    shown, cursor = page(rows, query.limit, lambda row: row.id)
    return DeliveryList(deliveries=[shapes.delivery(one) for one in shown], next=cursor)


@api.post("/webhook-deliveries/<delivery_id>/replay", allow=Permission.INTEGRATIONS_MANAGE, gives=DeliveryOut)
def replay(delivery_id: str) -> DeliveryOut:
    """Send the same event again, now; the receiver knows it by its id."""
    return shapes.delivery(deliveries.replay(current_actor(), delivery_id))
