"""One of everything that an organisation and its people can own, by the name that routes give its id."""

import hashlib
import os
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import JSON, select

from backend.acts.attachments_models import Attachment
from backend.acts.models import Act, Unit
from backend.codes import packages
from backend.core import clock, gs1
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import Base, UtcDateTime, db
from backend.core.ids import new_id
from backend.files import store
from backend.files.models import Belonging, Bringing, File
from backend.identity.models import ApiKey, Confirmation, Passkey, Session
from backend.labels import service as labels
from backend.labels.schemas import SheetIn
from backend.notifications.models import Notification, PushSubscription, WebhookDelivery, WebhookEndpoint
from backend.organisations.models import Invitation, Membership, Place, Power
from tests import factories

_numbers = iter(range(10**6))

SIGNED = {"signatures": [{"id": "0" * 26, "cms": "AAAA"}]}
DECISION = {"mode": "trust"}

BODIES: dict[str, dict[str, object]] = {
    "/api/v1/auth/confirmations/<confirmation_id>": {"credential": {}},
    "/api/v1/powers/<power_id>/sign": SIGNED,
    "/api/v1/webhooks/<webhook_id>": {"url": "https://93.184.216.34/tanba", "events": ["member.added"]},
    "/api/v1/acts/<act_id>/send": SIGNED,
    "/api/v1/acts/<act_id>/decision": SIGNED | {"decision": DECISION},
    "/api/v1/acts/<act_id>/annulment": SIGNED,
    "/api/v1/acts/<act_id>/annulment/agree": SIGNED,
    "/api/v1/acts/<act_id>/correction": SIGNED,
    "/api/v1/acts/<act_id>/correction/agree": SIGNED,
}
"""What a route's body needs beyond the least that its model asks for, by rule."""


def key(rule: str, name: str) -> str:
    """Where one name means different things on different routes: the name of the thing."""
    return {"key_id": "api_key_id"}.get(name, name) if "/api-keys/" in rule else name


def of(organisation: str, person: str) -> dict[str, str]:
    """Make them all and answer their ids, as they stand in addresses."""
    things: dict[str, str] = {}
    for part in (goods, act, rights, of_the_person, webhooks):
        things |= part(organisation, person)
    return things


def goods(organisation: str, person: str) -> dict[str, str]:
    card = factories.card(organisation)
    emission = factories.emitted(organisation, card, 2)
    found = factories.texts(emission)[0].split("\x1d", 1)[0]
    sscc = gs1.sscc("487000000", next(_numbers))
    inside = factories.codes(organisation, 2)
    unit_of_work(lambda: packages.form(sscc, codes=inside, owner_id=organisation, actor=None))
    wanted = SheetIn(emission_id=emission, count=2, media="csv").model_dump()
    sheet = unit_of_work(lambda: labels.ask(organisation, wanted, Actor(person, organisation)).id)
    return {"card_id": card, "emission_id": emission, "code": found, "sscc": sscc, "sheet_id": sheet}


def act(organisation: str, person: str) -> dict[str, str]:
    """A draft with one unit in it, addressed."""
    (unit,) = factories.codes(organisation, 1)
    made = row(Act, sender_id=organisation, receiver_tax="200140000004", created_by=person, units=1)
    row(Unit, act_id=made, code_id=unit, added_by=person)
    return {"act_id": made, "file_id": file(organisation, person, made)}


def file(organisation: str, person: str, act_id: str) -> str:
    """A file beside the draft, its bytes in the store."""
    content = os.urandom(16)
    made = hashlib.sha256(content).hexdigest()
    store.current().put(made, content)
    row(File, id=made, size=len(content), media="text/csv")
    row(Bringing, file_id=made, organisation_id=organisation, person_id=person)
    row(Belonging, file_id=made, organisation_id=organisation, document_kind="act", document_id=act_id)
    row(Attachment, act_id=act_id, file_id=made, added_by=person)
    return made


def rights(organisation: str, person: str) -> dict[str, str]:
    membership = db.session.scalars(select(Membership.id).where(Membership.organisation_id == organisation)).one()
    until = clock.today() + timedelta(days=30)
    return {
        "place_id": row(Place, organisation_id=organisation, address={"locality": "Алматы", "line": "1"}),
        "membership_id": membership,
        "invitation_id": row(
            Invitation, organisation_id=organisation, invited_by=person, expires_at=clock.now() + timedelta(days=1)
        ),
        "power_id": row(
            Power, organisation_id=organisation, membership_id=membership, given_by=person, valid_until=until
        ),
        "api_key_id": row(
            ApiKey, organisation_id=organisation, created_by=person, expires_at=clock.now() + timedelta(days=1)
        ),
    }


def of_the_person(organisation: str, person: str) -> dict[str, str]:
    session = db.session.scalars(select(Session).where(Session.person_id == person)).first()
    own = {"person_id": person, "organisation_id": organisation}
    soon = clock.now() + timedelta(minutes=5)
    return {
        "session_id": session.id,
        "passkey_id": row(Passkey, signature_id=session.signature_id, **own),
        "confirmation_id": row(Confirmation, session_id=session.id, expires_at=soon, **own),
        "notification_id": row(Notification, cause=new_id(), kind="head_changed", **own),
        "subscription_id": row(PushSubscription, person_id=person, session_id=session.id),
    }


def webhooks(organisation: str, person: str) -> dict[str, str]:
    endpoint = row(WebhookEndpoint, organisation_id=organisation, url="https://example.kz/tanba", state="active")
    delivery = row(WebhookDelivery, endpoint_id=endpoint, event_id=new_id(), body=b"{}", state="failed")
    return {"webhook_id": endpoint, "delivery_id": delivery}


def row(model: type[Base], **given: Any) -> str:
    """A row with the given values and, in every other column that must say something, something."""
    identity = new_id()
    values = {
        name: _anything(column)
        for name, column in ((one.key, one.columns[0]) for one in model.__mapper__.column_attrs)
        if not (column.nullable or column.default or column.server_default or column.foreign_keys)
    }
    if "id" in values:
        values["id"] = identity
    unit_of_work(lambda: db.session.add(model(**values | given)))
    return identity


def _anything(column: Any) -> Any:
    enum = getattr(column.type, "enum_class", None)
    if enum is not None and issubclass(enum, Enum):
        return next(iter(enum))
    if column.key == "names":
        return {"kk": "Атауы", "ru": "Название", "en": "Name"}
    kinds = {
        bytes: os.urandom(32),
        int: 1,
        bool: False,
        datetime: clock.now(),
        date: clock.today(),
        dict: {},
        list: [],
        str: "x",
    }
    return {} if column.key in ("terms", "prices", "params") else kinds[_kind(column)]


def _kind(column: Any) -> type:
    """JSON columns say nothing of what they hold; of ours, those that are no dictionary are lists."""
    if isinstance(column.type, UtcDateTime):
        return datetime
    found = column.type.python_type
    return list if isinstance(column.type, JSON) else found
