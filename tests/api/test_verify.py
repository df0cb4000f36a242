"""POST /verify: every outcome that a server can give, in the order of judgement. Both engines."""

import base64
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.codes import keys, ledger
from backend.codes.models import Code
from backend.codes.rules import Event
from backend.core import clock, gs1
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.verification import sightings
from backend.verification.schemas import VerifyOut
from tests import factories

ACT = ("act", "01ACT")


@pytest.fixture
def owner(app: Flask) -> str:
    return factories.organisation()


@pytest.fixture
def printed(owner: str) -> list[str]:
    """Four codes in circulation, as they stand on labels."""
    order = factories.emitted(owner, factories.card(owner), 4)
    for event in factories.PATH["INTRODUCED"]:
        move(event, factories.ids(order), owner)
    return factories.texts(order)


def move(event: Event, codes: list[bytes], owner: str | None, **more: object) -> None:
    unit_of_work(lambda: ledger.move(event, codes, actor=None, owner_id=owner, **more))


def ask(client: FlaskClient, code: str, **more: object) -> dict:
    answer = client.post("/api/v1/verify", json={"code": code, **more})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return VerifyOut.model_validate_json(answer.get_data()).model_dump(mode="json")


def brief(answer: dict) -> tuple[str, str, str]:
    return answer["outcome"], answer["look"], answer["advice"]


def test_in_circulation_shows_the_goods(client: FlaskClient, printed: list[str]) -> None:
    answer = ask(client, printed[0], symbology="]d2", source="camera")
    assert brief(answer) == ("in_circulation", "ok", "advice.in_circulation")
    assert answer["product"]["names"]["kk"] == "«Жайлау» бәтеңкесі"
    assert answer["product"]["producer"] == {"name": "Anadolu Ayakkabı", "country": "TR"}
    assert answer["seller"]["names"]["ru"] == "ТОО «Дос»"
    assert answer["product"]["introduced_on"] == clock.now().date().isoformat()
    assert answer["event"] is None
    assert answer["parsed"]["serial"] == printed[0][18:31]
    assert "92" not in answer["parsed"]["ais"]


def test_a_wrong_tail_is_forged_and_says_nothing_of_the_goods(client: FlaskClient, printed: list[str]) -> None:
    head, tail = printed[0].split("\x1d92")
    raw = bytearray(base64.b64decode(tail))
    raw[5] ^= 1
    answer = ask(client, f"{head}\x1d92{base64.b64encode(raw).decode()}")
    assert brief(answer) == ("forged", "stop", "advice.forged")
    assert answer["product"] is None
    assert answer["seller"] is None


def test_the_tail_of_another_code_is_forged(client: FlaskClient, printed: list[str]) -> None:
    swapped = printed[0].split("\x1d92")[0] + "\x1d92" + printed[1].split("\x1d92")[1]
    assert ask(client, swapped)["outcome"] == "forged"


def test_another_key_id_is_forged(client: FlaskClient, printed: list[str], owner: str) -> None:
    other = unit_of_work(lambda: keys.rotate("footwear", None).id)
    head, rest = printed[0].split("\x1d91")
    assert ask(client, f"{head}\x1d91{other}{rest[4:]}")["outcome"] == "forged"


def test_typed_without_its_tail_asks_to_compare(client: FlaskClient, printed: list[str], owner: str) -> None:
    typed = printed[0].split("\x1d")[0]
    assert brief(ask(client, typed)) == ("in_circulation", "care", "advice.typed")
    move(Event.WITHDRAW, [factories.id_of(typed)], owner, reason="DEFECT")
    assert brief(ask(client, typed)) == ("withdrawn", "stop", "advice.withdrawn")


def test_sold_today_may_be_your_own_purchase(client: FlaskClient, printed: list[str], owner: str) -> None:
    move(Event.SELL, [factories.id_of(printed[0])], owner, reason="RETAIL")
    assert brief(ask(client, printed[0])) == ("sold", "care", "advice.sold_recently")
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        answer = ask(client, printed[0])
    assert brief(answer) == ("sold", "stop", "advice.sold")
    assert answer["event"]["reason"] == "RETAIL"


