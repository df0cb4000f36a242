"""POST /decode: photos of our own labels are read, and whatever else is sent gets a 4xx."""

import base64
import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pillow_heif
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageFilter

from backend.core import sandbox
from backend.labels.presets import preset
from backend.labels.render import render
from backend.verification import service
from backend.verification.schemas import DecodeOut
from tests.rules.label_samples import label

pillow_heif.register_heif_opener()


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def app(make_app: Any, sqlite_url: str) -> Iterator[Flask]:
    """A photo is read without the database, so one engine will do."""
    with (app := make_app(sqlite_url)).app_context():
        yield app


def photo(*numbers: int, turned: float = 7) -> Image.Image:
    """Printed labels on a table, a little turned and a little out of focus."""
    table = Image.new("RGB", (560 * len(numbers) + 60, 560), (146, 128, 110))
    for place, number in enumerate(numbers):
        printed = b"".join(render(preset("58x40"), [label(number)], dpi=203, media="png", minimum_mm=20))
        picture = Image.open(io.BytesIO(printed)).convert("RGBA").rotate(turned, expand=True, resample=Image.BICUBIC)
        table.paste(picture, (40 + 560 * place, 60), picture)
    return table.filter(ImageFilter.GaussianBlur(0.8))


def written(picture: Image.Image, kind: str) -> bytes:
    into = io.BytesIO()
    picture.save(into, kind, quality=88)
    return into.getvalue()


def send(client: FlaskClient, image: bytes, name: str = "a.jpg") -> Any:
    """The form written out by hand: the test client would put a large one into a file that it forgets to close."""
    head = f'--edge\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\n\r\n'
    body = head.encode() + image + b"\r\n--edge--\r\n"
    return client.post("/api/v1/decode", data=body, content_type="multipart/form-data; boundary=edge")


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["error"]["code"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_of_our_label(client: FlaskClient, kind: str) -> None:
    answer = send(client, written(photo(1), kind))
    assert answer.status_code == 200
    (code,) = answer.json["codes"]
    assert (code["format"], code["symbology"], code["text"]) == ("DataMatrix", "]d2", label(1).code)
    assert base64.b64decode(code["bytes"]).decode() == label(1).code
    assert len(code["position"]) == 4
    assert {"format", "symbology", "text", "bytes", "position"} <= set(code)
    DecodeOut.model_validate(answer.json)


def test_several_labels_in_one_photo(client: FlaskClient) -> None:
    answer = send(client, written(photo(1, 2, 3, turned=-4), "JPEG"))
    assert {code["text"] for code in answer.json["codes"]} == {label(number).code for number in (1, 2, 3)}


def test_a_photo_without_a_code_is_an_empty_answer(client: FlaskClient) -> None:
    assert send(client, written(Image.new("RGB", (400, 300), "white"), "JPEG")).json["codes"] == []


def test_the_name_and_type_that_a_client_claims_mean_nothing(client: FlaskClient) -> None:
    picture = written(photo(1), "PNG")
    sent = {"image": (io.BytesIO(picture), "../../etc/passwd", "text/html")}
    assert len(client.post("/api/v1/decode", data=sent).json["codes"]) == 1


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(side: int) -> bytes:
    """A few kilobytes that would be side² pixels."""
    rows = zlib.compressobj(9)
    body = b"".join(rows.compress(bytes(side // 8 + 1)) for _ in range(side)) + rows.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_too_large(client: FlaskClient) -> None:
    assert told(send(client, b"\xff\xd8\xff" + bytes(15 * 1024 * 1024 + 1))) == (413, "verification.image_too_large")
    assert told(send(client, bytes(17 * 1024 * 1024))) == (413, "request.too_large")
    assert told(send(client, written(Image.new("L", (4_001, 4_001)), "PNG"))) == (413, "verification.image_too_large")


def test_sixteen_megapixels_are_taken(client: FlaskClient) -> None:
    picture = Image.new("L", (4_000, 4_000), 200)
    picture.paste(photo(1).convert("L"), (1_500, 1_500))
    assert [code["text"] for code in send(client, written(picture, "JPEG")).json["codes"]] == [label(1).code]


@pytest.mark.parametrize("side", [13_000, 20_000])
def test_a_bomb_is_known_by_its_header(client: FlaskClient, side: int) -> None:
    bomb = png_bomb(side)
    assert len(bomb) < 64_000
    assert told(send(client, bomb)) == (413, "verification.image_too_large")


GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/hostname"/></svg>'


def test_what_is_no_photo(client: FlaskClient) -> None:
    for other in (GIF, SVG, b"%PDF-1.7", b"PK\x03\x04", b"II*\x00" + bytes(40), b"BM" + bytes(60), b"x"):
        assert told(send(client, other, "a.png")) == (415, "verification.image_unsupported"), other


def test_damaged_photos(client: FlaskClient) -> None:
    whole = written(photo(1), "JPEG")
    for broken in (b"", b"\xff\xd8\xff", whole[:40], whole[:200], b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP"):
        answer = send(client, broken)
        assert answer.status_code in (415, 422), broken[:9]
    png = written(photo(1), "PNG")
    assert told(send(client, png[:33] + bytes(len(png) - 33))) == (422, "verification.image_damaged")


def test_missing(client: FlaskClient) -> None:
    assert told(client.post("/api/v1/decode")) == (422, "verification.image_missing")
    assert told(client.post("/api/v1/decode", data={"image": "text"})) == (422, "verification.image_missing")
    assert told(client.post("/api/v1/decode", data={"file": (io.BytesIO(b"x"), "a.png")})) == (
        422,
        "verification.image_missing",
    )
    assert told(client.post("/api/v1/decode", json={"image": "x"})) == (422, "verification.image_missing")


@pytest.mark.parametrize("reason", ["time", "memory", "crash"])
def test_a_process_that_died_of_a_picture_costs_a_4xx(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    def died(*_: object, **__: object) -> bytes:
        raise sandbox.SandboxFailed(reason)

    monkeypatch.setattr(service.sandbox, "call", died)
    assert told(send(client, b"x")) == (422, "verification.image_damaged")
