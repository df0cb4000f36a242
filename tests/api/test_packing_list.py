"""A packing list read into a draft: what came in, what was there, what was refused and in which row."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.acts import adding, drafts, packing_list
from backend.acts.adding import Wanted
from backend.acts.models import Act, Box, Unit
from backend.acts.rules import LARGEST_ACT
from backend.codes import ledger
from backend.codes.rules import Event
from backend.core import gs1, sandbox
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.organisations.rules import Kind
from tests import factories, samples, signing, trading
from tests.trading import Party, refused


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def seller(app: Flask) -> Party:
    return trading.party(app, signing.BIN, signing.IIN)


def begin(seller: Party) -> str:
    return seller.post("/acts", {}).json["id"]


def load(seller: Party, act: str, content: bytes, key: dict[str, str] | None = None) -> Any:
    headers = key or factories.key()
    sent = {"data": content, "content_type": "application/octet-stream", "headers": headers}
    return seller.client.post(f"/api/v1/acts/{act}/packing-list", **sent)


def reasons(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.text
    return [(one["row"], one["column"], one["reason"]) for one in answer.json["lines"]]


def test_every_line_is_told(seller: Party) -> None:
    card = factories.card(seller.id)
    units = factories.codes(seller.id, 4, card_id=card)
    goods = trading.texts(units)
    inner = trading.box(seller.id, units[2:3])
    pallet = trading.box(seller.id, [], (inner,))
    opened = trading.texts(factories.codes(factories.organisation(Kind.RETAIL), 1))[0]
    emitted = trading.texts(factories.codes(seller.id, 1, state="EMITTED"))[0]
    act = begin(seller)
    seller.post(f"/acts/{act}/units", {"codes": [goods[0]]})
    rows = [
        ["Жүкқұжат № 7"],
        ["№", "Код", "Қорап", "Баға"],
        [1, goods[0], None, 1500],
        [2, goods[1], None, 1500],
        [3, goods[1], None, 1500],
        [4, goods[2], f"00{inner}", None],
        [5, None, f"00{pallet}", None],
        [6, opened, None, None],
        [7, emitted, None, None],
        [8, "010487000000000521nosuchserial1", None, None],
        [9, 4.87e17, None, None],
    ]
    answer = load(seller, act, samples.workbook(rows))
    assert reasons(answer) == [
        (8, "B", "not_yours"),
        (9, "B", "state_emitted"),
        (10, "B", "unknown"),
        (11, "B", "digits_lost"),
    ]
    said = answer.json
    assert (said["rows"], said["added"], said["already"], said["refused"], said["units"]) == (11, 2, 4, 4, 3)
    assert said["added_rows"] == [
        {"sheet": "Лист1", "first": 4, "last": 4},
        {"sheet": "Лист1", "first": 7, "last": 7},
    ]
    assert [(one["first"], one["last"]) for one in said["already_rows"]] == [(3, 3), (5, 6)]
    assert [(one["first"], one["last"]) for one in said["passed"]] == [(1, 2)]
    shown = seller.get(f"/acts/{act}").json
    assert shown["version"] == said["version"]
    assert shown["packages"] == [pallet]
    assert said["prices"] == {goods[0][2:16]: 150_000}
    assert shown["lines"][0]["price"] == 150_000


def test_reading_twice_adds_once(seller: Party) -> None:
    goods = trading.texts(factories.codes(seller.id, 3))
    act = begin(seller)
    content, key = "\r\n".join(goods).encode(), factories.key()
    first, replayed, again = (load(seller, act, content, one) for one in (key, key, None))
    assert (first.json["added"], again.json["added"], again.json["already"]) == (3, 0, 3)
    assert replayed.json == first.json
    assert seller.get(f"/acts/{act}").json["units"] == 3


def test_prices_that_contradict_themselves_are_not_taken(seller: Party) -> None:
    goods = trading.texts(factories.codes(seller.id, 2))
    act = begin(seller)
    answer = load(seller, act, samples.workbook([["Код", "Цена"], [goods[0], 1], [goods[1], 2]]))
    assert (answer.json["prices"], answer.json["price_conflicts"]) == ({}, [goods[0][2:16]])
    assert seller.get(f"/acts/{act}").json["lines"][0]["price"] is None


def test_prices_of_goods_that_stay_out_are_not_taken(seller: Party) -> None:
    goods = trading.texts(factories.codes(seller.id, 1) + factories.codes(factories.organisation(Kind.RETAIL), 1))
    answer = load(seller, begin(seller), samples.workbook([["Код", "Цена"], *([one, 7] for one in goods)]))
    assert (answer.json["refused"], answer.json["prices"]) == (1, {goods[0][2:16]: 700})


def test_a_file_larger_than_any_list_is_not_looked_into(seller: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing_list, "LARGEST_FILE", 40)
    (code,) = trading.texts(factories.codes(seller.id, 1))
    act = begin(seller)
    refused(load(seller, act, f"{code};{'1' * 40}".encode()), 413, "acts.packing_list_too_large")
    assert load(seller, act, code.encode()).json["added"] == 1


def test_only_ones_own_draft_is_filled(app: Flask, seller: Party) -> None:
    signing.copy(app.config["SETTINGS"].instance / "devca")
    other = trading.party(app, signing.OTHER_BIN, signing.OTHER_IIN)
    goods = trading.texts(factories.codes(seller.id, 2))
    act = begin(seller)
    refused(load(other, act, goods[0].encode()), 404, "acts.unknown")
    sent = trading.sent(seller, other, goods[:1])
    refused(load(seller, sent, goods[1].encode()), 409, "acts.moved_meanwhile")
    refused(load(seller, sent, b"no codes: not even looked into"), 409, "acts.moved_meanwhile")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"1;2;3\n4;5;6", 422, "acts.packing_list_empty"),
        (b"\x00\x01\x02", 422, "acts.packing_list_unreadable"),
        (samples.workbook([["x"]])[:-30], 422, "acts.packing_list_unreadable"),
        (b"x\n" * 200_001, 413, "acts.packing_list_too_large"),
        (samples.workbook([["x"]], more={"xl/bomb": bytes(301_000_000)}), 413, "acts.packing_list_too_large"),
    ],
    ids=["no_codes", "binary", "cut", "rows", "bomb"],
)
def test_what_cannot_be_read_changes_nothing(seller: Party, content: bytes, status: int, code: str) -> None:
    act = begin(seller)
    refused(load(seller, act, content), status, code)
    assert seller.get(f"/acts/{act}").json["version"] == 1


def test_more_than_an_act_holds_is_refused_whole(seller: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "LARGEST_ACT", 2)
    goods = trading.texts(factories.codes(seller.id, 3))
    act = begin(seller)
    assert refused(load(seller, act, "\n".join(goods).encode()), 422, "acts.too_large") == {"limit": 2}
    assert db.session.scalars(select(Unit)).all() == []
    assert LARGEST_ACT == 150_000


def test_boxes_go_before_what_lies_in_them(seller: Party) -> None:
    """Whatever the order of the list, a box takes its contents along, and a box around boxes takes those."""
    units = factories.codes(seller.id, 2)
    inner = trading.box(seller.id, units)
    pallet = trading.box(seller.id, [], (inner,))
    (unit, _) = trading.texts(units)
    act = begin(seller)
    wanted = [Wanted(one, one) for one in (unit, f"00{inner}", f"00{pallet}")]

    def put() -> list[tuple[str, str | None]]:
        done = adding.put(db.session.get_one(Act, act), Actor("p", seller.id), wanted)
        return [(one.status, one.package) for one in done]

    assert unit_of_work(put) == [("already", inner), ("already", None), ("added", None)]
    assert [one.sscc for one in db.session.scalars(select(Box))] == [pallet]
    assert db.session.scalars(select(Unit)).all() == []


def test_what_lies_in_a_box_of_others_goes_not_without_it(seller: Party) -> None:
    units = factories.codes(seller.id, 3)
    closed = trading.box(seller.id, units[:1])
    outer = trading.box(seller.id, units[1:2])
    pallet = trading.box(seller.id, [], (outer,))
    foreign = gs1.sscc("487000000", 999_999)
    act = begin(seller)
    texts = trading.texts(units)
    answer = load(seller, act, "\n".join([texts[0], f"00{outer}", f"00{foreign}", texts[2]]).encode())
    assert [(one["reason"], one["package"]) for one in answer.json["lines"]] == [
        ("packed", closed),
        ("packed", pallet),
        ("unknown", None),
    ]
    assert answer.json["added"] == 1


def test_bound_goods_are_refused_in_a_list_too(app: Flask, seller: Party) -> None:
    units = factories.codes(seller.id, 1)
    bound = {"actor": None, "owner_id": seller.id, "document": ("act", "0" * 26)}
    unit_of_work(lambda: ledger.move(Event.SEND, units, **bound))
    act = begin(seller)
    assert reasons(load(seller, act, trading.texts(units)[0].encode())) == [(1, "A", "in_act")]
