"""GOST signatures and hashes: published vectors, both ways of hashing against each other, the national byte layout."""

from dataclasses import replace

import pytest
from asn1crypto import core
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.signatures import algorithms, keys, rules
from backend.signatures.gost import libgcrypt, old_hash, points, signature, streebog
from backend.signatures.gost.curves import CRYPTOPRO_A, TC26_256_A, TC26_512_A, Curve

CURVES = [TC26_512_A, TC26_256_A, CRYPTOPRO_A]

# RFC 6986 §10; the messages are numbers there, so that their bytes here stand in the order of transmission.
M1 = b"012345678901234567890123456789012345678901234567890123456789012"
M2 = bytes.fromhex(
    "d1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20f120eceef0ff20f1f2f0e5ebe0ece820ede020f5f0e0e1"
    "f0fbff20efebfaeafb20c8e3eef0e5e2fb"
)
STREEBOG = [
    (
        512,
        M1,
        "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa"
        "00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
    ),
    (256, M1, "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"),
    (
        512,
        M2,
        "1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376"
        "035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28",
    ),
    (256, M2, "9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50"),
]
HASHERS = {512: streebog.streebog_512, 256: streebog.streebog_256}

# GOST R 34.11-94 with the test S-box, as its reference implementation answers.
OLD = [
    (b"", "ce85b99cc46752fffee35cab9a7b0278abb4c2d2055cff685af4912c49490f8d"),
    (b"a", "d42c539e367c66e9c88a801f6649349c21871b4344c6a573f849fdce62f314dd"),
    (b"abc", "f3134348c44fb1b2a277729e2285ebb5cb5e0f29c975bc753b70497c06a4d51d"),
    (b"message digest", "ad4434ecb18f2c99b60cbe59ec3d2469582b65273f48de72db2fde16a4889a4d"),
    (b"U" * 128, "53a3a3ed25180cef0c1d85a074273e551c25660a87062a52d926a9e8fe5733a4"),
]


@pytest.mark.parametrize(("bits", "message", "wanted"), STREEBOG)
def test_streebog_as_published(bits: int, message: bytes, wanted: str) -> None:
    assert streebog.plain(bits, message).hex() == wanted
    assert HASHERS[bits](message).hex() == wanted


@pytest.mark.parametrize(("message", "wanted"), OLD)
def test_the_old_hash_as_published(message: bytes, wanted: str) -> None:
    assert old_hash.plain(message).hex() == wanted
    assert old_hash.gost_34_311(message).hex() == wanted


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300))
def test_both_ways_of_hashing_agree(message: bytes) -> None:
    """The system's library, where there is one, and plain Python."""
    pairs = (
        (libgcrypt.STREEBOG_512, streebog.plain(512, message)),
        (libgcrypt.STREEBOG_256, streebog.plain(256, message)),
        (libgcrypt.GOST_34_311, old_hash.plain(message)),
    )
    for algorithm, wanted in pairs:
        assert libgcrypt.digest(algorithm, message) in (wanted, None)


def test_without_the_library_everything_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libgcrypt, "NAMES", ("libnone.so",))
    libgcrypt.library.cache_clear()
    try:
        assert libgcrypt.digest(libgcrypt.STREEBOG_512, M1) is None
        assert streebog.streebog_512(M1).hex() == STREEBOG[0][2]
        assert old_hash.gost_34_311(b"abc").hex() == OLD[2][1]
    finally:
        libgcrypt.library.cache_clear()


@pytest.mark.parametrize("curve", CURVES)
def test_base_points_have_their_order(curve: Curve) -> None:
    assert curve.holds(curve.base)
    assert points.combine(curve, [(curve.q - 1, curve.base)]) == (curve.x, curve.p - curve.y)
    assert points.combine(curve, [(curve.q, curve.base)]) is None
    assert points.combine(curve, []) is None
    assert not curve.holds((curve.x, curve.y + 1))


