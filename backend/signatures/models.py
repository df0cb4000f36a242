"""What was signed, by whom, with what: the exact bytes and the verdict, kept as evidence."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime


class Signature(Base):
    """One accepted signature. Refused ones leave no row.

    `schema` is what the bytes were signed as (domain separation), `signer` the pseudonym of the signer's IIN, `bin`
    the organisation named in the certificate (None for an individual), `cms_hash` SHA-256 of the CMS, which is never
    accepted twice, `verdict` what was checked and against which evidence.
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

    @property
    def is_test(self) -> bool:
        """Signed under a profile without legal force: whoever shows or prints the document says TEST."""
        return self.profile != "nca-prod"
