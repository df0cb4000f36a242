"""Pure rules of signing sessions: how long one lives, what may be signed in it, what may go wrong."""

import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from backend.core.clock import ALMATY
from backend.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, TooLarge, Unauthorised
from backend.signatures.rules import Purpose

# Long enough to find the phone and unlock eGov Mobile; the national protocol names five minutes as the most.
LIVES = timedelta(minutes=5)
# The result is read within seconds; an hour covers a browser that slept.
KEPT = timedelta(hours=1)

ID = re.compile(r"[A-Za-z0-9_-]{22}")
MOST_DOCUMENTS = 20
LARGEST_DOCUMENT = 64 * 1024
LARGEST_ANSWER = 1_500_000

OURS = "kz.tanba."
LOGIN = "kz.tanba.login/"


class SessionState(StrEnum):
    """`fetched`: the phone has taken the documents. `expired` is never stored: the clock says it."""

    CREATED = "created"
    FETCHED = "fetched"
    SIGNED = "signed"
    REJECTED = "rejected"
    EXPIRED = "expired"


OPEN = (SessionState.CREATED, SessionState.FETCHED)


class SigningSessionUnknown(NotFound):
    """There is none, or it was opened by another browser."""

    code = "signatures.session_unknown"


class SigningSessionEnded(DomainError):
    """It ran out, or the browser gave it up."""

    code = "signatures.session_ended"
    status = 410


class SigningSessionUsed(Conflict):
    """It was signed already, and not with this answer."""

    code = "signatures.session_used"


class PhoneTokenWrong(Unauthorised):
    code = "signatures.session_token_wrong"


class PhoneAnswerWrong(Invalid):
    """The phone sent back other documents than it was given, or another kind of signature."""

    code = "signatures.session_answer_wrong"


class PhoneRefused(Forbidden):
    """A signature did not validate; `reason` is the code that says why."""

    code = "signatures.session_refused"


class ForeignDocument(Invalid):
    """Only the platform's own documents are signed here: anything else could be made to look like one."""

    code = "signatures.session_foreign_document"


class DocumentTooLarge(TooLarge):
    code = "signatures.session_document_too_large"


class EgovUnavailable(Conflict):
    """The installation has no agreement for this app."""

    code = "signatures.session_app_unavailable"


def new_session_id() -> str:
    """128 random bits, 22 characters: whoever has it may ask what is to be signed."""
    return secrets.token_urlsafe(16)


def state_at(stored: SessionState, expires_at: datetime, now: datetime) -> SessionState:
    return SessionState.EXPIRED if stored in OPEN and now >= expires_at else SessionState(stored)


def purpose_of(schema: str) -> Purpose:
    """What a document of this schema is signed for. The bytes decide, never what a client calls it."""
    return Purpose.LOGIN if schema.startswith(LOGIN) else Purpose.DOCUMENT


def phone_time(moment: datetime) -> str:
    """As the national protocol writes it: three digits of a second, the offset without a colon."""
    local = moment.astimezone(ALMATY)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


def masked(iin: str) -> str:
    """Enough to know one's own number by."""
    return "••••••••" + iin[-4:]
