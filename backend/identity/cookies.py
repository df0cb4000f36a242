"""The two cookies: the session's, and the one that ties a challenge to the browser that asked for it.

Over HTTPS both carry the `__Host-` prefix, which no other host and no plain page can set; plain names exist for
localhost only.
"""

from flask import Response, current_app, request

from backend.identity.rules import CHALLENGE_LIVES, LONGEST, TOKEN

SESSION, BROWSER = "tanba", "tanba-challenge"


def session_token() -> str | None:
    return read(SESSION)


def browser_token() -> str | None:
    return read(BROWSER)


def set_session(answer: Response, token: str) -> None:
    put(answer, SESSION, token, int(LONGEST.total_seconds()))
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
