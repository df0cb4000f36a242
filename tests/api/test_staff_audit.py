"""The audit trail of an organisation: complete, its own, and checkable by whoever exports it. Both engines."""

import csv
import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import rfc8785
from flask import Flask
from flask.testing import FlaskClient

from backend.core import clock
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history import service as history
from backend.organisations import audit
from backend.organisations.rules import Function, Kind, Role
from tests import factories


@pytest.fixture
def shop(app: Flask) -> str:
    return factories.organisation(Kind.RETAIL)


@pytest.fixture
def head(client: FlaskClient, shop: str) -> FlaskClient:
    factories.sign_in(client, shop)
    return client


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def record(kind: str, organisation: str, person: str = "", subject: str = "1", **said: Any) -> str:
    actor = Actor(person, organisation) if person else None
    return unit_of_work(
        lambda: history.record(
            kind, subject=(kind.partition(":")[0], subject), organisation_id=organisation, actor=actor, **said
        )
    )


def trail(client: FlaskClient, **query: Any) -> list[str]:
    answer = client.get("/api/v1/audit", query_string=query)
    assert answer.status_code == 200, answer.json
    return [one["kind"] for one in answer.json["facts"]]


def test_what_was_done_is_told_the_newest_first_with_who(app: Flask, head: FlaskClient, shop: str) -> None:
    worker = app.test_client()
    person = factories.sign_in(worker, shop, Role.EMPLOYEE, (Function.PROFILE,))
    record("place:added", shop, person, after={"kind": "shop"})
    record("organisation:blocked", shop, "01M80000000000000000000000", detail={"reason": "order 5"})
    record("session:expired", shop)
    found = head.get("/api/v1/audit").json["facts"]
    assert [(one["kind"], one["person"], one["via"]) for one in found[:3]] == [
        ("session:expired", None, "system"),
        ("organisation:blocked", None, "session"),
        ("place:added", "Әлия", "session"),
    ]
    assert found[2]["after"] == {"kind": "shop"}
    assert [one["kind"] for one in found[3:]] == ["member:added", "member:added"]
    assert refusal(worker) == 403


def refusal(client: FlaskClient) -> int:
    statuses = {
        client.get(f"/api/v1/audit{path}").status_code for path in ("", "/people", "/export.csv", "/export.jsonl")
    }
    assert len(statuses) == 1
    return statuses.pop()


def test_another_organisations_facts_are_never_told(app: Flask, head: FlaskClient, shop: str) -> None:
    other = factories.organisation(Kind.RETAIL)
    person = factories.sign_in(app.test_client(), other)
    record("place:added", other, person, subject="secret-place")
    record("place:added", "", person, subject="nobodys")
    for query in ({}, {"person": person}, {"subject_id": "secret-place"}, {"family": "place"}):
        assert "place:added" not in trail(head, **query)
    for path in ("csv", "jsonl"):
        assert "secret-place" not in head.get(f"/api/v1/audit/export.{path}").text
    assert person not in [one["id"] for one in head.get("/api/v1/audit/people").json["people"]]


def test_the_operator_too_sees_its_own_trail_alone(client: FlaskClient, shop: str) -> None:
    factories.sign_in(client, factories.organisation(Kind.OPERATOR))
    record("place:added", shop)
    assert "place:added" not in trail(client)


def test_filters(app: Flask, head: FlaskClient, shop: str) -> None:
    person = factories.sign_in(app.test_client(), shop)
    start = clock.now()
    record("place:added", shop, person, subject="A")
    record("place_x:added", shop, person, subject="B")
    with clock.at(start + timedelta(days=3)):
        record("power:given", shop, person, subject="C")
    day = clock.today()
    assert trail(head, person=person) == ["power:given", "place_x:added", "place:added"]
    assert trail(head, family="place") == ["place:added"]
    assert trail(head, since=str(day + timedelta(days=1))) == ["power:given"]
    assert trail(head, until=str(day + timedelta(days=2)), person=person) == ["place_x:added", "place:added"]
    assert trail(head, subject_kind="power", subject_id="C") == ["power:given"]
    refused(head.get("/api/v1/audit?family=a:b"), 422, "request.invalid")
    refused(head.get("/api/v1/audit?surprise=1"), 422, "request.invalid")


def test_a_day_is_a_day_of_kazakhstan(head: FlaskClient, shop: str) -> None:
    day = clock.today() + timedelta(days=10)
    for minutes, kind in (
        (-1, "place:before"),
        (0, "place:first"),
        (24 * 60 - 1, "place:last"),
        (24 * 60, "place:after"),
    ):
        midnight = clock.now().astimezone(clock.ALMATY).replace(hour=0, minute=0, second=0, microsecond=0)
        with clock.at(midnight + timedelta(days=10, minutes=minutes)):
            record(kind, shop)
    assert trail(head, family="place", since=str(day), until=str(day)) == ["place:last", "place:first"]


