"""What was signed, by whom, with what: the exact bytes, the verdict, and what proves it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime


class State(StrEnum):
    """A kept signature is valid, waits for word about revocation, or was refused after it had waited."""

    VALID = "valid"
    PENDING = "pending_revocation"
    REFUSED = "refused"


class Signature(Base):
    """One accepted signature. Those refused at once leave no row.

    `schema` is what the bytes were signed as (domain separation), `signer` the pseudonym of the signer's IIN, `bin`
    the organisation named in the certificate (None for an individual), `cms_hash` SHA-256 of the CMS, which is never
    accepted twice, `verdict` what was checked and against which evidence. `waits` names the domain that is told when a
    pending one is settled, `refusal` the error code of a refused one; `stamped_at` is the time in the stamp of the
    profile's own authority.
    """

    __tablename__ = "signatures"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    schema: Mapped[str] = mapped_column(String(60))
    document: Mapped[bytes] = mapped_column(LargeBinary)
    cms: Mapped[bytes] = mapped_column(LargeBinary)
    cms_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    signer: Mapped[str] = mapped_column(String(32), index=True)
    bin: Mapped[str | None] = mapped_column(String(12))
    profile: Mapped[str] = mapped_column(String(12))
    verified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(18), default=State.VALID, server_default=State.VALID, index=True)
    waits: Mapped[str | None] = mapped_column(String(24))
    refusal: Mapped[str | None] = mapped_column(String(60))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stamped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_test(self) -> bool:
        """Signed under a profile without legal force: whoever shows or prints the document says TEST."""
        return self.profile != "nca-prod"


class Evidence(Base):
    """Bytes that prove something about a signature, kept once however many signatures they serve, by their SHA-256."""

    __tablename__ = "evidence"

    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SignatureEvidence(Base):
    """What a signature rests on. `kind` is certificate (of the chain, in its order), ocsp, crl or timestamp."""

    __tablename__ = "signature_evidence"

    signature_id: Mapped[str] = mapped_column(ForeignKey("signatures.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    sha256: Mapped[bytes] = mapped_column(ForeignKey("evidence.sha256"), primary_key=True)
    place: Mapped[int]
