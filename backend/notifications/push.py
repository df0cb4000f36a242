"""Web Push (RFC 8030, 8291, 8292): browsers that may be woken, and what wakes them.

What is sent says of which kind a notification is and where it leads, nothing about people or goods; the service worker
finds the words.
"""

import base64
import hashlib
import http.client
import logging
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from py_vapid import Vapid02
from sqlalchemy import ColumnElement, delete, insert, select, update

from backend.core import clock, queue, vault
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.ids import new_id
from backend.identity.models import Session
from backend.notifications import outbound, queries, rules
from backend.notifications.kinds import KINDS
from backend.notifications.models import Notification, PushMessage, PushSubscription
from backend.notifications.rules import SubscriptionInvalid, SubscriptionUnknown, timedelta

log = logging.getLogger("tanba.push")

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
TTL = 86_400  # seconds that a push service keeps a message for a phone that sleeps
JWT_LIVES = timedelta(hours=12)
GONE = (404, 410)
HOPELESS = (400, 401, 403, 413)
MOST_BROWSERS = 10
AT_ONCE = 100


def private_key() -> ec.EllipticCurvePrivateKey:
    """The VAPID key, derived from the platform's own: every machine of an installation has the same, none stores it."""
    seed = current_app.config["SETTINGS"].platform_seed
    bits = HKDF(hashes.SHA256(), 48, salt=None, info=b"tanba/vapid/1").derive(seed)
    return ec.derive_private_key(int.from_bytes(bits, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def public_key() -> str:
    """The uncompressed point, 65 bytes, in URL-safe base64: a browser's `applicationServerKey`."""
    point = private_key().public_key()
    raw = point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def subscribe(actor: Actor, endpoint: str, p256dh: str, auth: str, language: str) -> str:
    """Keep a browser's subscription; the same browser again replaces itself, whoever had it. Raises
    SubscriptionInvalid."""
    _require_usable(endpoint, p256dh, auth)
    digest = hashlib.sha256(endpoint.encode()).digest()
    db.session.execute(delete(PushSubscription).where(PushSubscription.endpoint_hash == digest))
    subscription_id = new_id()
    db.session.execute(
        insert(PushSubscription).values(
            id=subscription_id,
            person_id=actor.person_id,
            session_id=actor.session_id or "",
            endpoint_hash=digest,
            sealed=vault.close(orjson.dumps({"endpoint": endpoint, "p256dh": p256dh, "auth": auth})),
            language=language,
            created_at=clock.now(),
        )
    )
    mine = select(PushSubscription.id).where(PushSubscription.person_id == actor.person_id)
    oldest = db.session.scalars(mine.order_by(PushSubscription.id.desc()).offset(MOST_BROWSERS)).all()
    db.session.execute(delete(PushSubscription).where(PushSubscription.id.in_(oldest)))
    return subscription_id


def unsubscribe(person_id: str, subscription_id: str) -> None:
    """Raises SubscriptionUnknown, for another's as for one that is not."""
    mine = (PushSubscription.id == subscription_id, PushSubscription.person_id == person_id)
    if not db.session.execute(delete(PushSubscription).where(*mine)).rowcount:
        raise SubscriptionUnknown(id=subscription_id)


def queue_for(person_id: str, notification_id: str) -> None:
    """Wake every browser of a person, in the open transaction. A browser whose session was ended sleeps on."""
    rows = select(PushSubscription.id).where(PushSubscription.person_id == person_id, ~_ended())
    for subscription_id in db.session.scalars(rows).all():
        message_id = new_id()
        db.session.execute(
            insert(PushMessage).values(
                id=message_id,
                subscription_id=subscription_id,
                notification_id=notification_id,
                attempts=0,
                next_at=clock.now(),
            )
        )
        queue.after_commit("notifications.send_push", message_id)


def send(message_id: str) -> None:
    """Try to send a message that is due; a browser that is gone is forgotten."""
    taken = unit_of_work(lambda: _take(message_id))
    if taken is None:
        return
    subscription_id, endpoint, body, headers = taken
    try:
        status = outbound.post(endpoint, body, headers)
    except outbound.AddressRefused:
        unit_of_work(lambda: _forget_browser(subscription_id))
    except (OSError, http.client.HTTPException) as error:
        log.info("push not sent", extra={"reason": type(error).__name__})
        unit_of_work(lambda: _again(message_id))
    else:
        unit_of_work(lambda: _judge(message_id, subscription_id, status))


def forget_signed_out() -> None:
    """Browsers whose session was ended by its owner or by the head."""
    db.session.execute(delete(PushSubscription).where(_ended()))


def due() -> list[str]:
    rows = select(PushMessage.id).where(PushMessage.next_at <= clock.now()).order_by(PushMessage.next_at)
    found = list(db.session.scalars(rows.limit(AT_ONCE)))
    db.session.rollback()
    return found


def _take(message_id: str) -> tuple[str, str, bytes, dict[str, str]] | None:
    now = clock.now()
    claim = update(PushMessage).where(PushMessage.id == message_id, PushMessage.next_at <= now)
    claim = claim.values(attempts=PushMessage.attempts + 1, next_at=now + rules.LEASE)
    if not db.session.execute(claim).rowcount:
        return None
    message = db.session.get_one(PushMessage, message_id, populate_existing=True)
    notification = db.session.get_one(Notification, message.notification_id)
    subscription = db.session.get_one(PushSubscription, message.subscription_id)
    session = db.session.get(Session, subscription.session_id)
    if notification.read_at is not None or (session is not None and session.revoked_at is not None):
        _drop(message_id)
        return None
    keys = orjson.loads(vault.open_(subscription.sealed))
    body = encrypted(keys, payload(notification, subscription.language))
    return subscription.id, keys["endpoint"], body, _headers(keys["endpoint"], notification)


def payload(notification: Notification, language: str) -> bytes:
    """What the service worker gets: codes and an address inside the app, well under the 3 KB that all services take."""
    unread = queries.unread(notification.organisation_id or "", notification.person_id)
    return orjson.dumps(
        {
            "id": notification.id,
            "kind": notification.kind,
            "link": notification.link,
            "language": language,
            "unread": unread,
        }
    )


def encrypted(keys: dict[str, str], plain: bytes) -> bytes:
    """RFC 8291, aes128gcm."""
    from pywebpush import WebPusher  # brings an HTTP client with it that only the sending worker should carry

    subscription = {"endpoint": keys["endpoint"], "keys": {"p256dh": keys["p256dh"], "auth": keys["auth"]}}
    return WebPusher(subscription).encode(plain, content_encoding="aes128gcm")["body"]


def _headers(endpoint: str, notification: Notification) -> dict[str, str]:
    """A newer message of the same kind about the same thing replaces the one that still waits (Topic)."""
    settings, parts = current_app.config["SETTINGS"], urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((clock.now() + JWT_LIVES).timestamp()),
        "sub": f"mailto:{settings.mail_from}",
    }
    topic = hashlib.sha256(f"{notification.kind}|{notification.link}".encode()).digest()[:24]
    return {
        **Vapid02(private_key()).sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL),
        "Urgency": "high" if KINDS[notification.kind].urgent else "normal",
        "Topic": base64.urlsafe_b64encode(topic).decode(),
    }


