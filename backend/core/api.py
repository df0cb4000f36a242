"""The seam of every request: parse, authorise, idempotency, one transaction, one answer shape.

A route declares who may call it, what it takes and what it gives; the same declarations make `/openapi.json`.
This file holds the only commit of the platform.
"""

import gzip
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson
from flask import Blueprint, Response, current_app, g, request
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import DBAPIError
from werkzeug.wsgi import get_host

from backend.core import idempotency, limits, queue
from backend.core.actor import same_actor
from backend.core.db import db
from backend.core.errors import RequestInvalid, RequestMediaType, RequestOrigin, TryAgain

log = logging.getLogger("tanba.api")

Result = TypeVar("Result")

JSON = "application/json"
SHORT_LENGTH = 6  # digits: under 100 kB
WORTH_PACKING = 2_000  # bytes
TRIES = 6
RETRIED = ("40001", "40P01")


class Allow(Enum):
    """Everybody; a person who is signed in; whoever acts for a participant, a person or a program with a key."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    PARTICIPANT = "participant"


PUBLIC, SIGNED_IN, PARTICIPANT = Allow.PUBLIC, Allow.SIGNED_IN, Allow.PARTICIPANT


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route as declared. `writes` opens a write transaction; `idempotent` also demands an `Idempotency-Key`;
    `quick` takes the short way of core/quick.py; `raw` takes a file's bytes as the body; `largest` is the most bytes
    that a body may have."""

    method: str
    rule: str
    view: Callable[..., Any]
    allow: Any
    takes: type[BaseModel] | None
    query: type[BaseModel] | None
    gives: type[BaseModel] | None
    status: int
    writes: bool
    idempotent: bool
    upload: bool
    quick: bool
    limit: str | None
    media: str
    domain: str
    largest: int | None
    judge: Callable[..., Any] | None
    raw: bool


class Api(Blueprint):
    """A blueprint whose routes cannot be silent about who may call them."""

    def __init__(self, name: str, url_prefix: str = "/api/v1"):
        super().__init__(name, f"backend.{name}", url_prefix=url_prefix)
        self.endpoints: list[Endpoint] = []

    def get(self, rule: str, *, allow: Any, **declared: Any) -> Callable[..., Any]:
        return self._declare("GET", rule, allow, writes=False, idempotent=False, **declared)

    def post(self, rule: str, *, allow: Any, idempotent: bool = True, **declared: Any) -> Callable[..., Any]:
        writes = declared.pop("writes", True)
        return self._declare("POST", rule, allow, writes=writes, idempotent=idempotent and writes, **declared)

    def put(self, rule: str, *, allow: Any, **declared: Any) -> Callable[..., Any]:
        writes = declared.pop("writes", True)
        return self._declare("PUT", rule, allow, writes=writes, idempotent=writes, **declared)

    def patch(self, rule: str, *, allow: Any, **declared: Any) -> Callable[..., Any]:
        return self._declare("PATCH", rule, allow, writes=True, idempotent=True, **declared)

    def delete(self, rule: str, *, allow: Any, **declared: Any) -> Callable[..., Any]:
        return self._declare("DELETE", rule, allow, writes=True, idempotent=True, **declared)

    def _declare(
        self,
        method: str,
        rule: str,
        allow: Any,
        *,
        writes: bool,
        idempotent: bool,
        takes: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        gives: type[BaseModel] | None = None,
        status: int = 200,
        upload: bool = False,
        quick: bool = False,
        limit: str | None = None,
        media: str = JSON,
        largest: int | None = None,
        judge: Callable[..., Any] | None = None,
        raw: bool = False,
    ) -> Callable[..., Any]:
        def register(view: Callable[..., Any]) -> Callable[..., Any]:
            path = (self.url_prefix or "") + rule
            endpoint = Endpoint(
                method,
                path,
                view,
                allow,
                takes,
                query,
                gives,
                status,
                writes,
                idempotent,
                upload,
                quick,
                limit,
                media,
                self.name,
                largest,
                judge,
                raw,
            )
            self.endpoints.append(endpoint)
            seam = _seam(endpoint)
            seam.endpoint = endpoint
            self.add_url_rule(rule, view.__name__, seam, methods=[method])
            return view

        return register


def _seam(endpoint: Endpoint) -> Callable[..., Response]:
    @wraps(endpoint.view)
    def handle(**arguments: Any) -> Response:
        if endpoint.method != "GET":
            same_origin(request.environ)
        if endpoint.limit:
            limits.hit(endpoint.limit)
        if endpoint.largest:
            request.max_content_length = endpoint.largest
        g.actor = current_app.extensions["authorise"](endpoint.allow)
        same_actor(g.actor)
        if g.actor and g.actor.via == "api_key":
            limits.hit("api_key", g.actor.person_id, limits.weight(endpoint.domain, endpoint.view.__name__))
        if endpoint.takes:
            arguments["body"] = _parse_body(endpoint)
        if endpoint.query:
            arguments["query"] = _parse(endpoint.query, request.args.to_dict())
        if not endpoint.writes:
            return _answer(endpoint, endpoint.view(**arguments))
        if g.actor:
            limits.hit("change", g.actor.person_id)
        return _change(endpoint, arguments)

    return handle


