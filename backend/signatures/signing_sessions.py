"""The verbs of signing sessions: a browser opens one, a phone signs in it, the same browser takes the result."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import delete, insert, update

from backend.core import clock, limits
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.errors import DomainError
from backend.core.queue import every
from backend.signatures import documents, egov, service
from backend.signatures.cms import unarmour
from backend.signatures.rules import Purpose
from backend.signatures.signing_sessions_models import SigningSession
from backend.signatures.signing_sessions_rules import (
    ID,
    KEPT,
    LARGEST_DOCUMENT,
    LIVES,
    OPEN,
    OURS,
    DocumentTooLarge,
    EgovUnavailable,
    ForeignDocument,
    PhoneAnswerWrong,
    PhoneRefused,
    PhoneTokenWrong,
    SessionState,
    SigningSessionEnded,
    SigningSessionUnknown,
    SigningSessionUsed,
    masked,
    new_session_id,
    purpose_of,
    state_at,
)
from backend.signatures.verifier import Verified


@dataclass(frozen=True, slots=True)
class ToSign:
    """One document as a browser hands it over: `id` is the browser's own, `names` its name in the three languages."""

    id: str
    document: bytes
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class OpenedSession:
    id: str
    qr_text: str
    link: str
    expires_at: datetime


def open_(given: Sequence[ToSign], app: str, browser_hash: bytes) -> OpenedSession:
    """Open a session in the open transaction. Raises ForeignDocument, DocumentTooLarge and EgovUnavailable."""
    session_id, now = new_session_id(), clock.now()
    link = egov.link(session_id, app)
    if link is None:
        raise EgovUnavailable(app=app)
    contents = [_content(one.document) for one in given]
    kept = [
        {
            "id": one.id,
            "schema": content["schema"],
            "bytes": b64encode(one.document).decode(),
            "names": one.names,
        }
        for one, content in zip(given, contents, strict=True)
    ]
    expires_at = min(now + LIVES, *(_ends(content) for content in contents))
    db.session.execute(
        insert(SigningSession).values(
            id=session_id,
            browser_hash=browser_hash,
            app=app,
            documents=kept,
            state=SessionState.CREATED,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return OpenedSession(session_id, egov.qr_text(session_id), link, expires_at)


def of_browser(session_id: str, browser_hash: bytes | None) -> SigningSession:
    """Raises SigningSessionUnknown, also for a session of another browser."""
    session = _session(session_id)
    if browser_hash is None or not hmac.compare_digest(session.browser_hash, browser_hash):
        raise SigningSessionUnknown()
    return session


def state_of(session: SigningSession) -> SessionState:
    return state_at(SessionState(session.state), session.expires_at, clock.now())


def give_up(session_id: str, browser_hash: bytes | None) -> SigningSession:
    """The person closed the sheet, or does not know the signer: from now on nothing is taken from the phone and
    nothing is given out."""
    session = of_browser(session_id, browser_hash)
    session.state, session.signatures, session.signer = SessionState.REJECTED, None, None
    db.session.flush()
    return session


def seen(session_id: str) -> SigningSession:
    """API 1. Raises SigningSessionUnknown, …Ended or …Used."""
    session = _session(session_id)
    _require_open(session)
    return session


def fetch(session_id: str, token: str) -> SigningSession:
    """API 2, and the browser learns that the phone has the documents. Raises also PhoneTokenWrong."""
    session = _for_phone(session_id, token)
    _require_open(session)
    still = (SigningSession.id == session_id, SigningSession.state == SessionState.CREATED)
    unit_of_work(lambda: db.session.execute(update(SigningSession).where(*still).values(state=SessionState.FETCHED)))
    return _session(session_id)


def accept(session_id: str, token: str, method: str, answered: Sequence[tuple[int, str]]) -> None:
    """Take the phone's signatures: (number of the document, base64 CMS). All of them validate, by one signer, before
    anything is stored; the same answer again changes nothing.

    Raises PhoneTokenWrong, PhoneAnswerWrong, PhoneRefused, SigningSessionEnded and SigningSessionUsed.
    """
    session = _for_phone(session_id, token)
    limits.hit("phone_answer", session_id)
    numbers = sorted(number for number, _ in answered)
    if method != egov.METHOD or numbers != list(range(1, len(session.documents) + 1)):
        raise PhoneAnswerWrong()
    signatures = [cms for _, cms in sorted(answered)]
    if state_of(session) is not SessionState.SIGNED:
        _require_open(session)
        kept, created_at = session.documents, session.created_at
        db.session.rollback()  # asking the authority is slow, and nothing may be held open meanwhile
        shown = _verify(kept, created_at, signatures)
        unit_of_work(lambda: _store(session_id, signatures, shown))
    if _session(session_id).signatures != signatures:
        raise SigningSessionUsed()


def _store(session_id: str, signatures: list[str], signer: dict[str, Any]) -> None:
    """Only the first of two answers at once finds the session open."""
    still = (SigningSession.id == session_id, SigningSession.state.in_(OPEN), SigningSession.expires_at > clock.now())
    signed = {"state": SessionState.SIGNED, "signatures": signatures, "signer": signer}
    if db.session.execute(update(SigningSession).where(*still).values(**signed)).rowcount != 1:
        session = _session(session_id)
        if state_of(session) is not SessionState.SIGNED:
            raise SigningSessionEnded()


def _verify(kept: Sequence[dict[str, Any]], created_at: datetime, signatures: Sequence[str]) -> dict[str, Any]:
    """The signer of all of them, as it may be shown. Where nobody can say yet whether a certificate is revoked, the
    phone has done its part: whoever uses the signature waits for the answer. A log-in does not wait. Raises
    PhoneRefused."""
    try:
        verified = [
            service.verify(
                b64decode(one["bytes"]),
                unarmour(cms),
                schema=one["schema"],
                purpose=purpose_of(one["schema"]),
                signed_after=created_at,
                pending_ok=purpose_of(one["schema"]) is Purpose.DOCUMENT,
            )
            for one, cms in zip(kept, signatures, strict=True)
        ]
    except DomainError as error:
        raise PhoneRefused(reason=error.code) from error
    if len({(one.signer.iin, one.signer.bin) for one in verified}) != 1:
        raise PhoneRefused(reason="signatures.signer_count")
    return _shown(verified[0])


def _shown(verified: Verified) -> dict[str, Any]:
    signer = verified.signer
    return {
        "name": signer.name,
        "iin": masked(signer.iin),
        "bin": signer.bin,
        "organisation": signer.organisation,
    }


def _content(document: bytes) -> dict[str, Any]:
    """What the bytes say. Raises ForeignDocument unless they are an envelope of the platform."""
    if len(document) > LARGEST_DOCUMENT:
        raise DocumentTooLarge()
    try:
        schema = orjson.loads(document)["schema"]
        if not schema.startswith(OURS):
            raise ForeignDocument()
        return documents.read(document, schema)
    except (ValueError, TypeError, KeyError, AttributeError, DomainError) as error:
        raise ForeignDocument() from error


def _ends(content: dict[str, Any]) -> datetime:
    """A log-in's challenge names its own end; signed later, it is worth nothing."""
    ends = content.get("exp")
    return (
        datetime.fromtimestamp(ends, UTC)
        if isinstance(ends, int) and 0 < ends < 2**32
        else datetime.max.replace(tzinfo=UTC)
    )


def _for_phone(session_id: str, token: str) -> SigningSession:
    session = _session(session_id)
    if not hmac.compare_digest(egov.token(session_id).encode(), token.encode()):
        raise PhoneTokenWrong()
    return session


def _require_open(session: SigningSession) -> None:
    state = state_of(session)
    if state is SessionState.SIGNED:
        raise SigningSessionUsed()
    if state not in OPEN:
        raise SigningSessionEnded()


def _session(session_id: str) -> SigningSession:
    found = db.session.get(SigningSession, session_id, populate_existing=True) if ID.fullmatch(session_id) else None
    if found is None:
        raise SigningSessionUnknown()
    return found


@every(minutes=30)
def forget_signing_sessions() -> None:
    """What was signed lives on with whatever it was signed for; the session goes."""
    ended = clock.now() - KEPT
    unit_of_work(lambda: db.session.execute(delete(SigningSession).where(SigningSession.expires_at < ended)))
