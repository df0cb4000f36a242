"""Acts of acceptance-transfer: drafted and sent by one side, decided by the other."""

from backend.acts import closing, deciding, documents, drafts, queries, sending, views
from backend.acts.models import Act
from backend.acts.paper import form
from backend.acts.schemas import (
    ActChange,
    ActIn,
    ActList,
    ActOut,
    ActsQuery,
    AnnulmentIn,
    CancelIn,
    DecideIn,
    DecisionIn,
    Discarded,
    GoodsIn,
    GoodsOut,
    RemarkIn,
    SendIn,
    UnitList,
    UnitsQuery,
)
from backend.core.actor import current_actor
from backend.core.api import Api
from backend.core.paging import page
from backend.organisations.access import Permission
from backend.organisations.scope import scope
from backend.signatures.cms import unarmour
from backend.signatures.exchange import ToSignList

api = Api("acts")

SEE, SIGN = Permission.ACTS_SEE, Permission.ACTS_SIGN


@api.get("/acts", allow=SEE, query=ActsQuery, gives=ActList)
def list_acts(query: ActsQuery) -> ActList:
    """Acts sent and received, newest first."""
    wanted = {"box": query.box, "states": query.states(), "text": query.text(), "days": (query.since, query.until)}
    found = queries.acts(scope(), after=query.after(), limit=query.limit, **wanted)
    shown, following = page(found, query.limit, lambda one: one.id)
    return ActList(acts=views.rows(shown, scope()), next=following)


@api.post("/acts", allow=SIGN, takes=ActIn, gives=ActOut, status=201)
def create_act(body: ActIn) -> ActOut:
    """Begin a draft, shared by the staff of the organisation."""
    return _seen(drafts.create(current_actor(), body.given()))


@api.get("/acts/<act_id>", allow=SEE, gives=ActOut)
def show_act(act_id: str) -> ActOut:
    """An act with its goods by product; single units are paged."""
    row = queries.act(scope(), act_id)
    form.expect()
    return views.act(row, scope())


@api.put("/acts/<act_id>", allow=SIGN, takes=ActChange, gives=ActOut)
def change_act(act_id: str, body: ActChange) -> ActOut:
    """Save a draft that is still of the version that was seen."""
    return _seen(drafts.change(current_actor(), act_id, body.version, body.given()))


@api.delete("/acts/<act_id>", allow=SIGN, gives=Discarded)
def discard_act(act_id: str) -> Discarded:
    """Delete a draft."""
    drafts.discard(current_actor(), act_id)
    return Discarded(id=act_id)


@api.get("/acts/<act_id>/units", allow=SEE, query=UnitsQuery, gives=UnitList)
def list_units(act_id: str, query: UnitsQuery) -> UnitList:
    """The units of an act, with the packages around each."""
    return views.units(queries.act(scope(), act_id), query.after(), query.limit, loose=query.loose)


@api.post("/acts/<act_id>/units", allow=SIGN, takes=GoodsIn, gives=GoodsOut)
def put_units(act_id: str, body: GoodsIn) -> GoodsOut:
    """Add units and packages as scanned; each is added or refused by itself."""
    return views.results(*drafts.put(current_actor(), act_id, body.codes))


@api.post("/acts/<act_id>/units/remove", allow=SIGN, takes=GoodsIn, gives=ActOut)
def take_units_out(act_id: str, body: GoodsIn) -> ActOut:
    """Take units and packages out of a draft."""
    return _seen(drafts.take_out(current_actor(), act_id, body.codes))


@api.get("/acts/<act_id>/document", allow=SIGN, gives=ToSignList)
def act_document(act_id: str) -> ToSignList:
    """The bytes that the sender signs."""
    row, content = sending.document(current_actor(), act_id)
    return views.paper(row, documents.ACT, content)


def _judge_sending(act_id: str, body: SendIn) -> sending.Judged:
    return sending.judge(current_actor(), act_id, unarmour(body.signatures[0].cms))


@api.post("/acts/<act_id>/send", allow=SIGN, takes=SendIn, gives=ActOut, judge=_judge_sending)
def send_act(act_id: str, body: SendIn, judged: sending.Judged) -> ActOut:
    """Send a signed act: its codes are bound to it until the receiver decides."""
    return _seen(sending.send(current_actor(), act_id, judged))


