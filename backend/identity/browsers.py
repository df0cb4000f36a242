"""What the log-in routes share: the browser that asks, and an answer that can carry cookies."""

from flask import Response, request
from pydantic import BaseModel

from backend.identity import cookies, rules
from backend.identity.sessions import Browser


def browser(named: str) -> Browser:
    """The asking browser, called what the person calls it, else what it says of itself."""
    label = named or rules.device_label(request.user_agent.string)
    return Browser(label, cookies.device_token(), cookies.session_token())


def json(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), mimetype="application/json")
