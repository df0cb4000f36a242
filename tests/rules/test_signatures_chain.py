"""Whom a signature is believed: chains to pinned anchors, every link sound and valid now."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import core, x509
from cryptography.hazmat.primitives.asymmetric import ec

from backend.core import clock
from backend.signatures import algorithms, certificates, chain, devca, issuing, keys, rules
from backend.signatures.certificates import Certificate
from tests import signing
from tests.signing import (
    DOCUMENT,
    TERM,
    authority_key,
    craft,
    head,
    issued,
    leaf,
    person,
    verify,
    world,
)


def test_a_chain_leads_to_the_anchor() -> None:
    found = chain.build(leaf(), world(), clock.now())
    assert [link.fingerprint for link in found[1:]] == [
        certificates.read(der).fingerprint for der in (signing.authority().issuing(), signing.authority().root())
    ]


def test_an_authority_of_the_same_name_is_another_authority(tmp_path: Path) -> None:
    """The issuer's name and even its key id may be copied; the signature may not."""
    key = keys.generate("rsa")
    ours = x509.Certificate.load(signing.authority().issuing())
    twin = certificates.read(
        issuing.sign(ours.subject, key.public, TERM, _authority(), signing.authority().root(), key)
    )
    faked = issued(issuer=twin.der, issuer_key=key)
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(faked, world(), clock.now())
    copied = replace(faked, authority_key_id=certificates.read(ours.dump()).key_id)
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(copied, world(), clock.now())


def _authority(path_length: int | None = 0, **changes: Any) -> list[tuple[str, bool, Any]]:
    extensions = issuing.authority_extensions(path_length, devca.POLICY)
    return [changes.get(name, (name, critical, value)) for name, critical, value in extensions]


def test_certificates_of_people_issue_nothing() -> None:
    key, der = signing.opened(head())
    forged = issued(issuer=der, issuer_key=key)
    wide = replace(world(), authorities=(*world().authorities, certificates.read(der)))
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(forged, wide, clock.now())


@pytest.mark.parametrize(
    "extensions",
    [
        _authority(key_usage=("key_usage", True, x509.KeyUsage({"crl_sign"}))),
        _authority(basic_constraints=("basic_constraints", True, x509.BasicConstraints({"ca": False}))),
        [*_authority(), ("1.2.3.4", True, core.Null())],
    ],
    ids=["may not sign certificates", "no authority", "unknown critical extension"],
)
def test_what_is_no_issuing_authority(extensions: list[tuple[str, bool, Any]]) -> None:
    key = keys.generate("rsa")
    root, root_key = signing.authority().root(), authority_key("root")
    odd = issuing.sign(issuing.authority("DEV ODD"), key.public, TERM, extensions, root, root_key)
    wide = replace(world(), authorities=(*world().authorities, certificates.read(odd)))
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(issued(issuer=odd, issuer_key=key), wide, clock.now())


def test_an_authority_below_its_allowed_depth() -> None:
    """Our issuing authority has path length 0: it issues to people, not to authorities."""
    key = keys.generate("rsa")
    below = issued(_authority(None), subject=issuing.authority("DEV DEEP"), key=key.public)
    wide = replace(world(), authorities=(*world().authorities, below))
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(issued(issuer=below.der, issuer_key=key), wide, clock.now())


def test_unknown_critical_extensions_and_foreign_policies() -> None:
    for extensions in (
        [*person(), ("1.2.3.4", True, core.Null())],
        person("1.2.3.4"),
        person(devca.POLICY + "1"),
        person()[:2],
    ):
        with pytest.raises(rules.CertificateUntrusted):
            chain.build(issued(extensions), world(), clock.now())
    assert chain.build(issued(person(devca.POLICY + ".3")), world(), clock.now())


def test_a_person_is_no_anchor() -> None:
    """Not even one whose own certificate somebody pinned."""
    pinned = replace(world(), anchors=world().anchors | {leaf().fingerprint})
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(leaf(), pinned, clock.now())


def test_the_same_key_under_another_name_is_another_authority() -> None:
    root, root_key = signing.authority().root(), authority_key("root")
    key = authority_key("issuing").public
    alias = issuing.sign(issuing.authority("DEV ALIAS"), key, TERM, _authority(), root, root_key)
    narrow = replace(world(), authorities=(certificates.read(alias), certificates.read(root)))
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(leaf(), narrow, clock.now())


def test_an_authority_signs_no_documents() -> None:
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(certificates.read(signing.authority().issuing()), world(), clock.now())


def test_every_link_must_be_valid_now() -> None:
    with pytest.raises(rules.CertificateExpired):
        chain.build(issued(term=(TERM[0], clock.now() - timedelta(seconds=1))), world(), clock.now())
    with pytest.raises(rules.CertificateExpired):
        chain.build(issued(term=(clock.now() + timedelta(hours=1), TERM[1])), world(), clock.now())
    old = (TERM[0], clock.now() - timedelta(days=1))
    key = keys.generate("rsa")
    root, root_key = signing.authority().root(), authority_key("root")
    expired = issuing.sign(issuing.authority("DEV OLD"), key.public, old, _authority(), root, root_key)
    wide = replace(world(), authorities=(certificates.read(expired), *world().authorities))
    with pytest.raises(rules.CertificateExpired):
        chain.build(issued(issuer=expired, issuer_key=key), wide, clock.now())


def test_an_expired_certificate_signs_nothing_whatever_its_clock_says() -> None:
    expired = head(term=timedelta(days=-1))
    backdated = craft(expired, attributes=signing.proper(DOCUMENT, clock.now() - timedelta(days=2)))
    with pytest.raises(rules.CertificateExpired):
        verify(backdated)


@pytest.mark.parametrize("bits", [1024, 1536])
def test_short_rsa_keys_are_weak(bits: int) -> None:
    weak = issued(key=keys.generate("rsa", bits).public)
    with pytest.raises(rules.KeyWeak):
        verifies_with(weak)


def test_other_curves_are_weak() -> None:
    with pytest.raises(rules.KeyWeak):
        verifies_with(issued(key=keys.EcKey(ec.generate_private_key(ec.SECP384R1())).public))


def verifies_with(one: Certificate) -> bool:
    name = "1.2.840.113549.1.1.11" if b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" in one.key else "1.2.840.10045.4.3.2"
    return algorithms.verify(one.key, bytes(64), b"message", name)
