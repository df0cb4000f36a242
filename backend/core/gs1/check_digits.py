"""Check digits and the numbers that carry them: GTIN, SSCC, NTIN (GS1 General Specifications 7.9)."""
import re

_DIGITS = re.compile(r"[0-9]+")
_ORD_ZERO = ord("0")

# GS1 General Specifications 7.9.5: the 82 characters in value order, the prime weights, the 32 check characters.
_PAIR_ALPHABET = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_PAIR_CHECKS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PAIR_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)

XTIN_PREFIX = "004"
NTIN_PREFIX = "0200"


def check_digit(digits: str) -> int:
    """Mod-10 check digit of the ASCII digits before it; weights 3, 1, 3 … from the right. ValueError for others."""
    if not _DIGITS.fullmatch(digits):
        raise ValueError("digits expected")
    values = digits.encode()
    return -(3 * (sum(values[-1::-2]) - _ORD_ZERO * len(values[-1::-2])) + sum(values[-2::-2])
             - _ORD_ZERO * len(values[-2::-2])) % 10


def is_checked(digits: str) -> bool:
    """True if the last digit of `digits` is the mod-10 check digit of the rest. Never raises."""
    if len(digits) < 2 or not _DIGITS.fullmatch(digits):
        return False
    values = digits.encode()
    return (3 * sum(values[-2::-2]) + sum(values[-1::-2])
            - _ORD_ZERO * (3 * (len(values) // 2) + (len(values) + 1) // 2)) % 10 == 0


def is_gtin14(digits: str) -> bool:
    """True for a GTIN of 14 digits with its check digit. Zero is no GTIN although it passes the arithmetic."""
    return len(digits) == 14 and is_checked(digits) and digits != "0" * 14


def gtin14(text: str) -> str:
    """The 14-digit form of a GTIN-8, -12, -13 or -14. ValueError: wrong length, not digits, wrong check digit, zero."""
    if len(text) not in (8, 12, 13, 14) or not _DIGITS.fullmatch(text):
        raise ValueError("8, 12, 13 or 14 digits expected")
    padded = text.zfill(14)
    if not is_gtin14(padded):
        raise ValueError("wrong check digit")
    return padded


def is_sscc(text: str) -> bool:
    """True for 18 digits, the last of which is the check digit."""
    return len(text) == 18 and is_checked(text)


def sscc(prefix: str, n: int) -> str:
    """The n-th SSCC of a company. `prefix`: extension digit and GS1 company prefix. ValueError: no room for `n`."""
    room = 17 - len(prefix)
    if not _DIGITS.fullmatch(prefix) or room < 1 or n < 0 or len(str(n)) > room:
        raise ValueError("prefix of at most 16 digits and a number that fits into the rest expected")
    body = f"{prefix}{n:0{room}}"
    return f"{body}{check_digit(body)}"


def national_number(text: str) -> str | None:
    """"NTIN" or "XTIN" for a 13-digit number of Kazakhstan's national catalogue, else None.

    NTIN begins with 0200 and carries an EAN-13 check digit; XTIN is temporary, begins with 004 and carries none.
    Neither is a GTIN: both look like numbers that GS1 gave to others, so they are tested before GTIN.
    """
    if len(text) != 13 or not _DIGITS.fullmatch(text):
        return None
    if text.startswith(NTIN_PREFIX) and is_checked(text):
        return "NTIN"
    return "XTIN" if text.startswith(XTIN_PREFIX) else None


def has_check_pair(text: str) -> bool:
    """True if the last two characters are the mod-1021 check pair of a global model number (AI 8013)."""
    body, pair = text[:-2], text[-2:]
    if not body or len(body) > len(_PAIR_PRIMES) or any(character not in _PAIR_ALPHABET for character in body):
        return False
    weights = _PAIR_PRIMES[: len(body)][::-1]
    total = sum(_PAIR_ALPHABET.index(c) * weight for c, weight in zip(body, weights, strict=True)) % 1021
    return pair == _PAIR_CHECKS[total >> 5] + _PAIR_CHECKS[total & 31]
