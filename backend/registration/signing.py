"""Signing an application: the slow judgement outside the transaction, the acceptance inside it."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert

from backend.core import clock
from backend.core.db import db
from backend.core.ids import new_id
from backend.registration import documents, queries, rules
from backend.registration.decisions import send_back
from backend.registration.documents import Document
from backend.registration.models import Application, Attempt
from backend.registration.rules import State
from backend.registration.service import count_letter, send_confirmation, tell
from backend.signatures import queries as signature_queries
from backend.signatures import service as signatures
from backend.signatures.models import State as SignatureState
from backend.signatures.rules import Purpose
from backend.signatures.verifier import Verified


class Expected(NamedTuple):
    """Who has to sign, for what, and not before when."""

    iin: str
    bin: str | None
    purpose: rules.Purpose
    filled_at: datetime


def documents_of(token: str | None) -> tuple[Document, ...]:
    """What this browser's applicant has to sign. Raises ApplicationUnknown, NotFilled, StateMoved."""
    return documents.of(_fillable(queries.of_browser(token)))


def verify(token: str | None, given: Mapping[str, bytes]) -> dict[str, Verified]:
    """Judge one signature for each document, `given` {document id: CMS}; writes nothing.

    Raises ApplicationUnknown, NotFilled, StateMoved, SignaturesIncomplete, OtherSigner, RoleInsufficient and the
    errors of signatures.rules: a signature made to log in is of other bytes, DocumentChanged.
    """
    application = _fillable(queries.of_browser(token))
    wanted = documents.of(application)
    if wrong := sorted({one.id for one in wanted} ^ given.keys()):
        raise rules.SignaturesIncomplete(fields=[{"field": name, "code": "signature"} for name in wrong])
    expected = Expected(queries.iin(application), application.bin, application.purpose, application.filled_at)
    # The authority is asked over the network, for which no transaction waits.
    db.session.rollback()
    return {one.id: _verified(expected, one, given[one.id]) for one in wanted}


def accept(token: str | None, verified: Mapping[str, Verified]) -> Application:
    """Keep the signatures and go on to the e-mail, or wait where nobody could say yet whether a certificate is revoked.

    Raises StateMoved when the application changed meanwhile, TooManyRequests.
    """
    application = queries.of_browser(token)
    db.session.refresh(application, with_for_update=True)
    current = {one.id: one.content for one in documents.of(_fillable(application))}
    if current != {name: one.document for name, one in verified.items()}:
        raise rules.StateMoved(state=application.state.value)
    count_letter(application)
    kept = {name: signatures.keep(one, waits="registration") for name, one in verified.items()}
    now = clock.now()
    application.attempt += 1
    said = [{role.name.lower() for role in one.signer.roles} for one in verified.values()]
    application.roles = sorted(set.intersection(*said))
    application.state, application.changed_at = State.CHECKING, now
    db.session.execute(
        insert(Attempt).values(
            id=new_id(),
            application_id=application.id,
            number=application.attempt,
            signatures=kept,
            signed_at=now,
            reasons=[],
            text="",
        )
    )
    db.session.flush()
    tell(
        "registration:signed",
        application,
        signature_id=kept["application"],
        detail={"attempt": application.attempt, "documents": sorted(kept)},
    )
    if not any(one.pending for one in verified.values()):
        _go_on(application)
    return application


def settle(application_id: str) -> None:
    """Go on, or send the application back, once every signature under it is settled; until then do nothing."""
    application = db.session.get(Application, application_id, with_for_update=True)
    if application is None or application.state is not State.CHECKING:
        return
    states = {signature_queries.state(one) for one in queries.attempt(application).signatures.values()}
    if SignatureState.REFUSED in states:
        send_back(application, "certificate_refused")
    elif states == {SignatureState.VALID}:
        _go_on(application)


def _go_on(application: Application) -> None:
    now = clock.now()
    application.state, application.changed_at = State.UNCONFIRMED, now
    application.confirm_until = now + rules.UNCONFIRMED_KEPT
    send_confirmation(application)


def _fillable(application: Application) -> Application:
    if application.state is not State.DRAFT:
        raise rules.StateMoved(state=application.state.value)
    if application.filled_at is None:
        raise rules.NotFilled()
    return application


def _verified(expected: Expected, document: Document, cms: bytes) -> Verified:
    found = signatures.verify(
        document.content,
        cms,
        schema=document.schema,
        purpose=Purpose.DOCUMENT,
        signed_after=expected.filled_at,
        pending_ok=True,
    )
    signer = found.signer
    if (signer.iin, signer.bin) != (expected.iin, expected.bin):
        raise rules.OtherSigner()
    rules.require_role(signer.roles, signer.bin)
    if expected.purpose is rules.Purpose.HEAD_CHANGE and not rules.leads(signer.roles, signer.bin):
        raise rules.RoleInsufficient(roles=["signatory"])
    return found
