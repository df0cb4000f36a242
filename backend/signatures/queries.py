"""Reads: where a signature stands, and the bundle that proves it for years."""

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from sqlalchemy import select

from backend.core.db import db
from backend.signatures.models import Evidence, Signature, SignatureEvidence, State


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that is needed to judge a signature again without this platform: the document's exact bytes, the CMS, the
    chain (signer first), what was said about revocation, stamps of time, and the verdict."""

    document: bytes
    cms: bytes
    chain: tuple[bytes, ...]
    ocsp: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    timestamps: tuple[bytes, ...]
    verdict: dict[str, Any]

    def archive(self) -> bytes:
        """The bundle as a ZIP of files that common tools open."""
        named: list[tuple[str, bytes]] = [("document.json", self.document), ("signature.p7s", self.cms)]
        kinds = (("chain", self.chain, "cer"), ("ocsp", self.ocsp, "der"), ("crl", self.crls, "crl"))
        for name, parts, ending in (*kinds, ("timestamp", self.timestamps, "tst")):
            named += [(f"{name}-{number}.{ending}", content) for number, content in enumerate(parts, 1)]
        named.append(("verdict.json", json.dumps(self.verdict, ensure_ascii=False, indent=1).encode()))
        with BytesIO() as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in named:
                    archive.writestr(name, content)
            return stream.getvalue()


def state(signature_id: str) -> str | None:
    """valid, pending_revocation or refused; None where there is no such signature."""
    return db.session.scalar(select(Signature.state).where(Signature.id == signature_id))


def evidence(signature_id: str) -> Bundle | None:
    """The bundle of a kept signature. Whoever calls has made sure that the asker may see the document."""
    row = db.session.get(Signature, signature_id)
    if row is None:
        return None
    linked = (
        select(SignatureEvidence.kind, Evidence.content)
        .join(Evidence, Evidence.sha256 == SignatureEvidence.sha256)
        .where(SignatureEvidence.signature_id == signature_id)
        .order_by(SignatureEvidence.place, SignatureEvidence.sha256)
    )
    found: dict[str, list[bytes]] = {}
    for kind, content in db.session.execute(linked):
        found.setdefault(kind, []).append(content)
    verdict = row.verdict | {
        "state": row.state,
        "refusal": row.refusal,
        "profile": row.profile,
        "verified_at": row.verified_at.isoformat(),
        "stamped_at": row.stamped_at.isoformat() if row.stamped_at else None,
    }
    parts = (tuple(found.get(kind, ())) for kind in ("certificate", "ocsp", "crl", "timestamp"))
    return Bundle(row.document, row.cms, *parts, verdict=verdict)


def waiting() -> list[str]:
    """The ids of signatures that wait for word about revocation, oldest first."""
    return list(db.session.scalars(select(Signature.id).where(Signature.state == State.PENDING).order_by(Signature.id)))
