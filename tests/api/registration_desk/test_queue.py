"""The queue with its deadlines, and what a refusal says. Both engines."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core import clock
from backend.organisations.rules import Function, Kind, Role
from tests import factories, signing
from tests.api.registration_desk.conftest import DESK, organisation, rows, shown
from tests.factories import sign_in
from tests.registering import (
    TRADER,
    approve,
    code,
    confirm,
    fields,
    fill,
    firm,
    letters,
    own,
    refuse,
    sign,
    submitted,
    trader,
    unconfirmed,
)


def test_who_may_look(client: FlaskClient, desk: FlaskClient, app: Flask, operator: str) -> None:
    application = submitted(client)
    stranger, colleague = app.test_client(), app.test_client()
    sign_in(stranger, factories.organisation())
    sign_in(colleague, operator, role=Role.EMPLOYEE, functions=(Function.CATALOGUE,))
    for asking, status in ((client, 401), (stranger, 403), (colleague, 403)):
        answers = [
            asking.get(DESK),
            asking.get(f"{DESK}/{application}"),
            asking.get("/api/v1/desk/refusal-reasons"),
            approve(asking, application),
            refuse(asking, application, "wrong_kind"),
        ]
        assert {answer.status_code for answer in answers} == {status}
    assert own(client).json["state"] == "submitted"


def test_what_is_still_in_the_making_is_nobodys_business(client: FlaskClient, desk: FlaskClient) -> None:
    application = unconfirmed(client)[:26]
    assert rows(desk) == []
    for answer in (
        desk.get(f"{DESK}/{application}"),
        approve(desk, application),
        refuse(desk, application, "wrong_kind"),
    ):
        assert (answer.status_code, code(answer)) == (404, "registration.unknown")


def test_what_the_desk_sees(client: FlaskClient, desk: FlaskClient) -> None:
    application = submitted(client)
    found = shown(desk, application)
    assert found["certificate"]["iin"] == f"********{signing.OTHER_IIN[-4:]}"
    assert (found["email"], found["phone"], found["rivals"]) == ("Saule@example.kz", "+77015550011", 0)
    assert [one["document"] for one in found["signatures"]] == ["application", "contract"]
    for one in found["signatures"]:
        assert (one["name"], one["roles"], one["revocation"]) == (signing.NAME, ["head", "legal_entity"], "ok")
        assert one["test"] is True
        assert one["not_before"] < one["verified_at"] < one["not_after"]


def test_the_earliest_deadline_comes_first(client: FlaskClient, other: FlaskClient, desk: FlaskClient) -> None:
    with clock.at(clock.now() - timedelta(hours=25)):
        early = submitted(other, trader(iin=signing.IIN), **TRADER)
    with clock.at(clock.now() - timedelta(hours=22)):
        late = submitted(client)
    assert [(row["id"], row["overdue"]) for row in rows(desk)] == [(early, True), (late, False)]
    first = desk.get(DESK, query_string={"limit": 1}).json
    second = desk.get(DESK, query_string={"limit": 1, "cursor": first["cursor"]}).json
    assert [page["registrations"][0]["id"] for page in (first, second)] == [early, late]
    assert (first["waiting"], second["cursor"]) == (2, None)
    approve(desk, early)
    refuse(desk, late, "wrong_kind")
    assert rows(desk) == []
    assert [row["id"] for row in rows(desk, state="approved")] == [early]
    assert [row["overdue"] for row in rows(desk, state="refused")] == [False]


@pytest.mark.parametrize("cursor", ["eA==", "MjAyNi0wMS0wMXxh", "!"])
def test_a_made_up_cursor(desk: FlaskClient, cursor: str) -> None:
    assert code(desk.get(DESK, query_string={"cursor": cursor})) == "request.cursor_invalid"


def test_a_refusal_says_why_and_is_mended(client: FlaskClient, desk: FlaskClient) -> None:
    application = submitted(client)
    assert refuse(desk, application, "wrong_kind", "other", text="Позвоните  нам").status_code == 200
    told = own(client).json
    assert told["state"] == "refused"
    assert [one["code"] for one in told["refusal"]["reasons"]] == ["wrong_kind", "other"]
    assert told["refusal"]["reasons"][0]["names"]["ru"].startswith("Вид участника")
    assert told["refusal"]["text"] == "Позвоните нам"
    letter = letters("registration_refused")[-1]
    assert letter["to"] == "Saule@example.kz"
    assert "Вид участника" in letter["text"]
    assert "Позвоните нам" in letter["text"]
    assert confirm(client).json["state"] == "refused", "the old link moves nothing"
    fill(client, kind="wholesaler", declaration_holder=None)
    assert own(client).json["refusal"]["text"] == "Позвоните нам", "the reason stays in sight while it is mended"
    assert sign(client, firm()).status_code == 200
    assert confirm(client).json["state"] == "submitted"
    found = shown(desk, application)
    assert [(one["number"], one["outcome"]) for one in found["attempts"]] == [(2, None), (1, "refused")]
    assert approve(desk, application).status_code == 200
    assert organisation().kind is Kind.WHOLESALER


@pytest.mark.parametrize(
    ("reasons", "text", "wrong"),
    [
        ((), "", {("reasons", "empty")}),
        (("wrong_kind", "ugly"), "", {("reasons.1", "reason")}),
        (("already_registered",), "", {("reasons.0", "reason")}),
        (("other",), "  ", {("text", "empty")}),
        (("wrong_kind", "documents"), "", {("text", "empty")}),
    ],
)
def test_a_refusal_needs_reasons(
    client: FlaskClient, desk: FlaskClient, reasons: tuple[str, ...], text: str, wrong: set[tuple[str, str]]
) -> None:
    application = submitted(client)
    refused = refuse(desk, application, *reasons, text=text)
    assert (code(refused), fields(refused)) == ("registration.reasons_invalid", wrong)
    assert own(client).json["state"] == "submitted"


def test_the_list_of_reasons(desk: FlaskClient) -> None:
    found = {one["code"]: one["text_needed"] for one in desk.get("/api/v1/desk/refusal-reasons").json["reasons"]}
    assert found["other"] is True
    assert found["wrong_kind"] is False
    assert "already_registered" not in found
