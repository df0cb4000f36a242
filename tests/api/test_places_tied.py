"""Whose work is tied to places: acts and goods of other places are not there for them, what was put nowhere is
everybody's. Both engines."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core import clock, gs1
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.notifications.models import Notification
from backend.organisations.models import Membership
from backend.organisations.rules import Function, Role
from tests import factories, trading
from tests.api.stock.conftest import get, handed_over, place, post
from tests.factories import key
from tests.trading import Party, texts

PLACE = "organisations.place_of_others"
SSCC = gs1.sscc("487000000", 999_999)


@pytest.fixture
def here(buyer: Party) -> str:
    return place(buyer.id)


@pytest.fixture
def elsewhere(buyer: Party) -> str:
    return place(buyer.id)


@pytest.fixture
def goods(seller: Party, buyer: Party, here: str, elsewhere: str) -> dict[str, list[bytes]]:
    """Two units of the buyer's at each place, and two that were put nowhere."""
    card = factories.card(seller.id)
    found = {}
    for name, at in (("here", here), ("elsewhere", elsewhere), ("nowhere", None)):
        found[name] = factories.codes(seller.id, 2, card_id=card)
        handed_over(found[name], seller.id, buyer.id, at)
    return found


def works_at(
    app: Flask,
    organisation: str,
    *places: str,
    role: Role = Role.EMPLOYEE,
    functions: tuple[Function, ...] = (Function.ACTS,),
) -> FlaskClient:
    client = app.test_client()
    person = factories.sign_in(client, organisation, role, () if role is Role.HEAD else functions)

    def tie() -> None:
        member = db.session.query(Membership).filter_by(organisation_id=organisation, person_id=person).one()
        member.place_ids = list(places)

    unit_of_work(tie)
    client.person = person
    return client


@pytest.fixture
def clerk(app: Flask, buyer: Party, here: str) -> FlaskClient:
    return works_at(app, buyer.id, here)


@pytest.fixture
def program(buyer: Party, app: Flask, here: str) -> FlaskClient:
    """With a key for one place."""
    body = {"name": "Till", "scopes": ["acts:see", "acts:sign", "codes:see", "codes:pack"], "place_id": here}
    made = buyer.post("/api-keys", body | {"expires_at": (clock.now() + timedelta(days=30)).isoformat()})
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {made.json['secret']}"
    return client


@pytest.fixture(params=["clerk", "program"])
def tied(request: pytest.FixtureRequest) -> FlaskClient:
    return request.getfixturevalue(request.param)


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code), answer.text


def test_stock_is_of_ones_own_places(tied: FlaskClient, buyer: Party, goods: dict[str, list[bytes]]) -> None:
    assert get(tied, "/stock")["total"] == 4
    assert get(buyer.client, "/stock")["total"] == 6
    shown = {one["code"] for one in get(tied, "/stock/codes")["codes"]}
    assert shown == set(texts(goods["here"]) + texts(goods["nowhere"]))
    (far,) = texts(goods["elsewhere"][:1])
    assert get(tied, "/stock/codes", q=far)["codes"] == []
    assert get(tied, "/stock/codes", q=far[-8:])["codes"] == []
    refused(tied.get(f"/api/v1/codes/{far}"), 404, "codes.unknown")
    assert get(buyer.client, f"/codes/{far}")["steps"]


def test_boxes_of_other_places_are_not_there(tied: FlaskClient, buyer: Party, goods: dict[str, list[bytes]]) -> None:
    near, far = (trading.box(buyer.id, goods[name]) for name in ("here", "elsewhere"))
    card = factories.one(goods["here"][0]).card_id
    for query in ({}, {"card": card}):
        assert [one["sscc"] for one in get(tied, "/stock/packages", **query)["packages"]] == [near]
        assert len(get(buyer.client, "/stock/packages", **query)["packages"]) == 2
    assert get(tied, f"/packages/{near}/contents")["count"] == 2
    for path in (f"/packages/{far}/contents", f"/packages/{far}"):
        refused(tied.get(f"/api/v1{path}"), 404, "codes.package_unknown")
    refused(post(tied, f"/packages/{far}/open"), 404, "codes.package_unknown")
    assert get(buyer.client, f"/packages/{far}")["state"] == "FORMED"


