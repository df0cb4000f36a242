"""The short way answers what the long way answers, and only what is its own. Both engines."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import BaseModel

from backend.core import quick
from backend.core.api import PUBLIC, SIGNED_IN, Api
from backend.core.metrics import REQUESTS
from tests import factories

ROUTE = "/api/v1/verify"


class Word(BaseModel):
    word: str


@pytest.fixture
def printed(app: Flask) -> str:
    owner = factories.organisation()
    return factories.texts(factories.emitted(owner, factories.card(owner), 1))[0]


@pytest.fixture
def long_way(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that Flask itself was asked for."""
    asked: list[str] = []
    wsgi_app = Flask.wsgi_app

    def noted(self: Flask, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        asked.append(environ["PATH_INFO"])
        return wsgi_app(self, environ, start_response)

    monkeypatch.setattr(Flask, "wsgi_app", noted)
    return asked


def counted() -> float:
    return REQUESTS.labels(ROUTE, "POST", 200)._value.get()


def test_both_ways_answer_the_same(long_way: list[str], app: Flask, client: FlaskClient, printed: str) -> None:
    before = counted()
    short = client.post(ROUTE, json={"code": printed, "symbology": "]d2"})
    assert long_way == []
    client.set_cookie("another", "cookie")
    long = client.post(ROUTE, json={"code": printed, "symbology": "]d2"})
    assert long_way == [ROUTE]
    assert counted() == before + 2
    moment = {"checked_at": ""}
    assert short.json | moment == long.json | moment
    assert sorted(short.headers.items()) == sorted(long.headers.items())
    assert short.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("given", "headers", "status"),
    [
        ('{"code": 5}', {}, 422),
        ("{", {}, 422),
        ('{"code": "5"}', {"Origin": "https://elsewhere.example"}, 403),
        ('{"code": "5"}', {"Sec-Fetch-Site": "cross-site"}, 403),
        ('{"code": "5"}', {"Content-Type": "text/plain"}, 415),
        ('{"code": "%s"}' % ("5" * 5_000), {}, 413),
        ('{"code": "\\ud800"}', {}, 200),
    ],
)
def test_what_is_refused_goes_the_long_way(
    long_way: list[str], client: FlaskClient, given: str, headers: dict[str, str], status: int
) -> None:
    answer = client.post(ROUTE, data=given, headers={"Content-Type": "application/json"} | headers)
    assert answer.status_code == status
    assert long_way == [ROUTE]


def test_own_pages_go_the_short_way(long_way: list[str], client: FlaskClient) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post(ROUTE, json={"code": "5"}, headers=headers).status_code == 200
    assert long_way == []


@pytest.mark.parametrize(
    "declared",
    [
        {"allow": SIGNED_IN, "takes": Word, "writes": False},
        {"allow": PUBLIC, "takes": Word},
        {"allow": PUBLIC, "writes": False},
        {"allow": PUBLIC, "takes": Word, "query": Word, "writes": False},
        {"allow": PUBLIC, "takes": Word, "writes": False, "rule": "/of/<name>"},
    ],
)
def test_only_what_can_be_quick_is(declared: dict[str, Any]) -> None:
    api = Api("odd")
    rule = declared.pop("rule", "/odd")

    def odd(body: Word) -> dict:
        return {}

    api.post(rule, quick=True, **declared)(odd)
    with pytest.raises(quick.NotQuick):
        quick.init(Flask("odd"), [api])
