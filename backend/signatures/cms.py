"""Reading one detached CMS signature (RFC 5652, CAdES-BES) and checking it against the bytes that we hold."""

import hashlib
import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms as asn1
from asn1crypto import tsp

from backend.signatures import algorithms, certificates, der
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
STAMP = "1.2.840.113549.1.9.16.2.14"
ARMOUR = re.compile(r"-----(?:BEGIN|END) (?:CMS|PKCS7)-----|\s")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a CMS claims: one signer with the certificate that it names. `attributes` are the signed attributes as
    they were signed (DER, SET tag); `digest` and `algorithm` are OIDs; `signing_time` is only the signer's word.
    `stamps` are tokens of time beside the signature (unsigned attributes), not judged here."""

    certificate: Certificate
    digest: str
    algorithm: str
    signature: bytes
    attributes: bytes
    message_digest: bytes
    signing_time: datetime | None
    stamps: tuple[bytes, ...] = ()


def unarmour(text: str) -> bytes:
    """The CMS in base64 text, with or without PEM lines. Raises Malformed."""
    try:
        return b64decode(ARMOUR.sub("", text), validate=True)
    except ValueError as error:
        raise Malformed() from error


def read(content: bytes) -> Claim:
    """Parse a detached CMS. Certificates inside are taken only to find the signer's; roots, CRLs and unsigned
    attributes are not looked at. Raises Malformed, SignerCount, ContentAttached or AttributesWrong."""
    try:
        signed = _signed_data(content, "v1", "data")
        if signed["encap_content_info"]["content"].native is not None:
            raise ContentAttached()
        return _claim(signed, "data")
    except UNREADABLE as error:
        raise Malformed() from error


def read_stamp(content: bytes) -> tuple[Claim, bytes]:
    """Parse a token of time (RFC 3161 §2.4.2): what it claims, and its TSTInfo, which is attached. The certificate of
    whoever stamped must be named in it. Raises Malformed, SignerCount or AttributesWrong."""
    try:
        signed = _signed_data(content, "v3", "tst_info")
        claim = _claim(signed, "tst_info", naming=True)
        inside = signed["encap_content_info"]["content"]
        return claim, bytes(inside.contents)
    except UNREADABLE as error:
        raise Malformed() from error


def _signed_data(content: bytes, version: str, kind: str) -> Any:
    if len(content) > LARGEST:
        raise Malformed()
    outer = asn1.ContentInfo.load(content, strict=True)
    if outer["content_type"].native != "signed_data":
        raise Malformed()
    signed = outer["content"]
    if signed["version"].native != version or signed["encap_content_info"]["content_type"].native != kind:
        raise Malformed()
    if len(signed["signer_infos"]) != 1:
        raise SignerCount()
    return signed


def _claim(signed: Any, kind: str, naming: bool = False) -> Claim:
    info = signed["signer_infos"][0]
    if info["version"].native != "v1" or info["sid"].name != "issuer_and_serial_number":
        raise Malformed()
    certificate = _signers(signed, info)
    attributes = _attributes(info)
    if "content_type" not in attributes or "message_digest" not in attributes:
        raise AttributesWrong()
    if attributes["content_type"].native != kind:
        raise AttributesWrong()
    _require_named(attributes, certificate, naming)
    return Claim(
        certificate=certificate,
        digest=info["digest_algorithm"]["algorithm"].dotted,
        algorithm=info["signature_algorithm"]["algorithm"].dotted,
        signature=info["signature"].native,
        attributes=_as_signed(info["signed_attrs"]),
        message_digest=attributes["message_digest"].native,
        signing_time=attributes["signing_time"].native if "signing_time" in attributes else None,
        stamps=_stamps(info),
    )


def _as_signed(attributes: Any) -> bytes:
    """What was signed: the attributes' own bytes in the order of DER under the SET tag, however they travelled. They
    are not encoded anew: a stranger's nesting must not cost time."""
    content = der.raw(attributes)
    parts = der.children(content, der.element(content, 0, len(content)))
    return der.wrap(der.SET, *sorted(content[part.start : part.end] for part in parts))


def _signers(signed: Any, info: Any) -> Certificate:
    issuer, serial = der.raw(info["sid"].chosen["issuer"]), info["sid"].chosen["serial_number"].native
    found: dict[bytes, Certificate] = {}
    for choice in signed["certificates"] or ():
        if choice.name != "certificate":
            continue
        try:
            certificate = certificates.read(der.raw(choice))
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


def _require_named(attributes: dict[str, Any], certificate: Certificate, naming: bool) -> None:
    """Where the message names a certificate (ESSCertID), it must be the very one that the signer id found; `naming`
    demands that it does. The old attribute names by SHA-1, whose weakness a second certificate with the same issuer,
    number and a valid chain would have to use. Raises AttributesWrong."""
    new: tsp.SigningCertificateV2 | None = attributes.get("signing_certificate_v2")
    old: tsp.SigningCertificate | None = attributes.get("signing_certificate")
    if naming and new is None and old is None:
        raise AttributesWrong()
    if new is not None:
        first = new["certs"][0]
        digest = algorithms.naming(first["hash_algorithm"]["algorithm"].dotted, certificate.der)
        if digest != first["cert_hash"].native:
            raise AttributesWrong()
    if old is not None:
        digest = hashlib.sha1(certificate.der, usedforsecurity=False).digest()
        if digest != old["certs"][0]["cert_hash"].native:
            raise AttributesWrong()


def _stamps(info: Any) -> tuple[bytes, ...]:
    """Tokens of time among the unsigned attributes, from their own bytes."""
    found = []
    for attribute in info["unsigned_attrs"]:
        if attribute["type"].dotted == STAMP:
            content = der.raw(attribute)
            _, values = der.children(content, der.whole(content))
            found += [content[value.start : value.end] for value in der.children(content, values)]
    return tuple(found)


def check(claim: Claim, document: bytes, historical: bool = False) -> None:
    """Does the claim hold for these bytes? `historical` also takes the algorithms of documents signed long ago.
    Raises DocumentChanged, SignatureWrong, AlgorithmUnsupported, KeyWeak."""
    key = claim.certificate.key
    if algorithms.digest(key, claim.digest, document, historical) != claim.message_digest:
        raise DocumentChanged()
    if not algorithms.verify(key, claim.signature, claim.attributes, claim.algorithm, claim.digest, historical):
        raise SignatureWrong()
