"""GOST R 34.10 in the byte layout of the national authority, which is not that of RFC 4490 and RFC 9215.

Everything is little-endian: a public key is X then Y, a signature r then s, a private key the scalar, and the digest
is read as a little-endian number. Found on the authority's own certificates, lists and messages.
"""

import secrets

from backend.signatures.gost.curves import Curve, Point
from backend.signatures.gost.points import combine


def public_point(curve: Curve, key: bytes) -> Point:
    """The point of a public key, 2 × `size` bytes. Raises ValueError when it is none of the curve's points."""
    if len(key) != 2 * curve.size:
        raise ValueError("a public key is two coordinates")
    point = _number(key[: curve.size]), _number(key[curve.size :])
    if not curve.holds(point):
        raise ValueError("the public key does not lie on its curve")
    return point


def verify(curve: Curve, key: Point, digest: bytes, signature: bytes) -> bool:
    """Whether the holder of the key signed this digest (`size` bytes)."""
    if len(signature) != 2 * curve.size:
        return False
    r, s = _number(signature[: curve.size]), _number(signature[curve.size :])
    if not (0 < r < curve.q and 0 < s < curve.q):
        return False
    inverse = pow(_hashed(curve, digest), -1, curve.q)
    found = combine(curve, [(s * inverse, curve.base), (-r * inverse, key)])
    return found is not None and found[0] % curve.q == r


def generate(curve: Curve) -> int:
    """A new private key: a random scalar."""
    return 1 + secrets.randbelow(curve.q - 1)


def public_key(curve: Curve, scalar: int) -> bytes:
    """The public key of a scalar, 2 × `size` bytes."""
    point = combine(curve, [(scalar, curve.base)])
    if point is None:
        raise ValueError("a private key is a scalar from 1 to q - 1")
    return b"".join(part.to_bytes(curve.size, "little") for part in point)


def sign(curve: Curve, scalar: int, digest: bytes) -> bytes:
    """A signature of a digest, 2 × `size` bytes."""
    e = _hashed(curve, digest)
    while True:
        k = generate(curve)
        point = combine(curve, [(k, curve.base)])
        r = point[0] % curve.q if point else 0
        s = (r * scalar + k * e) % curve.q
        if r and s:
            return r.to_bytes(curve.size, "little") + s.to_bytes(curve.size, "little")


def _hashed(curve: Curve, digest: bytes) -> int:
    return _number(digest) % curve.q or 1


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")
