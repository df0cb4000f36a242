"""Nobody else signs, nothing else is signed, and the phone hears why."""

from base64 import b64decode, b64encode
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core.api import unit_of_work
from backend.signatures import devca, signer, signing_sessions
from backend.signatures.rules import RevocationUnknown
from tests import signing
from tests.api.signing_sessions.conftest import (
    LOGIN,
    OTHER,
    bearer,
    fetched,
    first,
    opened,
    phone_address,
    put,
    signed,
    state,
)
from tests.signing import PASSWORD, head


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Basic eDp5", "Bearer ә"])
def test_the_documents_are_for_the_token(client: FlaskClient, phone: FlaskClient, token: str) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    address = f"{phone_address(session)}/documents"
    wrong = {"Authorization": token.encode().decode("latin-1")} if token else {}
    assert phone.get(address, headers=wrong).status_code == 401
    assert phone.put(address, headers=wrong, json=signed(asked)).status_code == 401
    assert state(client, session)["state"] == "fetched"
    assert put(phone, session, headers, signed(asked)).status_code == 200


def test_a_token_opens_its_own_session_only(client: FlaskClient, phone: FlaskClient) -> None:
    headers = bearer(phone, opened(client))
    other = opened(client)
    assert phone.get(f"{phone_address(other)}/documents", headers=headers).status_code == 401


def test_a_tampered_signature_is_refused_before_it_counts(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    body = signed(asked)
    of_another = signer.sign(head(), PASSWORD, OTHER)
    body["documentsToSign"][0]["document"]["file"]["data"] = b64encode(of_another).decode()
    answer = put(phone, session, headers, body, **{"Accept-Language": "kk"})
    assert answer.status_code == 403
    assert list(answer.json) == ["message"]
    assert answer.json["message"].startswith("Қолтаңба тексеруден өтпеді")
    assert state(client, session)["state"] == "fetched"
    assert put(phone, session, headers, signed(asked)).status_code == 200


@pytest.mark.parametrize(("language", "word"), [("kk", "кері қайтарып"), ("ru", "отозвана"), ("en", "revoked")])
def test_a_revoked_key_is_told_in_the_persons_language(
    client: FlaskClient, phone: FlaskClient, app: Flask, language: str, word: str
) -> None:
    devca.DevCA(app.config["SETTINGS"].instance / "devca").revoke(devca.serial_of(head(), PASSWORD))
    session = opened(client)
    headers, asked = fetched(phone, session)
    answer = put(phone, session, headers, signed(asked), **{"Accept-Language": language})
    assert answer.status_code == 403
    assert word in answer.json["message"]


def test_a_log_in_key_signs_a_log_in_and_no_document(client: FlaskClient, phone: FlaskClient) -> None:
    auth = head(sign=False)
    session = opened(client)
    headers, asked = fetched(phone, session)
    assert put(phone, session, headers, signed(asked, auth)).status_code == 403
    session = opened(client, LOGIN)
    headers, asked = fetched(phone, session)
    assert put(phone, session, headers, signed(asked, auth)).status_code == 200


def test_while_revocation_is_unknown_a_document_waits_and_a_log_in_does_not(
    client: FlaskClient, phone: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[bool] = []
    verify = signing_sessions.service.verify

    def unknown(*given: Any, pending_ok: bool, **more: Any) -> Any:
        asked_for.append(pending_ok)
        if not pending_ok:
            raise RevocationUnknown()
        return verify(*given, pending_ok=pending_ok, **more)

    monkeypatch.setattr(signing_sessions.service, "verify", unknown)
    for document, status in ((signing.DOCUMENT, 200), (LOGIN, 403)):
        session = opened(client, document)
        headers, asked = fetched(phone, session)
        assert put(phone, session, headers, signed(asked)).status_code == status
    assert asked_for == [True, False]


def test_one_person_signs_all_of_it(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client, signing.DOCUMENT, OTHER)
    headers, asked = fetched(phone, session)
    one, two = signed(asked), signed(asked, head(iin=signing.OTHER_IIN))
    one["documentsToSign"][1] = two["documentsToSign"][1]
    assert put(phone, session, headers, one).status_code == 403
    assert state(client, session)["state"] == "fetched"


def test_the_documents_come_back_whole_and_in_any_order(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client, signing.DOCUMENT, OTHER)
    headers, asked = fetched(phone, session)
    whole = signed(asked)
    parts = whole["documentsToSign"]
    for wrong in ([parts[0]], [*parts, parts[0]], [parts[0], parts[0]], [parts[0], parts[1] | {"id": 7}]):
        assert put(phone, session, headers, whole | {"documentsToSign": wrong}).status_code == 422
    assert put(phone, session, headers, whole | {"signMethod": "CMS_WITH_DATA"}).status_code == 422
    assert state(client, session)["state"] == "fetched"
    assert put(phone, session, headers, whole | {"documentsToSign": parts[::-1]}).status_code == 200
    first_, second = state(client, session)["signatures"]
    signing.verify(b64decode(first_["cms"]), signing.DOCUMENT)
    signing.verify(b64decode(second["cms"]), OTHER)


def test_the_same_answer_again_is_confirmed_and_another_is_not(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client)
    headers, asked = fetched(phone, session)
    body, other = signed(asked), signed(asked, head(iin=signing.OTHER_IIN))
    assert put(phone, session, headers, body).status_code == 200
    result = state(client, session)
    again = put(phone, session, headers, body)
    assert (again.status_code, again.json["status"]) == (200, "success")
    assert put(phone, session, headers, other).status_code == 409
    assert first(phone, session).status_code == 409
    assert phone.get(f"{phone_address(session)}/documents", headers=headers).status_code == 409
    assert state(client, session) == result


def test_of_two_answers_at_once_the_first_counts(client: FlaskClient, phone: FlaskClient) -> None:
    """Both were verified while the session was open; the second to write finds it signed."""
    session = opened(client)
    first_, second = ["one"], ["two"]
    shown = {"name": "", "iin": "", "bin": None, "organisation": None}
    unit_of_work(lambda: signing_sessions._store(session["id"], first_, shown))
    unit_of_work(lambda: signing_sessions._store(session["id"], second, shown))
    assert state(client, session)["signatures"] == [{"id": "d0", "cms": "one"}]