@pytest.mark.parametrize(
    ("event", "reason", "category"),
    [
        (Event.WITHDRAW, "OWN_USE", "OWN_USE"),
        (Event.WRITE_OFF, "DESTRUCTION", "DESTRUCTION"),
        (Event.LOSE, None, "LOST"),
    ],
)
def test_withdrawn_says_the_category_only(
    client: FlaskClient, printed: list[str], owner: str, event: Event, reason: str | None, category: str
) -> None:
    move(event, [factories.id_of(printed[0])], owner, reason=reason, document=("paper", "7"))
    answer = ask(client, printed[0])
    assert brief(answer) == ("withdrawn", "stop", "advice.withdrawn")
    assert answer["event"]["reason"] == category
    assert set(answer["event"]) == {"at", "reason"}


def test_blocked_and_recalled_stand_before_everything_else(client: FlaskClient, printed: list[str], owner: str) -> None:
    code = factories.id_of(printed[0])
    move(Event.SELL, [code], owner, reason="RETAIL")
    move(Event.RECALL, [code], None, reason="SAFETY")
    assert ask(client, printed[0])["outcome"] == "recalled"
    move(Event.BLOCK, [code], None, reason="AUTHORITY")
    answer = ask(client, printed[0])
    assert brief(answer) == ("blocked", "stop", "advice.blocked")
    assert answer["event"]["reason"] == "AUTHORITY"


def test_in_an_act_that_nobody_confirmed(client: FlaskClient, printed: list[str], owner: str) -> None:
    move(Event.SEND, [factories.id_of(printed[0])], owner, document=ACT)
    assert brief(ask(client, printed[0])) == ("in_transfer", "care", "advice.in_transfer")


@pytest.mark.parametrize("state", ["EMITTED", "RECEIVED", "APPLIED"])
def test_emitted_is_not_valid(client: FlaskClient, owner: str, state: str) -> None:
    order = factories.emitted(owner, factories.card(owner), 1)
    for event in factories.PATH[state]:
        move(event, factories.ids(order), owner)
    assert brief(ask(client, factories.texts(order)[0])) == ("not_introduced", "care", "advice.not_introduced")


def test_cancelled_answers_withdrawn(client: FlaskClient, owner: str) -> None:
    order = factories.emitted(owner, factories.card(owner), 1)
    move(Event.CANCEL, factories.ids(order), owner, reason="KM_CANCELLATION")
    assert ask(client, factories.texts(order)[0])["outcome"] == "withdrawn"


def test_expired_is_never_green(client: FlaskClient, printed: list[str]) -> None:
    code = db.session.get_one(Code, factories.id_of(printed[0]))
    code.expires_on = clock.today()
    db.session.commit()
    assert ask(client, printed[0])["outcome"] == "in_circulation"
    with clock.at(clock.now() + timedelta(days=1)):
        assert brief(ask(client, printed[0])) == ("expired", "care", "advice.expired")


def test_unknown_with_our_right_tail_alarms(client: FlaskClient, printed: list[str]) -> None:
    head = "010487000000001221" + "A" * 13
    key = db.session.get_one(Code, factories.id_of(printed[0])).key_id
    text = f"{head}\x1d91{key}\x1d92{keys.signer(key).tail(head)}"
    assert gs1.read(text).kind == "mark"
    assert ask(client, text)["outcome"] == "unregistered"
    assert b'tanba_alarms_total{kind="signed_but_unregistered"}' in client.get("/metrics").data


def test_unknown_with_our_key_and_a_wrong_tail_is_forged(client: FlaskClient, printed: list[str]) -> None:
    key = db.session.get_one(Code, factories.id_of(printed[0])).key_id
    assert ask(client, f"010487000000001221{'A' * 13}\x1d91{key}\x1d92{'A' * 86}==")["outcome"] == "forged"


@pytest.mark.parametrize(
    ("code", "outcome", "look"),
    [
        ("010487000000001221ABCDEFGHJKLMN", "unregistered", "stop"),
        ("KZ-430302-AAA7064491", "unregistered", "stop"),
        ("RU-430302-AAA7064491", "foreign", "unknown"),
        ("010460780959150821sSBmxTYIFT(eq\x1d91FFD0\x1d92" + "A" * 43 + "=", "foreign", "unknown"),
        ("4870000000012", "not_a_mark", "unknown"),
        ("https://kaspi.kz/pay", "not_a_mark", "unknown"),
        ("", "unreadable", "unknown"),
        ("010487000000001321ABCDEFGHJKLMN", "unreadable", "unknown"),
    ],
)
def test_what_the_register_does_not_know(client: FlaskClient, app: Flask, code: str, outcome: str, look: str) -> None:
    answer = ask(client, code)
    assert (answer["outcome"], answer["look"]) == (outcome, look)


