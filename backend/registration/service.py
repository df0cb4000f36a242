"""The applicant's verbs: begin, fill in, confirm, mend the e-mail, take back. The only writers of applications are
this file, signing.py and decisions.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from backend.catalogue import groups
from backend.core import clock, limits, queue, vault
from backend.core.db import db
from backend.core.ids import new_id
from backend.history import service as history
from backend.identity import rules as identity_rules
from backend.identity import service as identity
from backend.identity.rules import ContactsInvalid
from backend.notifications import rules as notification_rules
from backend.notifications import service as notifications
from backend.notifications.rules import AddressInvalid
from backend.organisations import rules as organisation_rules
from backend.organisations.models import OrganisationState
from backend.registration import names, queries, rules, texts
from backend.registration.models import Application, Attempt
from backend.registration.rules import Purpose, State
from backend.signatures import service as signatures
from backend.signatures.certificates import Signer
from backend.signatures.verifier import Verified


@dataclass(frozen=True, slots=True)
class Begun:
    """`token` goes to the applicant's cookie and is kept nowhere else."""

    application: Application
    token: str


def begin(challenge_id: str, verified: Verified) -> Begun:
    """Find or make the application of the person and participant in a signed log-in challenge, which is used up, and
    tie it to the asking browser; whichever browser was tied before no longer is.

    Raises ChallengeEnded, SignatureReused, RoleInsufficient, AlreadyIn, InvitationNeeded, OrganisationBlocked.
    """
    identity.use_challenge(challenge_id)
    signer, token = verified.signer, identity_rules.new_token()
    rules.require_role(signer.roles, signer.bin)
    purpose, organisation_id = _purpose(signer)
    signature_id = signatures.keep(verified)
    key = vault.pseudonym("applicant", signer.iin) + _party_key(signer)
    application = queries.living(key) or _made(key, signer)
    if application.state in (State.DRAFT, State.REFUSED):
        _certify(application, verified, purpose, organisation_id)
    application.browser_hash = identity_rules.token_hash(token)
    application.browser_until = clock.now() + rules.BOUND
    tell("registration:begun", application, signature_id=signature_id, detail={"purpose": purpose.value})
    return Begun(application, token)


def fill(token: str | None, form: Mapping[str, Any]) -> list[str]:
    """Note what was chosen and typed; returns the fields that are kept otherwise than they were typed.

    Whatever was signed before has to be signed anew. Raises ApplicationUnknown, StateMoved, FormInvalid.
    """
    application = queries.of_browser(token)
    if application.state not in rules.FILLABLE:
        raise rules.StateMoved(state=application.state.value)
    wrong, changed = [], []
    if application.purpose is Purpose.REGISTRATION:
        wrong = _choose(application, form)
    email, phone = _contact("email", form, wrong, changed), _contact("phone", form, wrong, changed)
    if wrong:
        raise rules.FormInvalid(fields=wrong)
    application.email_sealed, application.phone_sealed = vault.close(email.encode()), vault.close(phone.encode())
    application.language = form["language"]
    application.text_version = texts.newest()
    application.state, application.revision = State.DRAFT, application.revision + 1
    application.filled_at = application.changed_at = clock.now()
    application.confirm_until = application.deadline = None
    return changed


def change_email(token: str | None, typed: str) -> list[str]:
    """Send the confirmation to another address; the link in the earlier letter dies. Returns the fields kept otherwise
    than typed. Raises ApplicationUnknown, StateMoved, FormInvalid, TooManyRequests."""
    application = _unconfirmed(token)
    wrong, changed = [], []
    email = _contact("email", {"email": typed}, wrong, changed)
    if wrong:
        raise rules.FormInvalid(fields=wrong)
    count_letter(application)
    application.email_sealed = vault.close(email.encode())
    send_confirmation(application)
    return changed


def resend(token: str | None) -> Application:
    """Send the confirmation once more. Raises ApplicationUnknown, StateMoved, TooManyRequests."""
    application = _unconfirmed(token)
    count_letter(application)
    send_confirmation(application)
    return application


