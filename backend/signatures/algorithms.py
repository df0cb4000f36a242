"""The allow-list of algorithms. One scheme is one entry: its key OID, its digests, its signature OIDs, its check."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from asn1crypto import core
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from backend.signatures.rules import AlgorithmUnsupported, CertificateMalformed, KeyWeak

SHA256, SHA384, SHA512 = (f"2.16.840.1.101.3.4.2.{number}" for number in (1, 2, 3))
RSA = "1.2.840.113549.1.1.1"
EC = "1.2.840.10045.2.1"

SHA2: dict[str, Callable[[bytes], bytes]] = {
    SHA256: lambda data: hashlib.sha256(data).digest(),
    SHA384: lambda data: hashlib.sha384(data).digest(),
    SHA512: lambda data: hashlib.sha512(data).digest(),
}
HASHES = {SHA256: hashes.SHA256(), SHA384: hashes.SHA384(), SHA512: hashes.SHA512()}

SMALLEST_RSA, LARGEST_RSA = 2048, 8192


@dataclass(frozen=True, slots=True)
class Scheme:
    """`digests` {OID: hash function}; `signatures` {OID: the digest it fixes, or None where the message names it};
    `check(SubjectPublicKeyInfo DER, signature, message, digest OID)` raises KeyWeak or CertificateMalformed."""

    name: str
    digests: Mapping[str, Callable[[bytes], bytes]]
    signatures: Mapping[str, str | None]
    check: Callable[[bytes, bytes, bytes, str], bool]


def _rsa(key: bytes, signature: bytes, message: bytes, digest: str) -> bool:
    public = _load(key)
    if not isinstance(public, rsa.RSAPublicKey) or not SMALLEST_RSA <= public.key_size <= LARGEST_RSA:
        raise KeyWeak()
    try:
        public.verify(signature, message, padding.PKCS1v15(), HASHES[digest])
    except InvalidSignature:
        return False
    return True


def _ecdsa(key: bytes, signature: bytes, message: bytes, digest: str) -> bool:
    public = _load(key)
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise KeyWeak()
    try:
        public.verify(signature, message, ec.ECDSA(HASHES[digest]))
    except InvalidSignature:
        return False
    return True


def _load(key: bytes) -> object:
    try:
        return load_der_public_key(key)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateMalformed() from error


SCHEMES: dict[str, Scheme] = {
    # Some signers name the bare key algorithm as the signature's; the digest then comes from the message.
    RSA: Scheme(
        "RSA",
        SHA2,
        {
            RSA: None,
            "1.2.840.113549.1.1.11": SHA256,
            "1.2.840.113549.1.1.12": SHA384,
            "1.2.840.113549.1.1.13": SHA512,
        },
        _rsa,
    ),
    EC: Scheme(
        "ECDSA",
        SHA2,
        {"1.2.840.10045.4.3.2": SHA256, "1.2.840.10045.4.3.3": SHA384, "1.2.840.10045.4.3.4": SHA512},
        _ecdsa,
    ),
}


def scheme_of(key: bytes) -> Scheme:
    """The scheme of a SubjectPublicKeyInfo. Raises AlgorithmUnsupported or CertificateMalformed."""
    try:
        oid = core.Sequence.load(core.Sequence.load(key)[0].dump())[0].native
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise CertificateMalformed() from error
    if oid not in SCHEMES:
        raise AlgorithmUnsupported(algorithm=str(oid))
    return SCHEMES[oid]


def digest(key: bytes, algorithm: str, data: bytes) -> bytes:
    """The digest of data under an algorithm that the key's scheme allows. Raises AlgorithmUnsupported."""
    scheme = scheme_of(key)
    if algorithm not in scheme.digests:
        raise AlgorithmUnsupported(algorithm=algorithm)
    return scheme.digests[algorithm](data)


def verify(key: bytes, signature: bytes, message: bytes, algorithm: str, named: str | None = None) -> bool:
    """Whether the key made this signature over the message; key, signature algorithm and the digest that the message
    names must agree. Raises AlgorithmUnsupported, KeyWeak or CertificateMalformed."""
    scheme = scheme_of(key)
    if algorithm not in scheme.signatures:
        raise AlgorithmUnsupported(algorithm=algorithm)
    used = scheme.signatures[algorithm] or named
    if used not in scheme.digests or (named is not None and named != used):
        raise AlgorithmUnsupported(algorithm=str(named))
    return scheme.check(key, signature, message, used)
