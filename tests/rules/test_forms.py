"""HTML to PDF: what a form brings along is drawn, and nothing is fetched from anywhere."""

import base64
import io
import json
import re
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pypdfium2
import pytest
from PIL import Image

from backend.core import sandbox


def form(html: str, **assets: bytes) -> bytes:
    given = {name: base64.b64encode(data).decode() for name, data in assets.items()}
    payload = json.dumps({"html": html, "assets": given}).encode()
    return sandbox.call("html_pdf", payload, seconds=20, megabytes=400)


def text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def plain(pdf: bytes) -> bytes:
    """The file with its packed objects unpacked."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompress(one) for one in streams if one.startswith(b"x"))


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server that nobody may ask, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "html",
    [
        "<img src='URL/img.png'>",
        "<link rel=stylesheet href='URL/style.css'>",
        "<style>@import 'URL/style.css'; @import url(file:///etc/passwd);</style>",
        "<style>@font-face { font-family: x; src: url(URL/x.woff) } p { font-family: x; background: url(URL/b.png) }"
        "</style><p>x</p>",
        "<link rel=attachment href='URL/a'><link rel=attachment href='file:///etc/hostname'>",
        "<a rel=attachment href='file:///etc/hostname'>x</a><a rel=attachment href='URL/a'>x</a>",
        "<object data='URL/o.svg'></object><embed src='URL/e.svg'><iframe src='URL/i'></iframe>",
        "<img src='file:///etc/hostname'><img src='/etc/hostname'><img src='asset:missing'>",
        '<img src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="URL/s.png"/></svg>\'>',
        "<base href='URL/'><img src='relative.png'>",
    ],
)
def test_a_form_fetches_nothing(html: str, canary: tuple[str, list[str]]) -> None:
    address, asked = canary
    pdf = form(f"<p>Басы {html.replace('URL', address)}<p>Соңы")
    assert asked == []
    assert b"/EmbeddedFile" not in plain(pdf)
    assert b"/Filespec" not in plain(pdf)
    assert "Басы" in text(pdf)
    assert "Соңы" in text(pdf)


def test_kazakh_letters_are_drawn_and_can_be_copied() -> None:
    pdf = form("<h1>Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі ₸ №</h1><p>Сәйкестендіру құралы</p>")
    assert "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі ₸ №" in text(pdf)
    assert set(re.findall(rb"/BaseFont /\w+\+([\w-]+)", plain(pdf))) == {b"Noto-Sans", b"Noto-Sans-Bold"}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "SVG"])
def test_an_asset_given_along_is_drawn(kind: str) -> None:
    seal = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path fill='#f00' d='M0 0h9v9h-9z'/></svg>"
    if kind != "SVG":
        red = io.BytesIO()
        Image.new("RGB", (20, 20), (255, 0, 0)).save(red, kind)
        seal = red.getvalue()
    pdf = form("<style>@page { margin: 0 } img { width: 100% }</style><img src='asset:seal'>", seal=seal)
    with pypdfium2.PdfDocument(pdf) as document:
        assert document[0].render().to_pil().convert("RGB").getpixel((30, 30)) in ((255, 0, 0), (254, 0, 0))


def test_a_form_carries_no_files() -> None:
    pdf = form("<link rel=attachment href='asset:x'><p>x", x=b"MZ")
    assert b"/Filespec" not in plain(pdf)


def test_a_nest_without_end_is_refused_and_the_next_form_is_served() -> None:
    with pytest.raises(sandbox.SandboxFailed) as failed:
        form("<div>" * 2_500 + "x")
    assert failed.value.reason == "too_deep"
    assert "бар" in text(form("<p>бар"))


def test_a_form_without_end_is_refused() -> None:
    with pytest.raises(sandbox.SandboxFailed) as failed:
        form("x" * 2_000_001)
    assert failed.value.reason == "too_large"
