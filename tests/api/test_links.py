"""GS1 Digital Link: one address, a page for people and a linkset for machines."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.catalogue.groups import CHARACTERS
from backend.core import gs1, shell
from tests.conftest import vectors_folder

GTIN = "04870000000012"
LINKSET = "application/linkset+json"
EVERY = "".join(sorted(CHARACTERS))
SERIALS = ["A2B3C4D5E6F7G", "0", EVERY[:20], EVERY[20:40], EVERY[40:60], EVERY[60:80], "a/b", "a/", "a//b", "%2F",
           "a///", ".", "+"]  # fmt: skip
PAGE = "<!doctype html><title>Tanba</title><meta name=tanba-root content=%TANBA_ROOT%>"


@pytest.fixture
def app(make_app: Any, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Links are answered without the database; the page stands in for the built app."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text(PAGE)
    monkeypatch.setattr(shell, "DIST", tmp_path / "dist")
    with (app := make_app(sqlite_url)).app_context():
        yield app


def link(serial: str) -> str:
    return f"/01/{GTIN}/21/{quote(serial, safe='')}"


@pytest.mark.parametrize("accept", [None, "*/*", "text/html,application/xhtml+xml,*/*;q=0.8"])
def test_people_get_the_page(client: FlaskClient, accept: str | None) -> None:
    answer = client.get(link("ABC"), headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "%TANBA_ROOT%" not in answer.get_data(as_text=True)
    assert "Accept" in [one.strip() for one in answer.headers["Vary"].split(",")]
    assert answer.headers["Link"] == (
        f'<http://localhost:8000/01/{GTIN}/21/ABC?linkType=linkset>; rel="linkset"; type="{LINKSET}"'
    )


@pytest.mark.parametrize(
    ("accept", "query"),
    [
        (LINKSET, ""),
        ("application/json", ""),
        ("application/linkset+json, text/html;q=0.5", ""),
        ("text/html", "?linkType=linkset"),
        ("text/html", "?linkType=all"),
    ],
)
def test_machines_that_ask_get_a_linkset(client: FlaskClient, accept: str, query: str) -> None:
    answer = client.get(link("ABC") + query, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, LINKSET)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    (context,) = answer.json["linkset"]
    assert context["anchor"] == f"http://localhost:8000/01/{GTIN}/21/ABC"
    assert GTIN in context["itemDescription"]
    relations = {name: targets for name, targets in context.items() if name not in ("anchor", "itemDescription")}
    assert "https://ref.gs1.org/voc/defaultLink" in relations
    for name, targets in relations.items():
        assert name.startswith("https://ref.gs1.org/voc/"), "an extension relation is a URI (RFC 9264, 4.2.4.2)"
        for target in targets:
            assert target["href"].startswith("http://localhost:8000/")
            assert target["title"]


def test_a_product_link_has_no_serial(client: FlaskClient) -> None:
    answer = client.get(f"/01/{GTIN}", headers={"Accept": LINKSET})
    assert answer.json["linkset"][0]["anchor"] == f"http://localhost:8000/01/{GTIN}"


@pytest.mark.parametrize("serial", SERIALS)
def test_a_serial_survives_the_way(client: FlaskClient, serial: str) -> None:
    """What a QR carries comes back as the same code, whatever characters its serial has."""
    path = link(serial)
    assert gs1.digital_link("", GTIN, serial) == path
    answer = client.get(path, headers={"Accept": LINKSET})
    assert answer.status_code == 200, answer.headers.get("Location")
    anchor = answer.json["linkset"][0]["anchor"]
    assert gs1.parse_digital_link(anchor) == {"01": GTIN, "21": serial}
    scan = gs1.read(anchor)
    assert (scan.gtin, scan.serial) == (GTIN, serial)


def test_a_serial_that_begins_with_a_slash_is_not_taken_for_another(client: FlaskClient) -> None:
    answer = client.get(link("/a"), headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")


@pytest.mark.parametrize(
    "path",
    [
        "/01/04870000000013",
        "/01/04870000000013/21/ABC",
        "/01/4870000000012/21/ABC",
        "/01/none/21/ABC",
        f"/01/{GTIN}/21/" + "A" * 21,
        f"/01/{GTIN}/21/%D3%99",
        f"/01/{GTIN}/21/%00",
        f"/01/{GTIN}/21/a%20b",
    ],
)
@pytest.mark.parametrize("accept", [LINKSET, "text/html"])
def test_what_is_no_link_of_ours(client: FlaskClient, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "verification.link_invalid")


def test_a_line_break_in_a_link_breaks_nothing(client: FlaskClient) -> None:
    answer = client.get(f"/01/{GTIN}/21/A%0D%0ASet-Cookie:%20x=1")
    assert answer.status_code in (404, 422)
    assert "Set-Cookie" not in answer.headers


def test_the_answer_never_leads_elsewhere(client: FlaskClient) -> None:
    for more in ("?next=//evil.example", "?linkType=https://evil.example", "?linkType=gs1:pip"):
        answer = client.get(link("ABC") + more)
        assert answer.status_code == 200
        assert "evil" not in answer.get_data(as_text=True) + str(answer.headers)


def faults(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """The words of JSON Schema that GS1's linkset schema uses, and no others."""
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool}
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return [f"{at} is no {schema['type']}"]
    found = []
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at} does not look like {schema['pattern']}")
    if isinstance(value, list) and "items" in schema:
        for place, one in enumerate(value):
            found += faults(one, schema["items"], f"{at}[{place}]")
    if isinstance(value, dict):
        found += [f"{at} lacks {name}" for name in schema.get("required", []) if name not in value]
        for name, one in value.items():
            shapes = [schema["properties"][name]] if name in schema.get("properties", {}) else []
            patterns = schema.get("patternProperties", {})
            shapes += [shape for pattern, shape in patterns.items() if re.search(pattern, name)]
            if not shapes and schema.get("additionalProperties") is False:
                found.append(f"{at} may not have {name}")
            for shape in shapes:
                found += faults(one, shape, f"{at}.{name}")
    return found


def folder() -> Path | None:
    vectors = vectors_folder()
    return vectors / "digital-link" if vectors and (vectors / "digital-link").is_dir() else None


@pytest.mark.parametrize("serial", ["ABC", EVERY[:20]] if folder() else [])
def test_our_linkset_keeps_gs1s_schema(client: FlaskClient, serial: str) -> None:
    """The parts of GS1's own schema that a linkset of ours can break, read from the schema itself."""
    schema = json.loads((folder() / "gs1-linkset-schema.json").read_text())
    answer = client.get(link(serial), headers={"Accept": LINKSET})
    assert faults(answer.json, schema) == []
    broken = json.loads((folder() / "invalid-gs1-example.json").read_text())
    assert faults(broken, schema), "the reader of schemas itself must be able to refuse"
