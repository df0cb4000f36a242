"""Sums of multiples of points, fast enough in plain Python: Jacobian coordinates, one inversion at the end.

Not constant in time. Verification handles only public numbers; signing here serves the development authority and tests.
"""

from collections.abc import Sequence
from functools import lru_cache

from backend.signatures.gost.curves import Curve, Point

WIDTH = 5  # bits of a window: 8 odd multiples of each point are kept

Jacobian = tuple[int, int, int]  # x = X/Z², y = Y/Z³; Z = 0 is the point at infinity
INFINITY: Jacobian = (1, 1, 0)


def combine(curve: Curve, terms: Sequence[tuple[int, Point]]) -> Point | None:
    """The sum of scalar × point over all terms, the doublings shared among them (Shamir's trick); None is infinity.
    Scalars are taken mod q, points must be on the curve."""
    tables = [_odd_multiples(curve, point) for _, point in terms]
    digits = [_digits(scalar % curve.q) for scalar, _ in terms]
    p = curve.p
    total = INFINITY
    for place in reversed(range(max(map(len, digits), default=0))):
        total = _double(curve, total)
        for table, line in zip(tables, digits, strict=True):
            digit = line[place] if place < len(line) else 0
            if digit > 0:
                total = _add(curve, total, table[digit >> 1])
            elif digit < 0:
                x, y = table[-digit >> 1]
                total = _add(curve, total, (x, p - y))
    return _affine(curve, total)


def _digits(scalar: int) -> list[int]:
    """Non-adjacent form with odd digits below 2^(WIDTH-1) in size, lowest first."""
    found = []
    while scalar:
        digit = 0
        if scalar & 1:
            digit = scalar & (2**WIDTH - 1)
            if digit >= 2 ** (WIDTH - 1):
                digit -= 2**WIDTH
            scalar -= digit
        found.append(digit)
        scalar >>= 1
    return found


@lru_cache(maxsize=64)
def _odd_multiples(curve: Curve, point: Point) -> tuple[Point, ...]:
    """1, 3, 5 … 15 times the point. Kept, because base points and authorities' keys come again and again."""
    twice = _affine(curve, _double(curve, (*point, 1)))
    found: list[Point] = [point]
    while len(found) < 2 ** (WIDTH - 2):
        following = _affine(curve, _add(curve, (*found[-1], 1), twice)) if twice else found[-1]
        # A point of small order is no key (its multiples by q would not vanish); any finite stand-in will do.
        found.append(following or point)
    return tuple(found)


def _double(curve: Curve, point: Jacobian) -> Jacobian:
    x, y, z = point
    p = curve.p
    if not z or not y:
        return INFINITY
    square = y * y % p
    s = 4 * x * square % p
    z2 = z * z % p
    m = 3 * (x - z2) * (x + z2) % p if curve.a == p - 3 else (3 * x * x + curve.a * z2 * z2) % p
    x3 = (m * m - 2 * s) % p
    return x3, (m * (s - x3) - 8 * square * square) % p, 2 * y * z % p


def _add(curve: Curve, point: Jacobian, other: Point) -> Jacobian:
    """The sum of a point and one with Z = 1."""
    x1, y1, z1 = point
    if not z1:
        return (*other, 1)
    p = curve.p
    z2 = z1 * z1 % p
    h = (other[0] * z2 - x1) % p
    r = (other[1] * z2 * z1 - y1) % p
    if not h:
        return INFINITY if r else _double(curve, point)
    h2 = h * h % p
    h3 = h2 * h % p
    v = x1 * h2 % p
    x3 = (r * r - h3 - 2 * v) % p
    return x3, (r * (v - x3) - y1 * h3) % p, h * z1 % p


def _affine(curve: Curve, point: Jacobian) -> Point | None:
    x, y, z = point
    if not z:
        return None
    inverse = pow(z, -1, curve.p)
    square = inverse * inverse % curve.p
    return x * square % curve.p, y * square * inverse % curve.p
