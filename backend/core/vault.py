"""The platform's own secrets: what is encrypted at rest, what the platform signs, and pseudonyms."""

import base64
import hashlib
import hmac

import rfc8785
from flask import current_app
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from nacl.signing import SigningKey


class VaultLocked(RuntimeError):
    """The master key does not open what another master key closed."""


def close(plain: bytes) -> bytes:
    """Encrypt for storage (XSalsa20-Poly1305 under the master key)."""
    return bytes(SecretBox(current_app.config["SETTINGS"].master_key).encrypt(plain))


def open_(sealed: bytes) -> bytes:
    try:
        return SecretBox(current_app.config["SETTINGS"].master_key).decrypt(sealed)
    except CryptoError as error:
        raise VaultLocked("TANBA_MASTER_KEY is not the one these keys were stored under") from error


def platform_key() -> SigningKey:
    return SigningKey(current_app.config["SETTINGS"].platform_seed)


def platform_public_key() -> str:
    """Base64 of the Ed25519 key that signs trust lists and checkpoints; the PWA's shell pins it."""
    return base64.b64encode(platform_key().verify_key.encode()).decode()


def platform_sign(purpose: str, content: dict) -> str:
    """Base64 Ed25519 signature over `<purpose>|` and the JCS (RFC 8785) bytes of the content."""
    return base64.b64encode(platform_key().sign(purpose.encode() + b"|" + rfc8785.dumps(content)).signature).decode()


def pseudonym(purpose: str, text: str) -> str:
    """A stable stand-in for something that must not be stored or logged in clear; 128 bits, hexadecimal."""
    key = current_app.config["SETTINGS"].secret
    return hmac.new(key, f"{purpose}|{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
