"""Pure arithmetic of the history: canonical bytes, the chain, and the Merkle tree over code ids."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import rfc8785

GENESIS = bytes(32)
PURPOSE = "tanba/checkpoint/1"
CODE_ID, WORTH_REMEMBERING = 16, 1_000  # bytes; leaves


def canonical(fact: Mapping[str, Any]) -> bytes:
    """JCS (RFC 8785) bytes of a fact; moments as ISO 8601 UTC with microseconds, bytes as hexadecimal."""
    plain = {}
    for name, value in fact.items():
        if isinstance(value, bytes):
            value = value.hex()
        elif hasattr(value, "isoformat"):
            value = value.isoformat(timespec="microseconds")
        plain[name] = value
    return rfc8785.dumps(plain)


def link(previous: bytes, fact: bytes) -> bytes:
    return hashlib.sha256(previous + fact).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Root of a SHA-256 tree (RFC 6962 prefixes: 00 for leaves, 01 for nodes) over the leaves in sorted order.

    The root of nothing is SHA-256 of nothing. Of many codes the last few roots are remembered: an act is signed,
    judged, sent and confirmed over the same ones, and each time the tree takes as long as what the database does.
    """
    ordered = sorted(leaves)
    if len(ordered) < WORTH_REMEMBERING or set(map(len, ordered)) != {CODE_ID}:
        return _root(ordered)
    return _remembered(b"".join(ordered))


@lru_cache(maxsize=4)
def _remembered(packed: bytes) -> bytes:
    return _root([packed[place : place + CODE_ID] for place in range(0, len(packed), CODE_ID)])


def _root(ordered: Sequence[bytes]) -> bytes:
    sha256 = hashlib.sha256
    level = [sha256(b"\x00" + leaf).digest() for leaf in ordered]
    if not level:
        return sha256(b"").digest()
    while len(level) > 1:
        level = _climb(level)
    return level[0]


def _climb(level: Sequence[bytes]) -> list[bytes]:
    """One level up; a node without a partner goes up unchanged, which equals RFC 6962's split for this order."""
    sha256 = hashlib.sha256
    pairs = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs
