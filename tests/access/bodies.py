"""A body that a route takes, made from its declared model: the least that passes, so that access alone is judged."""

from typing import Any

from pydantic import BaseModel

TEXT = {"date": "2026-12-01", "date-time": "2026-12-01T00:00:00Z", "uuid": "00000000-0000-4000-8000-000000000000"}


def least(model: type[BaseModel]) -> dict[str, Any]:
    """The required fields of a model, each with the first value that its schema allows."""
    schema = model.model_json_schema()
    return _value(schema, schema.get("$defs", {}))


def _value(schema: dict[str, Any], shared: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _value(shared[schema["$ref"].rsplit("/", 1)[1]], shared)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _value(schema[several][0], shared)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if kind == "object":
        wanted = schema.get("required", [])
        return {name: _value(schema["properties"][name], shared) for name in wanted}
    if kind == "array":
        return [_value(schema["items"], shared)] * max(1, schema.get("minItems", 1))
    if kind == "string":
        return _text(schema)
    if kind == "boolean":
        return True
    return max(1, schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)


def _text(schema: dict[str, Any]) -> str:
    if schema.get("format") in TEXT:
        return TEXT[schema["format"]]
    if schema.get("examples"):
        return schema["examples"][0]
    return "x" * max(1, schema.get("minLength", 1))
