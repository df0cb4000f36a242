"""Every way in which a signature is wrong has its own answer, by name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms as asn1
from asn1crypto import core
from cryptography.hazmat.primitives import hashes
from flask import Flask

from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.errors import DomainError
from backend.signatures import certificates, devca, documents, issuing, keys, rules, service, signer, trust
from backend.signatures.rules import Purpose
from tests import signing
from tests.signing import BIN, DOCUMENT, OTHER_BIN, PASSWORD, SCHEMA, TERM, attribute, craft, head, proper, verify

Case = Callable[[Path], Any]


def tampered_document(_folder: Path) -> None:
    verify(signer.sign(head(), PASSWORD, DOCUMENT), documents.envelope(SCHEMA, {"number": "А-1", "total": "1500.01"}))


def tampered_signature(_folder: Path) -> None:
    def spoil(data: asn1.SignedData) -> None:
        value = bytearray(data["signer_infos"][0]["signature"].native)
        value[-1] ^= 1
        data["signer_infos"][0]["signature"] = bytes(value)

    verify(signing.changed(signer.sign(head(), PASSWORD, DOCUMENT), spoil))


def wrong_issuer_of_the_same_name(folder: Path) -> None:
    key = keys.generate("rsa")
    ours = signing.authority().issuing()
    subject = asn1.Certificate.load(ours).subject
    extensions = issuing.authority_extensions(0, devca.POLICY)
    twin = issuing.sign(subject, key.public, TERM, extensions, signing.authority().root(), key)
    verify(signing.made_by(twin, key))


def expired_root(_folder: Path) -> None:
    old = (clock.now() - timedelta(days=900), clock.now() - timedelta(days=1))
    key = keys.generate("rsa")
    root = issuing.sign_root(issuing.authority("DEV OLD"), key, old, issuing.authority_extensions(None, devca.POLICY))
    read = certificates.read(root)
    here = replace(signing.world(), anchors=frozenset({read.fingerprint}), authorities=(read,))
    verify(signing.made_by(root, key), trust=here)


def wrong_bin(_folder: Path) -> None:
    rules.require_party(verify(signer.sign(head(), PASSWORD, DOCUMENT)).signer, OTHER_BIN)


def log_in_key(_folder: Path) -> None:
    verify(signer.sign(head(sign=False), PASSWORD, DOCUMENT))


def revoked(folder: Path) -> None:
    own = signing.copy(folder / "devca")
    own.revoke(devca.serial_of(head(), PASSWORD))
    verify(signer.sign(head(), PASSWORD, DOCUMENT), trust=trust.development(own))


def from_the_future(_folder: Path) -> None:
    verify(craft(head(), attributes=proper(DOCUMENT, clock.now() + timedelta(hours=1))))


def replayed(_folder: Path) -> None:
    verified = verify(signer.sign(head(), PASSWORD, DOCUMENT))
    for _ in range(2):
        unit_of_work(lambda: service.keep(verified))


def log_in_as_contract(_folder: Path) -> None:
    login = documents.envelope("kz.tanba.login/v1", {"nonce": "x"})
    verify(signer.sign(head(), PASSWORD, login), login, schema="kz.tanba.contract/v1")


def content_swapped(_folder: Path) -> None:
    def attach(data: asn1.SignedData) -> None:
        data["encap_content_info"] = {"content_type": "data", "content": core.OctetString(b"evil")}

    verify(signing.changed(signer.sign(head(), PASSWORD, DOCUMENT), attach))


def no_attributes(_folder: Path) -> None:
    verify(craft(head(), attributes=[], message=DOCUMENT))


def sha1(_folder: Path) -> None:
    old = attribute("message_digest", bytes(20))
    verify(craft(head(), attributes=[*proper(DOCUMENT)[:2], old], digest="sha1", algorithm="sha1_rsa", hashed=SHA1))


def another_profile(folder: Path) -> None:
    """The same layout and policies, pinned to another root: TEST and production differ by a word in a name."""
    test, production = signing.gost_hierarchy("TEST"), signing.gost_hierarchy("ROOT")
    verify(test.signed(DOCUMENT), trust=production.trust)


def asked_in_vain(_folder: Path) -> None:
    silent = replace(signing.world(), status=None, lists=trust.nobody)
    verify(signer.sign(head(), PASSWORD, DOCUMENT), trust=silent)


SHA1 = hashes.SHA1()

REFUSED: dict[str, tuple[Case, str]] = {
    "a byte of the document": (tampered_document, "signatures.document_changed"),
    "a byte of the signature": (tampered_signature, "signatures.wrong"),
    "an issuer of the same name": (wrong_issuer_of_the_same_name, "signatures.certificate_untrusted"),
    "an expired root": (expired_root, "signatures.certificate_expired"),
    "another party's BIN": (wrong_bin, "signatures.party_wrong"),
    "a log-in key": (log_in_key, "signatures.key_purpose_wrong"),
    "a revoked certificate": (revoked, "signatures.certificate_revoked"),
    "a time from the future": (from_the_future, "signatures.signing_time_wrong"),
    "used before": (replayed, "signatures.reused"),
    "a log-in offered as a contract": (log_in_as_contract, "signatures.other_document"),
    "other content inside": (content_swapped, "signatures.content_attached"),
    "no signed attributes": (no_attributes, "signatures.attributes_wrong"),
    "SHA-1": (sha1, "signatures.algorithm_unsupported"),
    "another profile's chain": (another_profile, "signatures.certificate_untrusted"),
    "revocation unknown": (asked_in_vain, "signatures.revocation_unknown"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_each_fault_has_its_own_answer(app: Flask, tmp_path: Path, name: str) -> None:
    case, code = REFUSED[name]
    with pytest.raises(DomainError) as refused:
        case(tmp_path)
    assert refused.value.code == code


def test_nothing_else_is_wrong_with_them(app: Flask, tmp_path: Path) -> None:
    """The same signatures without their fault pass, so that each row above proves its own."""
    good = verify(signer.sign(head(), PASSWORD, DOCUMENT))
    rules.require_party(good.signer, BIN)
    rules.require_party(verify(signer.sign(signing.container(), PASSWORD, DOCUMENT)).signer, signing.IIN)
    assert verify(signer.sign(head(sign=False), PASSWORD, DOCUMENT), purpose=Purpose.LOGIN)
    assert verify(signing.made_by(signing.authority().issuing(), signing.authority_key("issuing")))
    national = signing.gost_hierarchy("TEST")
    assert verify(national.signed(DOCUMENT), trust=national.trust).verdict["scheme"].startswith("GOST")