def confirm(link: str) -> Application:
    """The link in the mail was opened: the application goes to the desk. Opening it again answers the same.

    Raises ConfirmationWrong, also for an application that is no more or whose time is over.
    """
    parts = rules.TOKEN.fullmatch(link)
    application = db.session.get(Application, parts[1], with_for_update=True) if parts else None
    if application is None or not rules.same(link, confirmation(application)):
        raise rules.ConfirmationWrong()
    attempt, now = queries.attempt(application), clock.now()
    if attempt and attempt.submitted_at:
        return application
    if application.state is not State.UNCONFIRMED or application.confirm_until <= now:
        raise rules.ConfirmationWrong()
    application.state, application.deadline = State.SUBMITTED, now + rules.ANSWERED_WITHIN
    application.changed_at = now
    attempt.submitted_at = now
    tell("registration:confirmed", application)
    tell("registration:submitted", application, after={"deadline": application.deadline.isoformat()})
    return application


def withdraw(token: str | None) -> None:
    """Take one's own application back, before it is judged. Raises ApplicationUnknown, StateMoved."""
    application = queries.of_browser(token)
    if application.state in rules.CLOSED:
        raise rules.StateMoved(state=application.state.value)
    remove(application, "withdrawn")


def remove(application: Application, why: str) -> None:
    """Forget an application with all that it says of people, its signatures too; the facts stay, without them."""
    tell("registration:removed", application, before={"state": application.state.value}, detail={"why": why})
    signed = queries.signature_ids(application.id)
    db.session.execute(delete(Attempt).where(Attempt.application_id == application.id))
    db.session.delete(application)
    signatures.forget(signed)


def remove_if_stale(application_id: str) -> None:
    """Remove an application that its applicant left, unless something happened to it meanwhile."""
    wanted = select(Application).where(Application.id == application_id, queries.is_stale()).with_for_update()
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is not None:
        remove(found, "unconfirmed" if found.state is State.UNCONFIRMED else "left")


def count_letter(application: Application) -> None:
    """Nobody's mailbox is filled by way of us. Raises TooManyRequests."""
    limits.hit("registration_mail", application.iin_key)


def send_confirmation(application: Application) -> None:
    """Write the letter with the link."""
    # Behind the #, which no server and no log gets to see.
    write(application, "registration_confirm", {"link": address(f"/register/confirm#{confirmation(application)}")})


def address(path: str) -> str:
    """A page of this installation, for a letter."""
    return current_app.config["SETTINGS"].public_url + path


def confirmation(application: Application) -> str:
    """The token of the link: derived, so that it need not be kept; another e-mail or another signing makes another."""
    what = f"{application.id}|{application.attempt}|{queries.contacts(application).email}"
    return f"{application.id}-{vault.pseudonym('registration-confirmation', what)}"


def write(application: Application, template: str, params: Mapping[str, Any]) -> None:
    """A letter to the applicant."""
    email = queries.contacts(application).email
    given = {"organisation": application.names[application.language], **params}
    notifications.mail(to=email, template=template, language=application.language, params=given)


def tell(kind: str, application: Application, **said: Any) -> str:
    """Record a fact of an application, without a word on people, and let notifications know."""
    subject = ("application", application.id)
    fact_id = history.record(kind, subject=subject, **{"organisation_id": application.organisation_id} | said)
    queue.after_commit("notifications.on_fact", fact_id)
    return fact_id


def _purpose(signer: Signer) -> tuple[Purpose, str | None]:
    organisation = queries.organisation_of(signer.bin or signer.iin)
    if organisation is None:
        return Purpose.REGISTRATION, None
    if organisation.state is OrganisationState.BLOCKED:
        raise organisation_rules.OrganisationBlocked()
    membership = queries.membership_of(organisation.id, signer.iin)
    head = rules.leads(signer.roles, signer.bin)
    if membership and (membership.role is organisation_rules.Role.HEAD or not head):
        raise rules.AlreadyIn()
    if not head:
        raise rules.InvitationNeeded()
    return Purpose.HEAD_CHANGE, organisation.id


