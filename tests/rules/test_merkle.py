"""The root over the codes of a movement: RFC 6962's tree, whether it is worked out or remembered."""

import hashlib
import random

import pytest

from backend.history.rules import merkle_root


def by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1 word by word: split at the largest power of two below the count."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return hashlib.sha256(b"\x01" + by_the_book(leaves[:middle]) + by_the_book(leaves[middle:])).digest()


def codes(count: int, width: int = 16, seed: int = 1) -> list[bytes]:
    dice = random.Random(seed)
    return [dice.randbytes(width) for _ in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 999, 1_000, 1_537])
@pytest.mark.parametrize("width", [16, 20])
def test_the_root_is_the_standards(count: int, width: int) -> None:
    leaves = codes(count, width)
    for _ in range(2):
        assert merkle_root(leaves) == by_the_book(sorted(leaves))
    assert merkle_root(reversed(leaves)) == merkle_root(leaves)


@pytest.mark.parametrize("count", [10, 2_000])
def test_another_code_is_another_root(count: int) -> None:
    """Also of a set that differs from one seen a moment ago by one bit, by one code more, or by how it is cut."""
    leaves = codes(count)
    other = [*leaves[1:], bytes([leaves[0][0] ^ 1]) + leaves[0][1:]]
    packed = b"".join(sorted(leaves))
    cut = [packed[place : place + 32] for place in range(0, len(packed), 32)]
    roots = [merkle_root(one) for one in (leaves, other, leaves[1:], [*leaves, bytes(16)], cut)]
    assert len(set(roots)) == len(roots)
    assert merkle_root(leaves) == roots[0]
