"""Log-in by signature, and the sessions that follow."""

from base64 import b64encode

from flask import Response, request
from pydantic import BaseModel

from backend.core.actor import current_actor
from backend.core.api import PUBLIC, SIGNED_IN, Api, unit_of_work
from backend.identity import cookies, queries, rules, service, sessions
from backend.identity.schemas import (
    ChallengeOut,
    LoggedIn,
    LoggedOut,
    LogIn,
    SessionList,
    SessionOut,
    SessionRevoked,
)
from backend.identity.sessions import Browser
from backend.signatures.cms import unarmour

api = Api("identity")


@api.post("/auth/challenge", allow=PUBLIC, gives=ChallengeOut, idempotent=False, limit="login")
def challenge() -> Response:
    """Ask for the bytes to sign; the answer's cookie must come back with the signature."""
    asked = service.ask()
    answer = _json(ChallengeOut(challenge_id=asked.challenge_id, document=b64encode(asked.document).decode()))
    cookies.set_browser(answer, asked.browser)
    return answer


@api.post("/auth/login", allow=PUBLIC, takes=LogIn, gives=LoggedIn, writes=False, limit="login")
def log_in(body: LogIn) -> Response:
    """Log in with a detached CMS over the challenge; sets the session cookie."""
    # Outside a transaction: checking a signature is slow, and nobody may wait for the write lock meanwhile.
    verified = service.verify_challenge(body.challenge_id, unarmour(body.cms), cookies.browser_token())
    browser = _browser(body.device)
    opened = unit_of_work(lambda: service.open_session(body.challenge_id, verified, browser, body.organisation_id))
    answer = _json(LoggedIn(session_id=opened.session_id))
    cookies.set_session(answer, opened.token, opened.device)
    return answer


@api.post("/auth/logout", allow=PUBLIC, gives=LoggedOut, idempotent=False)
def log_out() -> Response:
    """End this session. Answers the same when there was none, so that a device is never stuck half signed in."""
    sessions.end(cookies.session_token() or "")
    answer = _json(LoggedOut())
    cookies.clear_session(answer)
    return answer


@api.get("/auth/sessions", allow=SIGNED_IN, gives=SessionList)
def list_sessions() -> SessionList:
    """One's own living sessions for this organisation."""
    actor = current_actor()
    found = queries.sessions(actor.person_id)
    return SessionList(
        sessions=[
            SessionOut(
                id=one.id,
                device=one.device,
                created_at=one.created_at,
                seen_at=one.seen_at,
                expires_at=one.expires_at,
                current=one.id == actor.session_id,
            )
            for one in found
        ]
    )


@api.delete("/auth/sessions/<session_id>", allow=SIGNED_IN, gives=SessionRevoked)
def revoke_session(session_id: str) -> SessionRevoked:
    """End one of one's own sessions, on a lost phone, say."""
    actor = current_actor()
    sessions.revoke(actor.person_id, session_id, actor)
    return SessionRevoked(id=session_id)


def _browser(named: str) -> Browser:
    label = named or rules.device_label(request.user_agent.string)
    return Browser(label, cookies.device_token(), cookies.session_token())


def _json(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), mimetype="application/json")
