"""A signing session belongs to one browser, and runs out."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from backend.core import clock
from tests import signing
from tests.api.signing_sessions.conftest import LOGIN, OTHER, fetched, first, opened, phone_address, put, signed, state
from tests.factories import key


def test_only_the_browser_that_asked_gets_the_result(client: FlaskClient, phone: FlaskClient, app: Flask) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    put(phone, session, headers, signed(asked))
    address = f"/api/v1/signing-sessions/{session['id']}"
    for stranger in (app.test_client(), phone):
        opened(stranger)  # a browser with a cookie of its own
        assert stranger.get(address).status_code == 404
        assert stranger.delete(address, headers=key()).status_code == 404
    assert app.test_client().get(address).json["error"]["code"] == "signatures.session_unknown"
    assert state(client, session)["state"] == "signed"


def test_one_browser_may_have_several_sheets_open(client: FlaskClient) -> None:
    sessions = [opened(client) for _ in range(3)]
    assert [state(client, one)["state"] for one in sessions] == ["created"] * 3


def test_a_session_runs_out(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    body = signed(asked)
    with clock.at(clock.now() + timedelta(minutes=5, seconds=1)):
        assert first(phone, session).status_code == 410
        assert phone.get(f"{phone_address(session)}/documents", headers=headers).status_code == 410
        answer = put(phone, session, headers, body, **{"Accept-Language": "en"})
        assert (answer.status_code, answer.json["message"][:15]) == (410, "The QR code ran")
        assert state(client, session)["state"] == "expired"


def test_a_log_in_runs_out_with_its_challenge(client: FlaskClient) -> None:
    ends = int(clock.now().timestamp()) + 90
    session = opened(client, signing.documents.envelope("kz.tanba.login/v1", {"exp": ends}), OTHER)
    assert session["seconds"] in (88, 89, 90)
    assert opened(client, LOGIN)["seconds"] == 300
    far = signing.documents.envelope("kz.tanba.login/v1", {"exp": ends + 10**6})
    assert opened(client, far)["seconds"] == 300


def test_a_signature_that_arrives_in_time_counts_later_too(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    put(phone, session, headers, signed(asked))
    with clock.at(clock.now() + timedelta(minutes=20)):
        assert state(client, session)["state"] == "signed"


def test_a_session_that_is_given_up_gives_nothing(client: FlaskClient, phone: FlaskClient) -> None:
    """The person closed the sheet, or saw a stranger's name."""
    session, other = opened(client), opened(client)
    for one in (session, other):
        headers, asked = fetched(phone, one)
        body = signed(asked)
        if one is other:
            put(phone, one, headers, body)
        answer = client.delete(f"/api/v1/signing-sessions/{one['id']}", headers=key())
        assert (answer.status_code, answer.json["state"], answer.json["signatures"]) == (200, "rejected", None)
        assert put(phone, one, headers, body).status_code == 410
        assert state(client, one)["signer"] is None
