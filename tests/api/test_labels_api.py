"""Sheets of labels over HTTP: asked for once, logged, downloaded at will, printed again only with a reason."""

import csv
import io
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from backend.catalogue import service as catalogue
from backend.codes import emission
from backend.codes.models import Code
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.labels.models import Sheet
from backend.organisations.rules import Kind, Role
from tests import factories
from tests.factories import key
from tests.rules.test_groups import third, write

ATTRIBUTES = {"size": "42", "colour": "black", "upper": "leather"}


@pytest.fixture
def owner(app: Flask, client: FlaskClient) -> str:
    """An importer, whose head the client is signed in as."""
    organisation = factories.organisation()
    factories.sign_in(client, organisation)
    return organisation


@pytest.fixture
def order(owner: str) -> str:
    return factories.emitted(owner, factories.card(owner, attributes=ATTRIBUTES), 4)


def ask(client: FlaskClient, order: str, **wanted: Any) -> Any:
    return client.post("/api/v1/labels", json={"emission_id": order, "count": 4} | wanted, headers=key())


def states(order: str) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Code.state).where(Code.emission_id == order).order_by(Code.number)))


def sheets() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Sheet))


def facts(kind: str) -> list[Fact]:
    db.session.rollback()
    return list(db.session.scalars(select(Fact).where(Fact.kind == kind)))


def pages(data: bytes) -> Iterator[tuple[Image.Image, str]]:
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            yield page.render(scale=203 / 72).to_pil(), page.get_textpage().get_text_range()


