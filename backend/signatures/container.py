"""PKCS#12 containers as the national authority writes them: a key under 3DES, certificates under 40-bit RC2, SHA-1
for the seal. Old, but what phones and desktops of the country hold; containers of newer kinds open as well."""

import hmac
import os
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

from asn1crypto import cms, core, keys, pkcs12
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12 as openssl

from backend.signatures import certificates, pbe
from backend.signatures import keys as signing_keys
from backend.signatures.certificates import UNREADABLE
from backend.signatures.keys import PrivateKey
from backend.signatures.rules import CertificateMalformed

ROUNDS = 2048
MOST_ROUNDS = 100_000


@dataclass(frozen=True, slots=True)
class Opened:
    """What a container holds: the key, its certificate and the rest of the chain (DER)."""

    key: PrivateKey
    certificate: bytes
    others: tuple[bytes, ...]


class ContainerClosed(ValueError):
    """A wrong password, or bytes that are no container with a signing key."""


def write(key: PrivateKey, certificate: bytes, others: tuple[bytes, ...], name: str, password: str) -> bytes:
    """A container, DER."""
    identifier = sha1(certificate, usedforsecurity=False).digest()
    marks = [
        _attribute("friendly_name", core.BMPString(name)),
        _attribute("local_key_id", core.OctetString(identifier)),
    ]
    bags = pkcs12.SafeContents([_certificate_bag(certificate, marks), *(_certificate_bag(der, None) for der in others)])
    salt = os.urandom(8)
    closed = cms.EncryptedData(
        {
            "version": "v0",
            "encrypted_content_info": {
                "content_type": "data",
                "content_encryption_algorithm": _algorithm("pkcs12_sha1_rc2_40", salt),
                "encrypted_content": pbe.encrypt(pbe.RC2_40, password, salt, ROUNDS, bags.dump()),
            },
        }
    )
    key_salt = os.urandom(8)
    shrouded = keys.EncryptedPrivateKeyInfo(
        {
            "encryption_algorithm": _algorithm("pkcs12_sha1_tripledes_3key", key_salt),
            "encrypted_data": pbe.encrypt(pbe.TRIPLE_DES, password, key_salt, ROUNDS, key.pkcs8()),
        }
    )
    bag = {"bag_id": "pkcs8_shrouded_key_bag", "bag_value": shrouded, "bag_attributes": marks}
    safe = pkcs12.AuthenticatedSafe(
        [
            cms.ContentInfo({"content_type": "encrypted_data", "content": closed}),
            cms.ContentInfo({"content_type": "data", "content": core.OctetString(pkcs12.SafeContents([bag]).dump())}),
        ]
    ).dump()
    seal_salt = os.urandom(8)
    return pkcs12.Pfx(
        {
            "version": "v3",
            "auth_safe": {"content_type": "data", "content": core.OctetString(safe)},
            "mac_data": {
                "mac": {
                    "digest_algorithm": {"algorithm": "sha1", "parameters": core.Null()},
                    "digest": _seal(safe, password, seal_salt, ROUNDS),
                },
                "mac_salt": seal_salt,
                "iterations": ROUNDS,
            },
        }
    ).dump()


def read(content: bytes, password: str) -> Opened:
    """Open a container. Raises ContainerClosed."""
    try:
        return _read(content, password) or _read_modern(content, password)
    except (*UNREADABLE, UnsupportedAlgorithm, CertificateMalformed) as error:
        raise ContainerClosed("a wrong password, or no container with a signing key") from error


def _read(content: bytes, password: str) -> Opened | None:
    """None for a container of a newer kind."""
    outer = pkcs12.Pfx.load(content, strict=True)
    safe = outer["auth_safe"]["content"].native
    sealed = outer["mac_data"]
    if sealed["mac"]["digest_algorithm"]["algorithm"].native != "sha1":
        return None
    rounds = _bounded(sealed["iterations"].native)
    if not hmac.compare_digest(
        _seal(safe, password, sealed["mac_salt"].native, rounds), sealed["mac"]["digest"].native
    ):
        raise ContainerClosed("a wrong password")
    private: PrivateKey | None = None
    found: list[bytes] = []
    for part in pkcs12.AuthenticatedSafe.load(safe):
        plain = _part(part, password)
        if plain is None:
            return None
        for bag in pkcs12.SafeContents.load(plain):
            value = bag["bag_value"]
            if bag["bag_id"].native == "cert_bag":
                found.append(bytes(value["cert_value"]))
            elif bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                plain_key = _decrypt(value["encryption_algorithm"], value["encrypted_data"].native, password)
                if plain_key is None:
                    return None
                private = signing_keys.load(plain_key)
    return _paired(private, found)


def _part(part: Any, password: str) -> bytes | None:
    if part["content_type"].native == "data":
        return part["content"].native
    inside = part["content"]["encrypted_content_info"]
    return _decrypt(inside["content_encryption_algorithm"], inside["encrypted_content"].native, password)


def _decrypt(algorithm: Any, closed: bytes, password: str) -> bytes | None:
    kind = algorithm["algorithm"].dotted
    if kind not in (pbe.TRIPLE_DES, pbe.RC2_40):
        return None
    parameters = algorithm["parameters"]
    return pbe.decrypt(kind, password, parameters["salt"].native, _bounded(parameters["iterations"].native), closed)


def _read_modern(content: bytes, password: str) -> Opened:
    key, certificate, others = openssl.load_key_and_certificates(content, password.encode())
    der = serialization.Encoding.DER
    found = [one.public_bytes(der) for one in (certificate, *others) if one]
    return _paired(signing_keys.wrap(key), found)


def _paired(private: PrivateKey | None, found: list[bytes]) -> Opened:
    """The certificate whose key is ours stands first in many containers, but not in all."""
    if private is None:
        raise ContainerClosed("the container holds no signing key")
    own = next((der for der in found if _key_of(der) == private.public), None)
    if own is None:
        raise ContainerClosed("the container holds no certificate of its key")
    return Opened(private, own, tuple(der for der in found if der != own))


def _key_of(certificate: bytes) -> bytes:
    return certificates.read(certificate).key


def _bounded(rounds: int) -> int:
    if not 1 <= rounds <= MOST_ROUNDS:
        raise ContainerClosed("a container that would take too long to open")
    return rounds


def _seal(safe: bytes, password: str, salt: bytes, rounds: int) -> bytes:
    return hmac.new(pbe.derive(password, salt, rounds, 20, pbe.MAC), safe, sha1).digest()


def _algorithm(name: str, salt: bytes) -> dict[str, Any]:
    return {"algorithm": name, "parameters": {"salt": salt, "iterations": ROUNDS}}


def _attribute(kind: str, value: core.Asn1Value) -> dict[str, Any]:
    return {"type": kind, "values": [value]}


def _certificate_bag(der: bytes, attributes: Any) -> dict[str, Any]:
    bag = {"cert_id": "x509", "cert_value": core.ParsableOctetString(der)}
    return {"bag_id": "cert_bag", "bag_value": bag, "bag_attributes": attributes}
