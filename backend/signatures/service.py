"""The verbs: judge a signature under the installation's trust, and keep it as evidence."""

import hashlib
from datetime import datetime

from flask import current_app
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from backend.core import clock, vault
from backend.core.db import db
from backend.core.ids import new_id
from backend.signatures import certificates, chain, revocation, trust, verifier
from backend.signatures.models import Signature
from backend.signatures.revocation import Status
from backend.signatures.rules import CertificateRevoked, Purpose, RevocationUnknown, SignatureReused
from backend.signatures.verifier import Verified


def verify(
    document: bytes, cms: bytes, *, schema: str, purpose: Purpose, signed_after: datetime | None = None
) -> Verified:
    """Judge a signature as of this moment; writes nothing, so it needs no transaction. Raises signatures.* errors."""
    return verifier.verify(
        document,
        cms,
        schema=schema,
        purpose=purpose,
        trust=trust.active(current_app.config["SETTINGS"]),
        now=clock.now(),
        signed_after=signed_after,
    )


def keep(verified: Verified) -> str:
    """Store an accepted signature in the open transaction and return its id. Raises SignatureReused."""
    signature_id = new_id()
    row = insert(Signature).values(
        id=signature_id,
        schema=verified.schema,
        document=verified.document,
        cms=verified.cms,
        cms_hash=hashlib.sha256(verified.cms).digest(),
        certificate=verified.certificate.der,
        signer=vault.pseudonym("iin", verified.signer.iin),
        bin=verified.signer.bin,
        profile=verified.profile,
        verified_at=clock.now(),
        verdict=verified.verdict,
    )
    try:
        db.session.execute(row)
    except IntegrityError as error:
        raise SignatureReused() from error
    return signature_id


def certificate_serial(signature_id: str) -> str:
    """The serial number of the certificate behind a kept signature, hexadecimal."""
    return f"{_certificate(signature_id).serial:x}"


def require_certificate(signature_id: str) -> None:
    """Does the certificate behind a kept signature still stand at this moment? Writes nothing.

    Raises CertificateExpired, CertificateRevoked, CertificateUntrusted, RevocationUnknown.
    """
    active, now = trust.active(current_app.config["SETTINGS"]), clock.now()
    decision = revocation.decide(chain.build(_certificate(signature_id), active, now), active, now)
    if decision.status is Status.REVOKED:
        raise CertificateRevoked()
    if decision.status is not Status.OK:
        raise RevocationUnknown(why=decision.evidence.get("why"))


def _certificate(signature_id: str) -> certificates.Certificate:
    der = db.session.execute(select(Signature.certificate).where(Signature.id == signature_id)).scalar_one()
    return certificates.read(der)
