"""Correcting prices and papers of an act after it was sent."""

from backend.acts import correction_views, corrections, documents, views
from backend.acts.models import Act
from backend.acts.schemas import ActOut, ChangesIn, CorrectIn, CorrectionNamed, CorrectionRefusal, SendIn
from backend.core.actor import current_actor
from backend.core.api import Api
from backend.organisations.access import Permission
from backend.signatures.cms import unarmour
from backend.signatures.exchange import ToSignList

api = Api("act_corrections")

SIGN = Permission.ACTS_SIGN


@api.post("/acts/<act_id>/correction/document", allow=SIGN, takes=ChangesIn, gives=ToSignList, writes=False)
def correction_document(act_id: str, body: ChangesIn) -> ToSignList:
    """The bytes that the sender signs for a correction; nothing is corrected by asking."""
    row, wanted = corrections.document(current_actor(), act_id, body.given())
    return correction_views.paper(row, wanted.schema, wanted.content, wanted.before, wanted.after)


def _judge(act_id: str, body: CorrectIn) -> corrections.Judged:
    cms = unarmour(body.signatures[0].cms)
    return corrections.judge(current_actor(), act_id, body.changes.given(), cms)


@api.post("/acts/<act_id>/correction", allow=SIGN, takes=CorrectIn, gives=ActOut, judge=_judge)
def correct_act(act_id: str, body: CorrectIn, judged: corrections.Judged) -> ActOut:
    """Correct an act that waits for its receiver, or propose a correction of one that was accepted."""
    return _seen(corrections.correct(current_actor(), act_id, body.changes.given(), body.reason, judged))


@api.get("/acts/<act_id>/correction", allow=SIGN, gives=ToSignList)
def proposed_correction(act_id: str) -> ToSignList:
    """The bytes that the receiver signs to agree to the correction that waits."""
    row, found = corrections.proposal(current_actor(), act_id)
    return correction_views.paper(row, documents.CORRECTION, found.document, found.before, found.after)


def _judge_agreement(act_id: str, body: SendIn) -> corrections.Judged:
    return corrections.judge_agreement(current_actor(), act_id, unarmour(body.signatures[0].cms))


@api.post("/acts/<act_id>/correction/agree", allow=SIGN, takes=SendIn, gives=ActOut, judge=_judge_agreement)
def agree_to_correct(act_id: str, body: SendIn, judged: corrections.Judged) -> ActOut:
    """Agree: the act says from now on what the correction says."""
    return _seen(corrections.agree(current_actor(), act_id, judged))


@api.post("/acts/<act_id>/correction/refuse", allow=SIGN, takes=CorrectionRefusal, gives=ActOut)
def refuse_correction(act_id: str, body: CorrectionRefusal) -> ActOut:
    """Decline: the act stays as it was accepted."""
    return _seen(corrections.refuse(current_actor(), act_id, body.sha256, body.text))


@api.post("/acts/<act_id>/correction/withdraw", allow=SIGN, takes=CorrectionNamed, gives=ActOut)
def withdraw_correction(act_id: str, body: CorrectionNamed) -> ActOut:
    """Take a proposed correction back."""
    return _seen(corrections.withdraw(current_actor(), act_id, body.sha256))


def _seen(row: Act) -> ActOut:
    return views.act(row, current_actor().organisation_id)