def test_pages_neither_repeat_nor_skip(head: FlaskClient, shop: str) -> None:
    moment = clock.now()
    with clock.at(moment):  # all at one moment: the id decides
        for number in range(7):
            record("place:added", shop, subject=str(number))
    seen, cursor = [], None
    while True:
        query = {"family": "place", "limit": 3} | ({"cursor": cursor} if cursor else {})
        answer = head.get("/api/v1/audit", query_string=query).json
        seen += [one["subject_id"] for one in answer["facts"]]
        record("place:added", shop, subject="late")
        cursor = answer["next"]
        if not cursor:
            break
    assert sorted(seen) == [str(number) for number in range(7)]
    refused(head.get("/api/v1/audit?cursor=eA=="), 422, "request.cursor_invalid")
    refused(head.get("/api/v1/audit?cursor=MjAyNi0wMS0wMXx4"), 422, "request.cursor_invalid")


def exported(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/audit/export.jsonl", query_string=query)
    assert (answer.status_code, answer.mimetype) == (200, "application/jsonl")
    assert "attachment" in answer.headers["Content-Disposition"]
    return [json.loads(line) for line in answer.text.splitlines()]


def test_every_exported_fact_can_be_checked_against_the_chain(head: FlaskClient, shop: str) -> None:
    record("place:added", shop, subject="Ә", after={"names": {"kk": "№1 қойма"}}, codes=[b"\x01" * 16])
    record("place:added", factories.organisation(), subject="other")
    record("place:blocked", shop)
    unit_of_work(history.sequence_some)
    record("place:unblocked", shop)
    first, *facts = exported(head)
    assert (first["format"], first["facts"], first["limit"]) == ("tanba-audit/1", len(facts), audit.EXPORTED)
    for one in facts[:-1]:
        digest = hashlib.sha256(bytes.fromhex(one["previous"]) + rfc8785.dumps(one["fact"])).hexdigest()
        assert digest == one["hash"], one
    assert facts[0]["previous"] == "00" * 32
    assert first["head"]["sequence"] > facts[-2]["sequence"] - 1
    assert (facts[-1]["sequence"], facts[-1]["hash"], facts[-1]["previous"]) == (None, None, None)
    listed = head.get("/api/v1/audit").json["facts"]
    assert {one["id"]: one["hash"] for one in listed} == {one["fact"]["id"]: one["hash"] for one in facts}
    assert [one["fact"]["kind"] for one in exported(head, family="place")[1:]] == [
        "place:added",
        "place:blocked",
        "place:unblocked",
    ]


def test_the_table_opens_in_a_spreadsheet_and_runs_no_formula(head: FlaskClient, shop: str) -> None:
    record("place:added", shop, subject="=1+1", after={"names": {"kk": "Қойма, «үлкен»"}})
    unit_of_work(history.sequence_some)
    answer = head.get("/api/v1/audit/export.csv?family=place")
    assert answer.mimetype == "text/csv"
    assert answer.text.startswith("\ufeffsequence,hash,previous,")
    row = next(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert (row["subject_id"], row["kind"]) == ("'=1+1", "place:added")
    assert json.loads(row["after"]) == {"names": {"kk": "Қойма, «үлкен»"}}
    assert len(row["hash"]) == 64


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_file_is_whole_though_it_is_sent_after_the_request(
    head: FlaskClient, shop: str, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server sends it when the context of the request is left, and its session closed."""
    monkeypatch.setattr(audit, "BATCH", 2)
    moment = clock.now()
    with clock.at(moment):
        for number in range(5):
            record("place:added", shop, subject=f"number-{number}")
    with ThreadPoolExecutor(1) as server:  # where no context is but the request's own
        text = server.submit(lambda: head.get(f"/api/v1/audit/export.{ending}?family=place").text).result()
    assert [text.count(f"number-{number}") for number in range(5)] == [1, 1, 1, 1, 1]


def test_an_export_too_long_is_said_and_not_cut(head: FlaskClient, shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "EXPORTED", 2)
    for number in range(3):
        record("place:added", shop, subject=str(number))
    answer = head.get("/api/v1/audit/export.jsonl?family=place")
    refused(answer, 422, "organisations.audit_too_long")
    assert answer.json["error"]["params"] == {"count": 3, "limit": 2}
    assert len(exported(head, subject_id="1")) == 2


def test_people_who_left_stay_in_the_list_of_the_trail(app: Flask, head: FlaskClient, shop: str) -> None:
    person = factories.sign_in(app.test_client(), shop, Role.EMPLOYEE, (Function.LABELS,))
    member = next(one for one in head.get("/api/v1/staff").json["members"] if one["person_id"] == person)
    assert head.delete(f"/api/v1/staff/{member['id']}", headers=factories.key()).status_code == 200
    assert person in [one["id"] for one in head.get("/api/v1/audit/people").json["people"]]
    record("labels:printed", shop, person)
    assert head.get("/api/v1/audit").json["facts"][0]["person"] == "Әлия"
    db.session.rollback()
