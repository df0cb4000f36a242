"""The profile («Субаккаунт») and the places of activity. Both engines."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core.db import db
from backend.history.models import Fact
from backend.organisations.rules import Function, Kind, Role
from tests import factories
from tests.factories import key
from tests.signing import BIN, IIN

GLN = "4870000000005"
PRODUCER = {
    "name": "«Дос» ЖШС",
    "address": "Алматы, Абай даңғылы, 1",
    "country": "KZ",
    "phone": "+7 727 000 00 00",
    "email": "sales@dos.example",
    "site": "https://dos.example",
}


@pytest.fixture
def head(app: Flask, client: FlaskClient) -> FlaskClient:
    factories.sign_in(client, factories.organisation(Kind.PRODUCER))
    return client


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def edit(client: FlaskClient, version: int = 1, **changes: Any) -> Any:
    body = {"names": {"kk": "«Достар» ЖШС", "en": "Dostar LLP"}, "producer": PRODUCER, "version": version} | changes
    return client.put("/api/v1/organisation", json=body, headers=key())


def facts(kind: str) -> list[Fact]:
    db.session.rollback()
    return list(db.session.scalars(select(Fact).where(Fact.kind == kind).order_by(Fact.id)))


def test_the_profile_is_set_and_written_down(head: FlaskClient) -> None:
    said = edit(head, gln=GLN, gcp="4870001").json
    assert said["names"] == {"kk": "«Достар» ЖШС", "ru": "ТОО «Дос»", "en": "Dostar LLP"}
    assert (said["producer"], said["gln"], said["gcp"], said["version"]) == (PRODUCER, GLN, "4870001", 2)
    assert head.get("/api/v1/organisation").json == said
    fact = facts("organisation:edited")[0]
    assert (fact.before["gln"], fact.after["gln"]) == (None, GLN)
    assert fact.detail == {"changed": ["gcp", "gln", "names", "producer"]}
    assert "sales@dos.example" not in str((fact.before, fact.after, fact.detail))


def test_two_editors_do_not_overwrite_one_another(head: FlaskClient) -> None:
    assert edit(head).status_code == 200
    refused(edit(head, producer=PRODUCER | {"name": "Басқа"}), 409, "organisations.changed_meanwhile")
    assert head.get("/api/v1/organisation").json["producer"]["name"] == PRODUCER["name"]


def test_numbers_are_checked(head: FlaskClient) -> None:
    refused(edit(head, gln="4870000000008"), 422, "organisations.gln_invalid")
    refused(edit(head, gln="48700000"), 422, "request.invalid")
    refused(edit(head, gcp="48x"), 422, "request.invalid")
    assert head.get("/api/v1/organisation").json["version"] == 1


def test_the_profile_is_edited_by_whom_it_was_entrusted_to(app: Flask, head: FlaskClient) -> None:
    organisation = head.get("/api/v1/organisation").json["id"]
    clerk, other = app.test_client(), app.test_client()
    factories.sign_in(clerk, organisation, Role.EMPLOYEE, (Function.LABELS,))
    factories.sign_in(other, organisation, Role.EMPLOYEE, (Function.PROFILE,))
    assert clerk.get("/api/v1/organisation").status_code == 200
    assert edit(clerk).status_code == 403
    assert edit(other).status_code == 200


def place(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "shop",
        "names": {"kk": "№2 дүкен", "ru": "Магазин №2", "en": "Shop 2"},
        "address": {"locality": "Алматы", "line": "Төле би көшесі, 5"},
    } | changes


def add(client: FlaskClient, **changes: Any) -> Any:
    return client.post("/api/v1/places", json=place(**changes), headers=key())


def test_the_first_place_is_the_main_one(head: FlaskClient) -> None:
    first = add(head).json["places"]
    assert [(one["kind"], one["main"], one["address"]["locality"]) for one in first] == [("shop", True, "Алматы")]
    both = add(head, kind="warehouse").json["places"]
    assert [(one["kind"], one["main"]) for one in both] == [("shop", True), ("warehouse", False)]
    moved = add(head, kind="branch", bin=BIN, main=True).json["places"]
    assert [(one["kind"], one["main"]) for one in moved] == [("branch", True), ("shop", False), ("warehouse", False)]
    assert len(facts("place:added")) == 3


def put(client: FlaskClient, row: Any, version: int | None = None, **changes: Any) -> Any:
    body = place(main=row["main"], version=version or row["version"]) | changes
    return client.put(f"/api/v1/places/{row['id']}", json=body, headers=key())


def test_a_place_is_edited_in_turn(head: FlaskClient) -> None:
    row = add(head).json["places"][0]
    edited = put(head, row, gln=GLN).json["places"][0]
    assert (edited["gln"], edited["version"]) == (GLN, 2)
    refused(put(head, row), 409, "organisations.changed_meanwhile")
    refused(put(head, edited, main=False), 409, "organisations.place_is_main")
    assert facts("place:changed")[0].after["gln"] == GLN


def test_a_place_is_blocked_but_never_the_main_one(head: FlaskClient) -> None:
    main = add(head).json["places"][0]
    other = add(head).json["places"][1]

    def do(row: Any, what: str) -> Any:
        return head.post(f"/api/v1/places/{row['id']}/{what}", headers=key())

    refused(do(main, "block"), 409, "organisations.place_is_main")
    assert [one["blocked"] for one in do(other, "block").json["places"]] == [False, True]
    refused(put(head, other, main=True), 409, "organisations.place_is_blocked")
    assert [one["blocked"] for one in do(other, "unblock").json["places"]] == [False, False]
    assert (len(facts("place:blocked")), len(facts("place:unblocked"))) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "branch", "bin": "200140000005"}, "organisations.tax_number_invalid"),
        ({"kind": "branch", "bin": IIN}, "organisations.tax_number_invalid"),
        ({"kind": "shop", "bin": BIN}, "organisations.tax_number_invalid"),
        ({"gln": "4870000000008"}, "organisations.gln_invalid"),
        ({"kind": "moon"}, "request.invalid"),
        ({"address": {"locality": "", "line": "1"}}, "request.invalid"),
    ],
)
def test_what_is_typed_of_a_place_is_checked(head: FlaskClient, changes: dict[str, Any], code: str) -> None:
    refused(add(head, **changes), 422, code)
    assert head.get("/api/v1/places").json["places"] == []


def test_others_places_are_unknown(app: Flask, head: FlaskClient) -> None:
    row = add(head).json["places"][0]
    other = app.test_client()
    factories.sign_in(other, factories.organisation(Kind.PRODUCER))
    refused(put(other, row), 404, "organisations.place_unknown")
    refused(other.post(f"/api/v1/places/{row['id']}/block", headers=key()), 404, "organisations.place_unknown")
    assert other.get("/api/v1/places").json["places"] == []


def test_a_member_is_tied_to_own_places_only(app: Flask, head: FlaskClient) -> None:
    row = add(head).json["places"][0]
    other = app.test_client()
    factories.sign_in(other, factories.organisation(Kind.PRODUCER))
    body = {"name": "Айгүл", "functions": ["labels"], "place_ids": [row["id"]]}
    assert head.post("/api/v1/staff/invitations", json=body, headers=key()).json["place_ids"] == [row["id"]]
    answer = other.post("/api/v1/staff/invitations", json=body, headers=key())
    refused(answer, 404, "organisations.place_unknown")
