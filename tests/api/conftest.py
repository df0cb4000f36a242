"""Two participants who trade: their heads hold keys of the run's development authority."""

import pytest
from flask import Flask

from backend.organisations.rules import Kind
from tests import signing, trading
from tests.signing import BIN, IIN, OTHER_BIN, OTHER_IIN
from tests.trading import Party


@pytest.fixture
def authority(app: Flask) -> None:
    signing.copy(app.config["SETTINGS"].instance / "devca")


@pytest.fixture
def seller(app: Flask, authority: None) -> Party:
    return trading.party(app, BIN, IIN)


@pytest.fixture
def buyer(app: Flask, authority: None) -> Party:
    return trading.party(app, OTHER_BIN, OTHER_IIN, Kind.RETAIL)
