"""Rows as the contract shows them."""

from backend.core.actor import Actor
from backend.core.i18n import Names
from backend.notifications import choices
from backend.notifications.kinds import KINDS
from backend.notifications.models import Notification, WebhookDelivery, WebhookEndpoint
from backend.notifications.schemas import ChoiceOut, Choices, ChoicesIn, DeliveryOut, NotificationOut, WebhookOut


def notification(row: Notification, names: dict[str, str] | None) -> NotificationOut:
    return NotificationOut(
        id=row.id,
        kind=row.kind,
        params=row.params,
        link=row.link,
        organisation=Names(**names) if names else None,
        created_at=row.created_at,
        read_at=row.read_at,
    )


def chosen(actor: Actor, mail: bool) -> Choices:
    offered = choices.offered(actor).items()
    rows = [ChoiceOut(kind=name, push=push, mail=way, mandatory=KINDS[name].mandatory) for name, (push, way) in offered]
    return Choices(choices=rows, mail=mail)


def wanted(body: ChoicesIn) -> dict[str, choices.Chosen]:
    return {one.kind: (one.push, one.mail) for one in body.choices}


def webhook(row: WebhookEndpoint) -> WebhookOut:
    return WebhookOut(
        id=row.id,
        url=row.url,
        events=row.events,
        state=row.state,
        delivered_at=row.delivered_at,
        old_secret_until=row.old_secret_until,
        created_at=row.created_at,
    )


def delivery(row: WebhookDelivery) -> DeliveryOut:
    return DeliveryOut(
        id=row.id,
        event=row.event,
        event_id=row.event_id,
        state=row.state,
        attempts=row.attempts,
        status=row.status,
        error=row.error,
        body=row.body.decode(),
        created_at=row.created_at,
        next_at=row.next_at if row.state == "waiting" else None,
        delivered_at=row.delivered_at,
    )