def test_a_box_is_closed_around_goods_of_ones_own_places(
    tied: FlaskClient, buyer: Party, goods: dict[str, list[bytes]]
) -> None:
    mixed = texts([goods["here"][0], goods["elsewhere"][0]])
    refused(post(tied, "/packages", sscc=SSCC, codes=mixed), 403, PLACE)
    refused(buyer.get(f"/packages/{SSCC}"), 404, "codes.package_unknown")
    assert post(tied, "/packages", sscc=SSCC, codes=texts([goods["here"][0], goods["nowhere"][0]])).status_code == 201
    assert post(tied, f"/packages/{SSCC}/open").status_code == 200


def test_a_draft_takes_goods_of_ones_own_places(
    tied: FlaskClient, seller: Party, buyer: Party, here: str, elsewhere: str, goods: dict[str, list[bytes]]
) -> None:
    far = trading.box(buyer.id, goods["elsewhere"][:1])
    made = post(tied, "/acts", receiver_tax=seller.bin, sender_place_id=here).json["id"]
    wanted = [*texts(goods["here"][:1]), *texts(goods["elsewhere"][1:]), *texts(goods["nowhere"][:1]), f"00{far}"]
    put = post(tied, f"/acts/{made}/units", codes=wanted).json["results"]
    assert [(one["status"], one["reason"]) for one in put] == [
        ("added", None),
        ("refused", "other_place"),
        ("added", None),
        ("refused", "other_place"),
    ]
    card = factories.one(goods["here"][0]).card_id
    assert sum(one["count"] for one in get(tied, "/acts/pickable", card_id=card)["places"]) == 2
    assert post(tied, f"/acts/{made}/units/pick", card_id=card).json["added"] == 2
    refused(post(tied, "/acts", receiver_tax=seller.bin, sender_place_id=elsewhere), 403, PLACE)


def test_what_a_colleague_put_in_is_not_sent(
    clerk: FlaskClient, seller: Party, buyer: Party, goods: dict[str, list[bytes]]
) -> None:
    act = trading.draft(buyer, seller, texts(goods["elsewhere"][:1]))
    refused(clerk.get(f"/api/v1/acts/{act}/document"), 403, PLACE)
    own = trading.draft(buyer, seller, texts(goods["here"][:1]))
    assert clerk.get(f"/api/v1/acts/{own}/document").status_code == 200


def test_acts_are_seen_and_decided_where_they_happen(
    tied: FlaskClient, seller: Party, buyer: Party, here: str, elsewhere: str
) -> None:
    came = {
        at: trading.sent(seller, buyer, texts(factories.codes(seller.id, 1)), receiver_place_id=at)
        for at in (here, elsewhere, None)
    }
    assert {one["id"] for one in get(tied, "/acts")["acts"]} == {came[here], came[None]}
    assert len(get(buyer.client, "/acts")["acts"]) == 3
    decision = {"mode": "trust"}
    for path in ("", "/units", "/paper"):
        refused(tied.get(f"/api/v1/acts/{came[elsewhere]}{path}"), 404, "acts.unknown")
    refused(decide(tied, came[elsewhere], decision), 404, "acts.unknown")
    refused(decide(tied, came[None], decision | {"place_id": elsewhere}), 403, PLACE)
    for act in (came[here], came[None]):
        assert decide(tied, act, decision | {"place_id": here}).status_code == 200


