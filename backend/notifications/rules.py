"""Pure rules of telling: whom, of what, how; when to try again; what an address must look like."""

import re
from datetime import timedelta

from backend.core.errors import Invalid, NotFound

LONGEST_ADDRESS = 254
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")

# A mail server that is away is usually back within the hour; after a day nobody waits for the letter any more.
MAIL_WAITS = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 180, 360, 720))
LEASE = timedelta(minutes=5)
"""How long a worker that took something to send is trusted to be still sending it."""


class AddressInvalid(Invalid):
    """An e-mail address that no mail server would take."""

    code = "notifications.address_invalid"


class LetterUnknown(NotFound):
    code = "notifications.letter_unknown"


class MailboxClosed(NotFound):
    """Letters are really sent here, so there is no mailbox to look into."""

    code = "notifications.mailbox_closed"


def address(typed: str) -> str:
    """An e-mail address as it goes into an envelope: ASCII, an international domain in its xn-- form. Raises
    AddressInvalid."""
    local, _, domain = typed.strip().rpartition("@")
    try:
        domain = domain.lower().encode("idna").decode()
    except UnicodeError as error:
        raise AddressInvalid(fields=[{"field": "email", "code": "email"}]) from error
    found = f"{local}@{domain}"
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if dots or len(found) > LONGEST_ADDRESS or not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(domain):
        raise AddressInvalid(fields=[{"field": "email", "code": "email"}])
    return found


def wait_after(attempts: int, waits: tuple[timedelta, ...]) -> timedelta | None:
    """How long to wait after so many failed attempts; None when it was the last one."""
    return waits[attempts - 1] if attempts <= len(waits) else None
