"""What was done on a phone is sent later: it must not be done for whoever has signed in there since. Both engines."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.acts.models import Act
from backend.core.db import db
from backend.organisations.rules import Kind
from tests import factories, signing, trading
from tests.signing import BIN, IIN, OTHER_BIN, OTHER_IIN
from tests.trading import refused


@pytest.fixture(autouse=True)
def authority(app: Flask) -> None:
    signing.copy(app.config["SETTINGS"].instance / "devca")


def test_what_somebody_did_is_not_done_for_another(app: Flask) -> None:
    seller, buyer = trading.party(app, BIN, IIN), trading.party(app, OTHER_BIN, OTHER_IIN, Kind.RETAIL)
    me = buyer.get("/me").json
    whose = {"X-Tanba-Actor": f"{me['person']['id']}:{me['organisation']['id']}"}
    refused(seller.post("/acts", {}, factories.key() | whose), 409, "request.other_actor")
    assert db.session.scalar(select(func.count()).select_from(Act)) == 0
    answer = buyer.post("/acts", {}, factories.key() | whose)
    assert answer.status_code == 201, answer.text