def read(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    assert {one.symbology_identifier for one in found} == {"]d2"}
    return [one.text for one in found]


def in_pdf(data: bytes) -> list[str]:
    return [text for picture, _ in pages(data) for text in read(picture)]


def in_csv(data: bytes) -> list[str]:
    return [row["code"] for row in csv.DictReader(io.StringIO(data.decode(), newline=""))]


def in_jsonl(data: bytes) -> list[str]:
    return [json.loads(line)["code"] for line in data.splitlines()]


def in_zpl(data: bytes) -> list[str]:
    """One label begins with ^XA; what is drawn on it is tested with the printer's language."""
    return ["?"] * data.count(b"^XA")


def in_png(data: bytes) -> list[str]:
    return read(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("media", "count", "mime", "codes"),
    [
        ("pdf", 4, "application/pdf", in_pdf),
        ("png", 1, "image/png", in_png),
        ("zpl", 4, "application/octet-stream", in_zpl),
        ("csv", 4, "text/csv; charset=utf-8", in_csv),
        ("jsonl", 4, "application/x-ndjson", in_jsonl),
    ],
)
def test_a_sheet_in_every_medium(
    client: FlaskClient,
    owner: str,
    order: str,
    monkeypatch: pytest.MonkeyPatch,
    media: str,
    count: int,
    mime: str,
    codes: Any,
) -> None:
    answer = ask(client, order, media=media, count=count)
    assert (answer.status_code, answer.json["count"], answer.json["reprint"]) == (201, count, False)
    first = client.get(answer.json["url"], buffered=True)
    present = time.time()
    monkeypatch.setattr(time, "time", lambda: present + 86_400)
    again = client.get(answer.json["url"], buffered=True)
    assert (first.status_code, first.headers["Content-Type"]) == (200, mime)
    assert first.headers["Content-Disposition"].endswith(f'.{media}"')
    assert first.data == again.data
    if media != "zpl":
        assert codes(first.data) == factories.texts(order)[:count]
    assert len(codes(first.data)) == count
    assert states(order) == ["RECEIVED"] * count + ["EMITTED"] * (4 - count)


def test_who_printed_what_is_a_fact(client: FlaskClient, owner: str, order: str) -> None:
    sheet = ask(client, order, first=2, count=2).json
    (fact,) = facts("labels:printed")
    assert (fact.subject_id, fact.document_id, fact.organisation_id) == (order, sheet["id"], owner)
    assert fact.actor_id is not None
    assert fact.detail == {"first": 2, "count": 2, "media": "pdf", "reason": None, "printed": 0}
    (received,) = facts("codes:receive")
    assert (received.count, received.document_id) == (2, sheet["id"])
    assert states(order) == ["EMITTED", "RECEIVED", "RECEIVED", "EMITTED"]


def test_a_download_is_made_while_it_is_sent(
    client: FlaskClient, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory stays flat: the first piece leaves before the last code has been fetched."""
    order = factories.emitted(owner, factories.card(owner), 2_500)
    url = ask(client, order, count=2_500, media="csv").json["url"]
    fetched, pack = [], emission.pack

    def counted(*asked: Any) -> Iterator[tuple[int, str]]:
        for one in pack(*asked):
            fetched.append(one)
            yield one

    monkeypatch.setattr(emission, "pack", counted)
    answer = client.get(url, buffered=False)
    pieces = iter(answer.response)
    next(pieces)
    assert 0 < len(fetched) < 1_500
    assert b"".join(pieces)
    answer.close()
    assert len(fetched) == 2_500


def test_a_preset_too_small_for_footwear_is_refused_with_numbers(
    client: FlaskClient, owner: str, order: str
) -> None:
    for preset in ("20x20", "30x20", "a4-65"):
        answer = ask(client, order, preset=preset)
        assert (answer.status_code, answer.json["error"]["code"]) == (422, "labels.preset_too_small")
        numbers = answer.json["error"]["params"]
        assert (numbers["preset"], numbers["minimum_mm"], numbers["modules"], numbers["dpi"]) == (preset, 20, 44, 203)
        assert numbers["needed_mm"] > max(20, numbers["available_mm"])
    assert sheets() == 0
    assert states(order) == ["EMITTED"] * 4


def test_printing_again_needs_a_reason_that_is_kept(client: FlaskClient, owner: str, order: str) -> None:
    ask(client, order, first=1, count=2)
    again = ask(client, order, first=2, count=3)
    assert (again.status_code, again.json["error"]["code"]) == (409, "labels.reprint_reason_needed")
    assert again.json["error"]["params"] == {"printed": 1}
    assert (sheets(), states(order)) == (1, ["RECEIVED", "RECEIVED", "EMITTED", "EMITTED"])
    reasoned = ask(client, order, first=2, count=3, reason="лента смята")
    assert (reasoned.status_code, reasoned.json["reprint"]) == (201, True)
    (fact,) = facts("labels:reprinted")
    assert (fact.detail["reason"], fact.detail["printed"]) == ("лента смята", 1)
    assert db.session.get_one(Sheet, reasoned.json["id"]).reason == "лента смята"
    assert states(order) == ["RECEIVED"] * 4


def test_the_first_print_is_no_reprint_whatever_reason_is_given(client: FlaskClient, owner: str, order: str) -> None:
    assert ask(client, order, reason="на всякий случай").json["reprint"] is False
    assert facts("labels:reprinted") == []


def test_anothers_emission_and_sheet_are_as_if_they_were_not(client: FlaskClient, owner: str, order: str) -> None:
    sheet = ask(client, order).json["id"]
    factories.sign_in(client, factories.organisation())
    for theirs, none in (
        (ask(client, order), ask(client, "01J00000000000000000000000")),
        (client.get(f"/api/v1/labels/{sheet}", buffered=True), client.get("/api/v1/labels/01J00000000000000000000000")),
    ):
        assert (theirs.status_code, none.status_code) == (404, 404)
        assert set(theirs.json["error"]["params"]) == set(none.json["error"]["params"]) == {"id"}
        assert theirs.json["error"] | {"params": {}} == none.json["error"] | {"params": {}}
    assert sheets() == 1


def test_the_operator_prints_for_anyone(client: FlaskClient, owner: str, order: str) -> None:
    factories.sign_in(client, factories.organisation(Kind.OPERATOR))
    sheet = ask(client, order).json["id"]
    assert db.session.get_one(Sheet, sheet).organisation_id == owner
    assert client.get(f"/api/v1/labels/{sheet}", buffered=True).status_code == 200


def test_strangers_and_employees_without_the_function_print_nothing(
    client: FlaskClient, app: Flask, owner: str, order: str
) -> None:
    assert ask(app.test_client(), order).status_code == 401
    factories.sign_in(client, owner, role=Role.EMPLOYEE)
    assert ask(client, order).status_code == 403
    assert sheets() == 0


def test_codes_that_are_not_there_yet_and_never_will_be(
    client: FlaskClient, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emission, "CHUNK", 2)
    card = factories.card(owner)
    order = unit_of_work(lambda: emission.order(card, 4, owner_id=owner, actor=None).id)
    unit_of_work(lambda: emission.emit_some(order))
    early = ask(client, order, count=3)
    assert (early.status_code, early.json["error"]["code"]) == (409, "labels.not_emitted_yet")
    assert early.json["error"]["params"] == {"emitted": 2, "count": 4}
    outside = ask(client, order, first=4, count=2)
    assert (outside.status_code, outside.json["error"]["code"]) == (422, "labels.outside_emission")
    assert ask(client, order, first=10**30, count=1).status_code == 422
    assert ask(client, order, count=2).status_code == 201


REFUSED = [
    ({"preset": "9x9"}, "labels.preset_unknown"),
    ({"dpi": 5}, "labels.dpi_unsupported"),
    ({"preset": "a4-24", "start": 25}, "labels.start_outside"),
    ({"media": "png"}, "labels.one_at_a_time"),
    ({"custom": {"width": 500, "height": 40}}, "labels.preset_invalid"),
    ({"custom": {"width": 58, "height": 40, "left": 1e6}}, "labels.preset_invalid"),
    ({"offset_mm": [1e300, 0]}, "request.invalid"),
    ({"count": 0}, "request.invalid"),
    ({"count": 150_001}, "request.invalid"),
    ({"media": "html"}, "request.invalid"),
    ({"reason": "x"}, "request.invalid"),
]


def test_what_no_printer_can_do(client: FlaskClient, owner: str, order: str) -> None:
    for wanted, code in REFUSED:
        answer = ask(client, order, **wanted)
        assert (answer.status_code, answer.json["error"]["code"]) == (422, code), wanted
    assert (sheets(), set(states(order))) == (0, {"EMITTED"})


def test_numbers_beyond_all_numbers_are_refused(client: FlaskClient, owner: str, order: str) -> None:
    body = f'{{"emission_id": "{order}", "count": 1, "custom": {{"width": 1e999, "height": 40}}}}'
    answer = client.post("/api/v1/labels", data=body, content_type="application/json", headers=key())
    assert answer.status_code == 422


def test_custom_stock_and_a_used_sheet(client: FlaskClient, owner: str, order: str) -> None:
    own = {"width": 60, "height": 40, "page": [210, 297], "columns": 3, "rows": 7, "left": 10, "top": 5}
    url = ask(client, order, custom=own, start=20, offset_mm=[0.5, -0.5]).json["url"]
    drawn = [read(picture) for picture, _ in pages(client.get(url, buffered=True).data)]
    assert [len(one) for one in drawn] == [2, 2]
    assert sorted(drawn[0] + drawn[1]) == sorted(factories.texts(order))


@pytest.mark.parametrize(
    ("dpi", "fitting"),
    [
        (203, {"43x25", "58x40", "58x60", "a4-24", "a4-24-36", "a4-21"}),
        (300, {"43x25", "58x40", "58x60", "a4-24", "a4-24-36", "a4-21"}),
    ],
)
def test_presets_say_what_fits_footwear(client: FlaskClient, owner: str, dpi: int, fitting: set[str]) -> None:
    shown = client.get(f"/api/v1/labels/presets?group=footwear&dpi={dpi}").json["presets"]
    assert {one["id"] for one in shown if one["fits"]} == fitting
    assert {"20x20", "30x20", "a4-65", "a4-65-gap"} == {one["id"] for one in shown if not one["fits"]}
    assert next(one for one in shown if one["id"] == "a4-24")["places"] == 24


def test_presets_of_what_is_not_printed(client: FlaskClient, owner: str) -> None:
    for asked, status, code in (
        ("group=fur", 409, "codes.group_without_data_matrix"),
        ("group=wine", 422, "catalogue.group_unknown"),
        ("group=footwear&dpi=7", 422, "labels.dpi_unsupported"),
        ("dpi=203", 422, "request.invalid"),
    ):
        answer = client.get(f"/api/v1/labels/presets?{asked}")
        assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def test_labels_say_size_and_colour_in_words(client: FlaskClient, owner: str, order: str) -> None:
    table = client.get(ask(client, order, media="csv").json["url"], buffered=True).data
    rows = list(csv.DictReader(io.StringIO(table.decode(), newline="")))
    assert {row["line"] for row in rows} == {"42 · Қара / Чёрный"}
    sheet = client.get(ask(client, order, preset="58x60", reason="again").json["url"], buffered=True).data
    words = next(text for _, text in pages(sheet))
    assert "Қара" in words
    assert "black" not in words


def test_a_word_that_is_the_same_in_both_languages_stands_once(client: FlaskClient, owner: str) -> None:
    order = factories.emitted(owner, factories.card(owner, attributes={"size": "36", "colour": "beige"}), 1)
    table = client.get(ask(client, order, count=1, media="jsonl").json["url"], buffered=True).data
    assert json.loads(table)["line"] == "36 · Бежевый"


def test_labels_of_an_installation_that_is_not_production_say_so(
    app: Flask, client: FlaskClient, owner: str, order: str
) -> None:
    url = ask(client, order, count=1).json["url"]
    assert "TEST" in next(text for _, text in pages(client.get(url, buffered=True).data))
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], production=True)
    assert "TEST" not in next(text for _, text in pages(client.get(url, buffered=True).data))


def test_a_third_group_by_data_alone(make_app: Any, database_url: str, tmp_path: Path) -> None:
    """Card, emission, label, photo, verdict: a file is all that perfume needs."""
    names = {"kk": "Иіссу", "ru": "Духи", "en": "Perfume"}
    colour = {"code": "colour", "names": names, "kind": "choice", "required": True, "compare": True}
    colour["choices"] = [{"code": "rose", "names": {"kk": "Раушан", "ru": "Роза", "en": "Rose"}}]
    code = {"kind": "gs1", "serial_length": 17, "alphabet": "ABCDEFGHJKMNPQRSTUVWXYZ23456789"}
    perfume = third(id="perfume", names=names, tnved=["3303"], code=code, attributes=[colour])
    (tmp_path / "groups").mkdir()
    app = make_app(database_url, groups_dir=write(tmp_path / "groups", perfume))
    client = app.test_client()
    with app.app_context():
        owner = factories.organisation()
        factories.sign_in(client, owner)
        card = {"gtin": factories.gtin(), "group": "perfume", "names": names, "tnved": "3303001000", "country": "FR"}
        card |= {"attributes": {"colour": "rose"}, "importer_id": owner, "producer": {"name": "Rose", "country": "FR"}}
        made = client.post("/api/v1/cards", json=card, headers=key())
        assert made.status_code == 201, made.json
        unit_of_work(lambda: catalogue.publish(made.json["id"]))
        factories.sign_in(client, factories.organisation(Kind.OPERATOR))
        asked = {"card_id": made.json["id"], "count": 1, "owner_id": owner}
        order = client.post("/api/v1/emissions", json=asked, headers=key()).json["id"]
        shown = client.get("/api/v1/labels/presets?group=perfume&dpi=203").json["presets"]
        assert next(one for one in shown if one["id"] == "30x20")["fits"]
        url = ask(client, order, count=1, preset="30x20").json["url"]
        (text,) = in_pdf(client.get(url, buffered=True).data)
        assert len(text.split("\x1d")[0]) == 18 + 17
        assert client.get(url, buffered=True).status_code == 200
        codes = [text.split("\x1d")[0]]
        for event in ("apply", "introduce_import"):
            moved = {"event": event, "codes": codes, "owner_id": owner}
            assert client.post("/api/v1/movements", json=moved, headers=key()).status_code == 200
        answer = client.post("/api/v1/verify", json={"code": text}).json
        assert (answer["outcome"], answer["group"]) == ("in_circulation", "perfume")
        assert answer["product"]["attributes"] == {"colour": "rose"}
