"""What the routes of notifications take and give."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.core.i18n import Names
from backend.core.paging import PageQuery
from backend.notifications.kinds import Mail

Id = Annotated[str, Field(pattern="^[0-9A-HJKMNP-TV-Z]{26}$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LetterRow(BaseModel):
    id: str
    to: str
    subject: str
    template: str
    language: str
    created_at: datetime


class LetterOut(LetterRow):
    text: str


class Mailbox(BaseModel):
    letters: list[LetterRow]
    next: str | None


class InboxQuery(PageQuery):
    unread: bool = Field(False, description="Only what is unread")


class NotificationOut(BaseModel):
    id: str
    kind: str
    params: dict[str, str | int | Names] = Field(description="Values of its words; names come in three languages")
    link: str = Field(description="Address inside the app")
    organisation: Names | None
    created_at: datetime
    read_at: datetime | None


class Inbox(BaseModel):
    notifications: list[NotificationOut]
    next: str | None


class Unread(BaseModel):
    unread: int = Field(description="Counted up to 100")


class ReadUpTo(Strict):
    up_to: Id = Field(description="The newest notification that was shown")


class ChoiceIn(Strict):
    kind: str = Field(max_length=32)
    push: bool
    mail: Mail


class ChoicesIn(Strict):
    choices: list[ChoiceIn] = Field(max_length=100)


class ChoiceOut(BaseModel):
    kind: str
    push: bool
    mail: Mail
    mandatory: bool = Field(description="Mail cannot be changed")


class Choices(BaseModel):
    choices: list[ChoiceOut]
    mail: bool = Field(description="Whether there is a confirmed e-mail to write to")


class PushKey(BaseModel):
    key: str = Field(description="applicationServerKey, URL-safe base64 of 65 bytes")


class PushKeys(Strict):
    p256dh: str = Field(max_length=100)
    auth: str = Field(max_length=40)


class SubscriptionIn(Strict):
    endpoint: str = Field(max_length=1_000)
    keys: PushKeys
    language: Literal["kk", "ru", "en"]


class SubscriptionOut(BaseModel):
    id: str


class WebhookIn(Strict):
    url: str = Field(max_length=1_000)
    events: list[str] = Field(max_length=50)


class WebhookOut(BaseModel):
    id: str
    url: str
    events: list[str]
    state: Literal["active", "failing"]
    delivered_at: datetime | None
    old_secret_until: datetime | None
    created_at: datetime


class WebhookList(BaseModel):
    webhooks: list[WebhookOut]
    events: list[str] = Field(description="What can be asked for")


class WebhookSecret(BaseModel):
    id: str
    secret: str = Field(description="Shown this once")


class Named(BaseModel):
    id: str


class DeliveryOut(BaseModel):
    id: str
    event: str
    event_id: str
    state: Literal["waiting", "delivered", "failed"]
    attempts: int
    status: int | None = Field(description="Code of the last answer")
    error: str | None = Field(description="Why there was no answer, or why it does not count")
    body: str
    created_at: datetime
    next_at: datetime | None
    delivered_at: datetime | None


class DeliveryList(BaseModel):
    deliveries: list[DeliveryOut]
    next: str | None
