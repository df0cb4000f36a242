"""Signing on this side of the wire: what the browser does with a PKCS#12 file, for the demo world and the tests."""

import hashlib
from datetime import UTC

from asn1crypto import algos, cms, tsp, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from backend.core import clock


def sign(container: bytes, password: str, document: bytes) -> bytes:
    """A detached CMS (CAdES-BES, SHA-256) over the document with the key of a PKCS#12 container.

    Raises ValueError for a wrong password or a container without a key.
    """
    key, certificate, others = pkcs12.load_key_and_certificates(container, password.encode())
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError("the container holds no signing key")
    leaf, *chain = (one.public_bytes(serialization.Encoding.DER) for one in (certificate, *others))
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "signing_time", "values": [_time()]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(document).digest()]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [_naming(leaf)]}),
        ]
    )
    return _signed_data(key, leaf, chain, attributes).dump()


def _signed_data(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, leaf: bytes, chain: list[bytes], attributes: cms.CMSAttributes
) -> cms.ContentInfo:
    holder = x509.Certificate.load(leaf)
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    message = attributes.dump(force=True)
    if isinstance(key, rsa.RSAPrivateKey):
        name, signature = "sha256_rsa", key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    else:
        name, signature = "sha256_ecdsa", key.sign(message, ec.ECDSA(hashes.SHA256()))
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                {"issuer": holder.issuer, "serial_number": holder.serial_number},
            ),
            "digest_algorithm": digest,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": name},
            "signature": signature,
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": [x509.Certificate.load(der) for der in (leaf, *chain)],
            "signer_infos": [info],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed})


def _time() -> cms.Time:
    return cms.Time(name="utc_time", value=clock.now().astimezone(UTC).replace(microsecond=0))


def _naming(leaf: bytes) -> tsp.SigningCertificateV2:
    """The certificate, named by its SHA-256 (ESSCertIDv2; the default algorithm is SHA-256)."""
    return tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(leaf).digest()}]})