def _party_key(signer: Signer) -> str:
    return vault.pseudonym("party", signer.bin or signer.iin)


def _made(key: str, signer: Signer) -> Application:
    now, application_id = clock.now(), new_id()
    row = {
        "id": application_id,
        "number": rules.number_of(application_id, now.astimezone(clock.ALMATY).year),
        "living": key,
        "state": State.DRAFT,
        "purpose": Purpose.REGISTRATION,
        "browser_until": now,
        "iin_key": vault.pseudonym("iin", signer.iin),
        "iin_sealed": vault.close(signer.iin.encode()),
        "name": signer.name,
        "bin": signer.bin,
        "party_key": _party_key(signer),
        "legal_form": "",
        "fixed_name": "ru",
        "roles": [],
        "profile": "",
        "names": {},
        "groups": [],
        "language": "kk",
        "text_version": texts.newest(),
        "created_at": now,
        "changed_at": now,
    }
    try:
        with db.session.begin_nested():
            db.session.execute(insert(Application).values(row))
    except IntegrityError:  # the same person began on another device at the same moment
        pass
    return queries.living(key)


def _certify(application: Application, verified: Verified, purpose: Purpose, organisation_id: str | None) -> None:
    """Note what the certificate says now; what a person typed stays, unless the certificate says another name."""
    signer = verified.signer
    application.name, application.profile = signer.name, verified.profile
    application.roles = sorted(role.name.lower() for role in signer.roles)
    application.purpose, application.organisation_id = purpose, organisation_id
    application.changed_at = clock.now()
    suggested = names.suggest(signer.organisation or signer.bin) if signer.bin else names.suggest_trader(signer.name)
    if not application.names or application.organisation_name != signer.organisation:
        application.names = suggested.names
    application.organisation_name = signer.organisation
    application.fixed_name, application.legal_form = suggested.fixed, suggested.form
    if organisation_id:
        application.names = queries.organisation_of(signer.bin).names


def _choose(application: Application, form: Mapping[str, Any]) -> list[dict[str, str]]:
    """Set what was chosen; returns what is wrong with it. The name in the certificate's language is not typed."""
    typed = {language: " ".join(name.split()) for language, name in (form["names"] or {}).items() if name is not None}
    chosen = {**application.names, **typed, application.fixed_name: application.names[application.fixed_name]}
    kind = form["kind"] or (organisation_rules.Kind.SOLE_TRADER if application.bin is None else None)
    wrong = rules.wrong_fields(
        bin=application.bin,
        kind=kind,
        trade=form["trade"],
        declaration_holder=form["declaration_holder"],
        groups=form["groups"],
        known_groups=[group.id for group in groups.all()],
        names=chosen,
    )
    if not wrong:
        application.kind, application.trade = kind, form["trade"]
        application.declaration_holder = form["declaration_holder"]
        application.groups = list(dict.fromkeys(form["groups"]))
        application.names = chosen
    return wrong


def _contact(field: str, form: Mapping[str, Any], wrong: list[dict[str, str]], changed: list[str]) -> str:
    """An e-mail or a phone as it is kept; a fault goes to `wrong`, a difference from what was typed to `changed`."""
    try:
        kept = identity_rules.email_of(form[field]) if field == "email" else identity_rules.phone_of(form[field])
        if field == "email":
            notification_rules.address(kept)
    except (ContactsInvalid, AddressInvalid):
        wrong.append({"field": field, "code": field})
        return ""
    if kept != form[field].strip():
        changed.append(field)
    return kept


def _unconfirmed(token: str | None) -> Application:
    application = queries.of_browser(token)
    if application.state is not State.UNCONFIRMED:
        raise rules.StateMoved(state=application.state.value)
    return application
