"""What is typed, and what is not. Both engines."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.registering import (
    FIRM,
    TRADER,
    begin,
    code,
    fields,
    fill,
    firm,
    own,
    trader,
)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"kind": None}, {("kind", "kind"), ("declaration_holder", "declaration_holder")}),
        ({"kind": "sole_trader"}, {("kind", "kind"), ("trade", "trade"), ("declaration_holder", "declaration_holder")}),
        ({"trade": "retail"}, {("trade", "trade")}),
        ({"kind": "retail"}, {("declaration_holder", "declaration_holder")}),
        ({"declaration_holder": None}, {("declaration_holder", "declaration_holder")}),
        ({"groups": []}, {("groups", "empty")}),
        ({"groups": ["footwear", "tanks"]}, {("groups.1", "group")}),
        ({"names": {"kk": "  "}}, {("names.kk", "empty")}),
        ({"names": {"en": "x" * 251}}, {("names.en", "too_long")}),
        ({"email": "saule"}, {("email", "email")}),
        ({"email": ".saule@example.kz"}, {("email", "email")}),
        ({"phone": "12"}, {("phone", "phone")}),
    ],
)
def test_what_is_wrong_in_the_form(client: FlaskClient, changes: dict[str, Any], wrong: set[tuple[str, str]]) -> None:
    begin(client, firm())
    refused = fill(client, **changes)
    assert (refused.status_code, code(refused)) == (422, "registration.form_invalid")
    assert fields(refused) == wrong
    assert own(client).json["filled"] is False


def test_nobody_registers_as_the_operator(client: FlaskClient) -> None:
    begin(client, firm())
    assert code(fill(client, kind="operator")) == "request.invalid"


def test_it_is_said_what_is_kept_otherwise_than_typed(client: FlaskClient) -> None:
    begin(client, firm())
    assert fill(client).json == {"state": "draft", "changed": ["email", "phone"]}
    kept = own(client).json
    assert (kept["email"], kept["phone"]) == ("Saule@example.kz", "+77015550011")
    assert fill(client, email=kept["email"], phone=kept["phone"]).json["changed"] == []


def test_the_certificates_own_name_is_not_typed(client: FlaskClient) -> None:
    begin(client, firm())
    fill(client, names={"kk": "«Жаңа  Жол-Импорт» ЖШС", "ru": "ТОО «Чужое имя»", "en": "New Way LLP"})
    assert own(client).json["names"] == {"kk": "«Жаңа Жол-Импорт» ЖШС", "ru": FIRM, "en": "New Way LLP"}
    assert begin(client, firm()).json["names"]["en"] == "New Way LLP", "what was typed outlives a second beginning"


def test_a_sole_trader_names_the_trade(client: FlaskClient) -> None:
    begun = begin(client, trader()).json
    assert (begun["certificate"]["bin"], begun["certificate"]["legal_form"]) == (None, "sole_trader")
    assert begun["names"]["ru"].startswith("ИП ")
    assert fields(fill(client, kind="retail", declaration_holder=None)) == {("kind", "kind")}
    assert fill(client, **TRADER).status_code == 200
