"""The app's page and its service worker, with the platform's public key written in, so that a phone pins it."""

import gzip
import hashlib
from functools import lru_cache

from flask import Response, request

from backend.core.vault import platform_public_key
from backend.settings import ROOT

DIST = ROOT / "pwa" / "dist"
PLACE = "%TANBA_ROOT%"
PINNED = {"index.html": "text/html", "sw.js": "text/javascript"}


def shell() -> Response:
    """The app's page, at whatever address of the app it was asked for."""
    return pinned("index.html")


def pinned(name: str) -> Response:
    """A file of PINNED as this installation serves it; never kept without asking, for it names the newest build."""
    page = DIST / name
    if not page.is_file():
        return Response("The app is not built yet: python3 -m backend run builds it.\n", 503, mimetype="text/plain")
    content, packed = _written(name, page.stat().st_mtime_ns, platform_public_key())
    small = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = Response(packed if small else content, content_type=f"{PINNED[name]}; charset=utf-8")
    if small:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(hashlib.sha256(packed).hexdigest()[:16] + ("-gzip" if small else ""))
    return answer.make_conditional(request)


@lru_cache(maxsize=8)
def _written(name: str, _changed: int, key: str) -> tuple[bytes, bytes]:
    content = (DIST / name).read_text(encoding="utf-8").replace(PLACE, key).encode()
    return content, gzip.compress(content, 9, mtime=0)
