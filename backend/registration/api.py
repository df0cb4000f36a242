"""Applications to take part: made, signed, confirmed by the applicant's browser; judged at the operator's desk."""

from flask import Response

from backend.core.actor import current_actor
from backend.core.api import PUBLIC, Api, unit_of_work
from backend.core.paging import page
from backend.identity import cookies as identity_cookies
from backend.identity import service as identity
from backend.organisations.access import Permission
from backend.registration import cookies, decisions, queries, service, signing, views
from backend.registration.schemas import (
    ApplicationOut,
    BeginIn,
    ChangedOut,
    ConfirmIn,
    DeskApplication,
    DeskPage,
    DeskQuery,
    EmailIn,
    FillIn,
    ReasonList,
    RefuseIn,
    SignIn,
    StateOut,
    TextOut,
    TextQuery,
    WithdrawnOut,
)
from backend.signatures.cms import unarmour
from backend.signatures.exchange import ToSignList
from backend.signatures.verifier import Verified

api = Api("registration")


@api.post("/registration/begin", allow=PUBLIC, takes=BeginIn, gives=ApplicationOut, writes=False, limit="login")
def begin(body: BeginIn) -> Response:
    """Begin, or come back to, an application with the log-in signature that found nobody registered."""
    # Outside a transaction, as log-in does it: checking a signature is slow.
    verified = identity.verify_challenge(body.challenge_id, unarmour(body.cms), identity_cookies.browser_token())
    begun = unit_of_work(lambda: service.begin(body.challenge_id, verified))
    answer = Response(views.own(begun.application).model_dump_json(), mimetype="application/json")
    cookies.set_applicant(answer, begun.token)
    return answer


@api.get("/registration/application", allow=PUBLIC, gives=ApplicationOut)
def show_application() -> ApplicationOut:
    """One's own application, of the browser that began it."""
    return views.own(queries.of_browser(cookies.applicant_token()))


@api.put("/registration/application", allow=PUBLIC, takes=FillIn, gives=ChangedOut)
def fill_application(body: FillIn) -> ChangedOut:
    """Choose and type what the certificate does not say; what was signed before has to be signed anew."""
    token = cookies.applicant_token()
    changed = service.fill(token, body.model_dump())
    return ChangedOut(state=queries.of_browser(token).state, changed=changed)


@api.delete("/registration/application", allow=PUBLIC, gives=WithdrawnOut)
def withdraw_application() -> WithdrawnOut:
    """Take one's own application back; it is forgotten with all that it says of people."""
    service.withdraw(cookies.applicant_token())
    return WithdrawnOut()


@api.get("/registration/documents", allow=PUBLIC, gives=ToSignList)
def list_documents() -> ToSignList:
    """The documents to sign: the application with the user agreement, and the standard contract."""
    return views.to_sign(signing.documents_of(cookies.applicant_token()))


@api.get("/registration/texts/<name>", allow=PUBLIC, query=TextQuery, gives=TextOut)
def show_text(name: str, query: TextQuery) -> TextOut:
    """The agreement or the contract in one version, the newest when none is named."""
    return views.text(name, query.version)


def _judge(body: SignIn) -> dict[str, Verified]:
    return signing.verify(cookies.applicant_token(), body.by_id())


@api.post("/registration/sign", allow=PUBLIC, takes=SignIn, gives=StateOut, limit="login", judge=_judge)
def sign(body: SignIn, judged: dict[str, Verified]) -> StateOut:
    """Sign every document; a letter with a link then waits to be opened."""
    return views.state(signing.accept(cookies.applicant_token(), judged))


@api.post("/registration/confirm", allow=PUBLIC, takes=ConfirmIn, gives=StateOut, limit="confirm")
def confirm(body: ConfirmIn) -> StateOut:
    """Confirm the e-mail by the link in the letter, in any browser; the operator then has 24 hours."""
    return views.state(service.confirm(body.token))


@api.post("/registration/resend", allow=PUBLIC, gives=StateOut)
def resend() -> StateOut:
    """Send the letter once more."""
    return views.state(service.resend(cookies.applicant_token()))


@api.put("/registration/email", allow=PUBLIC, takes=EmailIn, gives=ChangedOut)
def change_email(body: EmailIn) -> ChangedOut:
    """Send the letter to another address."""
    token = cookies.applicant_token()
    changed = service.change_email(token, body.email)
    return ChangedOut(state=queries.of_browser(token).state, changed=changed)


@api.get("/desk/registrations", allow=Permission.REGISTRATIONS_REVIEW, query=DeskQuery, gives=DeskPage)
def list_registrations(query: DeskQuery) -> DeskPage:
    """Applications in one state: those that wait by their deadline, the decided ones latest first."""
    rows = queries.desk(query.state, views.after(query.after()), query.limit)
    shown, cursor = page(rows, query.limit, views.desk_cursor)
    return DeskPage(registrations=[views.desk_row(row) for row in shown], cursor=cursor, waiting=queries.waiting())


@api.get("/desk/registrations/<application_id>", allow=Permission.REGISTRATIONS_REVIEW, gives=DeskApplication)
def show_registration(application_id: str) -> DeskApplication:
    """One application with its signatures and every attempt."""
    return views.desk(queries.sent(application_id))


@api.get("/desk/refusal-reasons", allow=Permission.REGISTRATIONS_REVIEW, gives=ReasonList)
def list_refusal_reasons() -> ReasonList:
    """Why an application may be refused."""
    return views.desk_reasons()


@api.post("/desk/registrations/<application_id>/approve", allow=Permission.REGISTRATIONS_REVIEW, gives=StateOut)
def approve_registration(application_id: str) -> StateOut:
    """Let a participant in."""
    return views.state(decisions.approve(application_id, actor=current_actor()))


@api.post(
    "/desk/registrations/<application_id>/refuse",
    allow=Permission.REGISTRATIONS_REVIEW,
    takes=RefuseIn,
    gives=StateOut,
)
def refuse_registration(application_id: str, body: RefuseIn) -> StateOut:
    """Send an application back with reasons."""
    return views.state(decisions.refuse(application_id, codes=body.reasons, text=body.text, actor=current_actor()))
