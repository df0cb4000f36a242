"""The app's files: the pinned key, packed bytes, caching, and nothing outside the build."""

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core.vault import platform_public_key


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<meta name="tanba-root" content="%TANBA_ROOT%">')
    (folder / "sw.js").write_text('const BUILD = {"root": "%TANBA_ROOT%"}')
    (folder / "sw.js.gz").write_bytes(b"packed without the key")
    (folder / "assets" / "a-1.js").write_text("1")
    (folder / "assets" / "a-1.js.gz").write_bytes(gzip.compress(b"1"))
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr("backend.core.shell.DIST", folder)
    monkeypatch.setattr("backend.web.DIST", folder)
    return folder


@pytest.mark.parametrize("path", ["/", "/index.html", "/sw.js", "/history", "/01/04870001000011/21/ABC"])
def test_the_key_is_written_in(client: FlaskClient, app: Flask, dist: Path, path: str) -> None:
    plain = client.get(path, headers={"Accept": "text/html"})
    small = client.get(path, headers={"Accept": "text/html", "Accept-Encoding": "gzip, br"})
    assert platform_public_key() in plain.get_data(as_text=True)
    assert "%TANBA_ROOT%" not in plain.get_data(as_text=True)
    assert gzip.decompress(small.data) == plain.data
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert plain.headers["Cache-Control"] == "no-cache"


def test_a_page_that_did_not_change_is_not_sent_again(client: FlaskClient, dist: Path) -> None:
    first = client.get("/")
    assert client.get("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    (dist / "index.html").write_text("another build")
    assert client.get("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_hashed_files_are_packed_and_kept_for_ever(client: FlaskClient, dist: Path) -> None:
    answer = client.get("/assets/a-1.js", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert (gzip.decompress(answer.data), answer.mimetype) == (b"1", "text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/assets/a-1.js", buffered=True).data == b"1"


@pytest.mark.parametrize("path", ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/none.js"])
def test_nothing_outside_the_build_is_served(client: FlaskClient, dist: Path, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"secret" not in answer.data


def test_a_share_without_the_service_worker_leads_to_the_scanner(client: FlaskClient, dist: Path) -> None:
    answer = client.post("/share", data={"f": (b"", "a.png")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?shared=missed")


def test_large_public_answers_are_packed(client: FlaskClient, app: Flask) -> None:
    plain = client.get("/api/v1/groups")
    small = client.get("/api/v1/groups", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(small.data) == plain.data
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) * 3 < len(plain.data)