@api.post("/acts/<act_id>/view", allow=SEE, gives=ActOut)
def view_act(act_id: str) -> ActOut:
    """The receiver has opened the act."""
    return _seen(closing.view(current_actor(), act_id))


@api.post("/acts/<act_id>/decision/document", allow=SIGN, takes=DecisionIn, gives=ToSignList, writes=False)
def decision_document(act_id: str, body: DecisionIn) -> ToSignList:
    """The bytes that the receiver signs for a decision; nothing is decided by asking."""
    row, content = deciding.document(current_actor(), act_id, body.decision())
    return views.paper(row, documents.ACCEPTANCE, content, [("rejected", str(body.rejects(row.units)))])


def _judge_decision(act_id: str, body: DecideIn) -> deciding.Judged:
    cms = unarmour(body.signatures[0].cms)
    return deciding.judge(current_actor(), act_id, body.decision.decision(), cms)


@api.post("/acts/<act_id>/decision", allow=SIGN, takes=DecideIn, gives=ActOut, judge=_judge_decision)
def decide_act(act_id: str, body: DecideIn, judged: deciding.Judged) -> ActOut:
    """Accept, accept in part, or reject, with a signature; what is accepted changes its owner."""
    return _seen(deciding.decide(current_actor(), act_id, body.decision.decision(), judged))


@api.post("/acts/<act_id>/clarify", allow=SIGN, takes=RemarkIn, gives=ActOut)
def clarify_act(act_id: str, body: RemarkIn) -> ActOut:
    """Ask the sender something before deciding."""
    return _seen(closing.clarify(current_actor(), act_id, body.text))


@api.post("/acts/<act_id>/answer", allow=SIGN, takes=RemarkIn, gives=ActOut)
def answer_act(act_id: str, body: RemarkIn) -> ActOut:
    """Answer the receiver's question."""
    return _seen(closing.answer(current_actor(), act_id, body.text))


@api.post("/acts/<act_id>/cancel", allow=SIGN, takes=CancelIn, gives=ActOut)
def cancel_act(act_id: str, body: CancelIn) -> ActOut:
    """Take a sent act back while nobody has decided."""
    return _seen(closing.cancel(current_actor(), act_id, body.text))


@api.post("/acts/<act_id>/take-back", allow=SIGN, gives=ActOut)
def take_act_back(act_id: str) -> ActOut:
    """Make a draft again of an act whose signature is still checked; nobody has seen it."""
    return _seen(closing.take_back(current_actor(), act_id))


@api.get("/acts/<act_id>/annulment", allow=SIGN, gives=ToSignList)
def annulment_document(act_id: str) -> ToSignList:
    """The bytes that this side signs to ask for annulment, or to agree to it."""
    row, content = closing.annulment(current_actor(), act_id)
    return views.paper(row, documents.ANNULMENT, content)


def _judge_annulment(act_id: str, body: AnnulmentIn | SendIn) -> closing.Judged:
    return closing.judge_annulment(current_actor(), act_id, unarmour(body.signatures[0].cms))


@api.post("/acts/<act_id>/annulment", allow=SIGN, takes=AnnulmentIn, gives=ActOut, judge=_judge_annulment)
def request_annulment(act_id: str, body: AnnulmentIn, judged: closing.Judged) -> ActOut:
    """Ask the other side to annul an accepted act."""
    return _seen(closing.request_annulment(current_actor(), act_id, body.text, judged))


@api.post("/acts/<act_id>/annulment/agree", allow=SIGN, takes=SendIn, gives=ActOut, judge=_judge_annulment)
def agree_to_annul(act_id: str, body: SendIn, judged: closing.Judged) -> ActOut:
    """Agree to annul: the goods go back."""
    return _seen(closing.annul(current_actor(), act_id, judged))


@api.post("/acts/<act_id>/annulment/refuse", allow=SIGN, takes=RemarkIn, gives=ActOut)
def refuse_annulment(act_id: str, body: RemarkIn) -> ActOut:
    """Decline to annul: the act stands."""
    return _seen(closing.refuse_annulment(current_actor(), act_id, body.text))


def _seen(row: Act) -> ActOut:
    return views.act(row, current_actor().organisation_id)
