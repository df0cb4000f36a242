"""An act as the public may know it: that it exists, between whom, how many units, where it stands, who signed."""

from backend.acts import authenticity, documents, evidence
from backend.acts.authenticity_schemas import AuthenticityOut, LinkOut, PublicParty, PublicSignature
from backend.acts.correcting import Corrected
from backend.acts.models import Act, Correction
from backend.core.db import db
from backend.core.symbols import qr
from backend.organisations import queries as organisations
from backend.organisations.models import Organisation
from backend.organisations.rules import is_iin
from backend.signatures import facts
from backend.signatures.signing_sessions_rules import masked

HELD = (Corrected.APPLIED, Corrected.AGREED)


def act(row: Act) -> AuthenticityOut:
    sender = organisations.organisation(row.sender_id)
    receiver = organisations.organisation(row.receiver_id) if row.receiver_id else None
    signatures = _signatures(row)
    return AuthenticityOut(
        number=row.number,
        kind=row.kind,
        state=row.state,
        transfer_date=row.transfer_date,
        units=row.units,
        sender=_party(sender, sender.bin, ""),
        receiver=_party(receiver, row.receiver_tax or "", row.receiver_name),
        sent_at=row.sent_at,
        decided_at=row.decided_at,
        sha256=documents.digest(row.signed_as or b""),
        corrected=_corrected(row),
        test=any(one.is_test for _, one in signatures),
        signatures=[_signature(step, one) for step, one in signatures],
    )


def link(row: Act) -> LinkOut:
    url = authenticity.link(row)
    found = qr(url)
    rows = ["".join(str(int(found.dark(x, y))) for x in range(found.width)) for y in range(found.height)]
    return LinkOut(url=url, qr=rows)


def shown_number(tax_number: str) -> str:
    """A BIN whole; an IIN, which is a person's, masked."""
    return masked(tax_number) if len(tax_number) == 12 and is_iin(tax_number) else tax_number


def _party(row: Organisation | None, tax_number: str, name: str) -> PublicParty:
    names = row.names if row else {"kk": name, "ru": name}
    return PublicParty(tax_number=shown_number(tax_number), kk=names["kk"], ru=names["ru"])


def _corrected(row: Act) -> bool:
    return db.session.query(Correction.id).filter(Correction.act_id == row.id, Correction.state.in_(HELD)).count() > 0


def _signatures(row: Act) -> list[tuple[evidence.Signed, facts.SignatureFacts]]:
    steps = evidence.signatures(row)
    known = {one.id: one for one in facts.of([step.signature_id for step in steps])}
    return [(step, known[step.signature_id]) for step in steps if step.signature_id in known]


def _signature(step: evidence.Signed, one: facts.SignatureFacts) -> PublicSignature:
    return PublicSignature(
        subject=evidence.subject_of(step.verb),
        side=step.side,
        organisation=one.organisation,
        bin=one.bin,
        algorithm=one.certificate.algorithm,
        received_at=one.received_at,
        stamped_at=one.stamped_at,
        state=one.state,
    )
