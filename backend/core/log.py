"""Structured logs: one JSON object a line, a request id in each, and only fields from an allow-list.

Codes' tails, IINs and positions never reach the log because nothing that could carry them is on the list (S-threat:
personal data and secrets in logs).
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime

from flask import g, has_request_context, request

from backend.core.ids import new_id

FIELDS = ("status", "milliseconds", "job", "kind", "count", "outcome", "key_id", "fact", "sequence", "reason", "bytes")
SECRETS = re.compile(r"\b\d{12}\b|92[A-Za-z0-9+/=]{40,}|(?<=21)[!-~]{6,20}?(?=\x1d|\\x1d|\\u001d)")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": mask(record.getMessage()),
        }
        if has_request_context():
            line["request"] = request_id()
            line["route"] = request.url_rule.rule if request.url_rule else None
        line.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info:
            line["trace"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def mask(text: str) -> str:
    """Cut out what looks like a tail, a serial before a separator, or an IIN/BIN."""
    return SECRETS.sub("•", text)


def init(level: int = logging.INFO) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger("tanba")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False


def request_id() -> str:
    """A well-formed request id from a proxy in front of us, or one of our own; made when the first line needs it."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if re.fullmatch(r"[A-Za-z0-9_-]{8,64}", given) else new_id()
    return g.request_id
