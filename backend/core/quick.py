"""The short way for a route that is asked more than all others together: the seam without Flask's request around it.

A route declares itself `quick`; it must be public, without effect, take JSON and give a dict. Only the everyday case
goes this way. A cookie, a key, an unusual body, a refusal or a fault goes the long way, through Flask, from the
beginning, so that one place words errors. What else the route declares (limit, origin, contract) holds here as there.
"""

import io
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import orjson
from flask import Flask, g

from backend.core import limits
from backend.core.api import JSON, PUBLIC, SHORT_LENGTH, Api, Endpoint, same_origin


class NotQuick(ValueError):
    """A route was declared quick that cannot be."""


def init(app: Flask, apis: Iterable[Api]) -> None:
    """Lay the short way around the app for every route that asks for it."""
    endpoints = [endpoint for api in apis for endpoint in api.endpoints if endpoint.quick]
    for one in endpoints:
        if one.allow is not PUBLIC or one.writes or one.takes is None or one.query or "<" in one.rule:
            raise NotQuick(one.rule)
    app.wsgi_app = Quick(app, app.wsgi_app, endpoints)


class Quick:
    def __init__(self, app: Flask, inner: WSGIApplication, endpoints: Iterable[Endpoint]):
        self.app, self.inner = app, inner
        self.endpoints = {(endpoint.method, endpoint.rule): endpoint for endpoint in endpoints}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        endpoint = self.endpoints.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        length = environ.get("CONTENT_LENGTH") or ""
        if (
            endpoint is None
            or "HTTP_COOKIE" in environ
            or "HTTP_AUTHORIZATION" in environ
            or environ.get("CONTENT_TYPE") != JSON
            or not length.isdecimal()
            or len(length) >= SHORT_LENGTH
        ):
            return self.inner(environ, start_response)
        body = environ["wsgi.input"].read(int(length))
        try:
            answer, told = self.answer(endpoint, environ, body)
        except Exception:
            environ["wsgi.input"] = io.BytesIO(body)
            return self.inner(environ, start_response)
        environ["tanba.route"] = endpoint.rule
        start_response("200 OK", [("Content-Type", JSON), ("Content-Length", str(len(answer))), *told])
        return [answer]

    def answer(self, endpoint: Endpoint, environ: WSGIEnvironment, body: bytes) -> tuple[bytes, list[tuple[str, str]]]:
        """What the route says, and what the limits say. Whatever is raised is raised again, and answered, on the long
        way."""
        asked = endpoint.takes.model_validate(orjson.loads(body))
        with self.app.app_context():
            g.asked_from = environ.get("REMOTE_ADDR")
            same_origin(environ)
            if endpoint.limit:
                limits.hit(endpoint.limit)
            return orjson.dumps(endpoint.view(body=asked)), limits.headers()
