"""Signing with a phone: the national protocol to the letter."""

import re
from base64 import b64decode

from flask.testing import FlaskClient

from backend.core.api import unit_of_work
from backend.organisations import service as organisations
from backend.organisations.rules import Kind
from tests import signing
from tests.api.signing_sessions.conftest import (
    LOGIN,
    NAMES,
    OTHER,
    fetched,
    first,
    opened,
    phone_address,
    put,
    signed,
    state,
)
from tests.signing import NAME


def test_from_the_qr_code_to_the_signature(client: FlaskClient, phone: FlaskClient) -> None:
    session = opened(client, signing.DOCUMENT, OTHER)
    assert state(client, session)["state"] == "created"
    headers, asked = fetched(phone, session)
    assert state(client, session) | {"expires_at": ""} == {
        "state": "fetched",
        "expires_at": "",
        "signer": None,
        "signatures": None,
    }
    answer = put(phone, session, headers, signed(asked))
    assert (answer.status_code, answer.json["status"]) == (200, "success")
    assert answer.json["backUrl"] == "http://localhost:8000/signed"
    result = state(client, session)
    assert result["state"] == "signed"
    assert result["signer"] == {
        "name": NAME,
        "iin": "••••••••0007",
        "bin": signing.BIN,
        "organisation": "«Тест» ЖШС",
    }
    assert [one["id"] for one in result["signatures"]] == ["d0", "d1"]
    for one, document in zip(result["signatures"], (signing.DOCUMENT, OTHER), strict=True):
        signing.verify(b64decode(one["cms"]), document)


def test_the_first_answer_is_what_the_app_reads(client: FlaskClient, phone: FlaskClient) -> None:
    unit_of_work(
        lambda: organisations.create_organisation(
            kind=Kind.OPERATOR, bin="040940007541", names={"kk": "Оператор", "ru": "Оператор РФ", "en": "Operator"}
        )
    )
    session = opened(client, OTHER)
    answer = first(phone, session, "kk")
    assert answer.status_code == 200
    assert set(answer.json) == {"description", "expiry_date", "organisation", "document"}
    assert answer.json["organisation"] == {
        "nameRu": "Оператор РФ",
        "nameKz": "Оператор",
        "nameEn": "Operator",
        "bin": "040940007541",
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0500", answer.json["expiry_date"])
    document = answer.json["document"]
    assert document["uri"] == f"http://localhost:8000/mgovSign/{session['id']}/documents"
    assert document["auth_type"] == "Token"
    assert re.fullmatch(r"[0-9a-f]{32}", document["auth_token"])
    said = answer.json["description"]
    assert [word for word in ("№ 1 акт", signing.OTHER_BIN, "ТЕСТ", "localhost:8000") if word not in said] == []
    assert "Акт № 1" not in said


def test_before_there_is_an_operator_the_platform_speaks_for_itself(client: FlaskClient, phone: FlaskClient) -> None:
    assert first(phone, opened(client)).json["organisation"]["nameRu"] == "Tanba"


def test_a_phone_that_names_no_language_gets_all_three(client: FlaskClient, phone: FlaskClient) -> None:
    said = phone.get(phone_address(opened(client))).json["description"]
    assert [word for word in ("№ 1 акт", "Акт № 1", "Act No 1") if word not in said] == []


def test_a_log_in_says_so_whatever_the_page_calls_it(client: FlaskClient, phone: FlaskClient) -> None:
    said = first(phone, opened(client, LOGIN)).json["description"]
    assert "Вход в систему" in said
    assert "Акт № 1" not in said
    mixed = first(phone, opened(client, LOGIN, OTHER)).json["description"]
    assert "Подписание документа" in mixed


def test_the_second_answer_is_what_the_app_reads(client: FlaskClient, phone: FlaskClient) -> None:
    _, asked = fetched(phone, opened(client))
    assert (asked["signMethod"], asked["version"]) == ("CMS_SIGN_ONLY", 1)
    [one] = asked["documentsToSign"]
    assert (one["id"], one["nameRu"], one["nameKz"], one["nameEn"]) == (1, NAMES["ru"], NAMES["kk"], NAMES["en"])
    assert one["document"]["file"]["mime"] == "text/plain"
    assert b64decode(one["document"]["file"]["data"]) == signing.DOCUMENT


def test_the_code_and_the_link_lead_to_the_same_address(client: FlaskClient) -> None:
    import zxingcpp
    from PIL import Image

    session = opened(client)
    side = len(session["qr"])
    assert all(len(row) == side for row in session["qr"])
    picture = Image.new("L", (side + 8, side + 8), 255)
    for y, row in enumerate(session["qr"]):
        for x, module in enumerate(row):
            if module == "1":
                picture.putpixel((x + 4, y + 4), 0)
    [read] = zxingcpp.read_barcodes(picture.resize((picture.width * 4, picture.height * 4), Image.Resampling.NEAREST))
    assert read.text == f"mobileSign:http://localhost:8000/mgovSign/{session['id']}"
    assert session["link"].startswith(
        f"https://m.egov.kz/mobileSign/?link=http%3A%2F%2Flocalhost%3A8000%2FmgovSign%2F{session['id']}&"
    )
    assert "businessSign" in opened(client, app="business")["link"]
