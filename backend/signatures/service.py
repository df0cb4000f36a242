"""The verbs: judge a signature under the installation's trust, keep it as evidence, settle those that wait."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from backend.core import clock, queue, vault
from backend.core.db import db
from backend.core.errors import DomainError
from backend.core.ids import new_id
from backend.signatures import certificates, chain, revocation, timestamps, trust, verifier
from backend.signatures.cms import read as read_cms
from backend.signatures.models import Evidence, Signature, SignatureEvidence, State
from backend.signatures.revocation import Decision, Source, Status
from backend.signatures.rules import (
    Purpose,
    RevocationUnknown,
    SignatureReused,
    TimestampWrong,
    settled,
)
from backend.signatures.timestamps import Stamp
from backend.signatures.verifier import Verified


def verify(
    document: bytes,
    cms: bytes,
    *,
    schema: str,
    purpose: Purpose,
    signed_after: datetime | None = None,
    pending_ok: bool = False,
) -> Verified:
    """Judge a signature as of this moment; writes nothing, so it needs no transaction, and must not run in one: it asks
    the authority over the network. Raises signatures.* errors."""
    return verifier.verify(
        document,
        cms,
        schema=schema,
        purpose=purpose,
        trust=trust.active(current_app.config["SETTINGS"]),
        now=clock.now(),
        signed_after=signed_after,
        pending_ok=pending_ok,
    )


def keep(verified: Verified, waits: str | None = None) -> str:
    """Store an accepted signature with what proves it, in the open transaction, and return its id.

    A pending one needs somebody who waits: the job `<waits>.signature_settled` hears its id when it is settled, and
    only then may anything follow from the signature. Raises SignatureReused; RevocationUnknown for a pending one that
    nobody waits for.
    """
    if verified.pending and waits is None:
        raise RevocationUnknown(why="nobody_waits")
    signature_id, now = new_id(), clock.now()
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
        verified_at=now,
        verdict=verified.verdict,
        state=State.PENDING if verified.pending else State.VALID,
        waits=waits if verified.pending else None,
        stamped_at=verified.stamped_at,
    )
    try:
        db.session.execute(row)
    except IntegrityError as error:
        raise SignatureReused() from error
    _prove(signature_id, verified.sources)
    if verified.verdict["purpose"] == Purpose.DOCUMENT and verified.stamped_at is None:
        queue.after_commit("signatures.timestamp", signature_id)
    return signature_id


def forget(signature_ids: Sequence[str]) -> None:
    """Delete signatures from which nothing followed and nothing will, in the open transaction: a certificate names a
    person, and whom nothing binds may be forgotten."""
    db.session.execute(delete(SignatureEvidence).where(SignatureEvidence.signature_id.in_(signature_ids)))
    db.session.execute(delete(Signature).where(Signature.id.in_(signature_ids)))


def _prove(signature_id: str, sources: tuple[Source, ...]) -> None:
    """Link a signature to what proves it; bytes that are there already are not stored again."""
    for place, source in enumerate(sources):
        digest = hashlib.sha256(source.content).digest()
        _once(Evidence, sha256=digest, content=source.content)
        _once(SignatureEvidence, signature_id=signature_id, kind=source.kind, sha256=digest, place=place)


def _once(model: type[Evidence] | type[SignatureEvidence], **values: object) -> None:
    """Insert a row unless it is there. Two writers of the same bytes at once must not fail each other."""
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    db.session.execute(dialect.insert(model).values(**values).on_conflict_do_nothing())


def judge_again(signature_id: str) -> Decision | None:
    """Ask again about the certificate of a signature that waits; None when it does not wait. Writes nothing."""
    row = db.session.get(Signature, signature_id)
    if row is None or row.state != State.PENDING:
        return None
    here = trust.active(current_app.config["SETTINGS"])
    try:
        path = chain.build(certificates.read(row.certificate), here, row.verified_at)
    except DomainError as error:
        return Decision(Status.REFUSED, {"why": error.code})
    return revocation.decide(path, here, clock.now())


def settle(signature_id: str, decision: Decision) -> bool:
    """Write down what became of a waiting signature, in the open transaction, and tell whoever waits; returns whether
    it is settled. It counts as of its receipt: a certificate revoked later signed while it was good."""
    row = db.session.get(Signature, signature_id, with_for_update=True)
    if row is None or row.state != State.PENDING:
        return False
    now = clock.now()
    outcome = settled(decision.status, decision.revoked_at, row.verified_at, now, decision.evidence.get("why"))
    if outcome is None:
        return False
    state, refusal = outcome
    row.state, row.refusal, row.settled_at = state, refusal, now
    told = {"status": decision.status.value, **decision.evidence, "settled_at": now.isoformat()}
    row.verdict = row.verdict | {"revocation": told}
    _prove(row.id, decision.sources)
    queue.after_commit(f"{row.waits}.signature_settled", row.id)
    return True


def ask_stamp(signature_id: str) -> Stamp | None:
    """Ask the profile's authority for a stamp over a kept signature and judge it. Writes nothing; None where there is
    nothing to stamp, or nobody answers. Raises TimestampWrong for an answer that does not hold."""
    row = db.session.get(Signature, signature_id)
    here = trust.active(current_app.config["SETTINGS"])
    if row is None or row.stamped_at is not None or here.stamp is None or row.profile != here.profile:
        return None
    claim = read_cms(row.cms)
    request, nonce = timestamps.request(claim.signature, claim.digest)
    answer = here.stamp(request)
    if answer is None:
        return None
    stamp = timestamps.check(timestamps.token_of(answer), claim.signature, here, clock.now(), nonce)
    if not stamp.trusted:
        raise TimestampWrong(why="untrusted")
    return stamp


def keep_stamp(signature_id: str, stamp: Stamp) -> None:
    """Keep a stamp with its signature (CAdES-T), in the open transaction. The first one counts."""
    unstamped = update(Signature).where(Signature.id == signature_id, Signature.stamped_at.is_(None))
    if db.session.execute(unstamped.values(stamped_at=stamp.at)).rowcount:
        _prove(signature_id, (Source("timestamp", stamp.token),))
