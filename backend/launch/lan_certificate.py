"""The server's certificate for the local network, from the development CA."""

import ipaddress
import os
from datetime import timedelta
from pathlib import Path

from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_der_x509_certificate

from backend.core import clock
from backend.launch.processes import Tls
from backend.signatures import issuing
from backend.signatures.devca import DevCA

# Telephones refuse server certificates of more than 398 or 825 days; each start makes a new one.
TERM = (timedelta(days=-1), timedelta(days=90))


def issue(authority: DevCA, names: list[str], folder: Path) -> Tls:
    """A new key and a certificate for host names and addresses, written to `folder` with the chain below the root."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    issuer = authority.issuing()
    leaf = authority.certify(
        issuing.authority("Tanba LAN NOT NUC RK"),
        public,
        (clock.now() + TERM[0], clock.now() + TERM[1]),
        [
            ("basic_constraints", True, x509.BasicConstraints({"ca": False})),
            ("key_usage", True, x509.KeyUsage({"digital_signature"})),
            ("extended_key_usage", False, x509.ExtKeyUsageSyntax(["server_auth"])),
            ("subject_alt_name", False, x509.GeneralNames([_name(name) for name in names])),
        ],
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    tls = Tls(folder / "server.pem", folder / "server.key")
    tls.certificate.write_bytes(_armour(leaf) + _armour(issuer))
    with open(tls.key, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(private)
    return tls


def _name(text: str) -> x509.GeneralName:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return x509.GeneralName("dns_name", x509.DNSName(text))
    return x509.GeneralName("ip_address", x509.IPAddress(text))


def _armour(der: bytes) -> bytes:
    return load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM)
