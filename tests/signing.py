"""Keys, certificates and signatures for tests: one development authority a run, and CMS crafted to be wrong."""

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, pem, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from backend.core import clock
from backend.signatures import certificates, documents, issuing, keys, trust, verifier
from backend.signatures import container as containers
from backend.signatures.certificates import Certificate
from backend.signatures.devca import POLICY, DevCA
from backend.signatures.issuing import Extensions
from backend.signatures.keys import PrivateKey, RsaKey
from backend.signatures.rules import Purpose, Role
from backend.signatures.trust import Trust
from backend.signatures.verifier import Verified

PASSWORD = "Tanba2026"
IIN, OTHER_IIN = "900101300007", "850202400000"
BIN, OTHER_BIN = "200140000004", "200140000014"
NAME = "СЕРІКБАЕВ НҰРСҰЛТАН ӘБІШҰЛЫ"
SCHEMA = "kz.tanba.act/v1"
TERM = (clock.now() - timedelta(days=10), clock.now() + timedelta(days=100))
DOCUMENT = documents.envelope(SCHEMA, {"number": "А-1", "total": "1500.00"})


@lru_cache
def authority() -> DevCA:
    """The run's development authority. Tests that revoke take a copy of their own."""
    folder = Path(tempfile.mkdtemp(prefix="tanba-devca-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = DevCA(folder / "devca")
    made.root()
    return made


def copy(folder: Path) -> DevCA:
    shutil.copytree(authority().folder, folder)
    return DevCA(folder)


@lru_cache
def container(**wanted: Any) -> bytes:
    """A PKCS#12 of the run's authority; equal wishes get the same one."""
    return authority().issue(**{"iin": IIN, "name": NAME, "password": PASSWORD} | wanted)


def head(**wanted: Any) -> bytes:
    return container(**{"bin": BIN, "organisation": "«Тест» ЖШС"} | wanted)


def verify(content: bytes, document: bytes = DOCUMENT, **changes: Any) -> Verified:
    given = {
        "schema": SCHEMA,
        "purpose": Purpose.DOCUMENT,
        "trust": trust.development(authority()),
        "now": clock.now(),
    }
    return verifier.verify(document, content, **given | changes)


def attribute(kind: str, *values: Any) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": list(values)})


def proper(document: bytes, at: datetime | None = None) -> list[cms.CMSAttribute]:
    """The least that a signature must say."""
    moment = (at or clock.now()).replace(microsecond=0)
    return [
        attribute("content_type", "data"),
        attribute("signing_time", cms.Time(name="utc_time", value=moment)),
        attribute("message_digest", hashlib.sha256(document).digest()),
    ]


@lru_cache
def opened(source: bytes) -> tuple[PrivateKey, bytes]:
    """The key and the certificate (DER) of a container."""
    found = containers.read(source, PASSWORD)
    return found.key, found.certificate


def world() -> Trust:
    return trust.development(authority())


def leaf(source: bytes | None = None) -> Certificate:
    return certificates.read(opened(source or head())[1])


def authority_key(name: str) -> RsaKey:
    key = keys.load(pem.unarmor((authority().folder / f"{name}.key").read_bytes())[2])
    assert isinstance(key, RsaKey)
    return key


def issued(extensions: Extensions | None = None, **changes: Any) -> Certificate:
    """A certificate under the run's issuing authority, as wrong as asked."""
    given = {
        "subject": issuing.person(IIN, NAME, None, None),
        "key": keys.generate("ec").public,
        "term": TERM,
        "extensions": person() if extensions is None else extensions,
        "issuer": authority().issuing(),
        "issuer_key": authority_key("issuing"),
    }
    return certificates.read(issuing.sign(**given | changes))


def person(policy: str = POLICY) -> Extensions:
    return issuing.person_extensions((Role.INDIVIDUAL,), policy, True)


def craft(
    source: bytes,
    document: bytes = DOCUMENT,
    *,
    attributes: list[cms.CMSAttribute] | None = None,
    message: bytes | None = None,
    digest: str = "sha256",
    algorithm: str = "sha256_rsa",
    hashed: Any = None,
    inside: list[bytes] | None = None,
) -> bytes:
    """A CMS by the key of a container, as wrong as asked: other attributes, another signed message, other names of
    algorithms, other certificates inside."""
    key, der = opened(source)
    said = cms.CMSAttributes(proper(document) if attributes is None else attributes)
    if message is None:
        message = said.dump(force=True)
    holder = x509.Certificate.load(der)
    info: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number", {"issuer": holder.issuer, "serial_number": holder.serial_number}
        ),
        "digest_algorithm": {"algorithm": digest},
        "signature_algorithm": {"algorithm": algorithm},
        "signature": key.key.sign(message, padding.PKCS1v15(), hashed or hashes.SHA256()),
    }
    if len(said):
        info["signed_attrs"] = said
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": digest})],
            "encap_content_info": {"content_type": "data"},
            "certificates": [x509.Certificate.load(one) for one in ([der] if inside is None else inside)],
            "signer_infos": [cms.SignerInfo(info)],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()


def changed(content: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    """A CMS after a change to its SignedData, encoded anew."""
    outer = cms.ContentInfo.load(content)
    change(outer["content"])
    return outer.dump(force=True)


def detached(content: bytes) -> tuple[bytes, bytes]:
    """An attached CMS taken apart: (the CMS without its content, the content). The signature covers only the digest,
    so it survives."""
    outer = cms.ContentInfo.load(content)
    inside = outer["content"]["encap_content_info"]["content"].native
    outer["content"]["encap_content_info"] = {"content_type": "data"}
    return outer.dump(), inside