def test_goods_move_inside_and_each_place_signs_its_own_side(
    app: Flask, clerk: FlaskClient, buyer: Party, here: str, elsewhere: str, goods: dict[str, list[bytes]]
) -> None:
    there = works_at(app, buyer.id, elsewhere)
    route = {"kind": "internal", "sender_place_id": here, "receiver_place_id": elsewhere}
    act = trading.draft(buyer, buyer, texts(goods["here"]), **route)
    refused(there.get(f"/api/v1/acts/{act}"), 404, "acts.unknown")
    assert clerk.get(f"/api/v1/acts/{act}/document").status_code == 200
    assert trading.send(buyer, act).status_code == 200
    refused(decide(clerk, act, {"mode": "trust"}), 403, PLACE)
    refused(there.post(f"/api/v1/acts/{act}/cancel", json={}, headers=key()), 403, PLACE)
    assert decide(there, act, {"mode": "trust"}).status_code == 200


def test_nobody_gives_places_that_are_not_theirs(app: Flask, buyer: Party, here: str, elsewhere: str) -> None:
    manager = works_at(app, buyer.id, here, functions=(Function.STAFF, Function.INTEGRATIONS, Function.ACTS))
    invited = {"name": "Ayan", "functions": ["acts"]}
    for places in ([], [elsewhere], [here, elsewhere]):
        refused(post(manager, "/staff/invitations", **invited, place_ids=places), 403, PLACE)
    assert post(manager, "/staff/invitations", **invited, place_ids=[here]).status_code == 201
    clerk = works_at(app, buyer.id, elsewhere)
    staff = get(manager, "/staff")["members"]
    (found,) = [one for one in staff if one["person_id"] == clerk.person]
    path, terms = f"/api/v1/staff/{found['id']}", {"functions": ["acts"], "version": found["version"]}
    moved = manager.put(path, json=terms | {"place_ids": []}, headers=key())
    refused(moved, 403, PLACE)
    assert manager.put(path, json=terms | {"title": "x", "place_ids": [elsewhere]}, headers=key()).status_code == 200
    till = {"name": "Till", "scopes": ["acts:see"], "expires_at": (clock.now() + timedelta(days=30)).isoformat()}
    for place_id in (None, elsewhere):
        refused(post(manager, "/api-keys", **till, place_id=place_id), 403, PLACE)
    assert post(manager, "/api-keys", **till, place_id=here).status_code == 201
    wide = buyer.post("/api-keys", till).json["id"]
    refused(post(manager, f"/api-keys/{wide}/rotate"), 403, PLACE)


def test_a_head_works_everywhere(app: Flask, buyer: Party, here: str, goods: dict[str, list[bytes]]) -> None:
    head = works_at(app, buyer.id, here, role=Role.HEAD)
    assert get(head, "/stock")["total"] == 6


def test_a_code_of_ones_own_is_shown_for_ones_own_place(clerk: FlaskClient, here: str, elsewhere: str) -> None:
    assert clerk.get(f"/api/v1/meetings/mine?place_id={here}").status_code == 200
    refused(clerk.get(f"/api/v1/meetings/mine?place_id={elsewhere}"), 403, PLACE)


def test_a_form_knows_which_places_to_offer(
    app: Flask, clerk: FlaskClient, buyer: Party, here: str, elsewhere: str
) -> None:
    """All are named: goods may be sent on to another place."""
    for client, reached in ((clerk, {here}), (works_at(app, buyer.id, here, role=Role.HEAD), {here, elsewhere})):
        listed = get(client, "/places")["places"]
        assert {one["id"] for one in listed} == {here, elsewhere}
        assert {one["id"] for one in listed if one["reached"]} == reached


def test_those_who_work_elsewhere_are_not_told(
    app: Flask, clerk: FlaskClient, seller: Party, buyer: Party, here: str, elsewhere: str
) -> None:
    there, anywhere = works_at(app, buyer.id, elsewhere), works_at(app, buyer.id)
    trading.sent(seller, buyer, texts(factories.codes(seller.id, 1)), receiver_place_id=elsewhere)
    told = {one.person_id for one in db.session.query(Notification).filter_by(kind="act_received")}
    assert clerk.person not in told
    assert {there.person, anywhere.person} <= told
    trading.sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    db.session.rollback()
    assert clerk.person in {one.person_id for one in db.session.query(Notification).filter_by(kind="act_received")}


def decide(client: FlaskClient, act: str, decision: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/acts/{act}/decision/document", json=decision, headers=key())
