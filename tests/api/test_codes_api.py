"""The ledger over HTTP: who may emit, move and pack, what others see of it, and that no tail ever leaves by JSON."""

import base64
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.codes import emission
from backend.core import gs1, openapi
from backend.core.api import unit_of_work
from backend.organisations.access import Permission
from backend.organisations.rules import Kind
from tests import factories
from tests.factories import key, one

NOBODY = "01J00000000000000000000000"
SSCC = gs1.sscc("487000000", 1)
OTHER_SSCC = gs1.sscc("487000000", 2)


@pytest.fixture
def owner(app: Flask) -> str:
    return factories.organisation()


@pytest.fixture
def operator(app: Flask) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, factories.organisation(Kind.OPERATOR))
    return client


@pytest.fixture
def participant(app: Flask, owner: str) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, owner)
    return client


@pytest.fixture
def order(owner: str) -> str:
    return factories.emitted(owner, factories.card(owner), 5)


def post(client: FlaskClient, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1{path}", json=body, headers=key())


def heads(order: str) -> list[str]:
    """Identification codes, as documents carry them."""
    return [text.split("\x1d")[0] for text in factories.texts(order)]


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["error"]["code"]


def test_the_operator_emits_for_a_participant(operator: FlaskClient, owner: str) -> None:
    made = post(operator, "/emissions", card_id=factories.card(owner), count=3, owner_id=owner)
    assert (made.status_code, made.json["count"], made.json["owner_id"]) == (202, 3, owner)
    assert operator.get(f"/api/v1/emissions/{made.json['id']}").json["emitted"] == 3


@pytest.mark.parametrize(
    ("count", "field"), [(0, "greater_than_equal"), (150_001, "less_than_equal"), (True, None), (1.5, "int_from_float")]
)
def test_how_many_codes_an_order_holds(operator: FlaskClient, owner: str, count: Any, field: str | None) -> None:
    answer = post(operator, "/emissions", card_id=factories.card(owner), count=count, owner_id=owner)
    if field:
        assert answer.status_code == 422
        assert answer.json["error"]["fields"] == [{"field": "count", "code": field}]


def test_what_is_not_emitted(operator: FlaskClient, owner: str) -> None:
    draft = factories.card(owner, state="draft")
    fur = factories.card(owner, group="fur", gtin=None)
    foreign = factories.card(factories.organisation())
    wanted = {draft: "card_not_published", foreign: "card_not_published", NOBODY: "card_not_published"}
    for card, code in {**wanted, fur: "group_without_data_matrix"}.items():
        assert told(post(operator, "/emissions", card_id=card, count=1, owner_id=owner)) == (409, f"codes.{code}")
    answer = post(operator, "/emissions", card_id=factories.card(owner), count=1, owner_id=NOBODY)
    assert told(answer) == (404, "organisations.unknown")


def test_a_life_from_receipt_to_sale_of_the_box(operator: FlaskClient, owner: str, order: str) -> None:
    codes = heads(order)
    for event in ("receive", "apply", "introduce_import"):
        moved = post(operator, "/movements", event=event, codes=codes, owner_id=owner, document="ТД 7")
        assert (moved.status_code, moved.json["count"]) == (200, 5)
    made = post(operator, "/packages", sscc="(00)" + SSCC, codes=codes[:3], owner_id=owner)
    assert (made.status_code, made.json["count"], made.json["state"]) == (201, 3, "FORMED")
    outer = post(operator, "/packages", sscc=OTHER_SSCC, codes=codes[3:4], packages=[SSCC], owner_id=owner)
    assert (outer.json["level"], outer.json["count"], outer.json["packages"]) == (2, 4, [SSCC])
    again = post(operator, "/packages", sscc=SSCC, codes=codes[4:], owner_id=owner)
    assert told(again) == (409, "codes.package_exists")
    withdrawn = post(
        operator, "/movements", event="withdraw", packages=[OTHER_SSCC], codes=codes[4:], owner_id=owner, reason="OTHER"
    )
    assert withdrawn.json["count"] == 5
    shown = operator.get(f"/api/v1/codes/{codes[0]}").json
    assert shown["code"] == shown["code"] | {"code": codes[0], "state": "WITHDRAWN", "package": None, "flags": []}
    assert [(step["kind"], step["before"], step["after"]) for step in shown["steps"]] == [
        ("codes:emit", None, "EMITTED"),
        ("codes:receive", "EMITTED", "RECEIVED"),
        ("codes:apply", "RECEIVED", "APPLIED"),
        ("codes:introduce_import", "APPLIED", "INTRODUCED"),
        ("codes:aggregate", "INTRODUCED", None),
        ("codes:withdraw", "INTRODUCED", "WITHDRAWN"),
    ]


def test_a_package_is_opened(operator: FlaskClient, owner: str) -> None:
    codes = factories.codes(owner, 2)
    names = [f"01{one(code).gtin}21{one(code).serial}" for code in codes]
    post(operator, "/packages", sscc=SSCC, codes=names, owner_id=owner)
    opened = post(operator, f"/packages/00{SSCC}/open", owner_id=owner)
    assert (opened.status_code, opened.json["state"], opened.json["count"]) == (200, "DISAGGREGATED", 0)
    assert {one(code).package_id for code in codes} == {None}
    assert told(post(operator, f"/packages/{SSCC}/open", owner_id=owner)) == (409, "codes.package_not_free")


def test_codes_in_every_written_form_move_and_one_wrong_one_stops_all(
    operator: FlaskClient, owner: str, order: str
) -> None:
    full, *rest = factories.texts(order)
    gtin, serial = full[2:16], full[18:31]
    forms = [full, f"(01){rest[0][2:16]}(21){rest[0][18:31]}", f"https://id.tanba.kz/01/{gtin}/21/{rest[1][18:31]}"]
    unknown = f"01{gtin}21{'X' * 13}"
    stopped = post(operator, "/movements", event="receive", codes=[*forms, unknown], owner_id=owner)
    assert told(stopped) == (404, "codes.unknown")
    assert stopped.json["error"]["params"] == {"count": 1, "places": [3]}
    nonsense = post(operator, "/movements", event="receive", codes=[*forms, "жоқ"], owner_id=owner)
    assert nonsense.json["error"]["params"] == {"count": 1, "places": [3]}
    twice = post(operator, "/movements", event="receive", codes=[full, f"01{gtin}21{serial}"], owner_id=owner)
    assert told(twice) == (422, "codes.given_twice")
    assert told(post(operator, "/movements", event="receive", owner_id=owner)) == (422, "codes.none_given")
    assert {one(code).state for code in factories.ids(order)} == {"EMITTED"}
    assert post(operator, "/movements", event="receive", codes=forms, owner_id=owner).json["count"] == 3


def test_an_unknown_code_beside_a_package_stops_all(operator: FlaskClient, owner: str) -> None:
    codes = factories.codes(owner, 2)
    head = f"01{one(codes[0]).gtin}21"
    names = [head + one(code).serial for code in codes]
    post(operator, "/packages", sscc=SSCC, codes=names[:1], owner_id=owner)
    body = {"event": "withdraw", "packages": [SSCC], "owner_id": owner, "reason": "OTHER"}
    stopped = post(operator, "/movements", codes=[names[1], head + "X" * 13], **body)
    assert told(stopped) == (404, "codes.unknown")
    assert stopped.json["error"]["params"] == {"count": 1, "places": [1]}
    assert {one(code).state for code in codes} == {"INTRODUCED"}


def test_events_that_need_a_document_have_no_route_here(operator: FlaskClient, owner: str, order: str) -> None:
    for event in ("emit", "sell", "send", "confirm", "return", "release", "accept_eaeu", "correct", "x"):
        answer = post(operator, "/movements", event=event, codes=heads(order), owner_id=owner)
        assert told(answer) == (422, "request.invalid"), event


def test_a_movement_that_may_not_be_names_codes_and_reasons(operator: FlaskClient, owner: str, order: str) -> None:
    codes = heads(order)
    answer = post(operator, "/movements", event="apply", codes=codes[:1], owner_id=owner)
    assert told(answer) == (409, "codes.moved_meanwhile")
    assert answer.json["error"]["params"] == {"count": 1, "codes": [{"code": codes[0], "reason": "state_emitted"}]}
    answer = post(operator, "/movements", event="cancel", codes=codes, owner_id=owner, reason="JUST_SO")
    assert told(answer) == (422, "codes.reason_invalid")


FOR_THE_OPERATOR = [
    ("POST", "/emissions"),
    ("POST", "/movements"),
    ("GET", "/keys"),
    ("POST", "/keys/rotate"),
]


def test_the_operators_routes_are_the_operators(client: FlaskClient) -> None:
    for method, path in FOR_THE_OPERATOR:
        answer = client.open(f"/api/v1{path}", method=method, json={}, headers=key())
        assert told(answer) == (401, "identity.not_signed_in"), path
    for kind in set(Kind) - {Kind.OPERATOR}:
        factories.sign_in(client, factories.organisation(kind))
        for method, path in FOR_THE_OPERATOR:
            answer = client.open(f"/api/v1{path}", method=method, json={}, headers=key())
            assert told(answer) == (403, "identity.not_allowed"), (kind, path)


def test_the_list_of_the_operators_routes_is_whole(app: Flask) -> None:
    theirs = (Permission.CODES_EMIT, Permission.CODES_MOVE, Permission.KEYS_ROTATE)
    declared = {(end.method, end.rule) for end in openapi.endpoints(app) if end.allow in theirs}
    assert declared == {(method, f"/api/v1{path}".replace(SSCC, "<sscc>")) for method, path in FOR_THE_OPERATOR}


def test_anothers_things_are_as_if_they_were_not(
    app: Flask, operator: FlaskClient, participant: FlaskClient, owner: str, order: str
) -> None:
    codes = heads(order)
    for event in ("receive", "apply"):
        post(operator, "/movements", event=event, codes=codes, owner_id=owner)
    post(operator, "/packages", sscc=SSCC, codes=codes, owner_id=owner)
    stranger = app.test_client()
    factories.sign_in(stranger, factories.organisation())
    pairs = [
        (f"/emissions/{order}", f"/emissions/{NOBODY}"),
        (f"/emissions/{order}/codes", f"/emissions/{NOBODY}/codes"),
        (f"/codes/{codes[0]}", f"/codes/{codes[0][:18]}{'X' * 13}"),
        (f"/packages/{SSCC}", f"/packages/{OTHER_SSCC}"),
    ]
    for theirs, none in pairs:
        assert participant.get(f"/api/v1{theirs}").status_code == 200
        refused, random = (stranger.get(f"/api/v1{path}") for path in (theirs, none))
        assert (refused.status_code, random.status_code) == (404, 404)
        assert refused.json["error"]["code"] == random.json["error"]["code"]
        asked = {value: "?" for path in (theirs, none) for value in path.split("/")}
        shapes = [{n: asked.get(v, v) for n, v in answer.json["error"]["params"].items() if n != "places"}
                  for answer in (refused, random)]  # fmt: skip
        assert shapes[0] == shapes[1]
        assert {name for name, _ in refused.headers} == {name for name, _ in random.headers}
    assert stranger.get("/api/v1/emissions").json == {"emissions": [], "cursor": None}


def test_an_owner_sees_only_the_steps_it_took_part_in(
    app: Flask, operator: FlaskClient, participant: FlaskClient, owner: str
) -> None:
    from backend.codes import ledger
    from backend.codes.rules import Event

    code = factories.codes(owner, 1)[0]
    buyer, act = factories.organisation(), ("act", "01ACT")
    unit_of_work(lambda: ledger.move(Event.SEND, [code], actor=None, owner_id=owner, document=act))
    unit_of_work(lambda: ledger.move(Event.CONFIRM, [code], actor=None, owner_id=buyer, to=buyer, document=act))
    name = f"01{one(code).gtin}21{one(code).serial}"
    assert participant.get(f"/api/v1/codes/{name}").status_code == 404
    client = app.test_client()
    factories.sign_in(client, buyer)
    assert [step["kind"] for step in client.get(f"/api/v1/codes/{name}").json["steps"]] == ["codes:confirm"]
    assert len(operator.get(f"/api/v1/codes/{name}").json["steps"]) == 6


def everything(client: FlaskClient, path: str, name: str, limit: int) -> list[dict[str, Any]]:
    found, cursor = [], ""
    while cursor is not None:
        answer = client.get(f"/api/v1{path}?limit={limit}" + (f"&cursor={cursor}" if cursor else "")).json
        assert 0 < len(answer[name]) <= limit
        found += answer[name]
        cursor = answer["cursor"]
    return found


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
def test_pages_of_codes_neither_repeat_nor_skip(participant: FlaskClient, order: str, limit: int) -> None:
    found = everything(participant, f"/emissions/{order}/codes", "codes", limit)
    assert [code["number"] for code in found] == [1, 2, 3, 4, 5]
    assert [code["code"] for code in found] == heads(order)


def test_pages_of_emissions_stay_whole_while_new_ones_arrive(participant: FlaskClient, owner: str) -> None:
    card = factories.card(owner)
    made = [factories.emitted(owner, card, 1) for _ in range(4)]
    first = participant.get("/api/v1/emissions?limit=2").json
    factories.emitted(owner, card, 1)
    rest = participant.get(f"/api/v1/emissions?limit=2&cursor={first['cursor']}").json
    assert [row["id"] for row in first["emissions"] + rest["emissions"]] == made[::-1]
    assert rest["cursor"] is None


def test_cursors_and_queries_of_ones_own_making(participant: FlaskClient, order: str) -> None:
    for after in ("abc", "9" * 40, "-1", "1.5", "²", "5\n", "\0", ""):
        cursor = base64.urlsafe_b64encode(after.encode()).decode()
        answer = participant.get(f"/api/v1/emissions/{order}/codes", query_string={"cursor": cursor})
        assert told(answer) == (422, "request.cursor_invalid"), after
    for query in ("cursor=A", "cursor=%FF", "cursor=_w==", "limit=0", "limit=501", "limit=x", "more=1"):
        for path in ("/emissions", f"/emissions/{order}/codes"):
            assert participant.get(f"/api/v1{path}?{query}").status_code == 422, (path, query)


ODD = ("%00", "a%00b", "%ED%A0%80", "%F0%9F%91%9E", "'%20OR%201=1", "x" * 3000, "%0D%0A", "%25", "..%2F..")


def test_no_address_makes_the_server_stumble(app: Flask, operator: FlaskClient) -> None:
    """Every GET with a place for an id, asked with what is none. Dots lead out of a route; outside the API that is a
    page of the app, whatever page."""
    for endpoint in openapi.endpoints(app):
        if endpoint.method == "GET" and "<" in endpoint.rule:
            for odd in ODD if endpoint.rule.startswith("/api/") else ODD[:-1]:
                answer = operator.get(re.sub(r"<[^>]+>", odd, endpoint.rule))
                assert 300 <= answer.status_code < 500, (endpoint.rule, odd, answer.status_code)


def test_no_text_in_a_body_makes_the_server_stumble(operator: FlaskClient, owner: str, order: str) -> None:
    codes = heads(order)[:1]
    for odd in ("\x00", "\ud800", "👞", "x" * 5000):
        for path, body in bodies_with(odd, owner, order, codes):
            answer = post(operator, path, **body)
            assert 400 <= answer.status_code < 500, (path, body, answer.json)


def bodies_with(odd: str, owner: str, order: str, codes: list[str]) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("/emissions", {"card_id": odd, "count": 1}),
        ("/emissions", {"card_id": NOBODY, "count": 1, "owner_id": odd}),
        ("/movements", {"event": "receive", "codes": [odd], "owner_id": owner}),
        ("/movements", {"event": "receive", "packages": [odd], "owner_id": owner}),
        ("/movements", {"event": "receive", "codes": codes, "owner_id": odd}),
        ("/movements", {"event": "cancel", "codes": codes, "owner_id": owner, "reason": odd}),
        ("/movements", {"event": "receive", "codes": codes, "owner_id": owner, "reason": odd}),
        ("/packages", {"sscc": odd, "codes": codes, "owner_id": owner}),
        ("/packages", {"sscc": SSCC, "packages": [odd], "owner_id": owner}),
        ("/keys/rotate", {"group": odd}),
        ("/labels", {"emission_id": odd, "count": 1}),
        ("/labels", {"emission_id": order, "count": 1, "preset": odd}),
    ]


