"""Private keys of the three kinds that sign here: for the development authority, the phone's emulator and tests."""

from dataclasses import dataclass
from typing import Literal, Protocol

from asn1crypto import algos, core
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from backend.signatures.algorithms import GOST_512, GOST_512_CURVE, GOST_512_SIGNATURE, SHA256, STREEBOG_512
from backend.signatures.gost import signature as gost
from backend.signatures.gost.curves import TC26_512_A
from backend.signatures.gost.streebog import streebog_512

Algorithm = Literal["rsa", "ec", "gost"]


class PrivateKey(Protocol):
    """A key that signs. `digest` and `algorithm` are the OIDs that a message names."""

    digest: str
    algorithm: str

    @property
    def public(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""

    def sign(self, message: bytes) -> bytes: ...

    def pkcs8(self) -> bytes:
        """PrivateKeyInfo, DER, not encrypted."""


class _Stored:
    """What keys of OpenSSL have in common."""

    digest = SHA256

    def __init__(self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        self.key = key

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def pkcs8(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


class RsaKey(_Stored):
    """SHA-256 with RSA."""

    algorithm = "1.2.840.113549.1.1.11"
    key: rsa.RSAPrivateKey

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())


class EcKey(_Stored):
    """SHA-256 with ECDSA."""

    algorithm = "1.2.840.10045.4.3.2"
    key: ec.EllipticCurvePrivateKey

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message, ec.ECDSA(hashes.SHA256()))


@dataclass(frozen=True, slots=True)
class GostKey:
    """GOST R 34.10-2015 with 512 bits."""

    scalar: int
    digest = STREEBOG_512
    algorithm = GOST_512_SIGNATURE

    @property
    def public(self) -> bytes:
        point = core.OctetString(gost.public_key(TC26_512_A, self.scalar))
        return _sequence(_gost_identifier(), core.OctetBitString(point.dump())).dump()

    def sign(self, message: bytes) -> bytes:
        return gost.sign(TC26_512_A, self.scalar, streebog_512(message))

    def pkcs8(self) -> bytes:
        """As the national containers have it: the scalar, little-endian, in an OCTET STRING inside the OCTET STRING."""
        scalar = core.OctetString(self.scalar.to_bytes(TC26_512_A.size, "little"))
        return _sequence(core.Integer(0), _gost_identifier(), core.OctetString(scalar.dump())).dump()


def _gost_identifier() -> core.Sequence:
    parameters = _sequence(core.ObjectIdentifier(GOST_512_CURVE), core.ObjectIdentifier(STREEBOG_512))
    return _sequence(core.ObjectIdentifier(GOST_512), parameters)


def _sequence(*parts: core.Asn1Value) -> core.Sequence:
    made = core.SequenceOf(spec=core.Any)
    for part in parts:
        made.append(core.Any(part))
    return made


def generate(algorithm: Algorithm, bits: int = 2048) -> PrivateKey:
    """A new key: RSA of so many bits, P-256, or GOST."""
    if algorithm == "gost":
        return GostKey(gost.generate(TC26_512_A))
    if algorithm == "ec":
        return EcKey(ec.generate_private_key(ec.SECP256R1()))
    return RsaKey(rsa.generate_private_key(65537, bits))


def load(pkcs8: bytes) -> PrivateKey:
    """The key of a PrivateKeyInfo. Raises ValueError for any other kind of key."""
    if gost_key := _load_gost(pkcs8):
        return gost_key
    # Whether the primes are prime takes a tenth of a second and is the maker's business; a wrong key signs wrongly.
    return wrap(serialization.load_der_private_key(pkcs8, None, unsafe_skip_rsa_key_validation=True))


def wrap(key: object) -> PrivateKey:
    """A key of `cryptography`. Raises ValueError where it does not sign here."""
    if isinstance(key, rsa.RSAPrivateKey):
        return RsaKey(key)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return EcKey(key)
    raise ValueError("no key that signs here")


def _load_gost(pkcs8: bytes) -> GostKey | None:
    info = core.Sequence.load(pkcs8, strict=True)
    if core.Sequence.load(info[1].dump())[0].native != GOST_512:
        return None
    scalar = int.from_bytes(core.OctetString.load(info[2].native, strict=True).native, "little")
    if not 0 < scalar < TC26_512_A.q:
        raise ValueError("the scalar is not of this curve")
    return GostKey(scalar)


def signed_with(key: PrivateKey) -> algos.SignedDigestAlgorithm:
    """The AlgorithmIdentifier of the key's signatures; RSA and GOST carry NULL, ECDSA nothing."""
    if isinstance(key, EcKey):
        return algos.SignedDigestAlgorithm({"algorithm": key.algorithm})
    return algos.SignedDigestAlgorithm({"algorithm": key.algorithm, "parameters": core.Null()})


def digested_with(key: PrivateKey) -> algos.DigestAlgorithm:
    return algos.DigestAlgorithm({"algorithm": key.digest, "parameters": core.Null()})
