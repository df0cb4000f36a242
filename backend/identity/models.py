"""People and how they are recognised: challenges, sessions, devices, passkeys; and the keys of programs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
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

    It ends at `expires_at`, or when unused for rules.IDLE since `seen_at`, or when revoked. `via` is "session" when a
    signature opened it and "passkey" when a passkey did; then `signature_id` is the one that the passkey rests on.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    signature_id: Mapped[str] = mapped_column(ForeignKey("signatures.id"))
    device: Mapped[str] = mapped_column(String(80))
    via: Mapped[str] = mapped_column(String(12), default="session", server_default="session")
    device_id: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))
    passkey_id: Mapped[str | None] = mapped_column(ForeignKey("passkeys.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Device(Base):
    """A browser that a person has signed in from. `token_hash` is SHA-256 of its long-lived cookie; two people at one
    till are two rows."""

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("token_hash", "person_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EmailChange(Base):
    """An e-mail address that waits for an answer from it. The link's secret is derived from the id, not stored."""

    __tablename__ = "email_changes"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    email_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Passkey(Base):
    """A WebAuthn credential of one person for one organisation, enrolled in a session that a signature had opened.

    It rests on that signature's certificate (`signature_id`, `serial` hexadecimal) and on the terms of that day:
    `role` and the organisation's head, `head_id`. When one of them changes it is good for nothing.
    """

    __tablename__ = "passkeys"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(1024))
    sign_count: Mapped[int]
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    signature_id: Mapped[str] = mapped_column(ForeignKey("signatures.id"))
    serial: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(24))
    head_id: Mapped[str | None] = mapped_column(String(26))
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(24))


class PasskeyChallenge(Base):
    """Random bytes for one ceremony: `purpose` "enrol" or "login", bound to a session's id or to the browser's
    cookie, of which `bound_hash` is SHA-256."""

    __tablename__ = "passkey_challenges"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12))
    challenge: Mapped[bytes] = mapped_column(LargeBinary(32))
    bound_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Confirmation(Base):
    """That a person confirmed one action with a passkey: never a signature, and good for nothing a signature is for.

    `document` are the JCS bytes of the action, of which SHA-256 was the challenge; `assertion` is what the
    authenticator answered, kept as evidence.
    """

    __tablename__ = "confirmations"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    session_id: Mapped[str] = mapped_column(String(26), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    action: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    document: Mapped[bytes] = mapped_column(LargeBinary)
    passkey_id: Mapped[str | None] = mapped_column(ForeignKey("passkeys.id"))
    assertion: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiKey(Base):
    """A program's right to act for an organisation, within `scopes` (permissions) and, where given, for one place.

    Only SHA-256 of the secret is kept; `hint` is its last four characters, `test` says that it opens a sandbox. After a
    rotation the former secret works until `former_until`. `used_from` is an address.
    """

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    created_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    place_id: Mapped[str | None] = mapped_column(ForeignKey("places.id"))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    hint: Mapped[str] = mapped_column(String(4))
    test: Mapped[bool] = mapped_column(default=False)
    former_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    former_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_from: Mapped[str | None] = mapped_column(String(64))
