"""Between the routes of signing and its verbs: what came in, and the shapes that go out."""

from base64 import b64decode

from flask import Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from backend.core import clock
from backend.core.errors import DomainError, RequestInvalid, RequestTooLarge
from backend.core.symbols import qr
from backend.signatures import egov, egov_words, signing_sessions
from backend.signatures.schemas import (
    PhoneSignature,
    PhoneSigner,
    PhoneThanks,
    SigningOut,
    SigningSessionIn,
    SigningSessionOut,
    SigningSessionStateOut,
)
from backend.signatures.signing_sessions import OpenedSession, ToSign
from backend.signatures.signing_sessions_models import SigningSession
from backend.signatures.signing_sessions_rules import ForeignDocument, SessionState


def ways() -> SigningOut:
    settings = current_app.config["SETTINGS"]
    ways = ["p12", "ncalayer"]
    if settings.egov_mobile_link:
        ways.append("egov_mobile")
    if settings.egov_business_link:
        ways.append("egov_business")
    return SigningOut(profile=settings.trust_profile, test=settings.trust_profile != "nca-prod", ways=ways)


def given(body: SigningSessionIn) -> list[ToSign]:
    """Raises ForeignDocument for what is no base64."""
    try:
        return [ToSign(one.id, b64decode(one.bytes, validate=True), one.names.model_dump()) for one in body.documents]
    except ValueError as error:
        raise ForeignDocument() from error


def opened(session: OpenedSession) -> Response:
    shown = SigningSessionOut(
        id=session.id,
        qr=_rows(session.qr_text),
        link=session.link,
        expires_at=session.expires_at,
        seconds=max(0, round((session.expires_at - clock.now()).total_seconds())),
    )
    return Response(shown.model_dump_json(), mimetype="application/json")


def state(session: SigningSession) -> SigningSessionStateOut:
    state = signing_sessions.state_of(session)
    if state is not SessionState.SIGNED:
        return SigningSessionStateOut(state=state, expires_at=session.expires_at, signer=None, signatures=None)
    given = zip(session.documents, session.signatures or (), strict=True)
    return SigningSessionStateOut(
        state=state,
        expires_at=session.expires_at,
        signer=PhoneSigner.model_validate(session.signer),
        signatures=[PhoneSignature(id=one["id"], cms=cms) for one, cms in given],
    )


def thanks() -> PhoneThanks:
    """The app's button back leads to a page that says where to go on."""
    return PhoneThanks(status="success", backUrl=f"{current_app.config['SETTINGS'].public_url}/signed")


def token_shown() -> str:
    """What stands behind Bearer, or nothing."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def refused(error: DomainError) -> tuple[Response, int]:
    """A refusal as the app shows it: one text in the person's language."""
    reason = error.params.get("reason", error.code)
    answer = jsonify(message=egov_words.refusal(reason, egov.language_asked() or "ru"))
    if "retry_after" in error.params:
        answer.headers["Retry-After"] = str(error.params["retry_after"])
    return answer, error.status


def refused_by_server(error: HTTPException) -> tuple[Response, int]:
    return refused(RequestTooLarge() if error.code == 413 else RequestInvalid())


def _rows(text: str) -> list[str]:
    matrix = qr(text)
    return ["".join("01"[matrix.dark(x, y)] for x in range(matrix.width)) for y in range(matrix.height)]
