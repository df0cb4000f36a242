"""Pure rules of log-in and sessions: how long they live, how tokens are kept, what a device is called, what a person
confirms anew."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from backend.core.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorised

SCHEMA = "kz.tanba.login/v1"
CONFIRMATION = "kz.tanba.confirmation/v1"

# Long enough to find the key file and type its password, or to scan the code with the phone and sign there, which is
# what takes longest; short enough to be worthless later.
CHALLENGE_LIVES = timedelta(seconds=300)
# A working day without touching the app ends a session; a month ends it whatever happens. Whatever binds an
# organisation is signed with the key again, so a session alone signs nothing.
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=30)
# A passkey opens a working day; the key itself is asked for at least as often as its certificate is renewed.
LONGEST_BY_PASSKEY = timedelta(hours=12)
# Devices of one person for one organisation at a time; the oldest session gives way (ASVS 7.1.2).
MOST_SESSIONS = 10
# Who signed in this recently is still in front of the device (ASVS 7.5.1).
FRESH = timedelta(minutes=5)
# A browser forgets a cookie after 400 days whatever it is told (RFC 6265bis).
DEVICE_LIVES = timedelta(days=400)
EMAIL_WAITS = timedelta(hours=24)

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

LANGUAGES = ("kk", "ru", "en")
# What mail servers agree on (RFC 5321 in short); whether the address is somebody's, the letter to it shows.
EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@(?:[^\s@.<>,;:\"()\[\]\\_]{1,63}\.)+[^\s@.<>,;:\"()\[\]\\_\d]{2,63}")
LONGEST_EMAIL = 254
PHONE = re.compile(r"\+[1-9]\d{7,14}")

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


class StepUp(Forbidden):
    """Asked for in a session that is too old for it: `by` is "signature" (sign in with the key again) or "any" (or
    confirm with a passkey)."""

    code = "identity.step_up"


class PersonNeeded(Forbidden):
    """A program's key asks for what only a person does."""

    code = "identity.person_needed"


class ApiKeyRefused(Unauthorised):
    """No such key, or one that was revoked or ran out."""

    code = "identity.api_key_refused"


class LinkEnded(Conflict):
    """The link of a letter was used, ran out, or is not one of ours."""

    code = "identity.link_ended"


class ContactsInvalid(Invalid):
    """An e-mail, phone or language that cannot be one; `fields` says which."""

    code = "identity.contacts_invalid"


def new_token() -> str:
    """256 random bits, 43 characters of URL-safe base64."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored instead of a token; a token is too random to need salt."""
    return hashlib.sha256(token.encode()).digest()


def email_of(typed: str) -> str:
    """The address as it is kept: without spaces around it, the domain in small letters. Raises ContactsInvalid."""
    name, _, domain = typed.strip().rpartition("@")
    address = f"{name}@{domain.lower()}"
    if len(address.encode()) > LONGEST_EMAIL or not EMAIL.fullmatch(address):
        raise ContactsInvalid(fields=[{"field": "email", "code": "email"}])
    return address


def phone_of(typed: str) -> str:
    """E.164. A number typed the Kazakh way begins with 8 instead of +7. Raises ContactsInvalid."""
    digits = re.sub(r"[\s()\-.]", "", typed)
    if len(digits) == 11 and digits[0] in "78":
        digits = "+7" + digits[1:]
    if not PHONE.fullmatch(digits):
        raise ContactsInvalid(fields=[{"field": "phone", "code": "phone"}])
    return digits


def language_of(given: str) -> str:
    if given not in LANGUAGES:
        raise ContactsInvalid(fields=[{"field": "language", "code": "language"}])
    return given


def lives(via: str) -> timedelta:
    return LONGEST_BY_PASSKEY if via == "passkey" else LONGEST


def session_lives(now: datetime, seen_at: datetime, expires_at: datetime) -> bool:
    return now < expires_at and now - seen_at < IDLE


def device_label(user_agent: str) -> str:
    """What the list of sessions calls a device: "Chrome · Android", or "" for what is not a known browser."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)
