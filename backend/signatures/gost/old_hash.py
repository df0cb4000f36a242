"""GOST 34.311-95 (GOST R 34.11-94 with the test S-box of RFC 5831), for documents signed long ago.

Numbers are 256-bit and little-endian: byte 0 of a block is its lowest.
"""

from functools import lru_cache

from backend.signatures.gost import libgcrypt

BLOCK = 32

# RFC 5831 §8.1, id-GostR3411-94-TestParamSet: row k replaces the k-th nibble from below.
S_BOX = tuple(
    tuple(int(digit, 16) for digit in row)
    for row in (
        "4A92D80E6B1C7F53",
        "EB4C6DFA23810759",
        "581DA342EFC7609B",
        "7DA1089FE46CB253",
        "6C715FD84A9E03B2",
        "4BA0721D36859CFE",
        "DB413F590AE7682C",
        "1FD057A4923E6B8C",
    )
)
C3 = int("ff00ffff000000ffff0000ff00ffff0000ff00ff00ff00ffff00ff00ff00ff00", 16)


def gost_34_311(data: bytes) -> bytes:
    """The digest, 32 bytes."""
    return libgcrypt.digest(libgcrypt.GOST_34_311, data) or plain(data)


def plain(data: bytes) -> bytes:
    """The digest in Python alone."""
    state, total = 0, 0
    for place in range(0, len(data), BLOCK):
        block = int.from_bytes(data[place : place + BLOCK], "little")
        total = (total + block) % 2**256
        state = _step(state, block)
    state = _step(state, len(data) * 8 % 2**256)
    return _step(state, total).to_bytes(BLOCK, "little")


def _step(state: int, block: int) -> int:
    keys = _keys(state, block)
    parts = (state >> shift & 2**64 - 1 for shift in (0, 64, 128, 192))
    encrypted = sum(
        _encrypt(key, part) << 64 * place for place, (key, part) in enumerate(zip(keys, parts, strict=True))
    )
    mixed = _psi(encrypted, 12) ^ block
    return _psi(_psi(mixed, 1) ^ state, 61)


def _keys(state: int, block: int) -> list[bytes]:
    u, v = state, block
    found = [_transposed(u ^ v)]
    for constant in (0, C3, 0):
        u = _shifted(u) ^ constant
        v = _shifted(_shifted(v))
        found.append(_transposed(u ^ v))
    return found


def _shifted(number: int) -> int:
    """(y4 ‖ y3 ‖ y2 ‖ y1) becomes (y1 ⊕ y2 ‖ y4 ‖ y3 ‖ y2), 64 bits each."""
    lowest, second = number & 2**64 - 1, number >> 64 & 2**64 - 1
    return number >> 64 | (lowest ^ second) << 192


def _transposed(number: int) -> bytes:
    """The permutation P: byte i + 4k of the key is byte 8i + k of the number."""
    source = number.to_bytes(BLOCK, "little")
    return bytes(source[8 * (place % 4) + place // 4] for place in range(BLOCK))


def _psi(number: int, times: int) -> int:
    """The 16-bit shift register, so many steps."""
    for _ in range(times):
        fresh = 0
        for place in (0, 1, 2, 3, 12, 15):
            fresh ^= number >> 16 * place
        number = number >> 16 | (fresh & 0xFFFF) << 240
    return number


@lru_cache(maxsize=1)
def _substituted() -> tuple[tuple[int, ...], ...]:
    """The S-box applied to each of the four bytes of a half, already turned left by 11 bits."""
    tables = []
    for place in range(4):
        low, high = S_BOX[2 * place], S_BOX[2 * place + 1]
        values = ((high[byte >> 4] << 4 | low[byte & 15]) << 8 * place for byte in range(256))
        tables.append(tuple((value << 11 | value >> 21) & 2**32 - 1 for value in values))
    return tuple(tables)


def _encrypt(key: bytes, block: int) -> int:
    """GOST 28147-89, one block of 64 bits."""
    parts = [int.from_bytes(key[place : place + 4], "little") for place in range(0, BLOCK, 4)]
    first, second, third, fourth = _substituted()
    low, high = block & 2**32 - 1, block >> 32
    for part in (*parts * 3, *reversed(parts)):
        total = (low + part) & 2**32 - 1
        turned = first[total & 255] ^ second[total >> 8 & 255] ^ third[total >> 16 & 255] ^ fourth[total >> 24]
        low, high = high ^ turned, low
    return low << 32 | high
