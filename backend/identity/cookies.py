"""The cookies: the session's, the one that ties a challenge to the browser that asked for it, and the one by which a
device is known again.

Over HTTPS both carry the `__Host-` prefix, which no other host and no plain page can set; plain names exist for
localhost only.
"""

from datetime import timedelta

from flask import Response, current_app, request

from backend.identity.rules import CHALLENGE_LIVES, DEVICE_LIVES, LONGEST, TOKEN

SESSION, BROWSER, DEVICE = "tanba", "tanba-challenge", "tanba-device"


def session_token() -> str | None:
    return read(SESSION)


def browser_token() -> str | None:
    return read(BROWSER)


def device_token() -> str | None:
    return read(DEVICE)


def set_session(answer: Response, token: str, device: str | None = None, lives: timedelta = LONGEST) -> None:
    put(answer, SESSION, token, int(lives.total_seconds()))
    if device:
        put(answer, DEVICE, device, int(DEVICE_LIVES.total_seconds()))
    clear(answer, BROWSER)


def set_browser(answer: Response, token: str) -> None:
    put(answer, BROWSER, token, int(CHALLENGE_LIVES.total_seconds()))


def clear_session(answer: Response) -> None:
    clear(answer, SESSION)


def _name(name: str) -> str:
    return f"__Host-{name}" if _secure() else name


def _secure() -> bool:
    return current_app.config["SETTINGS"].secure_cookies


def read(name: str) -> str | None:
    """The token in one of our cookies; None for what cannot be one."""
    if "HTTP_COOKIE" not in request.environ:
        return None
    token = request.cookies.get(_name(name), "")
    return token if TOKEN.fullmatch(token) else None


def put(answer: Response, name: str, token: str, seconds: int) -> None:
    """A cookie for this host alone that no script reads."""
    answer.set_cookie(_name(name), token, max_age=seconds, secure=_secure(), httponly=True, samesite="Lax", path="/")


def clear(answer: Response, name: str) -> None:
    answer.delete_cookie(_name(name), secure=_secure(), httponly=True, samesite="Lax", path="/")
