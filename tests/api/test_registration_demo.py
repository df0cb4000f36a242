"""The applicants of the demo world: one waits, one was refused, two have not begun. One engine will do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.demo import applicants, people
from tests.registering import HERE, begin, own, signed_challenge
from tests.signing import copy


@pytest.fixture
def app(make_app: Callable[..., Flask], sqlite_url: str) -> Flask:
    return make_app(sqlite_url)


@pytest.fixture
def keys(app: Flask, tmp_path: Path) -> Path:
    copy(app.config["SETTINGS"].instance / "devca")
    with app.app_context():
        people.settle(app)
        applicants.apply(app, tmp_path)
    return tmp_path


def test_everybody_can_go_on_from_where_they_are(app: Flask, keys: Path) -> None:
    states = {}
    for one in applicants.APPLICANTS:
        client: FlaskClient = app.test_client()
        with app.app_context():
            begun = begin(client, (keys / f"{one.key}.p12").read_bytes())
        assert begun.status_code == 200, begun.json
        states[one.key] = begun.json["state"]
    assert states == {
        "waiting-importer": "submitted",
        "refused-retail": "refused",
        "new-company": "draft",
        "new-trader": "draft",
    }


def test_the_refused_one_is_told_why(app: Flask, keys: Path) -> None:
    client = app.test_client()
    body = signed_challenge(client, (keys / "refused-retail.p12").read_bytes())
    assert client.post(f"{HERE}/begin", json=body).json["refusal"]["text"].startswith("По вашим данным")
    assert own(client).json["refusal"]["reasons"][0]["code"] == "wrong_kind"
