"""Building X.509 certificates in the layout of NUC RK. Written over asn1crypto, because names of organisations in
Cyrillic pass the 64 bytes that other builders allow."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from asn1crypto import algos, core, keys, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import random_serial_number

from backend.signatures.rules import Role

EMAIL_PROTECTION, CLIENT_AUTH = "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2"

Subject = list[tuple[str, str]]
Term = tuple[datetime, datetime]
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


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


def authority_extensions(path_length: int | None, policy: str) -> list[tuple[str, bool, Any]]:
    constraints = {"ca": True} if path_length is None else {"ca": True, "path_len_constraint": path_length}
    return [
        ("basic_constraints", True, x509.BasicConstraints(constraints)),
        ("key_usage", True, x509.KeyUsage({"key_cert_sign", "crl_sign"})),
        _policies(policy),
    ]


def person_extensions(roles: Iterable[Role], policy: str, sign: bool) -> list[tuple[str, bool, Any]]:
    """SIGN keys carry nonRepudiation and emailProtection, AUTH keys keyEncipherment and clientAuth."""
    usage = {"digital_signature", "non_repudiation"} if sign else {"digital_signature", "key_encipherment"}
    extended = [EMAIL_PROTECTION if sign else CLIENT_AUTH, *(role.value for role in roles)]
    return [
        ("key_usage", True, x509.KeyUsage(usage)),
        ("extended_key_usage", False, x509.ExtKeyUsageSyntax(extended)),
        _policies(policy),
    ]


def _policies(policy: str) -> tuple[str, bool, Any]:
    return ("certificate_policies", False, x509.CertificatePolicies([{"policy_identifier": policy}]))


def sign_root(name: x509.Name, key: rsa.RSAPrivateKey, term: Term, extensions: list[tuple[str, bool, Any]]) -> bytes:
    """A self-signed certificate, DER."""
    return _sign(name, name, key.public_key(), _key_id(key.public_key()), term, extensions, key)


def sign(
    subject: x509.Name,
    key: PublicKey,
    term: Term,
    extensions: list[tuple[str, bool, Any]],
    issuer: bytes,
    issuer_key: rsa.RSAPrivateKey,
) -> bytes:
    """A certificate under an issuer (DER and its key), SHA-256 with RSA; DER."""
    name = x509.Certificate.load(issuer).subject
    return _sign(subject, name, key, _key_id(issuer_key.public_key()), term, extensions, issuer_key)


def _sign(
    subject: x509.Name,
    issuer: x509.Name,
    key: PublicKey,
    issuer_key_id: bytes,
    term: Term,
    extensions: list[tuple[str, bool, Any]],
    issuer_key: rsa.RSAPrivateKey,
) -> bytes:
    identifiers = [
        ("key_identifier", False, core.OctetString(_key_id(key))),
        ("authority_key_identifier", False, x509.AuthorityKeyIdentifier({"key_identifier": issuer_key_id})),
    ]
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa", "parameters": core.Null()})
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": random_serial_number(),
            "signature": algorithm,
            "issuer": issuer,
            "validity": {"not_before": _time(term[0]), "not_after": _time(term[1])},
            "subject": subject,
            "subject_public_key_info": keys.PublicKeyInfo.load(_spki(key)),
            "extensions": [
                {"extn_id": name, "critical": critical, "extn_value": core.ParsableOctetString(value.dump())}
                for name, critical, value in (*extensions, *identifiers)
            ],
        }
    )
    signature = issuer_key.sign(body.dump(), padding.PKCS1v15(), hashes.SHA256())
    return x509.Certificate(
        {"tbs_certificate": body, "signature_algorithm": algorithm, "signature_value": signature}
    ).dump()


def _time(moment: datetime) -> x509.Time:
    return x509.Time(name="utc_time", value=moment.astimezone(UTC).replace(microsecond=0))


def _spki(key: PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _key_id(key: PublicKey) -> bytes:
    return hashlib.sha256(_spki(key)).digest()[:20]