def _judge(message_id: str, subscription_id: str, status: int) -> None:
    if status in GONE:
        _forget_browser(subscription_id)
    elif 200 <= status < 300:
        _drop(message_id)
    elif status in HOPELESS:
        log.warning("push refused", extra={"status": status})
        _drop(message_id)
    else:
        _again(message_id)


def _again(message_id: str) -> None:
    attempts = db.session.execute(select(PushMessage.attempts).where(PushMessage.id == message_id)).scalar()
    wait = rules.wait_after(attempts, rules.PUSH_WAITS) if attempts else None
    if wait is None:
        _drop(message_id)
    else:
        db.session.execute(update(PushMessage).where(PushMessage.id == message_id).values(next_at=clock.now() + wait))


def _drop(message_id: str) -> None:
    db.session.execute(delete(PushMessage).where(PushMessage.id == message_id))


def _forget_browser(subscription_id: str) -> None:
    db.session.execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))


def _ended() -> ColumnElement[bool]:
    ended = select(Session.id).where(Session.id == PushSubscription.session_id, Session.revoked_at.is_not(None))
    return ended.exists()


def _require_usable(endpoint: str, p256dh: str, auth: str) -> None:
    try:
        outbound.require_public(endpoint)
        point, secret = _unpadded(p256dh), _unpadded(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except outbound.AddressRefused as error:
        raise SubscriptionInvalid(reason=error.reason) from error
    except ValueError as error:
        raise SubscriptionInvalid(reason="keys") from error
    if len(secret) != 16:
        raise SubscriptionInvalid(reason="keys")


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
