"""The OpenAPI document: complete, well-formed, and true to the routes."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from backend.core import openapi
from backend.core.api import Allow
from backend.organisations.access import Permission

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def app(make_app: Callable[..., Flask], sqlite_url: str) -> Flask:
    return make_app(sqlite_url)


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    return app.test_client().get("/openapi.json").json


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    if isinstance(part, list):
        for value in part:
            yield from references(value)


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert {"title", "version"} <= set(document["info"])
    assert set(document) <= {"openapi", "info", "servers", "paths", "components", "tags", "security"}
    assert set(document["components"]) <= {"schemas", "securitySchemes", "parameters", "responses"}
    for path, method, operation in operations(document):
        assert path.startswith("/")
        assert method in METHODS
        assert operation["responses"], path
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"[1-5](\d\d|XX)|default", status)
            assert response["description"]


def test_every_reference_leads_somewhere_and_no_shape_is_unused(document: dict[str, Any]) -> None:
    found = set(references(document))
    shapes = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert found <= shapes
    queries = {f"#/components/schemas/{one.query.__name__}" for one in _declared() if one.query}
    assert shapes - found <= queries, "queries are written out as parameters"


def _declared() -> list[Any]:
    from backend.domains import APIS

    return [endpoint for api in APIS for endpoint in api.endpoints]


def test_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for *_, operation in operations(document)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", name) for name in names)


def test_every_route_of_the_seam_is_there_and_no_other(app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if hasattr(app.view_functions[rule.endpoint], "endpoint")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, method, _ in operations(document)} == routes
    assert len(routes) == len(_declared())
    contract = {
        ("/api/v1/verify", "post"),
        ("/api/v1/decode", "post"),
        ("/api/v1/trust-list", "get"),
        ("/01/{gtin}/21/{serial}", "get"),
        ("/api/v1/auth/challenge", "post"),
        ("/api/v1/auth/login", "post"),
    }
    assert contract <= routes


def test_places_in_an_address_are_parameters(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        named = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
        assert sorted(named) == sorted(re.findall(r"{(\w+)}", path))
        pairs = [(one["name"], one["in"]) for one in operation["parameters"]]
        assert len(set(pairs)) == len(pairs)
        assert all(one["required"] for one in operation["parameters"] if one["in"] == "path")


def test_what_the_seam_demands_is_said(app: Flask, document: dict[str, Any]) -> None:
    for one in openapi.endpoints(app):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", one.rule)
        operation = document["paths"][path][one.method.lower()]
        headers = {given["name"] for given in operation["parameters"] if given["in"] == "header"}
        assert ("Idempotency-Key" in headers) is one.idempotent, path
        assert ("requestBody" in operation) is bool(one.takes or one.upload or one.raw), path
        assert ("security" in operation) is (one.allow is not Allow.PUBLIC), path
        assert operation["x-allow"] in {member.value for kind in (Allow, Permission) for member in kind}
        assert {str(one.status), "4XX", "503"} <= set(operation["responses"]), path
        refused = operation["responses"]["4XX"]["content"]["application/json"]["schema"]
        assert refused == {"$ref": "#/components/schemas/Error"}
        assert operation["summary"] != one.view.__name__, "a route without words"
        if one.media == "application/json" and one.method != "DELETE":
            shape = operation["responses"][str(one.status)]["content"]["application/json"]["schema"]
            assert shape, f"{one.method} {path} does not say what it answers"


def test_schemas_speak_json_schema_2020_12(document: dict[str, Any]) -> None:
    """What OpenAPI 3.0 had and 3.1 has not: nullable, boolean exclusive bounds, tuples in `items`."""

    def walk(part: Any, at: str) -> None:
        if isinstance(part, dict):
            if part.get("type") in ("string", "number", "integer", "object", "array"):
                assert "nullable" not in part, at
                assert not isinstance(part.get("exclusiveMinimum"), bool), at
                assert not isinstance(part.get("items"), list), at
                assert part["type"] != "array" or "items" in part or "prefixItems" in part, at
            for name, value in part.items():
                walk(value, f"{at}.{name}")
        elif isinstance(part, list):
            for place, value in enumerate(part):
                walk(value, f"{at}[{place}]")

    walk(document["components"]["schemas"], "schemas")
    for path, _, operation in operations(document):
        walk(operation, path)
