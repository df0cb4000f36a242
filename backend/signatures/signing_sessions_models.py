"""Documents that wait for a phone, and what it answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime
from backend.signatures.signing_sessions_rules import SessionState


class SigningSession(Base):
    """One QR code. `browser_hash` is SHA-256 of the cookie of the browser that asked, and only that browser gets the
    result; the phone's token is derived from `id` and kept nowhere.

    `documents` is [{"id", "schema", "bytes" (base64), "names"}], `signatures` base64 CMS in the same order, `signer`
    {"name", "iin" (masked), "bin", "organisation"}.
    """

    __tablename__ = "signing_sessions"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    app: Mapped[str] = mapped_column(String(8))
    documents: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default=SessionState.CREATED)
    signatures: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    signer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
