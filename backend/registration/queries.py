"""Reads of applications: by the applicant's browser, and for the operator's desk."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_

from backend.core import clock, vault
from backend.core.db import db
from backend.history.models import Fact
from backend.identity.models import Person
from backend.identity.rules import token_hash
from backend.organisations.models import Membership, Organisation
from backend.registration.models import Application, Attempt
from backend.registration.rules import DRAFT_KEPT, REFUSED_KEPT, ApplicationUnknown, State
from backend.signatures import certificates
from backend.signatures.models import Signature


class Contacts(NamedTuple):
    email: str | None
    phone: str | None


class Signed(NamedTuple):
    """One signature under an application, as the desk sees it."""

    document: str
    signature: Signature
    name: str
    roles: list[str]
    not_before: datetime
    not_after: datetime


def of_browser(token: str | None) -> Application:
    """The application that this browser began. Raises ApplicationUnknown, for another's as for one that is not."""
    found = None
    if token:
        own = (Application.browser_hash == token_hash(token), Application.browser_until > clock.now())
        found = db.session.execute(select(Application).where(*own)).scalar_one_or_none()
    if found is None:
        raise ApplicationUnknown()
    return found


def living(key: str) -> Application | None:
    """The open application of one applicant for one participant."""
    return db.session.execute(select(Application).where(Application.living == key)).scalar_one_or_none()


def application(application_id: str) -> Application:
    """Raises ApplicationUnknown."""
    found = db.session.get(Application, application_id)
    if found is None:
        raise ApplicationUnknown()
    return found


def sent(application_id: str) -> Application:
    """An application that has reached the desk. Raises ApplicationUnknown, also for one still in the making."""
    found = application(application_id)
    if found.deadline is None:
        raise ApplicationUnknown()
    return found


def by_number(number: str) -> Application:
    """An application that has reached the desk. Raises ApplicationUnknown."""
    found = db.session.scalars(select(Application).where(Application.number == number)).one_or_none()
    if found is None or found.deadline is None:
        raise ApplicationUnknown()
    return found


def signature_ids(application_id: str) -> Sequence[str]:
    """Every signature that was kept for an application, those that only began it too."""
    told = (Fact.subject_kind == "application", Fact.subject_id == application_id, Fact.signature_id.is_not(None))
    began = db.session.scalars(select(Fact.signature_id).where(*told)).all()
    signed = db.session.scalars(select(Attempt.signatures).where(Attempt.application_id == application_id)).all()
    return sorted({*began, *(one for papers in signed for one in papers.values())})


def checking(signature_id: str | None = None) -> list[str]:
    """Ids of applications that wait for word on a certificate, of one signature or of any."""
    rows = select(Application.id, Attempt.signatures).join(Attempt, Attempt.application_id == Application.id)
    current = (Application.state == State.CHECKING, Attempt.number == Application.attempt)
    found = db.session.execute(rows.where(*current)).all()
    return [row.id for row in found if signature_id is None or signature_id in row.signatures.values()]


def stale() -> Sequence[str]:
    """Ids of applications that have waited for their applicant too long."""
    return db.session.scalars(select(Application.id).where(is_stale())).all()


def is_stale() -> ColumnElement[bool]:
    now = clock.now()
    return or_(
        and_(Application.state == State.UNCONFIRMED, Application.confirm_until <= now),
        and_(Application.state.in_((State.DRAFT, State.CHECKING)), Application.changed_at <= now - DRAFT_KEPT),
        and_(Application.state == State.REFUSED, Application.changed_at <= now - REFUSED_KEPT),
    )


def contacts(found: Application) -> Contacts:
    return Contacts(_opened(found.email_sealed), _opened(found.phone_sealed))


def iin(found: Application) -> str:
    return vault.open_(found.iin_sealed).decode()


def attempts(application_id: str) -> Sequence[Attempt]:
    """Every signing of an application, the last one first."""
    rows = select(Attempt).where(Attempt.application_id == application_id).order_by(Attempt.number.desc())
    return db.session.scalars(rows).all()


def attempt(found: Application) -> Attempt | None:
    """The signing that counts now."""
    wanted = (Attempt.application_id == found.id, Attempt.number == found.attempt)
    return db.session.execute(select(Attempt).where(*wanted)).scalar_one_or_none()


def refusal(application_id: str) -> Attempt | None:
    """The last refusal, also while the application is being mended."""
    wanted = (Attempt.application_id == application_id, Attempt.outcome == "refused")
    return db.session.scalars(select(Attempt).where(*wanted).order_by(Attempt.number.desc())).first()


def organisation_of(tax_number: str) -> Organisation | None:
    return db.session.execute(select(Organisation).where(Organisation.bin == tax_number)).scalar_one_or_none()


def membership_of(organisation_id: str, iin: str) -> Membership | None:
    """What ties a person to an organisation now; whoever was removed has no tie."""
    rows = select(Membership).join(Person, Person.id == Membership.person_id)
    own = (Membership.organisation_id == organisation_id, Person.iin_key == vault.pseudonym("iin", iin))
    return db.session.execute(rows.where(*own, Membership.removed_at.is_(None))).scalar_one_or_none()


def desk(state: State, after: tuple[datetime, str] | None, limit: int) -> Sequence[Application]:
    """Applications in a state, up to `limit` + 1: the earliest deadline first, the decided ones latest first."""
    order = (Application.deadline, Application.id)
    rows = select(Application).where(Application.state == state, Application.deadline.is_not(None))
    if state is State.SUBMITTED:
        rows = rows.order_by(*order)
        rows = rows.where(tuple_(*order) > after) if after else rows
    else:
        rows = rows.order_by(*(column.desc() for column in order))
        rows = rows.where(tuple_(*order) < after) if after else rows
    return db.session.scalars(rows.limit(limit + 1)).all()


def rivals(found: Application) -> Sequence[Application]:
    """Other open applications for the same BIN or IIN."""
    same = (Application.party_key == found.party_key, Application.living.is_not(None), Application.id != found.id)
    return db.session.scalars(select(Application).where(*same)).all()


def waiting() -> int:
    """How many applications wait at the desk."""
    return db.session.execute(
        select(func.count()).select_from(Application).where(Application.state == State.SUBMITTED)
    ).scalar_one()


def signed(found: Attempt) -> list[Signed]:
    """Who signed what, by which certificate."""
    rows = []
    for document, signature_id in found.signatures.items():
        signature = db.session.get_one(Signature, signature_id)
        certificate = certificates.read(signature.certificate)
        signer = certificates.signer_of(certificate)
        roles = sorted(role.name.lower() for role in signer.roles)
        rows.append(Signed(document, signature, signer.name, roles, certificate.not_before, certificate.not_after))
    return rows


def _opened(sealed: bytes | None) -> str | None:
    return vault.open_(sealed).decode() if sealed else None