@pytest.mark.parametrize("curve", CURVES)
@settings(max_examples=20, deadline=None)
@given(one=st.integers(0, 2**520), other=st.integers(0, 40), factor=st.integers(1, 40))
def test_sums_are_sums(curve: Curve, one: int, other: int, factor: int) -> None:
    """a·P + b·(c·P) = (a + b·c)·P, also where the sum meets infinity or doubles on the way."""
    second = points.combine(curve, [(factor, curve.base)])
    assert second is not None
    both = points.combine(curve, [(one, curve.base), (other, second)])
    assert both == points.combine(curve, [(one + other * factor, curve.base)])
    assert points.combine(curve, [(factor, curve.base), (-1, second)]) is None


@pytest.mark.parametrize("curve", CURVES)
def test_what_is_signed_verifies_and_nothing_else(curve: Curve) -> None:
    scalar = signature.generate(curve)
    key = signature.public_point(curve, signature.public_key(curve, scalar))
    digest = bytes(range(curve.size))
    made = signature.sign(curve, scalar, digest)
    assert signature.verify(curve, key, digest, made)
    assert not signature.verify(curve, key, digest[::-1], made)
    assert not signature.verify(curve, (key[0], curve.p - key[1]), digest, made)
    for wrong in (made[:-1], made + b"\0", made[curve.size :] + made[: curve.size], b""):
        assert not signature.verify(curve, key, digest, wrong)


@pytest.mark.parametrize("curve", CURVES)
def test_numbers_outside_their_range_are_no_signature(curve: Curve) -> None:
    """r and s lie between 0 and q; s + q would verify, were it not refused, wherever it fits."""
    scalar, digest = signature.generate(curve), b"\1" * curve.size
    key = signature.public_point(curve, signature.public_key(curve, scalar))
    zero, order = bytes(curve.size), curve.q.to_bytes(curve.size, "little")
    one = (1).to_bytes(curve.size, "little")
    for r, s in ((zero, one), (one, zero), (order, one), (one, order)):
        assert not signature.verify(curve, key, digest, r + s)
    made = signature.sign(TC26_256_A, scalar % TC26_256_A.q or 1, bytes(32))
    point = signature.public_point(TC26_256_A, signature.public_key(TC26_256_A, scalar % TC26_256_A.q or 1))
    s = int.from_bytes(made[32:], "little") + TC26_256_A.q
    assert not signature.verify(TC26_256_A, point, bytes(32), made[:32] + s.to_bytes(32, "little"))


def test_a_digest_of_zero_counts_as_one() -> None:
    scalar = signature.generate(TC26_512_A)
    key = signature.public_point(TC26_512_A, signature.public_key(TC26_512_A, scalar))
    assert signature.verify(TC26_512_A, key, bytes(64), signature.sign(TC26_512_A, scalar, bytes(64)))


@pytest.mark.parametrize("spoilt", [b"", bytes(128), bytes(127), b"\xff" * 128])
def test_only_points_of_the_curve_are_keys(spoilt: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        signature.public_point(TC26_512_A, spoilt)


def test_a_key_is_read_in_the_national_layout_alone() -> None:
    key = keys.generate("gost")
    made = key.sign(b"message")
    assert algorithms.verify(key.public, made, b"message", key.algorithm)
    assert algorithms.verify(key.public, made, b"message", algorithms.GOST_512, algorithms.STREEBOG_512)
    bare = key.public.replace(b"\x04\x81\x80", b"\x04\x81\x7f")
    other_curve = key.public.replace(_oid(algorithms.GOST_512_CURVE), _oid("1.2.398.3.10.1.1.2.2.7"))
    for wrong, error in ((bare, rules.CertificateMalformed), (other_curve, rules.KeyWeak)):
        with pytest.raises(error):
            algorithms.verify(wrong, made, b"message", key.algorithm)
    with pytest.raises(rules.AlgorithmUnsupported):
        algorithms.verify(key.public, made, b"message", algorithms.GOST_512_SIGNATURE, algorithms.SHA256)


def _oid(dotted: str) -> bytes:
    return core.ObjectIdentifier(dotted).dump()


def test_a_private_key_comes_back_from_its_container_form() -> None:
    key = keys.GostKey(5)
    stored = key.pkcs8()
    assert stored.endswith(b"\x04\x42\x04\x40" + b"\5" + bytes(63))  # little-endian, twice in octets
    assert keys.load(stored) == key
    with pytest.raises(ValueError, match="scalar"):
        keys.load(replace(key, scalar=0).pkcs8())
