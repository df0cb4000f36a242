"""The app's page: one file, with the platform's public key written in, so that the precached shell pins it."""

from flask import Response

from backend.core.vault import platform_public_key
from backend.settings import ROOT

DIST = ROOT / "pwa" / "dist"


def shell() -> Response:
    page = DIST / "index.html"
    if not page.is_file():
        return Response("The app is not built yet: python3 -m backend run builds it.\n", 503, mimetype="text/plain")
    answer = Response(page.read_text().replace("%TANBA_ROOT%", platform_public_key()), mimetype="text/html")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
