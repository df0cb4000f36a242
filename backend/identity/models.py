"""People, the challenges they sign to log in, and the sessions that follow."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime


class Person(Base):
    """A person is known by IIN. `iin_key` finds (a keyed pseudonym), `iin_sealed` shows (encrypted at rest).

    E-mail and phone (E.164) are encrypted at rest; mail goes out only after `email_confirmed_at`, in `language`.
    """

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    iin_key: Mapped[str] = mapped_column(String(32), unique=True)
    iin_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(String(200))
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(2), default="kk", server_default="kk")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoginChallenge(Base):
    """Bytes to be signed once, by the browser that asked: `browser_hash` is SHA-256 of its cookie."""

    __tablename__ = "login_challenges"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Session(Base):
    """A person acting for one organisation from one device. Only SHA-256 of the token is kept.

    It ends at `expires_at`, or when unused for rules.IDLE since `seen_at`, or when revoked.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    signature_id: Mapped[str] = mapped_column(ForeignKey("signatures.id"))
    device: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
