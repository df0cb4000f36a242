"""Streebog, GOST R 34.11-2012 (RFC 6986), as the national authority's GOST 2015 keys use it."""

from gostcrypto import gosthash

from backend.signatures.gost import libgcrypt


def streebog_512(data: bytes) -> bytes:
    return libgcrypt.digest(libgcrypt.STREEBOG_512, data) or plain(512, data)


def streebog_256(data: bytes) -> bytes:
    return libgcrypt.digest(libgcrypt.STREEBOG_256, data) or plain(256, data)


def plain(bits: int, data: bytes) -> bytes:
    """The digest in Python alone: about 0.2 MB a second, enough for signatures, slow for large lists."""
    return bytes(gosthash.new(f"streebog{bits}", data=bytearray(data)).digest())
