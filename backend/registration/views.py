"""Applications as they are answered: to the applicant's browser, and at the operator's desk."""

from collections.abc import Sequence
from datetime import datetime

from backend.core import clock
from backend.core.i18n import Names
from backend.core.paging import CursorInvalid
from backend.registration import queries, reasons, rules, texts
from backend.registration.documents import Document
from backend.registration.models import Application, Attempt
from backend.registration.queries import Signed
from backend.registration.rules import State
from backend.registration.schemas import (
    ApplicationOut,
    AttemptOut,
    CertificateOut,
    DeskApplication,
    DeskRow,
    ReasonList,
    ReasonOut,
    RefusalOut,
    SignatureOut,
    StateOut,
    TextOut,
)
from backend.signatures import exchange
from backend.signatures.exchange import ToSignList


def own(application: Application) -> ApplicationOut:
    email, phone = queries.contacts(application)
    refusal = queries.refusal(application.id)
    return ApplicationOut(
        number=application.number,
        state=application.state,
        purpose=application.purpose,
        filled=application.filled_at is not None,
        certificate=_certificate(application),
        names=Names(**application.names),
        fixed_name=application.fixed_name,
        kind=application.kind,
        trade=application.trade,
        declaration_holder=application.declaration_holder,
        groups=application.groups,
        email=email,
        phone=phone,
        language=application.language,
        text_version=application.text_version,
        confirm_until=application.confirm_until if application.state is State.UNCONFIRMED else None,
        deadline=application.deadline,
        refusal=_refusal(refusal) if refusal else None,
    )


def state(application: Application) -> StateOut:
    return StateOut(number=application.number, state=application.state, deadline=application.deadline)


def to_sign(found: Sequence[Document]) -> ToSignList:
    return ToSignList(
        documents=[exchange.to_sign(one.id, one.schema, one.content, one.names, one.facts) for one in found]
    )


def text(name: str, version: str | None) -> TextOut:
    found = texts.read(name, version)
    return TextOut(name=found.name, version=found.version, texts=Names(**found.texts), hashes=Names(**found.hashes))


def desk_row(application: Application) -> DeskRow:
    return DeskRow(
        id=application.id,
        number=application.number,
        state=application.state,
        purpose=application.purpose,
        names=Names(**application.names),
        bin=application.bin,
        kind=application.kind,
        trade=application.trade,
        deadline=application.deadline,
        overdue=application.state is State.SUBMITTED and application.deadline < clock.now(),
        attempt=application.attempt,
        test=application.profile != "nca-prod",
    )


def desk(application: Application) -> DeskApplication:
    email, phone = queries.contacts(application)
    attempt = queries.attempt(application)
    return DeskApplication(
        **desk_row(application).model_dump(),
        certificate=_certificate(application),
        declaration_holder=application.declaration_holder,
        groups=application.groups,
        email=email,
        phone=phone,
        language=application.language,
        text_version=application.text_version,
        submitted_at=attempt.submitted_at,
        decided_at=application.decided_at,
        organisation_id=application.organisation_id,
        rivals=len(queries.rivals(application)),
        signatures=[_signature(one) for one in queries.signed(attempt)],
        attempts=[_attempt(one) for one in queries.attempts(application.id)],
    )


def desk_cursor(application: Application) -> str:
    return f"{application.deadline.isoformat()}|{application.id}"


def after(key: str | None) -> tuple[datetime, str] | None:
    """A desk cursor's key taken apart. Raises CursorInvalid."""
    if key is None:
        return None
    moment, _, application_id = key.partition("|")
    try:
        found = datetime.fromisoformat(moment)
    except ValueError as error:
        raise CursorInvalid() from error
    if found.tzinfo is None:
        raise CursorInvalid()
    return found, application_id


def desk_reasons() -> ReasonList:
    return ReasonList(reasons=_reasons([one.code for one in reasons.all().values() if one.desk]))


def _certificate(application: Application) -> CertificateOut:
    return CertificateOut(
        name=application.name,
        iin=rules.masked(queries.iin(application)),
        organisation=application.organisation_name,
        bin=application.bin,
        legal_form=application.legal_form,
        roles=application.roles,
        test=application.profile != "nca-prod",
    )


def _refusal(attempt: Attempt) -> RefusalOut:
    return RefusalOut(reasons=_reasons(attempt.reasons), text=attempt.text, at=attempt.decided_at)


def _attempt(attempt: Attempt) -> AttemptOut:
    return AttemptOut(
        number=attempt.number,
        signed_at=attempt.signed_at,
        submitted_at=attempt.submitted_at,
        decided_at=attempt.decided_at,
        outcome=attempt.outcome,
        reasons=_reasons(attempt.reasons),
        text=attempt.text,
    )


def _reasons(codes: Sequence[str]) -> list[ReasonOut]:
    known = reasons.all()
    return [ReasonOut(code=code, names=known[code].names, text_needed=known[code].text_needed) for code in codes]


def _signature(one: Signed) -> SignatureOut:
    verdict = one.signature.verdict
    return SignatureOut(
        document=one.document,
        name=one.name,
        roles=one.roles,
        not_before=one.not_before,
        not_after=one.not_after,
        scheme=verdict["scheme"],
        signing_time=verdict["signing_time"],
        revocation=verdict["revocation"]["status"],
        verified_at=one.signature.verified_at,
        test=one.signature.is_test,
    )
