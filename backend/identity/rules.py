"""Pure rules of log-in and sessions: how long they live, how tokens are kept, what a device is called."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from backend.core.errors import Conflict, Forbidden, NotFound

SCHEMA = "kz.tanba.login/v1"

# Long enough to find the key file and type its password, short enough to be worthless later.
CHALLENGE_LIVES = timedelta(seconds=120)
# A working day without touching the app ends a session; a month ends it whatever happens. Whatever binds an
# organisation is signed with the key again, so a session alone signs nothing.
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=30)

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
# Order matters: Edge, Opera and Yandex also call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser", "Yandex"),
    ("SamsungBrowser", "Samsung"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


class ChallengeEnded(Conflict):
    """The challenge was used, ran out, or belongs to another browser: ask for a new one."""

    code = "identity.challenge_ended"


class NotRegistered(Forbidden):
    """The signature is good, but no registered person has this IIN."""

    code = "identity.not_registered"


class SessionUnknown(NotFound):
    code = "identity.session_unknown"


def new_token() -> str:
    """256 random bits, 43 characters of URL-safe base64."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored instead of a token; a token is too random to need salt."""
    return hashlib.sha256(token.encode()).digest()


def session_lives(now: datetime, seen_at: datetime, expires_at: datetime) -> bool:
    return now < expires_at and now - seen_at < IDLE


def device_label(user_agent: str) -> str:
    """What the list of sessions calls a device: "Chrome · Android", or "" for what is not a known browser."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)
