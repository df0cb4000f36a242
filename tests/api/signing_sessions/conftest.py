"""Signing with a phone: the national protocol to the letter, and nobody else's hands on the result."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.signatures import signer
from tests import signing
from tests.signing import PASSWORD, head

NAMES = {"kk": "№ 1 акт", "ru": "Акт № 1", "en": "Act No 1"}

OTHER = signing.documents.envelope(signing.SCHEMA, {"number": "А-2", "seller": {"bin": signing.OTHER_BIN}})

LOGIN = signing.documents.envelope("kz.tanba.login/v1", {"nonce": "n"})


@pytest.fixture(autouse=True)
def development_authority(tmp_path: Path) -> None:
    signing.copy(tmp_path / "devca")


def wire(document: bytes, id_: str = "act") -> dict[str, Any]:
    return {"id": id_, "bytes": b64encode(document).decode(), "names": NAMES}


def opened(client: FlaskClient, *documents: bytes, **more: Any) -> dict[str, Any]:
    given = [wire(one, f"d{number}") for number, one in enumerate(documents or (signing.DOCUMENT,))]
    answer = client.post("/api/v1/signing-sessions", json={"documents": given, **more})
    assert answer.status_code == 200, answer.json
    return answer.json


def phone_address(session: dict[str, Any]) -> str:
    return f"/mgovSign/{session['id']}"


def first(phone: FlaskClient, session: dict[str, Any], language: str = "ru") -> Any:
    return phone.get(phone_address(session), headers={"Accept-Language": language})


def bearer(phone: FlaskClient, session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {first(phone, session).json['document']['auth_token']}"}


def fetched(phone: FlaskClient, session: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """(the phone's headers, the documents as it got them)"""
    headers = bearer(phone, session)
    answer = phone.get(f"{phone_address(session)}/documents", headers=headers)
    assert answer.status_code == 200, answer.json
    return headers, answer.json


def signed(asked: dict[str, Any], container: bytes | None = None) -> dict[str, Any]:
    """The phone's answer: what it got, with `data` replaced."""
    body = json.loads(json.dumps(asked))
    for one in body["documentsToSign"]:
        file = one["document"]["file"]
        file["data"] = b64encode(signer.sign(container or head(), PASSWORD, b64decode(file["data"]))).decode()
    return body


def put(phone: FlaskClient, session: dict[str, Any], headers: dict[str, str], body: Any, **more: str) -> Any:
    return phone.put(f"{phone_address(session)}/documents", json=body, headers=headers | more)


def state(client: FlaskClient, session: dict[str, Any]) -> dict[str, Any]:
    answer = client.get(f"/api/v1/signing-sessions/{session['id']}")
    assert answer.status_code == 200, answer.json
    return answer.json


@pytest.fixture
def phone(app: Flask) -> Iterator[FlaskClient]:
    return app.test_client()
