"""The seam: idempotency, origin, error shape, retries, jobs after commit. Both engines."""

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.codes.models import Emission
from backend.core.db import db
from backend.core.idempotency import IdempotencyKey
from backend.organisations.rules import Kind
from tests import factories
from tests.factories import key


@pytest.fixture
def operator(client: FlaskClient, app: Flask) -> FlaskClient:
    factories.sign_in(client, factories.organisation(Kind.OPERATOR))
    return client


@pytest.fixture
def order(app: Flask) -> dict[str, object]:
    owner = factories.organisation()
    return {"card_id": factories.card(owner), "count": 2, "owner_id": owner}


def emissions() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Emission))


def test_a_repeat_gets_the_stored_answer_and_does_nothing(operator: FlaskClient, order: dict) -> None:
    header = key()
    first = operator.post("/api/v1/emissions", json=order, headers=header)
    again = operator.post("/api/v1/emissions", json=order, headers=header)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.data == first.data
    assert again.headers["Idempotent-Replay"] == "true"
    assert emissions() == 1


def test_stored_answers_are_encrypted(operator: FlaskClient, order: dict) -> None:
    """Some answers hold a secret that is shown once; whoever reads the database reads none."""
    answer = operator.post("/api/v1/emissions", json=order, headers=key())
    kept = b"".join(one or b"" for one in db.session.scalars(select(IdempotencyKey.answer)))
    assert kept
    assert answer.json["id"].encode() not in kept


def test_a_key_with_another_body_is_refused(operator: FlaskClient, order: dict) -> None:
    header = key()
    operator.post("/api/v1/emissions", json=order, headers=header)
    other = operator.post("/api/v1/emissions", json=order | {"count": 3}, headers=header)
    assert (other.status_code, other.json["error"]["code"]) == (422, "request.idempotency_key_reused")
    assert emissions() == 1


def test_no_key_no_change(operator: FlaskClient, order: dict) -> None:
    answer = operator.post("/api/v1/emissions", json=order)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "request.idempotency_key_missing")
    assert emissions() == 0


def test_another_actors_key_is_another_key(operator: FlaskClient, order: dict) -> None:
    header = key()
    first = operator.post("/api/v1/emissions", json=order, headers=header)
    factories.sign_in(operator, factories.organisation(Kind.OPERATOR))
    second = operator.post("/api/v1/emissions", json=order, headers=header)
    assert first.json["id"] != second.json["id"]


def test_a_refusal_leaves_the_key_free(operator: FlaskClient, order: dict) -> None:
    header = key()
    wrong = operator.post("/api/v1/emissions", json=order | {"card_id": "none"}, headers=header)
    assert wrong.json["error"]["code"] == "codes.card_not_published"
    assert operator.post("/api/v1/emissions", json=order, headers=header).status_code == 202


def test_the_same_request_from_eight_at_once_happens_once(app: Flask, operator: FlaskClient, order: dict) -> None:
    header = key()
    cookie = operator.get_cookie("tanba")
    start, answers = threading.Barrier(8), []

    def send() -> None:
        browser = app.test_client()
        browser.set_cookie("tanba", cookie.value)
        start.wait()
        answers.append(browser.post("/api/v1/emissions", json=order, headers=header))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert emissions() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_changes_nothing(operator: FlaskClient, order: dict, headers: dict[str, str]) -> None:
    answer = operator.post("/api/v1/emissions", json=order, headers=key() | headers)
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "request.origin")
    assert emissions() == 0


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_only_json_is_taken(operator: FlaskClient, order: dict, kind: str) -> None:
    answer = operator.post("/api/v1/emissions", data=b"{}", content_type=kind, headers=key())
    assert (answer.status_code, answer.json["error"]["code"]) == (415, "request.media_type")


def test_own_page_and_programs_pass(operator: FlaskClient, order: dict) -> None:
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert operator.post("/api/v1/emissions", json=order, headers=key() | own).status_code == 202


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "request.not_found"),
        ("GET", "/api/v1/verify", 405, "request.method_not_allowed"),
        ("POST", "/api/v1/emissions", 401, "identity.not_signed_in"),
        ("GET", "/api/v1/emissions", 401, "identity.not_signed_in"),
        ("GET", "/assets/../../backend/settings.py", 404, "request.not_found"),
        ("GET", "/assets/none.js", 404, "request.not_found"),
    ],
)
def test_one_shape_for_every_error(client: FlaskClient, method: str, path: str, status: int, code: str) -> None:
    answer = client.open(path, method=method, json={} if method == "POST" else None)
    assert answer.status_code == status
    assert answer.json == {"error": {"code": code, "params": {}, "fields": []}}


def test_fields_in_error_are_named(operator: FlaskClient) -> None:
    answer = operator.post("/api/v1/emissions", json={"card_id": 5, "count": 0, "more": 1}, headers=key())
    assert answer.status_code == 422
    assert {(field["field"], field["code"]) for field in answer.json["error"]["fields"]} == {
        ("card_id", "string_type"),
        ("count", "greater_than_equal"),
        ("more", "extra_forbidden"),
    }


def test_a_fault_of_ours_says_nothing_and_does_nothing(
    app: Flask, operator: FlaskClient, order: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    def burst(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("backend.codes.service.queue.after_commit", burst)
    answer = operator.post("/api/v1/emissions", json=order, headers=key())
    assert (answer.status_code, answer.json["error"]["code"]) == (500, "request.unexpected")
    assert b"secret" not in answer.data
    assert emissions() == 0


def test_jobs_run_only_after_the_commit(app: Flask, operator: FlaskClient, order: dict) -> None:
    answer = operator.post("/api/v1/emissions", json=order, headers=key())
    shown = operator.get(f"/api/v1/emissions/{answer.json['id']}").json
    assert (answer.json["emitted"], shown["emitted"]) == (0, 2)


def test_security_headers_stand_on_every_answer(client: FlaskClient) -> None:
    for path in ("/health", "/api/v1/nothing", "/openapi.json"):
        headers = client.get(path).headers
        assert "require-trusted-types-for 'script'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_health_and_readiness(client: FlaskClient) -> None:
    assert client.get("/health").json == {"status": "ok"}
    assert client.get("/ready").json == {"status": "ok", "database": "ok", "queue": "ok", "keys": "ok"}
