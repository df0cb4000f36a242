"""How a file goes out: whatever somebody brought must never act in our name in a browser."""

from urllib.parse import quote

from flask import Response, request

from backend.files.models import File
from backend.files.rules import PICTURES, Media

POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def of(file: File, name: str, content: bytes) -> Response:
    """The bytes, of the type that they were found to be. A browser may keep them for itself, but asks every time
    whether it still may."""
    shown = "inline" if Media(file.media) in PICTURES else "attachment"
    kind = "text/csv; charset=utf-8" if file.media == Media.CSV else file.media
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(file.id)
    return answer.make_conditional(request)
