"""Days that come near: certificates, powers of attorney and API keys that are about to end."""

from datetime import datetime

from cryptography import x509
from sqlalchemy import func, select

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity.models import ApiKey, Person, Session
from backend.notifications import inbox, recipients
from backend.notifications.kinds import KINDS
from backend.notifications.rules import timedelta
from backend.organisations.models import Power, PowerState
from backend.signatures.models import Signature

CERTIFICATE = (7, 30)  # days before the end, the nearest first
POWER = 14
API_KEY = 14
AT_ONCE = 500


def remind() -> None:
    """Tell of everything that ends soon; each end is told once for each of its distances."""
    unit_of_work(_powers)
    unit_of_work(_api_keys)
    after = ""
    while after is not None:
        after = unit_of_work(lambda after=after: _certificates(after))


def _powers() -> None:
    today = clock.today()
    soon = (Power.valid_until >= today, Power.valid_until <= today + timedelta(days=POWER))
    for power in db.session.scalars(select(Power).where(Power.state == PowerState.ACTIVE, *soon)).all():
        _tell_holders("power_ends", power.organisation_id, power.id, {"until": power.valid_until})


def _api_keys() -> None:
    now = clock.now()
    soon = (ApiKey.expires_at > now, ApiKey.expires_at <= now + timedelta(days=API_KEY))
    for key in db.session.scalars(select(ApiKey).where(ApiKey.revoked_at.is_(None), *soon)).all():
        params = {"name": key.name, "until": _day(key.expires_at)}
        _tell_holders("api_key_expires", key.organisation_id, f"{key.id}:{params['until']}", params)


def _tell_holders(kind: str, organisation_id: str, end: str, params: dict[str, object]) -> None:
    for person_id in recipients.holders(organisation_id, KINDS[kind].permission):
        inbox.put(person_id, organisation_id, kind, params, cause=f"end:{end}")


def _certificates(after: str) -> str | None:
    """Look at the certificate with which each person signed in last, in portions; returns where to go on."""
    last = select(func.max(Session.signature_id)).where(Session.person_id == Person.id).scalar_subquery()
    rows = select(Person.id, Signature.certificate).join(Signature, Signature.id == last)
    found = db.session.execute(rows.where(Person.id > after).order_by(Person.id).limit(AT_ONCE)).all()
    for person_id, certificate in found:
        if certificate:
            _certificate(person_id, certificate)
    return found[-1][0] if len(found) == AT_ONCE else None


def _certificate(person_id: str, certificate: bytes) -> None:
    ends = x509.load_der_x509_certificate(certificate).not_valid_after_utc
    left = ends - clock.now()
    days = next((days for days in CERTIFICATE if timedelta() < left <= timedelta(days=days)), None)
    if days is not None:
        cause = f"certificate:{ends:%Y%m%d%H%M}:{days}"
        inbox.put(person_id, None, "certificate_expires", {"until": _day(ends)}, cause=cause)


def _day(moment: datetime) -> object:
    return moment.astimezone(clock.ALMATY).date()
