"""Figures for Prometheus. With several worker processes `PROMETHEUS_MULTIPROC_DIR` adds them up."""

import os
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Blueprint, Flask, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

REQUESTS = Counter("tanba_requests_total", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram(
    "tanba_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10),
)
CHECKS = Counter("tanba_checks_total", "Public checks by outcome", ["outcome"])
ALARMS = Counter("tanba_alarms_total", "Things that must never happen, by kind", ["kind"])

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

blueprint = Blueprint("metrics", __name__)


@lru_cache(maxsize=2_000)
def _answered(route: str, method: str, status: int) -> Counter:
    """The child of a label set; finding it by name costs more than counting."""
    return REQUESTS.labels(route, method, status)


@lru_cache(maxsize=1_000)
def _taken(route: str) -> Histogram:
    return SECONDS.labels(route)


@lru_cache(maxsize=100)
def checked(outcome: str) -> Counter:
    return CHECKS.labels(outcome)


@blueprint.get("/metrics")
def metrics() -> Response:
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def init(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.wsgi_app = Counted(app.wsgi_app)


class Counted:
    """Counts and times every answer. Around Flask rather than in its hooks, which cost a check twice as much."""

    def __init__(self, inner: WSGIApplication):
        self.inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()

        def counted(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            asked = environ.get("werkzeug.request")
            route = environ.get("tanba.route") or (asked.url_rule.rule if asked and asked.url_rule else "none")
            method = environ["REQUEST_METHOD"]
            _answered(route, method if method in METHODS else "OTHER", int(status[:3])).inc()
            _taken(route).observe(time.perf_counter() - started)
            return start_response(status, headers, *failure)

        return self.inner(environ, counted)
