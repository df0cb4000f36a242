"""The allow-list of algorithms. One scheme is one entry: its key OID, its digests, its signature OIDs, its check."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from asn1crypto import core
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from backend.signatures.gost import curves
from backend.signatures.gost import signature as gost
from backend.signatures.gost.curves import Curve
from backend.signatures.gost.old_hash import gost_34_311
from backend.signatures.gost.streebog import streebog_256, streebog_512
from backend.signatures.rules import AlgorithmUnsupported, CertificateMalformed, KeyWeak

SHA1 = "1.3.14.3.2.26"
SHA256, SHA384, SHA512 = (f"2.16.840.1.101.3.4.2.{number}" for number in (1, 2, 3))
STREEBOG_256, STREEBOG_512, GOST_34_311 = "1.2.398.3.10.1.3.2", "1.2.398.3.10.1.3.3", "1.2.398.3.10.1.3.1"

RSA = "1.2.840.113549.1.1.1"
EC = "1.2.840.10045.2.1"
# The national authority's own arc: keys, their curves, their signatures.
GOST_512, GOST_512_CURVE, GOST_512_SIGNATURE = (f"1.2.398.3.10.1.1.2.{tail}" for tail in ("2", "2.1", "3.2"))
GOST_256, GOST_256_CURVE, GOST_256_SIGNATURE = (f"1.2.398.3.10.1.1.2.{tail}" for tail in ("1", "1.1", "3.1"))
GOST_2004, GOST_2004_CURVE, GOST_2004_SIGNATURE = (f"1.2.398.3.10.1.1.1.{tail}" for tail in ("1", "1.1", "2"))

Hash = Callable[[bytes], bytes]

SHA2: dict[str, Hash] = {
    SHA256: lambda data: hashlib.sha256(data).digest(),
    SHA384: lambda data: hashlib.sha384(data).digest(),
    SHA512: lambda data: hashlib.sha512(data).digest(),
}
# What may name a certificate or a stamped signature, whatever its key.
NAMING: dict[str, Hash] = {
    **SHA2,
    STREEBOG_256: streebog_256,
    STREEBOG_512: streebog_512,
    GOST_34_311: gost_34_311,
}
HASHES = {SHA256: hashes.SHA256(), SHA384: hashes.SHA384(), SHA512: hashes.SHA512()}
CURVES: dict[str, Curve] = {
    GOST_512_CURVE: curves.TC26_512_A,
    GOST_256_CURVE: curves.TC26_256_A,
    GOST_2004_CURVE: curves.CRYPTOPRO_A,
}

SMALLEST_RSA, LARGEST_RSA = 2048, 8192


@dataclass(frozen=True, slots=True)
class Scheme:
    """`digests` {OID: hash function}; `signatures` {OID: the digest it fixes, or None where the message names it};
    `check(SubjectPublicKeyInfo DER, signature, message, digest OID)` raises KeyWeak or CertificateMalformed.
    A `historical` scheme proves what was signed long ago and signs nothing new."""

    name: str
    digests: Mapping[str, Hash]
    signatures: Mapping[str, str | None]
    check: Callable[[bytes, bytes, bytes, str], bool]
    historical: bool = False


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


def _gost(key: bytes, signature: bytes, message: bytes, digest: str) -> bool:
    curve, point = _gost_key(key)
    return gost.verify(curve, point, NAMING[digest](message), signature)


def _gost_key(key: bytes) -> tuple[Curve, curves.Point]:
    """SubjectPublicKeyInfo of a GOST key: the curve by its OID, the point in an OCTET STRING inside the BIT STRING."""
    try:
        info = core.Sequence.load(key, strict=True)
        algorithm = core.Sequence.load(info[0].dump())
        owner, named = algorithm[0].native, core.Sequence.load(algorithm[1].dump())[0].native
        curve = CURVES.get(named)
        if curve is None or not named.startswith(f"{owner}."):
            raise KeyWeak()
        octets = core.OctetString.load(core.OctetBitString.load(info[1].dump()).native, strict=True)
        return curve, gost.public_point(curve, octets.native)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
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
    GOST_512: Scheme(
        "GOST R 34.10-2015 (512)",
        {STREEBOG_512: streebog_512},
        {GOST_512: None, GOST_512_SIGNATURE: STREEBOG_512},
        _gost,
    ),
    GOST_256: Scheme(
        "GOST R 34.10-2015 (256)",
        {STREEBOG_256: streebog_256},
        {GOST_256: None, GOST_256_SIGNATURE: STREEBOG_256},
        _gost,
    ),
    GOST_2004: Scheme(
        "GOST 34.310-2004",
        {GOST_34_311: gost_34_311},
        {GOST_2004: None, GOST_2004_SIGNATURE: GOST_34_311},
        _gost,
        historical=True,
    ),
}


def scheme_of(key: bytes, historical: bool = False) -> Scheme:
    """The scheme of a SubjectPublicKeyInfo. Raises AlgorithmUnsupported (also for a historical scheme, unless asked
    for) or CertificateMalformed."""
    try:
        oid = core.Sequence.load(core.Sequence.load(key)[0].dump())[0].native
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise CertificateMalformed() from error
    scheme = SCHEMES.get(str(oid))
    if scheme is None or (scheme.historical and not historical):
        raise AlgorithmUnsupported(algorithm=str(oid))
    return scheme


def digest(key: bytes, algorithm: str, data: bytes, historical: bool = False) -> bytes:
    """The digest of data under an algorithm that the key's scheme allows. Raises AlgorithmUnsupported."""
    scheme = scheme_of(key, historical)
    if algorithm not in scheme.digests:
        raise AlgorithmUnsupported(algorithm=algorithm)
    return scheme.digests[algorithm](data)


def naming(algorithm: str, data: bytes) -> bytes:
    """The digest by which a message names a certificate or another message. Raises AlgorithmUnsupported."""
    if algorithm not in NAMING:
        raise AlgorithmUnsupported(algorithm=algorithm)
    return NAMING[algorithm](data)


def verify(
    key: bytes,
    signature: bytes,
    message: bytes,
    algorithm: str,
    named: str | None = None,
    historical: bool = False,
) -> bool:
    """Whether the key made this signature over the message; key, signature algorithm and the digest that the message
    names must agree. Raises AlgorithmUnsupported, KeyWeak or CertificateMalformed."""
    scheme = scheme_of(key, historical)
    if algorithm not in scheme.signatures:
        raise AlgorithmUnsupported(algorithm=algorithm)
    used = scheme.signatures[algorithm] or named
    if used not in scheme.digests or (named is not None and named != used):
        raise AlgorithmUnsupported(algorithm=str(named))
    return scheme.check(key, signature, message, used)
