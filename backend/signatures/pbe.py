"""Password-based encryption of PKCS#12 (RFC 7292 appendices B and C), in the two old kinds that national containers
use: 3DES for keys, 40-bit RC2 for certificates. A container is only as safe as its file and its password."""

import hashlib
import struct

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.padding import PKCS7

TRIPLE_DES, RC2_40 = "1.2.840.113549.1.12.1.3", "1.2.840.113549.1.12.1.6"
KEY, VECTOR, MAC = 1, 2, 3  # what the derived bytes are for
BLOCK = 8  # bytes, of both ciphers
SHA1_BLOCK = 64

# RFC 2268 §2: the byte permutation made of the digits of pi.
PI = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32"
    "bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a"
    "961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e"
    "c5f3db47e5a59c770aa62068fe7fc1ad"
)


def derive(password: str, salt: bytes, rounds: int, size: int, purpose: int) -> bytes:
    """Bytes from a password (RFC 7292 B.2 with SHA-1)."""
    secret = (password + "\0").encode("utf-16-be")
    filled = _fill(salt) + _fill(secret)
    found = b""
    while len(found) < size:
        block = bytes([purpose]) * SHA1_BLOCK + filled
        for _ in range(rounds):
            block = hashlib.sha1(block, usedforsecurity=False).digest()
        found += block
        addend = int.from_bytes((block * 4)[:SHA1_BLOCK], "big") + 1
        filled = b"".join(
            ((int.from_bytes(filled[place : place + SHA1_BLOCK], "big") + addend) % 2**512).to_bytes(SHA1_BLOCK, "big")
            for place in range(0, len(filled), SHA1_BLOCK)
        )
    return found[:size]


def _fill(text: bytes) -> bytes:
    """The text repeated up to whole blocks."""
    size = -(-len(text) // SHA1_BLOCK) * SHA1_BLOCK
    return (text * (size // max(1, len(text)) + 1))[:size]


def encrypt(kind: str, password: str, salt: bytes, rounds: int, plain: bytes) -> bytes:
    padder = PKCS7(BLOCK * 8).padder()
    padded = padder.update(plain) + padder.finalize()
    vector = derive(password, salt, rounds, BLOCK, VECTOR)
    if kind == TRIPLE_DES:
        encryptor = Cipher(TripleDES(derive(password, salt, rounds, 24, KEY)), modes.CBC(vector)).encryptor()
        return encryptor.update(padded) + encryptor.finalize()
    words = _rc2_key(derive(password, salt, rounds, 5, KEY))
    found = b""
    for place in range(0, len(padded), BLOCK):
        vector = _rc2_encrypt(words, _xor(padded[place : place + BLOCK], vector))
        found += vector
    return found


def decrypt(kind: str, password: str, salt: bytes, rounds: int, closed: bytes) -> bytes:
    """Raises ValueError for a wrong password or damaged bytes."""
    vector = derive(password, salt, rounds, BLOCK, VECTOR)
    if kind == TRIPLE_DES:
        decryptor = Cipher(TripleDES(derive(password, salt, rounds, 24, KEY)), modes.CBC(vector)).decryptor()
        padded = decryptor.update(closed) + decryptor.finalize()
    elif kind == RC2_40 and len(closed) % BLOCK == 0:
        words = _rc2_key(derive(password, salt, rounds, 5, KEY))
        blocks = [closed[place : place + BLOCK] for place in range(0, len(closed), BLOCK)]
        pairs = zip(blocks, [vector, *blocks], strict=False)
        padded = b"".join(_xor(_rc2_decrypt(words, block), before) for block, before in pairs)
    else:
        raise ValueError("a container encrypted in another way")
    unpadder = PKCS7(BLOCK * 8).unpadder()
    return unpadder.update(padded) + unpadder.finalize()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _rc2_key(key: bytes) -> tuple[int, ...]:
    """RFC 2268 §2 with an effective length of 8 bits a byte of the key."""
    expanded = bytearray(key)
    while len(expanded) < 128:
        expanded.append(PI[(expanded[-1] + expanded[-len(key)]) & 255])
    expanded[128 - len(key)] = PI[expanded[128 - len(key)]]
    for place in reversed(range(128 - len(key))):
        expanded[place] = PI[expanded[place + 1] ^ expanded[place + len(key)]]
    return struct.unpack("<64H", bytes(expanded))


def _rc2_encrypt(words: tuple[int, ...], block: bytes) -> bytes:
    r = list(struct.unpack("<4H", block))
    for step in range(16):
        for i, turn in enumerate((1, 2, 3, 5)):
            value = r[i] + words[4 * step + i] + (r[i - 1] & r[i - 2]) + (~r[i - 1] & r[i - 3]) & 0xFFFF
            r[i] = (value << turn | value >> 16 - turn) & 0xFFFF
        if step in (4, 10):
            for i in range(4):
                r[i] = r[i] + words[r[i - 1] & 63] & 0xFFFF
    return struct.pack("<4H", *r)


def _rc2_decrypt(words: tuple[int, ...], block: bytes) -> bytes:
    r = list(struct.unpack("<4H", block))
    for step in reversed(range(16)):
        if step in (4, 10):
            for i in reversed(range(4)):
                r[i] = r[i] - words[r[i - 1] & 63] & 0xFFFF
        for i, turn in reversed(tuple(enumerate((1, 2, 3, 5)))):
            value = (r[i] >> turn | r[i] << 16 - turn) & 0xFFFF
            r[i] = value - words[4 * step + i] - (r[i - 1] & r[i - 2]) - (~r[i - 1] & r[i - 3]) & 0xFFFF
    return struct.pack("<4H", *r)
