"""Pure rules of telling: whom, of what, how; when to try again; what an address must look like."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.core.clock import ALMATY
from backend.core.errors import Conflict, Invalid, NotFound

LONGEST_ADDRESS = 254
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")

# A mail server that is away is usually back within the hour; after a day nobody waits for the letter any more.
MAIL_WAITS = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 180, 360, 720))
PUSH_WAITS = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 180))
# 24 hours from the first try to the last.
WEBHOOK_WAITS = tuple(timedelta(minutes=one) for one in (1, 4, 15, 40, 120, 300, 480, 480))
ROTATION = timedelta(hours=24)
"""How long the old secret of a webhook signs beside the new one."""

DIGEST_HOUR = 9
LEASE = timedelta(minutes=5)
"""How long a worker that took something to send is trusted to be still sending it."""


class AddressInvalid(Invalid):
    """An e-mail address that no mail server would take."""

    code = "notifications.address_invalid"


class LetterUnknown(NotFound):
    code = "notifications.letter_unknown"


class MailboxClosed(NotFound):
    """Letters are really sent here, so there is no mailbox to look into."""

    code = "notifications.mailbox_closed"


class NotificationUnknown(NotFound):
    code = "notifications.unknown"


class KindUnknown(Invalid):
    code = "notifications.kind_unknown"


class ChoiceMandatory(Invalid):
    """What protects an account is told by mail whatever one chooses."""

    code = "notifications.choice_mandatory"


class SubscriptionInvalid(Invalid):
    """A push subscription that no browser makes; `reason` is a code."""

    code = "notifications.subscription_invalid"


class SubscriptionUnknown(NotFound):
    code = "notifications.subscription_unknown"


class WebhookUrlInvalid(Invalid):
    """Not an https address of a public host; `reason` is a code: url, host, port, address."""

    code = "notifications.webhook_url_invalid"


class WebhookEventsInvalid(Invalid):
    code = "notifications.webhook_events_invalid"


class WebhookUnknown(NotFound):
    code = "notifications.webhook_unknown"


class DeliveryUnknown(NotFound):
    code = "notifications.delivery_unknown"


class TooManyWebhooks(Conflict):
    code = "notifications.too_many_webhooks"


def address(typed: str) -> str:
    """An e-mail address as it goes into an envelope: ASCII, an international domain in its xn-- form. Raises
    AddressInvalid."""
    local, _, domain = typed.strip().rpartition("@")
    try:
        domain = domain.lower().encode("idna").decode()
    except UnicodeError as error:
        raise AddressInvalid(fields=[{"field": "email", "code": "email"}]) from error
    found = f"{local}@{domain}"
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if dots or len(found) > LONGEST_ADDRESS or not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(domain):
        raise AddressInvalid(fields=[{"field": "email", "code": "email"}])
    return found


def wait_after(attempts: int, waits: tuple[timedelta, ...]) -> timedelta | None:
    """How long to wait after so many failed attempts; None when it was the last one."""
    return waits[attempts - 1] if attempts <= len(waits) else None


def signature(secrets: Sequence[bytes], moment: int, body: bytes) -> str:
    """`Tanba-Signature`: HMAC-SHA256 of `<unix time>.<body>` by each secret that is good now, hexadecimal."""
    signed = str(moment).encode() + b"." + body
    return ",".join([f"t={moment}", *(f"v1={hmac.new(one, signed, hashlib.sha256).hexdigest()}" for one in secrets)])


def next_digest(now: datetime) -> datetime:
    """The next nine o'clock in the morning in Kazakhstan, strictly after this moment."""
    local = now.astimezone(ALMATY)
    morning = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)
