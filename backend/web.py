"""The PWA's files, security headers, and the pages that exist for people rather than programs."""

import mimetypes
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Blueprint, Flask, Response, current_app, redirect, request, send_file
from werkzeug.exceptions import HTTPException

from backend.core.errors import DomainError, MethodNotAllowed, RequestNotFound
from backend.core.shell import DIST, PINNED, pinned, shell

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self' wss://127.0.0.1:13579",
        "media-src 'self' blob:",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types tanba",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}

PACKED = (("br", ".br"), ("gzip", ".gz"))

mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")

blueprint = Blueprint("web", __name__)


def init(app: Flask) -> None:
    app.register_blueprint(blueprint)

    app.wsgi_app = Guarded(app.wsgi_app, lasting=app.config["SETTINGS"].production)


class Guarded:
    """Puts the security headers under every answer. Around Flask, where that costs one list. `lasting`: browsers may
    insist on HTTPS from now on, which a development certificate must not ask for."""

    def __init__(self, inner: WSGIApplication, *, lasting: bool):
        self.inner = inner
        self.everywhere = [*HEADERS.items()]
        if lasting:
            self.everywhere.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
        self.api = [*self.everywhere, ("Cache-Control", "no-store")]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        more = self.api if environ.get("PATH_INFO", "").startswith("/api/") else self.everywhere

        def guarded(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            given = {name.lower() for name, _ in headers}
            return start_response(status, headers + [one for one in more if one[0].lower() not in given], *failure)

        return self.inner(environ, guarded)


@blueprint.get("/")
def index() -> Response:
    return shell()


@blueprint.post("/share")
def share() -> Response:
    """Where a shared picture lands when no service worker was there to take it: the scanner, to choose it again."""
    return redirect("/?shared=missed", 303)


@blueprint.get("/<path:path>")
def file(path: str) -> Response:
    """A built file, packed when the client takes it; every other address without an extension is the app's own."""
    if path.startswith("api/"):
        raise _not_served()
    if path in PINNED:
        return pinned(path)
    target = (DIST / path).resolve()
    if not target.is_relative_to(DIST) or not target.is_file():
        if "." in Path(path).name:
            raise RequestNotFound()
        return shell()
    answer = _packed(target) or send_file(target, conditional=True, max_age=0)
    hashed = path.startswith("assets/")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
    return answer


def _not_served() -> DomainError:
    """An address of the API asked for by GET: it is there for another method, or it is not there."""
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        try:
            endpoint, _ = current_app.url_map.bind("").match(request.path, method=method)
        except HTTPException:
            continue
        if not endpoint.startswith("web."):
            return MethodNotAllowed()
    return RequestNotFound()


def _packed(target: Path) -> Response | None:
    accepted = request.headers.get("Accept-Encoding", "")
    for encoding, ending in PACKED:
        packed = target.with_name(target.name + ending)
        if encoding in accepted and packed.is_file():
            kind = mimetypes.guess_type(target.name)[0] or "application/octet-stream"
            answer = send_file(packed, mimetype=kind, conditional=True, max_age=0)
            answer.headers["Content-Encoding"] = encoding
            answer.headers["Vary"] = "Accept-Encoding"
            return answer
    return None
