"""Registration as the applicant meets it: begin, fill in, sign, confirm, take back. Both engines."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.core.db import db
from tests import signing
from tests.registering import (
    make_operator,
)


@pytest.fixture(autouse=True)
def operator(app: Flask) -> str:
    signing.copy(app.config["SETTINGS"].instance / "devca")
    return make_operator()


@pytest.fixture
def other(app: Flask) -> FlaskClient:
    """Another browser."""
    return app.test_client()


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))
