"""Signing on this side of the wire: what the browser does with a PKCS#12 file, for the demo world and the tests."""

import hashlib
from datetime import UTC

from asn1crypto import cms, core, tsp, x509

from backend.core import clock
from backend.signatures import algorithms, container
from backend.signatures.keys import PrivateKey, digested_with, signed_with


def sign(content: bytes, password: str, document: bytes) -> bytes:
    """A detached CMS (CAdES-BES) over the document with the key of a PKCS#12 container; SHA-256, or Streebog with
    a GOST key.

    Raises ContainerClosed for a wrong password or a container without a key.
    """
    opened = container.read(content, password)
    return signed(opened.key, opened.certificate, opened.others, document).dump()


def signed(
    key: PrivateKey,
    certificate: bytes,
    others: tuple[bytes, ...],
    document: bytes,
    content_type: str = "data",
    attached: bool = False,
) -> cms.ContentInfo:
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
            "signature": key.sign(attributes.dump(force=True)),
        }
    )
    inside: dict[str, object] = {"content_type": content_type}
    if attached:
        inside["content"] = core.ParsableOctetString(document)
    data = cms.SignedData(
        {
            "version": "v1" if content_type == "data" else "v3",
            "digest_algorithms": [digested_with(key)],
            "encap_content_info": inside,
            "certificates": [x509.Certificate.load(der) for der in (certificate, *others)],
            "signer_infos": [info],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": data})


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _time() -> cms.Time:
    return cms.Time(name="utc_time", value=clock.now().astimezone(UTC).replace(microsecond=0))


def _naming(leaf: bytes) -> tsp.SigningCertificateV2:
    """The certificate, named by its SHA-256 (ESSCertIDv2; the default algorithm is SHA-256)."""
    return tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(leaf).digest()}]})
