"""The agreement and the contract are read and signed. Both engines."""

import hashlib
import json
from base64 import b64decode
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core.api import unit_of_work
from backend.core.db import db
from backend.organisations import queries as organisation_queries
from backend.organisations.rules import Kind
from backend.registration.models import Attempt
from backend.signatures.models import Signature
from backend.signatures.rules import Role as CertificateRole
from tests import signing
from tests.api.registration.conftest import count
from tests.factories import key
from tests.registering import (
    HERE,
    NEW_BIN,
    OPERATOR,
    begin,
    code,
    confirm,
    documents,
    fields,
    fill,
    firm,
    hand_in,
    letters,
    link,
    own,
    sign,
    signatures,
    signed_challenge,
    unconfirmed,
)


def test_what_gets_signed(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    application, contract = documents(client)
    texts = {name: client.get(f"{HERE}/texts/{name}").json for name in ("agreement", "contract")}
    said, agreed = (json.loads(b64decode(one["bytes"])) for one in (application, contract))
    assert (said["schema"], agreed["schema"]) == ("kz.tanba.application/v1", "kz.tanba.contract/v1")
    assert said["agreement"] == {"version": texts["agreement"]["version"], "sha256": texts["agreement"]["hashes"]}
    assert agreed["contract"] == {"version": texts["contract"]["version"], "sha256": texts["contract"]["hashes"]}
    assert agreed["operator"] == {"bin": signing.BIN, "names": OPERATOR}
    assert agreed["participant"]["bin"] == said["participant"]["bin"] == NEW_BIN
    assert (said["kind"], said["declaration_holder"], said["groups"]) == ("importer", "wholesaler", ["footwear"])
    for document in (application, contract):
        assert "example" not in b64decode(document["bytes"]).decode().lower()
        assert "7015550011" not in b64decode(document["bytes"]).decode()
    assert documents(client) == [application, contract], "the same bytes until something changes"


def test_the_texts_are_what_their_hashes_say(client: FlaskClient) -> None:
    for name in ("agreement", "contract"):
        found = client.get(f"{HERE}/texts/{name}").json
        for language, text in found["texts"].items():
            assert hashlib.sha256(text.encode()).hexdigest() == found["hashes"][language]
        assert client.get(f"{HERE}/texts/{name}?version={found['version']}").json == found
    for path in ("agreement?version=1900-1", "agreement?version=..", "secrets"):
        assert code(client.get(f"{HERE}/texts/{path}")) == "registration.text_unknown"


def test_nothing_to_sign_before_the_form_is_filled(client: FlaskClient) -> None:
    begin(client, firm())
    assert code(client.get(f"{HERE}/documents")) == "registration.not_filled"


def test_without_an_operator_there_is_no_contract(client: FlaskClient, operator: str) -> None:
    begin(client, firm())
    fill(client)

    def retire() -> None:
        organisation_queries.organisation(operator).kind = Kind.WHOLESALER

    unit_of_work(retire)
    refused = client.get(f"{HERE}/documents")
    assert (refused.status_code, code(refused)) == (503, "registration.operator_missing")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"iin": signing.IIN}, "registration.other_signer"),
        ({"bin": signing.OTHER_BIN}, "registration.other_signer"),
        ({"bin": None, "organisation": None}, "registration.other_signer"),
        ({"role": CertificateRole.EMPLOYEE}, "registration.role_insufficient"),
        ({"sign": False}, "signatures.key_purpose_wrong"),
    ],
)
def test_whose_signature_does_not_count(client: FlaskClient, wanted: dict[str, Any], expected: str) -> None:
    begin(client, firm())
    fill(client)
    assert code(sign(client, firm(**wanted))) == expected
    assert own(client).json["state"] == "draft"
    assert letters() == []


def test_a_log_in_is_no_contract(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    login = signed_challenge(client, firm())["cms"]
    body = {"signatures": [{"id": name, "cms": login} for name in ("application", "contract")]}
    assert code(hand_in(client, body)) == "signatures.document_changed"


def test_every_document_has_its_own_signature(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    made = signatures(documents(client), firm())["signatures"]
    missing = hand_in(client, {"signatures": made[:1]})
    assert (code(missing), fields(missing)) == ("registration.signatures_incomplete", {("contract", "signature")})
    strange = hand_in(client, {"signatures": [*made, {"id": "act", "cms": made[0]["cms"]}]})
    assert fields(strange) == {("act", "signature")}
    swapped = [{"id": made[0]["id"], "cms": made[1]["cms"]}, {"id": made[1]["id"], "cms": made[0]["cms"]}]
    assert code(hand_in(client, {"signatures": swapped})) == "signatures.document_changed"


def test_the_same_request_again_gets_the_same_answer(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    made, once = signatures(documents(client), firm()), key()
    first = hand_in(client, made, once)
    assert hand_in(client, made, once).json == first.json
    assert code(hand_in(client, made)) == "registration.state_moved"
    assert (len(letters()), count(Attempt)) == (1, 1)


def test_a_changed_form_is_signed_anew(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client)
    early = signatures(documents(client), firm())
    assert hand_in(client, early).status_code == 200
    token = link(letters()[-1])
    assert fill(client, declaration_holder="carrier").json["state"] == "draft"
    assert code(hand_in(client, early)) == "signatures.document_changed"
    assert code(confirm(client, token)) == "registration.confirmation_wrong"
    assert sign(client, firm()).status_code == 200
    assert code(confirm(client, token)) == "registration.confirmation_wrong", "the link of the earlier signing"
    assert confirm(client).json["state"] == "submitted"


def test_the_evidence_is_kept(client: FlaskClient) -> None:
    unconfirmed(client)
    attempt = db.session.scalars(select(Attempt)).one()
    kept = {name: db.session.get_one(Signature, one) for name, one in attempt.signatures.items()}
    assert {name: one.schema for name, one in kept.items()} == {
        "application": "kz.tanba.application/v1",
        "contract": "kz.tanba.contract/v1",
    }
    assert {one.bin for one in kept.values()} == {NEW_BIN}
