"""POST /verify under any text and any question: 200 with an outcome for every text, 4xx for what is no question."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.codes.rules import Event
from backend.core.api import unit_of_work
from backend.verification import sightings
from backend.verification.rules import Outcome
from backend.verification.schemas import VerifyOut
from tests import factories

LONGEST = 4_096
ANY = st.characters(exclude_categories=())
TEXT = st.text(ANY, max_size=60) | st.text(ANY, min_size=1_000, max_size=1_400)
PIECES = st.sampled_from(
    ["\x1d", "\x00", "]d2", "]C1", "]Q3", "(01)", "(21)", "01", "21", "91", "92", "_x001D_", "\\u001d", "<GS>", "%1D",
     "https://id.gs1.org/01/", "/21/", "00", "KZ-", "\ud83d", "\ufeff", "\u202e", "ә", "%", "=", "&", "?", "\r\n"]
)  # fmt: skip


def world(app: Flask) -> list[str]:
    """Codes of a label, a physical mark and things beside them."""
    owner = factories.organisation()
    order = factories.emitted(owner, factories.card(owner), 2)
    for event in factories.PATH["INTRODUCED"]:
        unit_of_work(lambda event=event: _move(event, order, owner))
    first, second = factories.texts(order)
    others = ["RU-430302-AAA7064491", "4870000000012", "00" + "4" * 18, f"(01){first[2:16]}(21){first[18:31]}"]
    link = f"https://id.tanba.kz/01/{first[2:16]}/21/{first[18:31]}?92={first[-88:]}"
    return [first, second, first.split("\x1d")[0], "]d2" + first, link, *others]


def _move(event: Event, order: str, owner: str) -> None:
    from backend.codes import ledger

    ledger.move(event, factories.ids(order), actor=None, owner_id=owner)


@st.composite
def mutated(draw: st.DrawFn, codes: list[str]) -> str:
    """A real code, with a few things done to it that scanners, keyboards and forgers do."""
    text = draw(st.sampled_from(codes))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        to = draw(st.integers(at, min(len(text), at + 5)))
        match draw(st.integers(0, 6)):
            case 0:
                text = text[:at] + draw(PIECES) + text[at:]
            case 1:
                text = text[:at] + draw(ANY) + text[to:]
            case 2:
                text = text[:at] + text[to:]
            case 3:
                text = text[:at] + text[at:].swapcase()
            case 4:
                text = text + draw(st.sampled_from(codes))
            case 5:
                text = text.replace("\x1d", draw(PIECES))
            case _:
                text = text[at:] + text[:at]
    return text


def judge(client: Any, text: str) -> None:
    body = json.dumps({"code": text})
    sent = json.loads(body)["code"]  # two halves of a pair that met by chance are one letter now
    answer = client.post("/api/v1/verify", data=body, content_type="application/json")
    if len(sent.encode("utf-8", "surrogatepass")) > LONGEST:
        assert (answer.status_code, answer.json["error"]["code"]) == (413, "verification.code_too_long")
        return
    assert answer.status_code == 200, answer.get_data(as_text=True)
    judged = VerifyOut.model_validate_json(answer.data)
    assert judged.outcome in set(Outcome)
    assert judged.look.value in ("ok", "stop", "care", "unknown")
    if judged.look.value == "ok":
        assert judged.product is not None or judged.package is not None, "never green without the goods"


def check(app: Flask, examples: int) -> None:
    codes, client = world(app), app.test_client()

    @settings(max_examples=examples, derandomize=True, deadline=None, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(TEXT | mutated(codes))
    def any_text(text: str) -> None:
        judge(client, text)

    any_text()
    for text in ("", "\x00", "\ud800", "\udfff\ud800", "\x1d", "\x1d" * LONGEST):
        judge(client, text)
    for text in ("ә" * 2_048, "ә" * 2_049, "👞" * 1_024, "👞" * 1_025):
        judge(client, text)
    assert sightings.buffer().flush() > 0, "what was checked can also be written down"


def test_every_text_gets_an_outcome(make_app: Callable[..., Flask], sqlite_url: str) -> None:
    with (app := make_app(sqlite_url)).app_context():
        check(app, 500)


def test_every_text_gets_an_outcome_on_postgres_too(make_app: Callable[..., Flask], postgres_url: str) -> None:
    with (app := make_app(postgres_url)).app_context():
        check(app, 120)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(ANY, max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PLACE = st.fixed_dictionaries({"lat": st.floats() | st.sampled_from([-90, 90, 0]), "lon": st.floats() | JSON})
QUESTION = st.fixed_dictionaries(
    {"code": st.text(ANY, max_size=40) | JSON},
    optional={
        "symbology": st.text(ANY, max_size=5) | JSON,
        "source": st.sampled_from(["camera", "photo", "manual", "wedge", "link", "nose"]) | JSON,
        "place": PLACE | JSON,
        "device": st.text(ANY, max_size=70) | JSON,
        "extra": JSON,
    },
)
BODY = (QUESTION | JSON).map(json.dumps).map(str.encode) | st.binary(max_size=60)
TYPES = st.sampled_from(["application/json", "application/json; charset=utf-8", "text/plain", "", "application/cbor"])


@pytest.fixture
def app(make_app: Callable[..., Flask], sqlite_url: str) -> Iterator[Flask]:
    """What is refused before the register is asked is refused alike on both engines."""
    with (app := make_app(sqlite_url)).app_context():
        yield app


def test_no_question_makes_the_server_stumble(app: Flask) -> None:
    client, statuses = app.test_client(), set()

    @settings(max_examples=400, derandomize=True, deadline=None, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(BODY, TYPES)
    def any_question(body: bytes, kind: str) -> None:
        answer = client.post("/api/v1/verify", data=body, content_type=kind)
        statuses.add(answer.status_code)
        if answer.status_code == 200:
            VerifyOut.model_validate_json(answer.data)
        else:
            assert answer.status_code in (413, 415, 422), answer.status_code
            assert set(answer.json["error"]) == {"code", "params", "fields"}

    any_question()
    assert statuses >= {200, 415, 422}
    sightings.buffer().flush()


@pytest.mark.parametrize(("lat", "lon"), [(90, 180), (-90, -180), (0, 0), (-0.0, 179.999999)])
def test_positions_at_the_edge_of_the_world_are_kept(app: Flask, lat: float, lon: float) -> None:
    for device in ("one", "two"):
        body = {"code": "KZ-430302-AAA7064491", "place": {"lat": lat, "lon": lon}, "device": device}
        assert app.test_client().post("/api/v1/verify", json=body).status_code == 200
        assert sightings.buffer().flush() == 1
