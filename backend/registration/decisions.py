"""The operator's word on an application: approved, it becomes a participant with a cabinet and a contract; refused, it
goes back with reasons."""

from collections.abc import Sequence

from sqlalchemy import insert, update

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import service as identity
from backend.organisations import headship
from backend.organisations import service as organisations
from backend.organisations.rules import Role
from backend.registration import queries, reasons, rules
from backend.registration.models import Application, Contract
from backend.registration.rules import ContractState, Purpose, State
from backend.registration.service import address, tell, write

LONGEST_TEXT = 1_000


def approve(application_id: str, *, actor: Actor) -> Application:
    """Let the participant in: organisation, the applicant's membership and contacts, the contract.

    Raises ApplicationUnknown, AlreadyDecided (for the slower of two operators), RegisteredMeanwhile.
    """
    application = _decided(application_id, State.APPROVED, actor)
    if application.purpose is Purpose.HEAD_CHANGE:
        person_id = _replace_head(application, actor)
    else:
        person_id = _settle(application, actor)
    email, phone = queries.contacts(application)
    identity.set_contacts(
        person_id, email=email, phone=phone, language=application.language, confirmed=True, actor=actor
    )
    application.living = None
    tell("registration:approved", application, actor=actor, detail={"purpose": application.purpose.value})
    write(application, "registration_approved", {"link": address("/login")})
    queue.after_commit("acts.join_registered")
    for rival in queries.rivals(application):
        _overtake(rival)
    return application


def refuse(application_id: str, *, codes: Sequence[str], text: str, actor: Actor) -> Application:
    """Send an application back with the reasons, which its applicant sees in words (§5.2 C7).

    Raises ApplicationUnknown, AlreadyDecided, ReasonsInvalid.
    """
    known = {code: one for code, one in reasons.all().items() if one.desk}
    wrong = [{"field": f"reasons.{place}", "code": "reason"} for place, code in enumerate(codes) if code not in known]
    if not codes:
        wrong.append({"field": "reasons", "code": "empty"})
    if not text.strip() and any(known[code].text_needed for code in codes if code in known):
        wrong.append({"field": "text", "code": "empty"})
    if wrong:
        raise rules.ReasonsInvalid(fields=wrong)
    application = _decided(application_id, State.REFUSED, actor)
    _send_back(application, list(dict.fromkeys(codes)), " ".join(text.split()), actor)
    return application


def send_back(application: Application, code: str) -> None:
    """The platform's own refusal, at any step after the signing."""
    application.state, application.decided_at, application.changed_at = State.REFUSED, clock.now(), clock.now()
    _judge(application, "refused", None)
    _send_back(application, [code], "", None)


def _decided(application_id: str, state: State, actor: Actor) -> Application:
    """Move a submitted application on: of two at once one wins. Raises ApplicationUnknown, AlreadyDecided."""
    now = clock.now()
    moved = (
        update(Application)
        .where(Application.id == application_id, Application.state == State.SUBMITTED)
        .values(state=state, decided_at=now, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(moved).rowcount != 1:
        raise rules.AlreadyDecided(state=queries.sent(application_id).state.value)
    application = queries.sent(application_id)
    db.session.refresh(application)
    _judge(application, "approved" if state is State.APPROVED else "refused", actor)
    return application


def _judge(application: Application, outcome: str, actor: Actor | None) -> None:
    attempt = queries.attempt(application)
    attempt.outcome, attempt.decided_at = outcome, application.decided_at
    attempt.decided_by = actor.person_id if actor else None


def _settle(application: Application, actor: Actor) -> str:
    """Make the organisation with its first member and its contract; returns the person's id."""
    iin = queries.iin(application)
    if queries.organisation_of(application.bin or iin):
        raise rules.RegisteredMeanwhile()
    email, phone = queries.contacts(application)
    organisation_id = organisations.create_organisation(
        kind=application.kind,
        bin=application.bin or iin,
        names=application.names,
        trade=application.trade,
        declaration_holder=application.declaration_holder,
        groups=application.groups,
        email=email,
        phone=phone,
        contract_state=ContractState.VALID.value,
        certified=True,
        actor=actor,
    )
    application.organisation_id = organisation_id
    head = application.bin is None or "head" in application.roles
    organisations.add_member(
        organisation_id,
        iin=iin,
        name=application.name,
        role=Role.HEAD if head else Role.EMPLOYEE,
        functions=() if head else rules.ENTRUSTED,
        certified=True,
        actor=actor,
    )
    _register_contract(application, actor)
    return identity.person(iin, application.name)


def _register_contract(application: Application, actor: Actor) -> None:
    attempt = queries.attempt(application)
    contract_id = new_id()
    db.session.execute(
        insert(Contract).values(
            id=contract_id,
            number=application.number,
            organisation_id=application.organisation_id,
            application_id=application.id,
            version=application.text_version,
            signatures=attempt.signatures,
            signed_at=attempt.signed_at,
            state=ContractState.VALID,
        )
    )
    history.record(
        "contract:made",
        subject=("contract", contract_id),
        organisation_id=application.organisation_id,
        actor=actor,
        signature_id=attempt.signatures["contract"],
        after={"state": ContractState.VALID.value, "number": application.number, "version": application.text_version},
    )


def _replace_head(application: Application, actor: Actor) -> str:
    person_id = identity.person(queries.iin(application), application.name)
    headship.change_head(application.organisation_id, person_id, actor=actor)
    return person_id


def _overtake(rival: Application) -> None:
    """Another application for the same number has lost; what is still being filled in finds out at the next step."""
    if rival.purpose is Purpose.REGISTRATION and rival.state in (State.CHECKING, State.UNCONFIRMED, State.SUBMITTED):
        send_back(rival, "already_registered")


def _send_back(application: Application, codes: list[str], text: str, actor: Actor | None) -> None:
    attempt = queries.attempt(application)
    attempt.reasons, attempt.text = codes, text
    detail = {"reasons": codes, "attempt": application.attempt}
    tell("registration:refused", application, actor=actor, detail=detail)
    said = [getattr(reasons.all()[code].names, application.language) for code in codes] + [text] * bool(text)
    write(application, "registration_refused", {"reasons": said, "link": address("/register")})
