"""Reading one detached CMS signature (RFC 5652, CAdES-BES) and checking it against the bytes that we hold."""

import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms as asn1
from asn1crypto import tsp

from backend.signatures import algorithms, certificates
from backend.signatures.certificates import UNREADABLE, Certificate
from backend.signatures.rules import (
    AttributesWrong,
    CertificateMalformed,
    ContentAttached,
    DocumentChanged,
    Malformed,
    SignatureWrong,
    SignerCount,
)

LARGEST = 1024 * 1024
ARMOUR = re.compile(r"-----(?:BEGIN|END) (?:CMS|PKCS7)-----|\s")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a CMS claims: one signer with the certificate that it names. `attributes` are the signed attributes as
    they were signed (DER, SET tag); `digest` and `algorithm` are OIDs; `signing_time` is only the signer's word."""

    certificate: Certificate
    digest: str
    algorithm: str
    signature: bytes
    attributes: bytes
    message_digest: bytes
    signing_time: datetime | None


def unarmour(text: str) -> bytes:
    """The CMS in base64 text, with or without PEM lines. Raises Malformed."""
    try:
        return b64decode(ARMOUR.sub("", text), validate=True)
    except ValueError as error:
        raise Malformed() from error


def read(content: bytes) -> Claim:
    """Parse a detached CMS. Certificates inside are taken only to find the signer's; roots, CRLs and unsigned
    attributes are not looked at. Raises Malformed, SignerCount, ContentAttached or AttributesWrong."""
    if len(content) > LARGEST:
        raise Malformed()
    try:
        return _read(content)
    except UNREADABLE as error:
        raise Malformed() from error


def _read(content: bytes) -> Claim:
    outer = asn1.ContentInfo.load(content, strict=True)
    if outer["content_type"].native != "signed_data":
        raise Malformed()
    signed = outer["content"]
    if signed["version"].native != "v1" or signed["encap_content_info"]["content_type"].native != "data":
        raise Malformed()
    if len(signed["signer_infos"]) != 1:
        raise SignerCount()
    if signed["encap_content_info"]["content"].native is not None:
        raise ContentAttached()
    info = signed["signer_infos"][0]
    if info["version"].native != "v1" or info["sid"].name != "issuer_and_serial_number":
        raise Malformed()
    certificate = _signers(signed, info)
    attributes = _attributes(info)
    if "content_type" not in attributes or "message_digest" not in attributes:
        raise AttributesWrong()
    if attributes["content_type"].native != "data":
        raise AttributesWrong()
    if "signing_certificate_v2" in attributes:
        _require_named(attributes["signing_certificate_v2"], certificate)
    return Claim(
        certificate=certificate,
        digest=info["digest_algorithm"]["algorithm"].dotted,
        algorithm=info["signature_algorithm"]["algorithm"].dotted,
        signature=info["signature"].native,
        # What was signed is the DER encoding under the SET tag, however the attributes travelled.
        attributes=info["signed_attrs"].untag().dump(force=True),
        message_digest=attributes["message_digest"].native,
        signing_time=attributes["signing_time"].native if "signing_time" in attributes else None,
    )


def _signers(signed: Any, info: Any) -> Certificate:
    issuer, serial = info["sid"].chosen["issuer"].dump(), info["sid"].chosen["serial_number"].native
    found: dict[bytes, Certificate] = {}
    for choice in signed["certificates"] or ():
        if choice.name != "certificate":
            continue
        try:
            certificate = certificates.read(choice.chosen.dump())
        except CertificateMalformed:
            continue
        if certificate.issuer == issuer and certificate.serial == serial:
            found[certificate.der] = certificate
    if len(found) != 1:
        raise Malformed()
    return next(iter(found.values()))


def _attributes(info: Any) -> dict[str, Any]:
    """Signed attributes by name; each type once, each with one value. Without them the signature of any blob that
    looks like a SET of attributes could be passed off as a signature of attributes, so they are demanded."""
    if not len(info["signed_attrs"]):
        raise AttributesWrong()
    attributes: dict[str, Any] = {}
    for attribute in info["signed_attrs"]:
        name = attribute["type"].native
        if name in attributes or len(attribute["values"]) != 1:
            raise AttributesWrong()
        attributes[name] = attribute["values"][0]
    return attributes


def _require_named(attribute: tsp.SigningCertificateV2, certificate: Certificate) -> None:
    """signingCertificateV2 must name the very certificate that the signer id found. Raises AttributesWrong."""
    first = attribute["certs"][0]
    digest = algorithms.naming(first["hash_algorithm"]["algorithm"].dotted, certificate.der)
    if digest != first["cert_hash"].native:
        raise AttributesWrong()


def check(claim: Claim, document: bytes, historical: bool = False) -> None:
    """Does the claim hold for these bytes? `historical` also takes the algorithms of documents signed long ago.
    Raises DocumentChanged, SignatureWrong, AlgorithmUnsupported, KeyWeak."""
    key = claim.certificate.key
    if algorithms.digest(key, claim.digest, document, historical) != claim.message_digest:
        raise DocumentChanged()
    if not algorithms.verify(key, claim.signature, claim.attributes, claim.algorithm, claim.digest, historical):
        raise SignatureWrong()
