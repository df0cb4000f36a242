"""Log-in by signature, the sessions that follow, and one's own contacts."""

from base64 import b64encode

from flask import Response

from backend.core.actor import current_actor
from backend.core.api import PUBLIC, SIGNED_IN, Api, unit_of_work
from backend.identity import confirmations, contacts, cookies, queries, service, sessions
from backend.identity.browsers import browser, json
from backend.identity.schemas import (
    ChallengeOut,
    ConfirmedBy,
    ContactsIn,
    ContactsOut,
    EmailConfirmed,
    EmailToken,
    LoggedIn,
    LoggedOut,
    LogIn,
    SessionList,
    SessionOut,
    SessionRevoked,
    SessionsRevoked,
)
from backend.signatures.cms import unarmour

api = Api("identity")


@api.post("/auth/challenge", allow=PUBLIC, gives=ChallengeOut, idempotent=False, limit="login")
def challenge() -> Response:
    """Ask for the bytes to sign; the answer's cookie must come back with the signature."""
    asked = service.ask()
    answer = json(ChallengeOut(challenge_id=asked.challenge_id, document=b64encode(asked.document).decode()))
    cookies.set_browser(answer, asked.browser)
    return answer


@api.post("/auth/login", allow=PUBLIC, takes=LogIn, gives=LoggedIn, writes=False, limit="login")
def log_in(body: LogIn) -> Response:
    """Log in with a detached CMS over the challenge; sets the session cookie."""
    # Outside a transaction: checking a signature is slow, and nobody may wait for the write lock meanwhile.
    verified = service.verify_challenge(body.challenge_id, unarmour(body.cms), cookies.browser_token())
    device = browser(body.device)
    opened = unit_of_work(lambda: service.open_session(body.challenge_id, verified, device, body.organisation_id))
    answer = json(LoggedIn(session_id=opened.session_id))
    cookies.set_session(answer, opened.token, opened.device)
    return answer


@api.post("/auth/logout", allow=PUBLIC, gives=LoggedOut, idempotent=False)
def log_out() -> Response:
    """End this session. Answers the same when there was none, so that a device is never stuck half signed in."""
    sessions.end(cookies.session_token() or "")
    answer = json(LoggedOut())
    cookies.clear_session(answer)
    return answer


@api.get("/auth/sessions", allow=SIGNED_IN, gives=SessionList)
def list_sessions() -> SessionList:
    """One's own living sessions, for whichever organisation, newest first."""
    actor = current_actor()
    return SessionList(
        sessions=[
            SessionOut(
                id=one.id,
                organisation_id=one.organisation_id,
                device=one.device,
                via=one.via,
                created_at=one.created_at,
                seen_at=one.seen_at,
                expires_at=one.expires_at,
                current=one.id == actor.session_id,
            )
            for one in queries.sessions(actor.person_id)
        ]
    )


@api.delete("/auth/sessions/<session_id>", allow=SIGNED_IN, query=ConfirmedBy, gives=SessionRevoked)
def revoke_session(session_id: str, query: ConfirmedBy) -> SessionRevoked:
    """End one of one's own sessions, on a lost phone, say."""
    actor = current_actor()
    confirmations.require(actor, "session:revoke", session_id, query.confirmation)
    sessions.revoke(actor.person_id, session_id, actor)
    return SessionRevoked(id=session_id)


@api.post("/auth/sessions/revoke-others", allow=SIGNED_IN, takes=ConfirmedBy, gives=SessionsRevoked)
def revoke_other_sessions(body: ConfirmedBy) -> SessionsRevoked:
    """End every session of one's own but this one."""
    actor = current_actor()
    confirmations.require(actor, "session:revoke_others", actor.person_id, body.confirmation)
    return SessionsRevoked(ended=sessions.revoke_others(actor))


@api.get("/account/contacts", allow=SIGNED_IN, gives=ContactsOut)
def show_contacts() -> ContactsOut:
    """How one is reached."""
    person_id = current_actor().person_id
    return ContactsOut(**queries.contacts(person_id)._asdict(), email_waiting=queries.email_waiting(person_id))


@api.patch("/account/contacts", allow=SIGNED_IN, takes=ContactsIn, gives=ContactsOut)
def change_contacts(body: ContactsIn) -> ContactsOut:
    """Change phone and language at once, and the e-mail once its owner answers a letter."""
    actor = current_actor()
    contacts.require(actor, body.email, body.confirmation)
    contacts.change(actor, email=body.email, phone=body.phone, language=body.language)
    waiting = queries.email_waiting(actor.person_id)
    return ContactsOut(**queries.contacts(actor.person_id)._asdict(), email_waiting=waiting)


@api.post("/account/email/confirm", allow=PUBLIC, takes=EmailToken, gives=EmailConfirmed, limit="login")
def confirm_email(body: EmailToken) -> EmailConfirmed:
    """Follow the link of the letter to a new e-mail."""
    contacts.confirm(body.token)
    return EmailConfirmed()
