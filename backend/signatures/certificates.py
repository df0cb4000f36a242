"""Reading X.509 certificates of the NUC RK profile. Nothing read here is trusted until the chain says so."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import pem, x509

from backend.signatures import algorithms, der
from backend.signatures.rules import CertificateForeign, CertificateMalformed, Role, roles_of

# What asn1crypto raises on bytes that are not what they claim to be.
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)

VERSION = 0xA0  # the tag of the version, which certificates of the oldest kind leave out

COMMON_NAME, SURNAME, SERIAL_NUMBER, PATRONYMIC = "2.5.4.3", "2.5.4.4", "2.5.4.5", "2.5.4.42"
ORGANISATION, UNIT = "2.5.4.10", "2.5.4.11"

KEY_ID, KEY_USAGE, CONSTRAINTS, POLICIES = "2.5.29.14", "2.5.29.15", "2.5.29.19", "2.5.29.32"
AUTHORITY_KEY_ID, EXTENDED_USAGE = "2.5.29.35", "2.5.29.37"


@dataclass(frozen=True, slots=True)
class Certificate:
    """`subject`, `issuer` are DER names, compared as bytes; `key` is SubjectPublicKeyInfo DER; `signed` the part
    that the issuer signed; `key_usage` in asn1crypto's words; `path_length` None means unlimited."""

    der: bytes
    subject: bytes
    issuer: bytes
    serial: int
    not_before: datetime
    not_after: datetime
    key: bytes
    signed: bytes
    signature: bytes
    algorithm: str
    names: dict[str, tuple[str, ...]]
    key_usage: frozenset[str]
    extended: tuple[str, ...]
    policies: tuple[str, ...]
    authority: bool
    path_length: int | None
    key_id: bytes | None
    authority_key_id: bytes | None
    unknown_critical: tuple[str, ...]
    extended_critical: bool = False

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the DER, hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()


@dataclass(frozen=True, slots=True)
class Signer:
    """The person, and the organisation spoken for. Identity is `iin` (and `bin`); names are for display."""

    iin: str
    bin: str | None
    name: str
    organisation: str | None
    roles: frozenset[Role]


def read(content: bytes) -> Certificate:
    """Parse DER or PEM. Raises CertificateMalformed."""
    try:
        if pem.detect(content):
            _, _, content = pem.unarmor(content)
        return _read(content)
    except UNREADABLE as error:
        raise CertificateMalformed() from error


def _read(content: bytes) -> Certificate:
    parsed = x509.Certificate.load(content, strict=True)
    body = parsed["tbs_certificate"]
    signed, parts = _parts(content)
    if body["signature"]["algorithm"].dotted != parsed["signature_algorithm"]["algorithm"].dotted:
        raise ValueError("the certificate names two signature algorithms")
    found, unknown = _extensions(body)
    criticals = {one["extn_id"].dotted for one in body["extensions"] if one["critical"].native}
    constraints = found.get(CONSTRAINTS)
    return Certificate(
        der=content,
        subject=parts[4],
        issuer=parts[2],
        serial=body["serial_number"].native,
        not_before=body["validity"]["not_before"].native,
        not_after=body["validity"]["not_after"].native,
        key=parts[5],
        signed=signed,
        signature=parsed["signature_value"].native,
        algorithm=parsed["signature_algorithm"]["algorithm"].dotted,
        names=_names(body["subject"]),
        key_usage=frozenset(found[KEY_USAGE].native) if KEY_USAGE in found else frozenset(),
        extended=tuple(one.dotted for one in found.get(EXTENDED_USAGE, ())),
        policies=tuple(one["policy_identifier"].dotted for one in found.get(POLICIES, ())),
        authority=bool(constraints and constraints["ca"].native),
        path_length=constraints["path_len_constraint"].native if constraints else None,
        key_id=found[KEY_ID].native if KEY_ID in found else None,
        authority_key_id=found[AUTHORITY_KEY_ID]["key_identifier"].native if AUTHORITY_KEY_ID in found else None,
        unknown_critical=unknown,
        extended_critical=EXTENDED_USAGE in criticals,
    )


def _parts(content: bytes) -> tuple[bytes, list[bytes]]:
    """What the issuer signed, and its parts from the serial number on, byte for byte."""
    body = next(der.children(content, der.whole(content)))
    parts = [content[one.start : one.end] for one in der.children(content, body)]
    return content[body.start : body.end], parts[1:] if parts[0][0] == VERSION else parts


def _extensions(body: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The extensions that matter here, parsed one by one (an odd one elsewhere must not spoil the rest), and the
    critical ones that nobody here understands. A repeated extension is refused."""
    known = (KEY_ID, KEY_USAGE, CONSTRAINTS, POLICIES, AUTHORITY_KEY_ID, EXTENDED_USAGE)
    found: dict[str, Any] = {}
    unknown: list[str] = []
    seen: set[str] = set()
    for extension in body["extensions"]:
        oid = extension["extn_id"].dotted
        if oid in seen:
            raise ValueError("an extension is repeated")
        seen.add(oid)
        if oid in known:
            found[oid] = extension["extn_value"].parsed
        elif extension["critical"].native:
            unknown.append(oid)
    return found, tuple(unknown)


def _names(subject: Any) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for relative in subject.chosen:
        for attribute in relative:
            oid = attribute["type"].dotted
            names[oid] = (*names.get(oid, ()), str(attribute["value"].native))
    return names


def signed_by(authority: Certificate, certificate: Certificate, historical: bool = False) -> bool:
    """Whether this authority's key signed the certificate. Raises AlgorithmUnsupported, KeyWeak."""
    return algorithms.verify(
        authority.key, certificate.signature, certificate.signed, certificate.algorithm, historical=historical
    )


def signer_of(certificate: Certificate) -> Signer:
    """Who signs, by the profile of NUC RK: IIN in serialNumber, BIN in the organisational unit, exactly one of each,
    with their prefixes. The name GN holds the patronymic. Raises CertificateForeign."""
    iin = _number(certificate, SERIAL_NUMBER, "IIN")
    bin_ = _number(certificate, UNIT, "BIN")
    roles = roles_of(certificate.extended)
    legal = Role.LEGAL_ENTITY in roles
    if (bin_ is not None) != legal:
        raise CertificateForeign()
    if not legal and not roles & {Role.INDIVIDUAL, Role.PERSONAL_SYSTEM, Role.AUTHORITY_STAFF}:
        raise CertificateForeign()
    if iin is None:
        raise CertificateForeign()
    parts = (*certificate.names.get(COMMON_NAME, ())[:1], *certificate.names.get(PATRONYMIC, ())[:1])
    organisation = certificate.names.get(ORGANISATION, (None,))[0]
    return Signer(iin, bin_, " ".join(parts).strip(), organisation, roles)


def _number(certificate: Certificate, oid: str, prefix: str) -> str | None:
    values = certificate.names.get(oid, ())
    if not values:
        return None
    found = re.fullmatch(prefix + r"([0-9]{12})", values[0])
    if len(values) != 1 or not found:
        raise CertificateForeign()
    return found[1]
