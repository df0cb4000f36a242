"""Keys, certificates and signatures for tests: one development authority a run, and CMS crafted to be wrong."""

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, core, crl, pem, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from backend.core import clock
from backend.signatures import certificates, documents, issuing, keys, responders, signer, trust, verifier
from backend.signatures import container as containers
from backend.signatures.certificates import Certificate
from backend.signatures.devca import POLICY, DevCA
from backend.signatures.gost import signature
from backend.signatures.gost.curves import TC26_512_A
from backend.signatures.issuing import Extensions
from backend.signatures.keys import GostKey, PrivateKey, RsaKey
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


def made_by(issuer: bytes, issuer_key: PrivateKey, document: bytes = DOCUMENT) -> bytes:
    """A CMS by a fresh individual's key under this issuer."""
    key = keys.generate("ec")
    certificate = issuing.sign(issuing.person(IIN, NAME, None, None), key.public, TERM, person(), issuer, issuer_key)
    return signer.signed(key, certificate, (), document)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A root, an issuing authority and a person, all with GOST keys and the national policies, as the national
    authority has them; its responder answers, its root's list is current."""

    trust: Trust
    key: GostKey
    certificate: bytes
    issuing: bytes
    issuing_key: GostKey
    root: bytes
    root_key: GostKey

    def signed(self, document: bytes) -> bytes:
        return signer.signed(self.key, self.certificate, (self.issuing,), document)


@lru_cache
def gost_hierarchy(name: str) -> Hierarchy:
    root_key, issuing_key, key = (GostKey(signature.generate(TC26_512_A)) for _ in range(3))
    policies = trust.NUC_POLICY
    root = issuing.sign_root(
        issuing.authority(f"{name} ROOT"), root_key, TERM, issuing.authority_extensions(None, policies)
    )
    middle = issuing.sign(
        issuing.authority(f"{name} NCA"),
        issuing_key.public,
        TERM,
        issuing.authority_extensions(0, policies),
        root,
        root_key,
    )
    leaf_ = issuing.sign(issuing.person(IIN, NAME, None, None), key.public, TERM, person(policies), middle, issuing_key)
    known = tuple(certificates.read(der) for der in (middle, root))
    desk = responders.Desk(issuing_key, middle, middle)
    here = Trust(
        "nca-test",
        frozenset({known[1].fingerprint}),
        known,
        (policies,),
        lists=lambda issuer: trust.accepted(revocation_list(root, root_key), issuer),
        status=lambda request: responders.answer_status(request, desk, {}),
    )
    return Hierarchy(here, key, leaf_, middle, issuing_key, root, root_key)


def revocation_list(
    issuer: bytes,
    key: PrivateKey,
    entries: Iterable[tuple[int, int | None]] = (),
    *,
    number: int | None = 1,
    base: int | None = None,
    since: datetime | None = None,
    due: timedelta | None = timedelta(days=1),
    null_inside: bool = True,
) -> bytes:
    """A revocation list; an entry is (serial, reason or None). `base` makes it a delta, `null_inside` False leaves out
    the algorithm's parameters inside, as the national authority does."""
    since = (since or clock.now()).replace(microsecond=0)
    algorithm = {"algorithm": key.algorithm, "parameters": core.Null()}
    numbers = [("crl_number", False, number), ("delta_crl_indicator", True, base)]
    body: dict[str, Any] = {
        "version": "v2",
        "signature": algorithm if null_inside else {"algorithm": key.algorithm},
        "issuer": x509.Certificate.load(issuer).subject,
        "this_update": x509.Time(name="utc_time", value=since),
        "revoked_certificates": [_entry(serial, reason, since) for serial, reason in entries],
        "crl_extensions": [
            {"extn_id": name, "critical": critical, "extn_value": core.ParsableOctetString(core.Integer(value).dump())}
            for name, critical, value in numbers
            if value is not None
        ],
    }
    if due is not None:
        body["next_update"] = x509.Time(name="utc_time", value=since + due)
    signed = crl.TbsCertList(body)
    return crl.CertificateList(
        {"tbs_cert_list": signed, "signature_algorithm": algorithm, "signature": key.sign(signed.dump())}
    ).dump()


def _entry(serial: int, reason: int | None, since: datetime) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "user_certificate": serial,
        "revocation_date": x509.Time(name="utc_time", value=since - timedelta(hours=1)),
    }
    if reason is not None:
        value = core.ParsableOctetString(bytes([0x0A, 1, reason]))
        entry["crl_entry_extensions"] = [{"extn_id": "crl_reason", "critical": False, "extn_value": value}]
    return entry
