"""Building X.509 certificates in the layout of NUC RK. Written over asn1crypto, because names of organisations in
Cyrillic pass the 64 bytes that other builders allow."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core, keys, x509
from cryptography.x509 import random_serial_number

from backend.signatures import der
from backend.signatures.keys import PrivateKey, signed_with
from backend.signatures.rules import Role

EMAIL_PROTECTION, CLIENT_AUTH = "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2"

Subject = list[tuple[str, str]]
Term = tuple[datetime, datetime]
Extensions = list[tuple[str, bool, Any]]


def authority(name: str) -> x509.Name:
    return _name([("common_name", name), ("country_name", "KZ")])


def person(iin: str, name: str, bin_: str | None, organisation: str | None) -> x509.Name:
    """`name` is "SURNAME NAME PATRONYMIC"; the given-name field carries the patronymic, as NUC RK has it."""
    surname, *rest = name.split()
    parts: Subject = [
        ("common_name", " ".join([surname, *rest[:1]])),
        ("surname", surname),
        ("serial_number", f"IIN{iin}"),
        ("country_name", "KZ"),
    ]
    if bin_:
        parts += [("organization_name", organisation or f"BIN{bin_}"), ("organizational_unit_name", f"BIN{bin_}")]
    if rest[1:]:
        parts.append(("given_name", " ".join(rest[1:])))
    return _name(parts)


def _name(parts: Subject) -> x509.Name:
    printable = ("country_name", "serial_number")
    relatives = []
    for kind, text in parts:
        if kind in printable:
            value = x509.DirectoryString(name="printable_string", value=x509.PrintableString(text))
        else:
            value = x509.DirectoryString(name="utf8_string", value=x509.UTF8String(text))
        relatives.append(x509.RelativeDistinguishedName([x509.NameTypeAndValue({"type": kind, "value": value})]))
    return x509.Name(name="", value=x509.RDNSequence(relatives))


def authority_extensions(path_length: int | None, policy: str) -> Extensions:
    constraints = {"ca": True} if path_length is None else {"ca": True, "path_len_constraint": path_length}
    return [
        ("basic_constraints", True, x509.BasicConstraints(constraints)),
        ("key_usage", True, x509.KeyUsage({"key_cert_sign", "crl_sign"})),
        _policies(policy),
    ]


def person_extensions(roles: Iterable[Role], policy: str, sign: bool, agreement: bool = False) -> Extensions:
    """SIGN keys carry nonRepudiation and emailProtection, AUTH keys keyEncipherment and clientAuth; `agreement` adds
    keyAgreement, as GOST keys have it."""
    usage = {"digital_signature", "non_repudiation"} if sign else {"digital_signature", "key_encipherment"}
    usage |= {"key_agreement"} if agreement else set()
    extended = [EMAIL_PROTECTION if sign else CLIENT_AUTH, *(role.value for role in roles)]
    return [
        ("key_usage", True, x509.KeyUsage(usage)),
        ("extended_key_usage", False, x509.ExtKeyUsageSyntax(extended)),
        _policies(policy),
    ]


def service_extensions(usage: str, policy: str) -> Extensions:
    """A key that does one thing for the authority: answers (ocspSigning) or stamps (timeStamping), critically."""
    return [
        ("key_usage", True, x509.KeyUsage({"digital_signature"})),
        ("extended_key_usage", True, x509.ExtKeyUsageSyntax([usage])),
        _policies(policy),
    ]


def _policies(policy: str) -> tuple[str, bool, Any]:
    return ("certificate_policies", False, x509.CertificatePolicies([{"policy_identifier": policy}]))


def sign_root(name: x509.Name, key: PrivateKey, term: Term, extensions: Extensions) -> bytes:
    """A self-signed certificate, DER."""
    return _sign(name, name, key.public, term, extensions, key)


def sign(
    subject: x509.Name, key: bytes, term: Term, extensions: Extensions, issuer: bytes, issuer_key: PrivateKey
) -> bytes:
    """A certificate for a key (SubjectPublicKeyInfo DER) under an issuer (DER and its key); DER."""
    return _sign(subject, x509.Certificate.load(issuer).subject, key, term, extensions, issuer_key)


def _sign(
    subject: x509.Name, issuer: x509.Name, key: bytes, term: Term, extensions: Extensions, issuer_key: PrivateKey
) -> bytes:
    identifiers = [
        ("key_identifier", False, core.OctetString(_key_id(key))),
        (
            "authority_key_identifier",
            False,
            x509.AuthorityKeyIdentifier({"key_identifier": _key_id(issuer_key.public)}),
        ),
    ]
    algorithm = signed_with(issuer_key)
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": random_serial_number(),
            "signature": algorithm,
            "issuer": issuer,
            "validity": {"not_before": _time(term[0]), "not_after": _time(term[1])},
            "subject": subject,
            "subject_public_key_info": keys.PublicKeyInfo.load(key),
            "extensions": [
                {"extn_id": name, "critical": critical, "extn_value": core.ParsableOctetString(value.dump())}
                for name, critical, value in (*extensions, *identifiers)
            ],
        }
    )
    signed = body.dump()
    return der.wrap(der.SEQUENCE, signed, algorithm.dump(), core.OctetBitString(issuer_key.sign(signed)).dump())


def _time(moment: datetime) -> x509.Time:
    return x509.Time(name="utc_time", value=moment.astimezone(UTC).replace(microsecond=0))


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()[:20]