def test_keys_are_shown_without_their_private_halves(operator: FlaskClient, order: str) -> None:
    rotated = post(operator, "/keys/rotate", group="footwear")
    assert rotated.status_code == 200
    shown = operator.get("/api/v1/keys").json["keys"]
    assert [bool(one_["retired_at"]) for one_ in shown] == [True, False]
    assert shown[1] == rotated.json
    assert set(shown[0]) == {"id", "group", "month", "not_before", "not_after", "retired_at"}
    assert told(post(operator, "/keys/rotate", group="wine")) == (422, "catalogue.group_unknown")


def test_no_tail_in_any_json(app: Flask, operator: FlaskClient, participant: FlaskClient, owner: str) -> None:
    """Tails leave with the orderer's own labels alone: every GET is asked, with ids that are there."""
    card = factories.card(owner)
    order = factories.emitted(owner, card, 3)
    printed = factories.texts(order)
    sheet = post(participant, "/labels", emission_id=order, count=3, media="csv").json
    tails = {text.split("\x1d92")[1] for text in printed}
    assert all(tail in participant.get(sheet["url"], buffered=True).get_data(as_text=True) for tail in tails)
    codes = heads(order)
    for event in ("apply", "introduce_import"):
        post(operator, "/movements", event=event, codes=printed, owner_id=owner)
    post(operator, "/packages", sscc=SSCC, codes=printed[:2], owner_id=owner)
    known = {"emission_id": order, "code": codes[0], "path:code": codes[0], "sscc": SSCC, "card_id": card}
    known |= {"gtin": codes[0][2:16], "path:serial": codes[0][18:], "key_id": "TAAA", "digest": "0" * 64}
    asked = 0
    for endpoint in openapi.endpoints(app):
        if endpoint.method != "GET" or endpoint.rule == "/api/v1/labels/<sheet_id>":
            continue
        path = re.sub(r"<([^>]+)>", lambda place: known.get(place[1], NOBODY), endpoint.rule)
        for browser in (operator, participant):
            needed = {"presets": {"group": "footwear"}, "pickable": {"card_id": card}}.get(path.rpartition("/")[2])
            answer = browser.get(path, query_string=needed)
            assert answer.status_code in (200, 401, 403, 404, 409, 503), path
            said = answer.get_data(as_text=True)
            assert not [tail for tail in tails if tail in said], path
            if endpoint.rule != "/api/v1/trust-list":  # its own signature has the same length
                assert not re.search(r"[A-Za-z0-9+/]{86}==", said), path
            asked += answer.status_code == 200
    assert asked >= 16
    told_ = [
        operator.post("/api/v1/verify", json={"code": printed[0]}),
        post(operator, "/movements", event="apply", codes=printed, owner_id=owner),
        post(operator, "/movements", event="apply", codes=[printed[0] + "?"], owner_id=owner),
        post(operator, "/emissions", card_id=printed[0], count=1),
    ]
    for answer in told_:
        assert not [tail for tail in tails if tail in answer.get_data(as_text=True)]


def test_a_large_movement_is_one_call_up_to_its_bound(operator: FlaskClient, owner: str) -> None:
    order = factories.emitted(owner, factories.card(owner), 2_000)
    codes = [text.split("\x1d")[0] for _, text in emission.pack(order, 1, 2_000)]
    assert post(operator, "/movements", event="receive", codes=codes, owner_id=owner).json["count"] == 2_000
    answer = post(operator, "/movements", event="apply", codes=codes * 6, owner_id=owner)
    assert answer.json["error"]["fields"] == [{"field": "codes", "code": "too_long"}]