def test_a_barcode_shows_the_goods_but_no_verdict(client: FlaskClient, printed: list[str]) -> None:
    gtin = printed[0][2:16]
    answer = ask(client, gtin[1:])
    assert brief(answer) == ("not_a_mark", "unknown", "advice.barcode")
    assert answer["product"]["brand"] == "Жайлау"


def test_caps_lock_is_undone_only_when_the_register_knows_the_code(client: FlaskClient, printed: list[str]) -> None:
    typed = printed[0].split("\x1d")[0]
    answer = ask(client, typed[:18] + typed[18:].swapcase())
    assert answer["outcome"] == "in_circulation"
    assert "case" in answer["repairs"]


def test_a_package_answers_with_its_worst_state(client: FlaskClient, printed: list[str], owner: str) -> None:
    from backend.codes import packages

    sscc = gs1.sscc("487000000", 7)
    codes = [factories.id_of(text) for text in printed[:3]]
    unit_of_work(lambda: packages.form(sscc, owner_id=owner, actor=None, codes=codes))
    answer = ask(client, "00" + sscc)
    assert brief(answer) == ("in_circulation", "ok", "advice.package")
    assert answer["package"] == {"count": 3, "worst": "in_circulation"}
    move(Event.BLOCK, codes[:1], None, reason="AUTHORITY")
    assert ask(client, "00" + sscc)["package"] == {"count": 3, "worst": "blocked"}
    assert ask(client, "00" + gs1.sscc("487000000", 8))["outcome"] == "unregistered"


CITIES = {"Almaty": (43.24, 76.95), "Atyrau": (47.1, 51.9), "Astana": (51.13, 71.43)}


def seen(client: FlaskClient, code: str, device: str, city: str) -> None:
    lat, lon = CITIES[city]
    ask(client, code, device=device, place={"lat": lat, "lon": lon})
    sightings.buffer().flush()


def test_two_devices_far_apart_at_once_are_suspicious(client: FlaskClient, printed: list[str]) -> None:
    seen(client, printed[0], "one", "Almaty")
    seen(client, printed[0], "two", "Atyrau")
    answer = ask(client, printed[0])
    assert brief(answer) == ("suspicious", "care", "advice.suspicious")
    assert answer["checks"]["count"] == 2
    assert ask(client, printed[1])["outcome"] == "in_circulation"


def test_one_device_never_makes_suspicious(client: FlaskClient, printed: list[str]) -> None:
    for city in [*CITIES, *CITIES] * 8:
        seen(client, printed[0], "one", city)
    assert ask(client, printed[0])["outcome"] == "in_circulation"


def test_sightings_keep_no_personal_data(client: FlaskClient, printed: list[str]) -> None:
    from backend.verification.models import Sighting

    seen(client, printed[0], "my-phone", "Almaty")
    db.session.rollback()
    row = db.session.query(Sighting).one()
    assert row.cell == "216:384"
    assert "my-phone" not in (row.device or "")
    assert set(Sighting.__table__.columns.keys()) == {"id", "code_id", "at", "outcome", "source", "cell", "device"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"code": 5}', 422),
        (b'{"code": null}', 422),
        (b"{}", 422),
        (b'{"code": "x", "extra": 1}', 422),
        (b'{"code": "x"', 422),
        (b"[]", 422),
        (b'{"code": "' + b"x" * 4097 + b'"}', 413),
        (b'{"code": "' + b"x" * 4096 + b'"}', 200),
        (b'{"code": "' + "ә".encode() * 2049 + b'"}', 413),
        (b'{"code": "\\ud800"}', 200),
        (b'{"code": "a\\u0000b"}', 200),
    ],
)
def test_form_of_the_question(client: FlaskClient, app: Flask, body: bytes, status: int) -> None:
    answer = client.post("/api/v1/verify", data=body, content_type="application/json")
    assert answer.status_code == status
    if status != 200:
        assert set(answer.json["error"]) == {"code", "params", "fields"}
