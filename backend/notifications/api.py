"""The inbox, the choices of what is told how, browsers that may be woken, and the demo's mailbox."""

from backend.core.actor import current_actor
from backend.core.api import PUBLIC, SIGNED_IN, Api
from backend.core.paging import PageQuery, page
from backend.notifications import choices, inbox, push, queries, shapes
from backend.notifications.schemas import (
    Choices,
    ChoicesIn,
    Inbox,
    InboxQuery,
    LetterOut,
    LetterRow,
    Mailbox,
    Named,
    PushKey,
    ReadUpTo,
    SubscriptionIn,
    SubscriptionOut,
    Unread,
)

api = Api("notifications")


@api.get("/notifications", allow=SIGNED_IN, query=InboxQuery, gives=Inbox)
def list_notifications(query: InboxQuery) -> Inbox:
    """One's own inbox for this organisation: unread ones first, each newest first."""
    actor = current_actor()
    rows = queries.inbox(actor.organisation_id, actor.person_id, query.limit, query.after(), query.unread)
    shown, cursor = page(rows, query.limit, lambda row: queries.place(row[0]))
    return Inbox(notifications=[shapes.notification(*row) for row in shown], next=cursor)


@api.get("/notifications/unread", allow=SIGNED_IN, gives=Unread)
def unread() -> Unread:
    """How many are unread; cheap enough to ask for with every screen."""
    actor = current_actor()
    return Unread(unread=queries.unread(actor.organisation_id, actor.person_id))


@api.post("/notifications/read", allow=SIGNED_IN, takes=ReadUpTo, gives=Unread)
def read_all(body: ReadUpTo) -> Unread:
    """Note that everything up to the newest one shown was read; what came since stays unread."""
    actor = current_actor()
    return Unread(unread=inbox.mark_all_read(actor.organisation_id, actor.person_id, body.up_to))


@api.post("/notifications/<notification_id>/read", allow=SIGNED_IN, gives=Unread)
def read_one(notification_id: str) -> Unread:
    """Note that one was read."""
    actor = current_actor()
    return Unread(unread=inbox.mark_read(actor.organisation_id, actor.person_id, notification_id))


@api.get("/notification-choices", allow=SIGNED_IN, gives=Choices)
def list_choices() -> Choices:
    """How one is told of each kind. The inbox has everything, whatever is chosen."""
    actor = current_actor()
    return shapes.chosen(actor, queries.reachable_by_mail(actor.person_id))


@api.put("/notification-choices", allow=SIGNED_IN, takes=ChoicesIn, gives=Choices)
def choose(body: ChoicesIn) -> Choices:
    """Choose how to be told; kinds that are not named stay as they are."""
    actor = current_actor()
    choices.choose(actor, shapes.wanted(body))
    return shapes.chosen(actor, queries.reachable_by_mail(actor.person_id))


@api.get("/push/key", allow=SIGNED_IN, gives=PushKey)
def push_key() -> PushKey:
    """The key with which a browser subscribes (VAPID, RFC 8292)."""
    return PushKey(key=push.public_key())


@api.post("/push/subscriptions", allow=SIGNED_IN, takes=SubscriptionIn, gives=SubscriptionOut, status=201)
def subscribe(body: SubscriptionIn) -> SubscriptionOut:
    """Let this browser be woken while its session lives. The same browser again replaces itself."""
    actor = current_actor()
    kept = push.subscribe(actor, body.endpoint, body.keys.p256dh, body.keys.auth, body.language)
    return SubscriptionOut(id=kept)


@api.delete("/push/subscriptions/<subscription_id>", allow=SIGNED_IN, gives=Named)
def unsubscribe(subscription_id: str) -> Named:
    """Let a browser of one's own sleep."""
    push.unsubscribe(current_actor().person_id, subscription_id)
    return Named(id=subscription_id)


@api.get("/mailbox", allow=PUBLIC, query=PageQuery, gives=Mailbox, limit="lookup")
def mailbox(query: PageQuery) -> Mailbox:
    """Letters of an installation without a mail server (a demo), newest first; 404 where letters are really sent."""
    rows, cursor = page(queries.mailbox(query.limit, query.after()), query.limit, lambda row: row.id)
    return Mailbox(letters=[LetterRow(**queries.shown(row)) for row in rows], next=cursor)


@api.get("/mailbox/<letter_id>", allow=PUBLIC, gives=LetterOut, limit="lookup")
def letter(letter_id: str) -> LetterOut:
    """One letter of the mailbox as plain text."""
    return LetterOut(**queries.shown(queries.letter(letter_id)))
