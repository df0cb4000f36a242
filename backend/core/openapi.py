"""OpenAPI 3.1 from the same declarations that the seam enforces."""

import re
from typing import Any

from flask import Flask
from pydantic.json_schema import models_json_schema

from backend.core.api import Allow, Endpoint

TEMPLATE = "#/components/schemas/{model}"

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "params", "fields"],
            "properties": {
                "code": {"type": "string", "description": "Stable; the words live with the client"},
                "params": {"type": "object", "additionalProperties": True},
                "fields": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["field", "code"],
                        "properties": {"field": {"type": "string"}, "code": {"type": "string"}},
                    },
                },
            },
        }
    },
}


SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": "tanba"},
    "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "tanba_live_… or tanba_test_…",
        "description": "A program's key. What an operation lists under it is the scope that the key needs.",
    },
}


def endpoints(app: Flask) -> list[Endpoint]:
    """Every declared route, in the order of the address map."""
    return [view.endpoint for view in app.view_functions.values() if hasattr(view, "endpoint")]


def document(app: Flask) -> dict[str, Any]:
    declared = sorted(endpoints(app), key=lambda one: (one.rule, one.method))
    shapes = {(one.takes, "validation") for one in declared if one.takes}
    shapes |= {(one.gives, "serialization") for one in declared if one.gives}
    shapes |= {(one.query, "validation") for one in declared if one.query}
    ordered = sorted(shapes, key=lambda shape: (shape[0].__name__, shape[1]))
    references, definitions = models_json_schema(ordered, ref_template=TEMPLATE)
    paths: dict[str, Any] = {}
    for one in declared:
        path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", one.rule)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, path, references, definitions["$defs"])
        paths[path][one.method.lower()] |= _security(one, app.extensions.get("scopes", frozenset()))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tanba", "version": "1", "description": "Goods marking: emission, acts, verification."},
        "paths": paths,
        "components": {
            "schemas": {**definitions.get("$defs", {}), "Error": ERROR},
            "securitySchemes": SCHEMES,
        },
    }


def _operation(one: Endpoint, path: str, references: Any, shapes: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{one.domain}.{one.view.__name__}",
        "summary": (one.view.__doc__ or one.view.__name__).strip().split("\n")[0],
        "tags": [one.domain],
        "x-allow": one.allow.value,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"{(\w+)}", path)
        ],
        "responses": {
            str(one.status): {"description": "Done", "content": {one.media: {"schema": _shape(one, references)}}},
            "4XX": _error("Refused: the code says why, nothing was done"),
            "503": _error("Busy: nothing was done, try again"),
        },
    }
    if one.query:
        operation["parameters"] += _query(shapes[one.query.__name__])
    if one.idempotent:
        key = {"type": "string", "minLength": 8, "maxLength": 255}
        operation["parameters"].append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": key})
    if one.takes:
        body = references[(one.takes, "validation")]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if one.upload:
        image = {"type": "string", "contentMediaType": "image/*"}
        form = {"type": "object", "required": ["image"], "properties": {"image": image}}
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    if one.raw:
        content = {"application/octet-stream": {"schema": {"contentMediaType": "application/octet-stream"}}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _security(one: Endpoint, scopes: frozenset[str]) -> dict[str, Any]:
    """Who may call: a signed-in person, and where the work is on goods and codes a program with the scope."""
    if one.allow is Allow.PUBLIC:
        return {}
    if one.allow is Allow.PARTICIPANT:
        return {"security": [{"session": []}, {"key": []}]}
    program = [{"key": [one.allow.value]}] if one.allow in scopes else []
    return {"security": [{"session": []}, *program]}


def _shape(one: Endpoint, references: Any) -> dict[str, Any]:
    if one.gives:
        return references[(one.gives, "serialization")]
    return {} if one.media == "application/json" else {"type": "string", "contentMediaType": one.media}


def _query(shape: dict[str, Any]) -> list[dict[str, Any]]:
    needed = shape.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": schema}
        for name, schema in shape.get("properties", {}).items()
    ]


def _error(text: str) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
