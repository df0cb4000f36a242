"""Signing with a phone: sessions that a browser opens and eGov Mobile serves."""

from flask import Response
from werkzeug.exceptions import HTTPException

from backend.core.api import PUBLIC, Api
from backend.core.errors import DomainError
from backend.signatures import egov, egov_answers, egov_phone, signing_sessions
from backend.signatures import signing_sessions_cookie as cookie
from backend.signatures.schemas import (
    PhoneAnswer,
    PhoneDocuments,
    PhoneInvitation,
    PhoneThanks,
    SigningOut,
    SigningSessionIn,
    SigningSessionOut,
    SigningSessionStateOut,
)
from backend.signatures.signing_sessions_rules import LARGEST_ANSWER

api = Api("signatures")

# Addresses of the national protocol: they must hold the word mgovSign, and no program but the phone's asks them.
phone = Api("egov", url_prefix="")
phone.cli_group = None
phone.cli.add_command(egov_phone.command)
phone.register_error_handler(DomainError, egov_answers.refused)
phone.register_error_handler(HTTPException, egov_answers.refused_by_server)


@api.get("/signing", allow=PUBLIC, gives=SigningOut, limit="lookup")
def signing() -> SigningOut:
    """How one may sign here, and whether it has legal force."""
    return egov_answers.ways()


@api.post(
    "/signing-sessions",
    allow=PUBLIC,
    takes=SigningSessionIn,
    gives=SigningSessionOut,
    idempotent=False,
    limit="signing_session",
)
def open_signing_session(body: SigningSessionIn) -> Response:
    """Lay documents out for a phone; the answer's cookie must come back for the result."""
    token = cookie.browser_token()
    opened = signing_sessions.open_(egov_answers.given(body), body.app, cookie.hash_of(token))
    answer = egov_answers.opened(opened)
    cookie.keep(answer, token)
    return answer


@api.get("/signing-sessions/<session_id>", allow=PUBLIC, gives=SigningSessionStateOut, limit="lookup")
def signing_session(session_id: str) -> SigningSessionStateOut:
    """How far the phone is; once it has signed, who signed, and the signatures."""
    return egov_answers.state(signing_sessions.of_browser(session_id, cookie.browser_hash()))


@api.delete("/signing-sessions/<session_id>", allow=PUBLIC, gives=SigningSessionStateOut, limit="lookup")
def give_up_signing_session(session_id: str) -> SigningSessionStateOut:
    """Take nothing from the phone any more, and give out nothing that it sent."""
    return egov_answers.state(signing_sessions.give_up(session_id, cookie.browser_hash()))


@phone.get("/mgovSign/<session_id>", allow=PUBLIC, gives=PhoneInvitation, limit="phone")
def description(session_id: str) -> dict:
    """API 1 of eGov Mobile: what is to be signed, for whom, and where the documents are."""
    return egov.first_answer(signing_sessions.seen(session_id), egov.language_asked())


@phone.get("/mgovSign/<session_id>/documents", allow=PUBLIC, gives=PhoneDocuments, limit="phone")
def documents(session_id: str) -> dict:
    """API 2 of eGov Mobile: the documents, for whoever has the token of API 1."""
    return egov.second_answer(signing_sessions.fetch(session_id, egov_answers.token_shown()))


@phone.put(
    "/mgovSign/<session_id>/documents",
    allow=PUBLIC,
    takes=PhoneAnswer,
    gives=PhoneThanks,
    writes=False,
    largest=LARGEST_ANSWER,
    limit="phone",
)
def signed(session_id: str, body: PhoneAnswer) -> PhoneThanks:
    """API 2 of eGov Mobile: the documents with their signatures, which are checked before the answer."""
    answered = [(one.id, one.document.file.data) for one in body.documentsToSign]
    signing_sessions.accept(session_id, egov_answers.token_shown(), body.signMethod, answered)
    return egov_answers.thanks()
