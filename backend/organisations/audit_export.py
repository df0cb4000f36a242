"""The audit trail as files: a table for people, and JSON lines whose hashes anybody can recompute."""

import csv
import io
import json
from collections.abc import Iterator

import orjson
from flask import Response, stream_with_context

from backend.core import clock
from backend.history import queries as history
from backend.history import rules as chain
from backend.history.models import content
from backend.organisations import audit, queries
from backend.organisations.audit import EXPORTED, Entry, Filter

COLUMNS = (
    "sequence", "hash", "previous", "id", "at", "kind", "subject_kind", "subject_id", "person", "actor_id", "via",
    "document_kind", "document_id", "signature_id", "before", "after", "detail", "count", "merkle_root",
)  # fmt: skip
# A spreadsheet takes such a beginning for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(organisation_id: str, wanted: Filter) -> Response:
    """CSV with a byte-order mark, so that spreadsheets read Kazakh letters; one fact a line, oldest first."""
    return _file(_table(audit.export(organisation_id, wanted)), "text/csv", "csv")


def lines(organisation_id: str, wanted: Filter) -> Response:
    """JSON lines. The first says what this is and how to check it, each other one holds `fact` (its JCS bytes are what
    the chain hashes), `person`, `sequence`, `previous` and `hash`."""
    facts = audit.export(organisation_id, wanted)
    first = _first_line(organisation_id, wanted)
    return _file(_lines(first, facts), "application/jsonl", "jsonl")


def _table(entries: Iterator[Entry]) -> Iterator[str]:
    yield "\ufeff" + _row(COLUMNS)
    for entry in entries:
        said = json.loads(chain.canonical(content(entry.fact)))
        said |= {"person": entry.person, "sequence": entry.sequence} | _hashes(entry)
        yield _row([_cell(said[name]) for name in COLUMNS])


def _lines(first: bytes, entries: Iterator[Entry]) -> Iterator[bytes]:
    yield first + b"\n"
    for entry in entries:
        beside = orjson.dumps({"person": entry.person, "sequence": entry.sequence} | _hashes(entry))
        # The very bytes that were hashed, so that nobody needs to make them canonical again.
        yield b'{"fact":' + chain.canonical(content(entry.fact)) + b"," + beside[1:] + b"\n"


def _first_line(organisation_id: str, wanted: Filter) -> bytes:
    organisation, head = queries.organisation(organisation_id), history.head()
    return orjson.dumps(
        {
            "format": "tanba-audit/1",
            "organisation": {"id": organisation.id, "bin": organisation.bin, "names": organisation.names},
            "filter": wanted._asdict(),
            "facts": audit.count(organisation_id, wanted),
            "limit": EXPORTED,
            "at": clock.now().isoformat(),
            "hash": "SHA-256(previous || JCS(fact)), RFC 8785; previous of sequence 1 is 32 zero bytes",
            "head": {"sequence": head.sequence, "hash": head.hash.hex(), "signature": head.signature} if head else None,
        }
    )


def _hashes(entry: Entry) -> dict[str, str | None]:
    previous = chain.GENESIS if entry.sequence == 1 else entry.previous
    chained = entry.hash is not None and previous is not None
    return {
        "hash": entry.hash.hex() if chained else None,
        "previous": previous.hex() if chained else None,
    }


def _row(cells: object) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(FORMULA) else text


def _file(pieces: Iterator[str] | Iterator[bytes], media: str, ending: str) -> Response:
    answer = Response(stream_with_context(pieces), mimetype=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="tanba-audit-{clock.today().isoformat()}.{ending}"'
    return answer
