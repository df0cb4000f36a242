"""Revoked certificates sign nothing more, and silence is never consent: lists of the issuer, current and whole."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509 as crls
from cryptography.hazmat.primitives import hashes, serialization

from backend.core import clock
from backend.signatures import certificates, devca, revocation, rules, signer, trust
from backend.signatures.revocation import Status
from backend.signatures.trust import Trust
from tests import signing
from tests.signing import (
    DOCUMENT,
    PASSWORD,
    authority_key,
    head,
    leaf,
    verify,
    world,
)


def silent(**changes: Any) -> Trust:
    """The run's profile, whose responder does not answer, with no lists."""
    return replace(world(), **{"status": None, "lists": trust.nobody} | changes)


def test_pending_is_refused() -> None:
    with pytest.raises(rules.RevocationUnknown):
        verify(signer.sign(head(), PASSWORD, DOCUMENT), trust=silent())


def test_nothing_checked_is_pending() -> None:
    assert revocation.decide((leaf(),), world(), clock.now()).status is Status.PENDING
    assert revocation.worst([]).status is Status.PENDING


def test_a_revoked_certificate_signs_nothing_more(tmp_path: Path) -> None:
    own = signing.copy(tmp_path / "devca")
    content = signer.sign(head(), PASSWORD, DOCUMENT)
    here = trust.development(own)
    assert verify(content, trust=here)
    own.revoke(devca.serial_of(head(), PASSWORD))
    with pytest.raises(rules.CertificateRevoked):
        verify(content, trust=here)
    assert verify(signer.sign(head(iin=signing.OTHER_IIN), PASSWORD, DOCUMENT), trust=here)


def test_a_revoked_authority_takes_its_people_along(tmp_path: Path) -> None:
    own = signing.copy(tmp_path / "devca")
    own.revoke(certificates.read(own.issuing()).serial)
    with pytest.raises(rules.CertificateRevoked):
        verify(signer.sign(head(), PASSWORD, DOCUMENT), trust=trust.development(own))


def listed(crl: bytes | None, now: Any = None) -> Status:
    issuer = certificates.read(signing.authority().issuing())
    return revocation.by_lists(leaf(), trust.accepted(crl, issuer), now or clock.now()).status


def test_only_a_current_list_of_the_issuer_says_ok() -> None:
    own = signing.authority()
    good, other = own.crl(own.issuing()), own.crl(own.root())
    assert listed(good) is Status.OK
    assert listed(other) is Status.PENDING
    assert listed(None) is Status.PENDING
    assert listed(b"not a list") is Status.PENDING
    assert listed(good + b"\x00") is Status.PENDING
    assert listed(good, clock.now() + timedelta(days=8)) is Status.PENDING
    assert listed(good, clock.now() - timedelta(days=1)) is Status.PENDING
    spoilt = bytearray(good)
    spoilt[-1] ^= 1
    assert listed(bytes(spoilt)) is Status.PENDING


def test_a_list_counts_only_from_its_own_issuer() -> None:
    issuer = certificates.read(signing.authority().issuing())
    good = signing.authority().crl(issuer.der)
    for other in (replace(issuer, subject=b"another"), replace(issuer, key_usage=frozenset({"key_cert_sign"}))):
        assert trust.accepted(good, other) == ()


def made(extension: Any = None, entry: Any = None, serial: int = 1) -> bytes:
    """A list of the run's issuing authority with one more critical extension, and one entry."""
    since = clock.now() - timedelta(minutes=1)
    revoked = crls.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
    if entry:
        revoked = revoked.add_extension(entry, critical=isinstance(entry, crls.CertificateIssuer))
    builder = (
        crls.CertificateRevocationListBuilder()
        .issuer_name(crls.load_der_x509_certificate(signing.authority().issuing()).subject)
        .last_update(since)
        .next_update(since + timedelta(days=1))
        .add_revoked_certificate(revoked.build())
    )
    if extension:
        builder = builder.add_extension(extension, critical=True)
    signed = builder.sign(authority_key("issuing").key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def test_a_part_of_a_list_says_nothing() -> None:
    """Only people, only changes, or other issuers' certificates among the entries."""
    people = crls.IssuingDistributionPoint(None, None, True, False, None, False, False)
    another = crls.DirectoryName(crls.load_der_x509_certificate(signing.authority().root()).subject)
    assert listed(made()) is Status.OK
    assert listed(made(people)) is Status.PENDING
    assert listed(made(crls.DeltaCRLIndicator(1))) is Status.PENDING
    assert listed(made(entry=crls.CertificateIssuer([another]))) is Status.PENDING


def test_on_hold_is_revoked() -> None:
    hold = crls.CRLReason(crls.ReasonFlags.certificate_hold)
    assert listed(made(entry=hold, serial=leaf().serial)) is Status.REVOKED


def test_a_list_is_renewed_before_it_runs_out(tmp_path: Path) -> None:
    own = signing.copy(tmp_path / "devca")
    first = own.crl(own.issuing())
    assert own.crl(own.issuing()) == first
    with clock.at(clock.now() + timedelta(days=20)):
        assert own.crl(own.issuing()) != first
        assert verify(signer.sign(head(), PASSWORD, DOCUMENT), trust=trust.development(own))
    with clock.at(clock.now() - timedelta(days=7)):
        assert verify(signer.sign(head(), PASSWORD, DOCUMENT), trust=trust.development(own))
