"""The demo world: every code of codes.json gets its outcome over HTTP, its picture is read, its keys sign in."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.codes import fsck
from backend.codes.models import Code
from backend.core.db import db
from backend.demo import main, people
from backend.history import queries as history
from backend.signatures.signer import sign
from backend.verification.rules import Outcome


@pytest.fixture
def world(app: Flask) -> Iterator[Path]:
    main.fill(app)
    return app.config["SETTINGS"].instance / "demo"


def test_the_demo_world(client: FlaskClient, world: Path) -> None:
    rows = json.loads((world / "codes.json").read_text(encoding="utf-8"))
    answers = [client.post("/api/v1/verify", json={"code": row["code"]}).json for row in rows]
    assert [answer["outcome"] for answer in answers] == [row["outcome"] for row in rows]
    assert {row["outcome"] for row in rows} == {outcome.value for outcome in Outcome}
    sold = next(answer for answer in answers if answer["outcome"] == "sold")
    assert sold["look"] == "stop", "a week ago is nobody's purchase of today"
    states = set(db.session.scalars(select(Code.state).distinct()))
    assert states == {"EMITTED", "RECEIVED", "APPLIED", "INTRODUCED", "WITHDRAWN", "WRITTEN_OFF", "CANCELLED"}
    assert [*fsck.broken(), *history.broken()] == []
    assert history.unchained() == 0
    _pictures_are_read(client, world, rows)
    _keys_sign_in(client, world)


def _pictures_are_read(client: FlaskClient, world: Path, rows: list[dict]) -> None:
    known = {row["code"] for row in rows}
    for picture in sorted((world / "codes").glob("*.png")):
        with picture.open("rb") as image:
            answer = client.post("/api/v1/decode", data={"image": (image, "a.png")})
        assert answer.status_code == 200, picture.name
        texts = {base64.b64decode(code["bytes"]).decode() for code in answer.json["codes"]}
        assert texts & known, picture.name
    assert len(list((world / "codes").glob("*.png"))) == len(rows)


def _keys_sign_in(client: FlaskClient, world: Path) -> None:
    for one in people.PARTICIPANTS:
        asked = client.post("/api/v1/auth/challenge").json
        document = base64.b64decode(asked["document"])
        cms = sign((world / "keys" / f"{one.key}.p12").read_bytes(), people.PASSWORD, document)
        answer = client.post(
            "/api/v1/auth/login",
            json={"challenge_id": asked["challenge_id"], "cms": base64.b64encode(cms).decode()},
        )
        assert answer.status_code == 200, answer.json
        me = client.get("/api/v1/me").json
        assert me["organisation"]["bin"] == one.bin
    assert db.session.scalar(select(func.count()).select_from(Code)) == 109


def test_labels_are_written_for_both_emissions(world: Path) -> None:
    names = {path.name for path in (world / "labels").iterdir()}
    assert {"boots-roll-58x40.pdf", "boots-a4-3x8.pdf", "shoes-roll-43x25.pdf", "boots-codes.csv"} <= names
    assert (world / "labels" / "boots-roll-58x40.pdf").read_bytes().startswith(b"%PDF-")
    assert people.PASSWORD in (world / "README.txt").read_text(encoding="utf-8")
