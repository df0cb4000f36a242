"""Does the certificate behind a kept signature still stand? What rests on it, such as a passkey, asks each time."""

from flask import current_app
from sqlalchemy import select

from backend.core import clock
from backend.core.db import db
from backend.signatures import certificates, chain, revocation, trust, verifier
from backend.signatures.certificates import Certificate
from backend.signatures.models import Signature


def serial(signature_id: str) -> str:
    """The serial number of the certificate, hexadecimal."""
    return f"{_certificate(signature_id).serial:x}"


def require(signature_id: str) -> None:
    """Judge the certificate as of this moment. Writes nothing and may ask over the network, so no transaction is open.

    Raises CertificateExpired, CertificateRevoked, CertificateUnknown, CertificateUntrusted, RevocationRefused,
    RevocationUnknown.
    """
    here, now = trust.active(current_app.config["SETTINGS"]), clock.now()
    path = chain.build(_certificate(signature_id), here, now)
    verifier.require_standing(revocation.decide(path, here, now), pending_ok=False)


def _certificate(signature_id: str) -> Certificate:
    der = db.session.execute(select(Signature.certificate).where(Signature.id == signature_id)).scalar_one()
    return certificates.read(der)
