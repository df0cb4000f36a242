"""create_app(): the map of the system."""

import logging

import orjson
from flask import Flask, Response, jsonify, request
from flask_migrate import Migrate
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import cli, health, web
from backend.catalogue import groups
from backend.core import limits, log, metrics, openapi, queue, quick
from backend.core.db import db
from backend.core.errors import (
    DomainError,
    MethodNotAllowed,
    RequestInvalid,
    RequestMediaType,
    RequestNotFound,
    RequestTooLarge,
    Unexpected,
)
from backend.domains import APIS, import_tasks
from backend.organisations import access
from backend.settings import ROOT, Settings, load

LARGEST_BODY = 16 * 1024 * 1024

BY_STATUS: dict[int, type[DomainError]] = {
    404: RequestNotFound,
    405: MethodNotAllowed,
    413: RequestTooLarge,
    415: RequestMediaType,
}


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application: settings, database, queue, the domains' routes, and one shape for every error."""
    settings = settings or load()
    app = Flask("backend", static_folder=None)
    app.config.update(
        SETTINGS=settings,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        TESTING=settings.testing,
        PROPAGATE_EXCEPTIONS=False,
    )
    log.init(logging.WARNING if settings.testing else logging.INFO)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "backend" / "migrations"), render_as_batch=True)
    limits.init(app)
    import_tasks()
    queue.init(app)
    groups.init(app)
    quick.init(app, APIS)
    metrics.init(app)
    app.extensions["authorise"] = access.authorise
    for api in APIS:
        app.register_blueprint(api)
    health.init(app)
    cli.init(app)
    web.init(app)
    _answer_errors(app)
    app.add_url_rule("/openapi.json", "openapi", lambda: jsonify(openapi.document(app)))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    return app


def _engine_options(settings: Settings) -> dict[str, object]:
    """Errors of the database go to the log, and the values of a statement are people's names, numbers and serials."""
    if settings.database_url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"check_same_thread": False}}
    timeouts = "-c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000"
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "connect_args": {"connect_timeout": 5, "options": timeouts},
    }


def _answer_errors(app: Flask) -> None:
    def shaped(error: DomainError) -> Response:
        answer = Response(orjson.dumps(error.body()), error.status, mimetype="application/json")
        if "retry_after" in error.params:
            answer.headers["Retry-After"] = str(error.params["retry_after"])
        return answer

    def http(error: HTTPException) -> Response:
        family = BY_STATUS.get(error.code or 500)
        if family:
            return shaped(family())
        if error.code and 400 <= error.code < 500:
            return shaped(RequestInvalid())
        return error.get_response()

    def fault(error: Exception) -> Response:
        # The route and not the address, which may hold a code.
        logging.getLogger("tanba").exception("fault at %s", request.url_rule or "no route")
        return shaped(Unexpected())

    app.register_error_handler(DomainError, shaped)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, fault)
