"""The withdrawn list of one signing key: an exact filter, small enough for every phone.

Whoever publishes the list knows every issued code, so the filter can be exact for all of them (the idea of CRLite and
Clubcard). Two ribbons over GF(2): the first gives `k` bits per withdrawn code, and an issued code that is not
withdrawn matches them by chance once in 2^k; the second gives one bit, 1 for the withdrawn, 0 for those chance
matches. A code is withdrawn if the first matches and the second says 1.

Codes that the file was not made from, those issued later above all, get an arbitrary answer: "withdrawn" once in about
2^(k + 1). `k` is chosen for the smallest file, but as large as 24 while the file stays under 2 kB, so that only the
lists of large keys answer so often wrongly; a reader takes their hits for certain only when the key had stopped signing
before the list was made.

The key of a code is the first 8 bytes, big-endian, of SHA-256 of its identification code.

File, big-endian, version 1:

    0  4 bytes  "TBW1"
    4  u8       answer: 0 nothing is withdrawn, 1 everything is, 2 look it up
    5  u8       k, bits of the first ribbon
    6  u8, u8   seeds of the two ribbons
    8  u32      m1, slots of the first ribbon
   12  u32      m2, slots of the second ribbon
   16  u32      issued codes
   20  u32      withdrawn codes
   24           k columns of ceil(m1 / 8) bytes, then one column of ceil(m2 / 8) bytes;
                slot i is bit i % 8 of byte i // 8

Where a key looks, with 64-bit arithmetic unless said otherwise: x = (key ^ (ribbon << 8 | seed) * GOLDEN) * MIX;
x ^= x >> 32; p = x * SPREAD modulo 2^224. The low 128 bits of p, with bit 0 set, are the coefficients; the next 64,
scaled to 0 … m - 128, are the first slot; the top 32 are the bits to be matched, lowest first. A column's bit is the
parity of the coefficients and the 128 slots from there.
"""

import struct
from collections.abc import Collection, Iterable
from dataclasses import dataclass

MAGIC = b"TBW1"
WIDTH = 128
_HEADER = struct.Struct(">4sBBBBIIII")
_NOTHING, _EVERYTHING, _LOOK = range(3)
_M64 = (1 << 64) - 1
_M128 = (1 << 128) - 1
_M224 = (1 << 224) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_MIX = 0xD6E8FEB86659FD93
_SPREAD = 0xC2B2AE3D27D4EB4F165667B19E3779F99FB21C651E98DF25AC564B05F1357AEB9E6C63D1
_LARGEST_K = 32
_AMPLE_K = 24
_SMALL_FILE = 2048


def _look(key: int, salt: int, slots: int) -> tuple[int, int, int]:
    """First slot, coefficients (128 bits, odd) and the 32 bits to match of a key in a ribbon of `slots`."""
    x = (key ^ salt) * _MIX & _M64
    p = (x ^ x >> 32) * _SPREAD & _M224
    return (p >> 128 & _M64) * (slots - WIDTH + 1) >> 64, p & _M128 | 1, p >> 192


def _salt(ribbon: int, seed: int) -> int:
    return (ribbon << 8 | seed) * _GOLDEN & _M64


