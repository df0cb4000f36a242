"""Cards and product groups, through the client. Both engines."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.catalogue import groups, queries, service
from backend.catalogue.models import Card
from backend.catalogue.rules import CardIncomplete, CardMoved, CardUnknown, GroupUnknown
from backend.core import gs1
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.organisations.rules import Function, Kind, Role
from tests import factories
from tests.factories import key
from tests.rules.test_groups import third, write

NAMES = {"kk": "Бәтеңке", "ru": "Ботинки", "en": "Boots"}
ATTRIBUTES = {
    "kind": "boots",
    "model": "Ж-12",
    "size": "42",
    "colour": "black",
    "wearer": "men",
    "upper": "leather",
    "lining": "textile",
    "sole": "rubber",
}


def boots(**changes: Any) -> dict[str, Any]:
    return {
        "gtin": factories.gtin(),
        "group": "footwear",
        "names": NAMES,
        "brand": "Жайлау",
        "attributes": ATTRIBUTES,
        "tnved": "6403919600",
        "country": "KZ",
        "producer": {"name": "Жайлау", "country": "KZ"},
    } | changes


@pytest.fixture
def producer(app: Flask, client: FlaskClient) -> str:
    organisation = factories.organisation(Kind.PRODUCER)
    factories.sign_in(client, organisation)
    return organisation


def post(client: FlaskClient, body: dict[str, Any]) -> Any:
    return client.post("/api/v1/cards", json=body, headers=key())


def refused(answer: Any, status: int, code: str, *fields: tuple[str, str]) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert [(one["field"], one["code"]) for one in answer.json["error"]["fields"]] == list(fields)


def test_groups_are_public(client: FlaskClient) -> None:
    found = {group["id"]: group for group in client.get("/api/v1/groups").json}
    assert list(found) == ["footwear", "fur"]
    assert found["footwear"]["template"] == {
        "group": "footwear",
        "serial_length": 13,
        "key_length": 4,
        "tail_lengths": [88, 44],
        "key_ai": "91",
        "tail_ai": "92",
    }
    assert found["fur"]["template"] is None
    assert found["fur"]["tnved"] == ["4303"]
    colour = next(one for one in found["footwear"]["attributes"] if one["code"] == "colour")
    assert colour["compare"] is True
    assert {"code": "black", "names": {"kk": "Қара", "ru": "Чёрный", "en": "Black"}} in colour["choices"]


def test_a_third_group_works_by_a_file_alone(make_app: Any, database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "groups"
    folder.mkdir()
    beer = third(code=third()["code"] | {"serial_length": 8})
    app = make_app(database_url, groups_dir=write(folder, beer))
    client = app.test_client()
    with app.app_context():
        factories.sign_in(client, factories.organisation(Kind.PRODUCER))
        card = boots(group="beer", tnved="2203000100", attributes={"volume": "0.5"})
        made = post(client, card)
        assert made.status_code == 201, made.json
        unit_of_work(lambda: service.publish(made.json["id"]))
        assert [template.group for template in groups.templates()] == ["footwear", "beer"]
        scan = gs1.read(f"01{made.json['gtin']}21ABCDEFGH93wxyz", None, groups.templates())
        assert (scan.serial, scan.tail) == ("ABCDEFGH", "wxyz")
        with pytest.raises(GroupUnknown):
            groups.get("wine")


def test_a_faulty_group_stops_the_start(make_app: Any, sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "groups"
    folder.mkdir()
    (folder / "beer.json").write_text(json.dumps(third(price_tiyn=-1)))
    with pytest.raises(ValueError, match=r"beer\.json"):
        make_app(sqlite_url, groups_dir=folder)


def test_a_card_is_described(client: FlaskClient, producer: str) -> None:
    body = boots()
    answer = post(client, body)
    assert answer.status_code == 201
    assert answer.json == body | {
        "id": answer.json["id"],
        "owner_id": producer,
        "importer_id": None,
        "state": "draft",
    }
    assert client.get(f"/api/v1/cards/{answer.json['id']}").json == answer.json
    fact = db.session.execute(select(Fact).where(Fact.kind == "card:created")).scalar_one()
    assert (fact.subject_id, fact.organisation_id) == (answer.json["id"], producer)
    assert fact.after["gtin"] == body["gtin"]
    assert fact.actor_id is not None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("4006381333931", "04006381333931"),
        ("14006381333938", "14006381333938"),
    ],
)
def test_gtins_of_every_length(client: FlaskClient, producer: str, written: str, kept: str) -> None:
    assert post(client, boots(gtin=written)).json["gtin"] == kept


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"gtin": "4006381333932"}, ("gtin", "check_digit")),
        ({"gtin": "40063"}, ("gtin", "check_digit")),
        ({"gtin": None}, ("gtin", "required")),
        ({"tnved": "4303101000"}, ("tnved", "other_group")),
        ({"attributes": {"colour": "Қара"}}, ("attributes.colour", "choice")),
        ({"attributes": {"taste": "sweet"}}, ("attributes.taste", "unknown")),
    ],
)
def test_what_does_not_fit_the_group(
    client: FlaskClient, producer: str, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    refused(post(client, boots(**changes)), 422, "catalogue.card_invalid", fault)
    assert queries.cards(None, None, 10) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"names": {"kk": "Бәтеңке"}},
        {"names": NAMES | {"en": ""}},
        {"tnved": "6403"},
        {"country": "kz"},
        {"surprise": 1},
        {"attributes": {"size": 42}},
        {"producer": {"name": ""}},
        {"state": "published"},
    ],
)
def test_what_is_no_card(client: FlaskClient, producer: str, changes: dict[str, Any]) -> None:
    assert post(client, boots(**changes)).json["error"]["code"] == "request.invalid"


def test_an_unknown_group(client: FlaskClient, producer: str) -> None:
    refused(post(client, boots(group="wine")), 422, "catalogue.group_unknown")


def test_fur_goes_without_a_gtin(client: FlaskClient, producer: str) -> None:
    coat = boots(group="fur", tnved="4303109080", gtin=None, attributes={"kind": "coat", "fur": "mink"})
    assert [post(client, coat).status_code for _ in range(2)] == [201, 201]


def test_a_kazakh_gtin_has_one_card_and_a_foreign_one_a_card_per_importer(
    client: FlaskClient, app: Flask, producer: str
) -> None:
    local, foreign = factories.gtin(), "4006381333931"
    assert post(client, boots(gtin=local)).status_code == 201
    assert post(client, boots(gtin=foreign)).status_code == 201
    refused(post(client, boots(gtin=foreign)), 409, "catalogue.gtin_taken")
    other = app.test_client()
    factories.sign_in(other, factories.organisation(Kind.IMPORTER))
    refused(post(other, boots(gtin=local)), 409, "catalogue.gtin_taken")
    assert post(other, boots(gtin=foreign)).status_code == 201


def test_cards_of_others_are_not_there(client: FlaskClient, app: Flask, producer: str) -> None:
    card = post(client, boots()).json["id"]
    other = app.test_client()
    factories.sign_in(other, factories.organisation(Kind.PRODUCER))
    refused(other.get(f"/api/v1/cards/{card}"), 404, "catalogue.card_unknown")
    assert other.get("/api/v1/cards").json == {"cards": [], "next": None}
    with pytest.raises(CardUnknown):
        queries.card(factories.organisation(), card)


def test_nobody_describes_goods_for_another(client: FlaskClient, producer: str) -> None:
    other = factories.organisation(Kind.IMPORTER)
    refused(post(client, boots(owner_id=other)), 404, "organisations.unknown")
    refused(post(client, boots(importer_id=other)), 404, "organisations.unknown")
    assert post(client, boots(owner_id=producer, importer_id=producer)).status_code == 201


def test_the_operator_describes_goods_for_anyone(client: FlaskClient, app: Flask) -> None:
    factories.sign_in(client, factories.organisation(Kind.OPERATOR))
    owner, importer = factories.organisation(Kind.PRODUCER), factories.organisation(Kind.IMPORTER)
    made = post(client, boots(owner_id=owner, importer_id=importer))
    assert (made.json["owner_id"], made.json["importer_id"]) == (owner, importer)
    refused(post(client, boots(owner_id="0" * 26)), 404, "organisations.unknown")
    refused(post(client, boots(importer_id="0" * 26)), 404, "organisations.unknown")
    assert len(client.get("/api/v1/cards").json["cards"]) == 1


def test_who_may_not(client: FlaskClient, app: Flask) -> None:
    refused(post(client, boots()), 401, "identity.not_signed_in")
    factories.sign_in(client, factories.organisation(Kind.RETAIL))
    refused(post(client, boots()), 403, "identity.not_allowed")
    factories.sign_in(client, factories.organisation(Kind.PRODUCER), Role.EMPLOYEE, (Function.LABELS,))
    refused(post(client, boots()), 403, "identity.not_allowed")
    factories.sign_in(client, factories.organisation(Kind.PRODUCER), Role.EMPLOYEE, (Function.CATALOGUE,))
    assert post(client, boots()).status_code == 201


def test_cards_come_in_pages(client: FlaskClient, producer: str) -> None:
    made = [post(client, boots()).json["id"] for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/api/v1/cards", query_string=query).json
        seen += [card["id"] for card in answer["cards"]]
        cursor = answer["next"]
    assert (sorted(seen), cursor) == (sorted(made), None)
    assert seen == sorted(made, reverse=True)


def publish(card: str) -> None:
    unit_of_work(lambda: service.publish(card))


def lacking(card: str) -> list[str]:
    with pytest.raises(CardIncomplete) as error:
        publish(card)
    return [fault["field"] for fault in error.value.fields]


def test_only_a_complete_card_is_published(client: FlaskClient, producer: str) -> None:
    bare = {name: value for name, value in ATTRIBUTES.items() if name != "sole"}
    assert lacking(post(client, boots(attributes=bare)).json["id"]) == ["attributes.sole"]
    assert lacking(post(client, boots(producer=None)).json["id"]) == ["producer"]
    assert lacking(post(client, boots(country="TR")).json["id"]) == ["importer_id"]
    imported = post(client, boots(country="TR", importer_id=producer)).json["id"]
    publish(imported)
    assert db.session.get_one(Card, imported).state.value == "published"
    db.session.rollback()
    with pytest.raises(CardMoved):
        publish(imported)
    fact = db.session.execute(select(Fact).where(Fact.kind == "card:published")).scalar_one()
    assert (fact.before, fact.after) == ({"state": "draft"}, {"state": "published"})


def test_publishing_is_the_operators(client: FlaskClient, app: Flask, producer: str) -> None:
    card = post(client, boots()).json["id"]
    refused(client.post(f"/api/v1/cards/{card}/publish", headers=key()), 403, "identity.not_allowed")
    factories.sign_in(client, factories.organisation(Kind.OPERATOR))
    answer = client.post(f"/api/v1/cards/{card}/publish", headers=key())
    assert (answer.status_code, answer.json["state"]) == (200, "published")
