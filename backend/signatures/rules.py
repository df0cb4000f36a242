"""Pure rules of signatures: what may go wrong, and which certificate may sign what."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from backend.core.errors import Conflict, Forbidden, Invalid, Unavailable


class Purpose(StrEnum):
    """What a signature is asked for. Log-in proves a person; a document binds one."""

    LOGIN = "login"
    DOCUMENT = "document"


class Role(StrEnum):
    """What the certificate's extended key usage says of its holder, by OID (NUC RK profile)."""

    INDIVIDUAL = "1.2.398.3.3.4.1.1"
    PERSONAL_SYSTEM = "1.2.398.3.3.4.1.1.1"
    LEGAL_ENTITY = "1.2.398.3.3.4.1.2"
    HEAD = "1.2.398.3.3.4.1.2.1"
    SIGNATORY = "1.2.398.3.3.4.1.2.2"
    FINANCE = "1.2.398.3.3.4.1.2.3"
    STAFF_OFFICE = "1.2.398.3.3.4.1.2.4"
    EMPLOYEE = "1.2.398.3.3.4.1.2.5"
    SYSTEM = "1.2.398.3.3.4.1.2.6"
    TREASURY = "1.2.398.5.19.1.2.2.1"
    AUTHORITY_STAFF = "1.2.398.3.3.4.2"


SYSTEMS = (Role.PERSONAL_SYSTEM, Role.SYSTEM, Role.TREASURY, Role.AUTHORITY_STAFF)


class Party(Protocol):
    """Whom a certificate names: the person, and the organisation spoken for (None for an individual)."""

    @property
    def iin(self) -> str: ...

    @property
    def bin(self) -> str | None: ...


class Malformed(Invalid):
    """Not a CMS SignedData that this platform reads."""

    code = "signatures.malformed"


class SignerCount(Invalid):
    """One CMS, one signer: a second signature is a second CMS."""

    code = "signatures.signer_count"


class ContentAttached(Invalid):
    """The platform holds the exact bytes; a copy inside the CMS could say something else."""

    code = "signatures.content_attached"


class AttributesWrong(Invalid):
    """Signed attributes are missing, repeated, or contradict the message."""

    code = "signatures.attributes_wrong"


class AlgorithmUnsupported(Invalid):
    code = "signatures.algorithm_unsupported"


class KeyWeak(Invalid):
    code = "signatures.key_weak"


class DocumentChanged(Invalid):
    """The digest in the signature is of other bytes than the document's."""

    code = "signatures.document_changed"


class SignatureWrong(Invalid):
    code = "signatures.wrong"


class OtherDocument(Invalid):
    """The signed bytes are a document of another kind (domain separation)."""

    code = "signatures.other_document"


class SigningTimeWrong(Invalid):
    code = "signatures.signing_time_wrong"


class SignatureReused(Conflict):
    code = "signatures.reused"


class CertificateMalformed(Invalid):
    code = "signatures.certificate_malformed"


class CertificateForeign(Invalid):
    """Not laid out as NUC RK lays out certificates of people: no single IIN, or BIN and role disagree."""

    code = "signatures.certificate_foreign"


class CertificateUntrusted(Invalid):
    """No chain to an anchor of the active trust profile."""

    code = "signatures.certificate_untrusted"


class CertificateExpired(Invalid):
    """A link of the chain is not valid at this moment."""

    code = "signatures.certificate_expired"


class CertificateRevoked(Invalid):
    code = "signatures.certificate_revoked"


class RevocationUnknown(Unavailable):
    """Nobody could say whether the certificate is revoked; unknown is never valid."""

    code = "signatures.revocation_unknown"


class RevocationRefused(Invalid):
    """The authority's answer about the certificate must not be believed, so the certificate is not either."""

    code = "signatures.revocation_refused"


class CertificateUnknown(Invalid):
    """The authority says that it never issued this certificate."""

    code = "signatures.certificate_unknown"


class TimestampWrong(Invalid):
    """A stamp of time that does not belong to the signature, or was not made by a key for stamps."""

    code = "signatures.timestamp_wrong"


class PartyWrong(Forbidden):
    """The signer's certificate speaks for another party than the one who must sign."""

    code = "signatures.party_wrong"


class KeyPurposeWrong(Invalid):
    """A log-in key (AUTH) was used to sign a document."""

    code = "signatures.key_purpose_wrong"


class RoleRefused(Forbidden):
    """Machines, treasury clients and the authority's own staff do not act for participants here."""

    code = "signatures.role_refused"


def roles_of(extended: Collection[str]) -> frozenset[Role]:
    """The roles among the extended key usages. Codes below a machine's, a client's or a staff's count as theirs."""
    roles = {Role(oid) for oid in extended if oid in set(Role)}
    roles |= {role for role in SYSTEMS for oid in extended if oid.startswith(role + ".")}
    return frozenset(roles)


def require_purpose(key_usage: Collection[str], roles: Collection[Role], purpose: Purpose) -> None:
    """May a key with this usage and these roles serve this purpose? Raises KeyPurposeWrong or RoleRefused.

    A SIGN key carries nonRepudiation, an AUTH key does not; key agreement or encipherment beside it says nothing.
    Newer participants hold one SIGN key only, so log-in takes both kinds.
    """
    needed = {"digital_signature"} if purpose is Purpose.LOGIN else {"digital_signature", "non_repudiation"}
    if not needed <= set(key_usage) or "key_cert_sign" in key_usage:
        raise KeyPurposeWrong()
    if refused := sorted(role.name.lower() for role in roles if role in SYSTEMS):
        raise RoleRefused(roles=refused)


def require_party(signer: Party, bin: str) -> None:
    """Does the certificate speak for this party? An organisation's must carry its BIN; an individual's speaks for a
    sole trader, whose number is the IIN. Raises PartyWrong."""
    if (signer.bin or signer.iin) != bin:
        raise PartyWrong(bin=bin)


# How long a signature may wait for word about revocation. After that its certificate may have run out, and lists
# forget those that have.
LONGEST_WAIT = timedelta(days=3)


def settled(
    status: str, revoked_at: datetime | None, received_at: datetime, now: datetime, why: str | None
) -> tuple[str, str | None] | None:
    """What becomes of a signature that waited: (state, error code where refused), or None while it waits on.

    It is judged as of its receipt: a certificate that ended later was good when it signed.
    """
    if status == "ok" or (status == "revoked" and revoked_at is not None and revoked_at > received_at):
        return "valid", None
    if status == "revoked":
        return "refused", CertificateRevoked.code
    if status == "refused":
        return "refused", (CertificateUnknown if why == "certificate_unknown" else RevocationRefused).code
    if now - received_at > LONGEST_WAIT:
        return "refused", RevocationUnknown.code
    return None