def _solve(equations: Iterable[tuple[int, int, int]], slots: int, bits: int) -> list[bytes] | None:
    """Columns for which every (slot, coefficients, value) holds; None if the equations contradict each other."""
    rows = [0] * slots
    values = [0] * slots
    for slot, coefficients, value in equations:
        while True:
            row = rows[slot]
            if row == 0:
                rows[slot], values[slot] = coefficients, value
                break
            coefficients ^= row
            value ^= values[slot]
            if coefficients == 0:
                if value:
                    return None
                break
            shift = (coefficients & -coefficients).bit_length() - 1
            coefficients >>= shift
            slot += shift
    columns = []
    for bit in range(bits):
        window = 0  # the solution from the slot above upwards, 128 bits
        solution = bytearray((slots + 7) // 8)
        for slot in range(slots - 1, -1, -1):
            window = window << 1 & _M128
            if ((window & rows[slot]).bit_count() ^ values[slot] >> bit) & 1:
                window |= 1
                solution[slot >> 3] |= 1 << (slot & 7)
        columns.append(bytes(solution))
    return columns


def _ribbon(ribbon: int, wanted: dict[int, int | None], bits: int) -> tuple[int, int, list[bytes]]:
    """Seed, slots and columns of a ribbon that gives each key its value (None: the bits that it must match)."""
    mask = (1 << bits) - 1
    slots = max(WIDTH, len(wanted) + len(wanted) // 64)
    while True:
        for seed in range(4):
            salt = _salt(ribbon, seed)
            equations = []
            for key, value in wanted.items():
                slot, coefficients, matched = _look(key, salt, slots)
                equations.append((slot, coefficients, matched & mask if value is None else value))
            # For speed alone: in order of slots an equation meets few rows. The solution is the same in any order.
            equations.sort()
            columns = _solve(equations, slots, bits)
            if columns is not None:
                return seed, slots, columns
        slots += max(8, slots // 64)


def _bits(issued: int, withdrawn: int) -> int:
    """The k for which both ribbons together are smallest, or a larger one that costs next to nothing."""

    def size(k: int) -> float:
        return k * max(WIDTH, withdrawn) + max(WIDTH, withdrawn + (issued - withdrawn) / 2**k)

    affordable = [k for k in range(_AMPLE_K + 1) if size(k) <= 8 * _SMALL_FILE]
    return max(min(range(_LARGEST_K + 1), key=size), max(affordable, default=0))


def build(issued: Iterable[int], withdrawn: Iterable[int]) -> bytes:
    """The filter's file. Keys are 64-bit integers; `withdrawn` must be among `issued`, else ValueError.

    The same sets give the same bytes, in whatever order they come.
    """
    every, listed = set(issued), set(withdrawn)
    if not listed <= every:
        raise ValueError("a withdrawn code was never issued")
    if any(not 0 <= key <= _M64 for key in every):
        raise ValueError("keys of 64 bits expected")
    k = _bits(len(every), len(listed))
    if not listed or (listed == every and k == 0):
        answer = _EVERYTHING if listed else _NOTHING
        return _HEADER.pack(MAGIC, answer, 0, 0, 0, 0, 0, len(every), len(listed))
    seed1, slots1, columns1 = _ribbon(1, dict.fromkeys(listed), k) if k else (0, 0, [])
    first = _Ribbon(1, seed1, slots1, columns1)
    decided: dict[int, int | None] = {key: int(key in listed) for key in every if first.matches(key)}
    seed2, slots2, columns2 = _ribbon(2, decided, 1)
    header = _HEADER.pack(MAGIC, _LOOK, k, seed1, seed2, slots1, slots2, len(every), len(listed))
    return header + b"".join(columns1) + columns2[0]


class _Ribbon:
    """One solved ribbon, for looking up."""

    def __init__(self, ribbon: int, seed: int, slots: int, columns: Collection[bytes]) -> None:
        self._salt = _salt(ribbon, seed)
        self._slots = slots
        self._columns = list(columns)

    def matches(self, key: int) -> bool:
        """True if every column gives the key its own bit; true without columns."""
        if not self._columns:
            return True
        slot, coefficients, matched = _look(key, self._salt, self._slots)
        for column in self._columns:
            if _parity(column, slot, coefficients) != matched & 1:
                return False
            matched >>= 1
        return True

    def says(self, key: int) -> bool:
        """The bit of the only column."""
        slot, coefficients, _ = _look(key, self._salt, self._slots)
        return _parity(self._columns[0], slot, coefficients) == 1


def _parity(column: bytes, slot: int, coefficients: int) -> int:
    window = int.from_bytes(column[slot >> 3 : (slot >> 3) + WIDTH // 8 + 1], "little") >> (slot & 7)
    return (window & coefficients).bit_count() & 1


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter. `issued`, `withdrawn`: how many codes it was made from."""

    issued: int
    withdrawn: int
    _answer: int
    _first: _Ribbon
    _second: _Ribbon

    @classmethod
    def parse(cls, body: bytes) -> "Filter":
        """Read a file that `build` made. ValueError: another format or version, or cut short."""
        if len(body) < _HEADER.size:
            raise ValueError("too short")
        magic, answer, k, seed1, seed2, slots1, slots2, issued, withdrawn = _HEADER.unpack_from(body)
        length1, length2 = (slots1 + 7) // 8, (slots2 + 7) // 8
        look = answer == _LOOK
        if (
            magic != MAGIC
            or answer > _LOOK
            or k > _LARGEST_K
            or len(body) != _HEADER.size + k * length1 + length2
            or (look and slots2 < WIDTH)
            or (look and k > 0 and slots1 < WIDTH)
        ):
            raise ValueError("not a withdrawn list of version 1")
        start = _HEADER.size
        columns = [body[start + at * length1 : start + (at + 1) * length1] for at in range(k)]
        return cls(
            issued,
            withdrawn,
            answer,
            _Ribbon(1, seed1, slots1, columns),
            _Ribbon(2, seed2, slots2, [body[start + k * length1 :]]),
        )

    def contains(self, key: int) -> bool:
        """True if the issued code with this key is withdrawn. Exact for every issued code, arbitrary for others."""
        if self._answer != _LOOK:
            return self._answer == _EVERYTHING
        return self._first.matches(key) and self._second.says(key)
