"""Pure rules of passkeys: what they rest on, when they fall, and how one that was copied is known."""

from datetime import timedelta
from typing import NamedTuple

from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.signatures.rules import CertificateExpired, CertificateRevoked, CertificateUnknown, CertificateUntrusted

# A passkey answers at once, unlike a key file that must be found; a confirmation also serves no longer than this.
WAITS = timedelta(seconds=120)
MOST = 10
"""Passkeys of one person for one organisation."""

CERTIFICATE_FALLEN = (CertificateExpired, CertificateRevoked, CertificateUnknown, CertificateUntrusted)


class Terms(NamedTuple):
    """What a member is in an organisation: the role, and who heads it."""

    role: str
    head_id: str | None


class PasskeyRefused(Invalid):
    """The answer does not verify, or no such passkey was enrolled here."""

    code = "identity.passkey_refused"


class PasskeyEnded(Forbidden):
    """Good once. `why`: "removed", "membership", "role", "head", "certificate", or "counter" (it was copied)."""

    code = "identity.passkey_ended"


class PasskeyUnknown(NotFound):
    code = "identity.passkey_unknown"


class PasskeyKnown(Conflict):
    code = "identity.passkey_known"


class TooManyPasskeys(Conflict):
    code = "identity.too_many_passkeys"


def counter_grew(known: int, said: int) -> bool:
    """An authenticator that counts never says the same number twice; one that does not count says 0 (WebAuthn 7.2)."""
    return said > known or (said == 0 and known == 0)


def fallen(then: Terms, now: Terms) -> str | None:
    """What changed since a passkey was enrolled: "role", "head", or None."""
    if then.role != now.role:
        return "role"
    return "head" if then.head_id != now.head_id else None
