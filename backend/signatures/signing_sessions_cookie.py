"""The cookie that ties a signing session to the browser that opened it.

Whoever photographs a QR code, or shows his own to somebody else, does not get the result. It is asked for by the app's
own page only, hence Strict; over HTTPS it carries the `__Host-` prefix.
"""

import hashlib
import re
import secrets

from flask import Response, current_app, request

NAME = "tanba-signing"
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LASTS = 3600  # seconds


def browser_token() -> str:
    """This browser's token, a fresh one where it has none: several sheets may be open at once."""
    return _read() or secrets.token_urlsafe(32)


def browser_hash() -> bytes | None:
    token = _read()
    return hash_of(token) if token else None


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def keep(answer: Response, token: str) -> None:
    answer.set_cookie(_name(), token, max_age=LASTS, secure=_secure(), httponly=True, samesite="Strict", path="/")


def _read() -> str | None:
    token = request.cookies.get(_name(), "")
    return token if TOKEN.fullmatch(token) else None


def _name() -> str:
    return f"__Host-{NAME}" if _secure() else NAME


def _secure() -> bool:
    return current_app.config["SETTINGS"].secure_cookies
