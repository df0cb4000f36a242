"""The bytes that get signed: JCS (RFC 8785) of one flat envelope that names its schema.

The schema separates domains: a signature under a log-in can never be taken for one under an act, because whoever
verifies says which schema is expected and the bytes must name it.
"""

import unicodedata
from typing import Any

import orjson
import rfc8785

from backend.signatures.rules import OtherDocument

LARGEST_INTEGER = 2**53 - 1
OURS = "kz.tanba."


def envelope(schema: str, content: dict[str, Any]) -> bytes:
    """The exact bytes for the content. Text becomes NFC; amounts travel as text, so a float is a programmer's error
    and raises TypeError."""
    return rfc8785.dumps(_plain({"schema": schema, **content}))


def read(document: bytes, schema: str) -> dict[str, Any]:
    """The content of an envelope of the expected schema. Raises OtherDocument, also when the bytes are not the
    canonical form of what they say (a repeated key, another order, spaces)."""
    content = _canonical(document)
    if content is None or content.get("schema") != schema:
        raise OtherDocument(expected=schema)
    return content


def read_any(document: bytes) -> dict[str, Any]:
    """The content of an envelope of whatever schema of ours; the same demands on its bytes. Raises OtherDocument."""
    content = _canonical(document)
    if content is None or not str(content.get("schema", "")).startswith(OURS):
        raise OtherDocument()
    return content


def _canonical(document: bytes) -> dict[str, Any] | None:
    """The object that these bytes are the canonical form of."""
    try:
        content = orjson.loads(document)
        return content if isinstance(content, dict) and rfc8785.dumps(content) == document else None
    except (orjson.JSONDecodeError, rfc8785.CanonicalizationError, RecursionError):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_INTEGER:
        return value
    raise TypeError(f"{type(value).__name__} does not belong in a signed document")
