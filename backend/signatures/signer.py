"""Signing on this side of the wire: what the browser does with a PKCS#12 file, for the demo world and the tests."""

import hashlib
from collections.abc import Callable
from datetime import UTC

from asn1crypto import cms, core, tsp, x509

from backend.core import clock
from backend.signatures import algorithms, container, der
from backend.signatures.cms import STAMP
from backend.signatures.keys import PrivateKey, digested_with, signed_with

SIGNED_DATA = "1.2.840.113549.1.7.2"
CERTIFICATES = CONTENT = 0xA0  # [0], by RFC 5652
UNSIGNED = 0xA1


def sign(content: bytes, password: str, document: bytes, stamp: Callable[[bytes], bytes] | None = None) -> bytes:
    """A detached CMS (CAdES-BES) over the document with the key of a PKCS#12 container; SHA-256, or Streebog with
    a GOST key. `stamp` gives a token of time for the signature, as phones and NCALayer add one (CAdES-T).

    Raises ContainerClosed for a wrong password or a container without a key.
    """
    opened = container.read(content, password)
    return signed(opened.key, opened.certificate, opened.others, document, stamp=stamp)


def signed(
    key: PrivateKey,
    certificate: bytes,
    others: tuple[bytes, ...],
    document: bytes,
    content_type: str = "data",
    attached: bool = False,
    stamp: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """SignedData by one signer with the attributes of CAdES-BES; the certificate is named by its SHA-256."""
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", content_type),
            _attribute("signing_time", _time()),
            _attribute("message_digest", algorithms.naming(key.digest, document)),
            _attribute("signing_certificate_v2", _naming(certificate)),
        ]
    )
    holder = x509.Certificate.load(certificate)
    signature = key.sign(attributes.dump(force=True))
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                {"issuer": holder.issuer, "serial_number": holder.serial_number},
            ),
            "digest_algorithm": digested_with(key),
            "signed_attrs": attributes,
            "signature_algorithm": signed_with(key),
            "signature": signature,
        }
    ).dump()
    if stamp is not None:
        info = _with_stamp(info, stamp(signature))
    inside: dict[str, object] = {"content_type": content_type}
    if attached:
        inside["content"] = core.ParsableOctetString(document)
    data = der.wrap(
        der.SEQUENCE,
        core.Integer(1 if content_type == "data" else 3).dump(),
        der.wrap(der.SET, digested_with(key).dump()),
        cms.EncapsulatedContentInfo(inside).dump(),
        der.wrap(CERTIFICATES, certificate, *others),
        der.wrap(der.SET, info),
    )
    kind = core.ObjectIdentifier(SIGNED_DATA).dump()
    return der.wrap(der.SEQUENCE, kind, der.wrap(CONTENT, data))


def _with_stamp(info: bytes, token: bytes) -> bytes:
    attribute = der.wrap(der.SEQUENCE, core.ObjectIdentifier(STAMP).dump(), der.wrap(der.SET, token))
    return der.wrap(der.SEQUENCE, info[der.whole(info).content :], der.wrap(UNSIGNED, attribute))


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _time() -> cms.Time:
    return cms.Time(name="utc_time", value=clock.now().astimezone(UTC).replace(microsecond=0))


def _naming(leaf: bytes) -> tsp.SigningCertificateV2:
    """The certificate, named by its SHA-256 (ESSCertIDv2; the default algorithm is SHA-256)."""
    return tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(leaf).digest()}]})