def _change(endpoint: Endpoint, arguments: dict[str, Any]) -> Response:
    actor = g.actor.person_id + g.actor.organisation_id if g.actor else limits.source()
    key = idempotency.key_of_request() if endpoint.idempotent else None

    def effect() -> Response:
        if key:
            idempotency.begin(actor, key)
        answer = _answer(endpoint, endpoint.view(**arguments))
        if key:
            idempotency.finish(actor, key, answer.status_code, answer.get_data())
        return answer

    try:
        if endpoint.judge:
            if key:
                idempotency.look(actor, key)
            arguments["judged"] = endpoint.judge(**arguments)
        return unit_of_work(effect)
    except idempotency.Repeated as stored:
        return Response(stored.answer, stored.status, content_type=JSON, headers={"Idempotent-Replay": "true"})


def unit_of_work(effect: Callable[[], Result]) -> Result:
    """Run an effect in one write transaction, commit once, then hand over its jobs.

    Serialisation failures, deadlocks and a busy SQLite are tried again from the beginning, so the effect must do
    nothing outside the database. Raises TryAgain when the database stays busy.
    """
    for attempt in range(TRIES):
        db.session.rollback()
        queue.drop_pending()
        try:
            db.session.connection(execution_options={"writing": True})
            result = effect()
            db.session.commit()
        except idempotency.Raced:
            db.session.rollback()
        except DBAPIError as error:
            db.session.rollback()
            if not _passing(error):
                raise
            log.info("transaction tried again", extra={"reason": str(getattr(error.orig, "sqlstate", "busy"))})
        except BaseException:
            db.session.rollback()
            raise
        else:
            queue.send_pending(current_app._get_current_object())
            return result
        time.sleep(0.02 * 2**attempt)
    raise TryAgain()


def _passing(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in RETRIED or "database is locked" in str(error.orig)


def same_origin(asked: WSGIEnvironment) -> None:
    """Refuse changes asked for by another site's page; programs send neither header. Raises RequestOrigin."""
    if asked.get("HTTP_SEC_FETCH_SITE", "none") not in ("none", "same-origin"):
        raise RequestOrigin()
    origin = asked.get("HTTP_ORIGIN")
    if origin is None:
        return
    if urlsplit(origin).netloc not in (get_host(asked), urlsplit(current_app.config["SETTINGS"].public_url).netloc):
        raise RequestOrigin()


def _parse_body(endpoint: Endpoint) -> BaseModel:
    if request.environ.get("CONTENT_TYPE") != JSON and request.mimetype != JSON:
        raise RequestMediaType(expected=JSON)
    return _parse(endpoint.takes, _json(_body(endpoint)))


def _body(endpoint: Endpoint) -> bytes:
    """The request's bytes. Where nothing hashes them afterwards, a short body of known length is taken straight from
    the server, which costs a quarter."""
    length = request.environ.get("CONTENT_LENGTH") or ""
    if not endpoint.idempotent and length.isdecimal() and len(length) < SHORT_LENGTH:
        return request.environ["wsgi.input"].read(int(length))
    return request.get_data(cache=True)


def _json(body: bytes) -> Any:
    """JSON as RFC 8259 has it. The fast parser refuses escaped lone surrogates, which are lawful, so the slow one
    has the last word; NaN and Infinity are no JSON. Raises RequestInvalid."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(body.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise RequestInvalid(fields=[{"field": "", "code": "json"}]) from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _parse(model: type[BaseModel], content: Any) -> BaseModel:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        fields = [
            {"field": ".".join(str(part) for part in problem["loc"]), "code": problem["type"]}
            for problem in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise RequestInvalid(fields=fields) from error


class Whole(Response):
    """An answer whose bytes are all there: there is no iterator to close, no header left to work out."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response(self.status, self.headers.to_wsgi_list())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else self.response


def _answer(endpoint: Endpoint, result: Any) -> Response:
    if isinstance(result, Response):
        return result
    body = result.__pydantic_serializer__.to_json(result) if isinstance(result, BaseModel) else orjson.dumps(result)
    if len(body) > WORTH_PACKING and endpoint.method == "GET" and endpoint.allow is PUBLIC:
        return _packed(body, endpoint.status)
    return Whole(body, endpoint.status, content_type=JSON)


def _packed(body: bytes, status: int) -> Response:
    """Large public reads go out packed. Nobody's own data does: what is packed beside a secret can betray it."""
    answer = Response(body, status, content_type=JSON, headers={"Vary": "Accept-Encoding"})
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.set_data(gzip.compress(body, 6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
