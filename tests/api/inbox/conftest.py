"""The inbox: who is told of what, once; what is read; how each chooses to be told. Both engines."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity import service as identity
from backend.notifications import queries
from backend.notifications.models import Letter, Notification
from backend.organisations.rules import Kind
from tests import factories


def told() -> list[tuple[str, str]]:
    """(person, kind) of every notification."""
    db.session.rollback()
    rows = select(Notification.person_id, Notification.kind).order_by(Notification.id)
    return [tuple(row) for row in db.session.execute(rows)]


def written() -> list[dict[str, Any]]:
    db.session.rollback()
    return [queries.shown(one) for one in db.session.scalars(select(Letter).order_by(Letter.id))]


def with_mail(person: str, language: str = "ru", confirmed: bool = True) -> None:
    unit_of_work(lambda: identity.set_contacts(person, email="aigul@mail.kz", language=language, confirmed=confirmed))


@pytest.fixture
def home() -> Callable[..., tuple[str, str, FlaskClient]]:
    """An organisation with somebody signed in: (organisation, person, client)."""

    def make(app: Flask, kind: Kind = Kind.RETAIL, **who: Any) -> tuple[str, str, FlaskClient]:
        organisation, client = factories.organisation(kind), app.test_client()
        return organisation, factories.sign_in(client, organisation, **who), client

    return make
