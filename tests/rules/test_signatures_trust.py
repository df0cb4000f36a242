"""Whom a signature is believed: chains to pinned anchors, revocation, profiles that exclude one another."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import core, x509
from cryptography import x509 as crls
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import clock
from backend.core.errors import DomainError
from backend.signatures import algorithms, certificates, chain, devca, issuing, revocation, rules, signer, trust
from backend.signatures.certificates import Certificate
from backend.signatures.revocation import Status
from backend.signatures.trust import Trust
from tests import signing
from tests.signing import BIN, DOCUMENT, IIN, PASSWORD, craft, head, verify

TERM = (clock.now() - timedelta(days=10), clock.now() + timedelta(days=100))


def world() -> Trust:
    return trust.development(signing.authority())


def leaf(source: bytes | None = None) -> Certificate:
    return certificates.read(signing.opened(source or head())[1])


def authority_key(name: str) -> rsa.RSAPrivateKey:
    return serialization.load_pem_private_key((signing.authority().folder / f"{name}.key").read_bytes(), None)


def issued(extensions: list[tuple[str, bool, Any]] | None = None, **changes: Any) -> Certificate:
    """A certificate under the run's issuing authority, as wrong as asked."""
    given = {
        "subject": issuing.person(IIN, signing.NAME, None, None),
        "key": ec.generate_private_key(ec.SECP256R1()).public_key(),
        "term": TERM,
        "extensions": person() if extensions is None else extensions,
        "issuer": signing.authority().issuing(),
        "issuer_key": authority_key("issuing"),
    }
    return certificates.read(issuing.sign(**given | changes))


def person(policy: str = devca.POLICY) -> list[tuple[str, bool, Any]]:
    return issuing.person_extensions((rules.Role.INDIVIDUAL,), policy, True)


def test_a_chain_leads_to_the_anchor() -> None:
    found = chain.build(leaf(), world(), clock.now())
    assert [link.fingerprint for link in found[1:]] == [
        certificates.read(der).fingerprint for der in (signing.authority().issuing(), signing.authority().root())
    ]


def test_an_authority_of_the_same_name_is_another_authority(tmp_path: Path) -> None:
    """The issuer's name and even its key id may be copied; the signature may not."""
    key = rsa.generate_private_key(65537, 2048)
    ours = x509.Certificate.load(signing.authority().issuing())
    twin = certificates.read(
        issuing.sign(ours.subject, key.public_key(), TERM, _authority(), signing.authority().root(), key)
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
    key = rsa.generate_private_key(65537, 2048)
    root, root_key = signing.authority().root(), authority_key("root")
    odd = issuing.sign(issuing.authority("DEV ODD"), key.public_key(), TERM, extensions, root, root_key)
    wide = replace(world(), authorities=(*world().authorities, certificates.read(odd)))
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(issued(issuer=odd, issuer_key=key), wide, clock.now())


def test_an_authority_below_its_allowed_depth() -> None:
    """Our issuing authority has path length 0: it issues to people, not to authorities."""
    key = rsa.generate_private_key(65537, 2048)
    below = issued(_authority(None), subject=issuing.authority("DEV DEEP"), key=key.public_key())
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
    key = authority_key("issuing").public_key()
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
    key = rsa.generate_private_key(65537, 2048)
    root, root_key = signing.authority().root(), authority_key("root")
    expired = issuing.sign(issuing.authority("DEV OLD"), key.public_key(), old, _authority(), root, root_key)
    wide = replace(world(), authorities=(certificates.read(expired), *world().authorities))
    with pytest.raises(rules.CertificateExpired):
        chain.build(issued(issuer=expired, issuer_key=key), wide, clock.now())


def test_an_expired_certificate_signs_nothing_whatever_its_clock_says() -> None:
    expired = head(term=timedelta(days=-1), curve=False)
    backdated = craft(expired, attributes=signing.proper(DOCUMENT, clock.now() - timedelta(days=2)))
    with pytest.raises(rules.CertificateExpired):
        verify(backdated)


@pytest.mark.parametrize("bits", [1024, 1536])
def test_short_rsa_keys_are_weak(bits: int) -> None:
    weak = issued(key=rsa.generate_private_key(65537, bits).public_key())
    with pytest.raises(rules.KeyWeak):
        verifies_with(weak)


def test_other_curves_are_weak() -> None:
    with pytest.raises(rules.KeyWeak):
        verifies_with(issued(key=ec.generate_private_key(ec.SECP384R1()).public_key()))


def verifies_with(one: Certificate) -> bool:
    name = "1.2.840.113549.1.1.11" if b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" in one.key else "1.2.840.10045.4.3.2"
    return algorithms.verify(one.key, bytes(64), b"message", name)


def test_profiles_exclude_one_another(tmp_path: Path) -> None:
    """A national profile believes no development signature, even with the authority's files in its folder."""
    folder = tmp_path / "nca-prod"
    folder.mkdir()
    (folder / "root.cer").write_bytes(signing.authority().root())
    (folder / "issuing.cer").write_bytes(signing.authority().issuing())
    pins = (certificates.read(signing.authority().root()).fingerprint,)
    for national in (trust.pinned("nca-prod", folder, ()), trust.pinned("nca-prod", folder, pins)):
        with pytest.raises(rules.CertificateUntrusted):
            verify(signer.sign(head(), PASSWORD, DOCUMENT), trust=national)


def test_a_national_profile_says_pending_and_never_valid(tmp_path: Path) -> None:
    """With its anchor pinned, a chain of the national layout stands, but its revocation is not known here."""
    folder = tmp_path / "nca-test"
    folder.mkdir()
    key = rsa.generate_private_key(65537, 2048)
    root = issuing.sign_root(
        issuing.authority("TEST ROOT"), key, TERM, issuing.authority_extensions(None, trust.NUC_POLICY)
    )
    (folder / "root.cer").write_bytes(root)
    one = issued(person(trust.NUC_POLICY + ".3"), issuer=root, issuer_key=key)
    fingerprint = certificates.read(root).fingerprint
    spelled = ":".join(fingerprint[place : place + 2] for place in range(0, 64, 2)).upper()
    national = trust.pinned("nca-test", folder, (spelled,))
    found = chain.build(one, national, clock.now())
    assert revocation.decide(found, national, clock.now()).status is Status.PENDING
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(one, trust.pinned("nca-test", folder, ("00" * 32,)), clock.now())


def test_pending_is_refused() -> None:
    silent = replace(world(), crl=lambda _issuer: None)
    with pytest.raises(rules.RevocationUnknown):
        verify(signer.sign(head(), PASSWORD, DOCUMENT), trust=silent)


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
    return revocation.by_list(leaf(), issuer, crl, now or clock.now()).status


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
        assert revocation.by_list(leaf(), other, good, clock.now()).status is Status.PENDING


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
    signed = builder.sign(authority_key("issuing"), hashes.SHA256())
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


def test_an_installation_without_an_authority_believes_nobody(tmp_path: Path) -> None:
    empty = trust.development(devca.DevCA(tmp_path / "none"))
    with pytest.raises(rules.CertificateUntrusted):
        verify(signer.sign(head(), PASSWORD, DOCUMENT), trust=empty)
    assert not (tmp_path / "none").exists()


def test_two_first_starts_leave_one_authority(tmp_path: Path) -> None:
    first, second = devca.DevCA(tmp_path / "devca"), devca.DevCA(tmp_path / "devca")
    root = first.root()
    second._make()
    assert second.root() == root
    assert [path.name for path in tmp_path.iterdir()] == ["devca"]


def test_secrets_of_the_authority_are_its_owners_alone() -> None:
    for name in ("root.key", "issuing.key"):
        assert (signing.authority().folder / name).stat().st_mode & 0o077 == 0


def test_names_say_that_this_is_not_the_national_authority() -> None:
    for der in (signing.authority().root(), signing.authority().issuing()):
        name = x509.Certificate.load(der).subject.native["common_name"]
        assert name.startswith("DEV ")
        assert name.endswith("NOT NUC RK")


def test_the_profile_of_a_person() -> None:
    individual = certificates.signer_of(leaf(signing.container()))
    assert (individual.iin, individual.bin, individual.organisation) == (IIN, None, None)
    employee = certificates.signer_of(leaf(head(role=rules.Role.EMPLOYEE)))
    assert (employee.bin, employee.organisation) == (BIN, "«Тест» ЖШС")
    assert rules.Role.EMPLOYEE in employee.roles


@pytest.mark.parametrize(
    ("serials", "units", "roles"),
    [
        ((), (), (rules.Role.INDIVIDUAL,)),
        ((f"IIN{IIN}", f"IIN{signing.OTHER_IIN}"), (), (rules.Role.INDIVIDUAL,)),
        ((IIN,), (), (rules.Role.INDIVIDUAL,)),
        ((f"IIN{IIN}0",), (), (rules.Role.INDIVIDUAL,)),
        ((f"BIN{BIN}",), (), (rules.Role.INDIVIDUAL,)),
        ((f"IIN{IIN}",), (f"BIN{BIN}",), (rules.Role.INDIVIDUAL,)),
        ((f"IIN{IIN}",), (), (rules.Role.LEGAL_ENTITY, rules.Role.HEAD)),
        ((f"IIN{IIN}",), (f"BIN{BIN}", f"BIN{signing.OTHER_BIN}"), (rules.Role.LEGAL_ENTITY,)),
        ((f"IIN{IIN}",), ("бөлім",), (rules.Role.LEGAL_ENTITY,)),
        ((f"IIN{IIN}",), (), ()),
    ],
)
def test_certificates_of_another_layout(
    serials: tuple[str, ...], units: tuple[str, ...], roles: tuple[rules.Role, ...]
) -> None:
    names = {certificates.COMMON_NAME: ("СЕРІКБАЕВ НҰРСҰЛТАН",)}
    names |= {certificates.SERIAL_NUMBER: serials} if serials else {}
    names |= {certificates.UNIT: units} if units else {}
    odd = replace(leaf(), names=names, extended=tuple(role.value for role in roles))
    with pytest.raises(rules.CertificateForeign):
        certificates.signer_of(odd)


def test_a_certificate_that_contradicts_itself() -> None:
    """An extension given twice, or two names for the algorithm it was signed with."""
    twice = x509.Certificate.load(leaf().der)
    twice["tbs_certificate"]["extensions"].append(twice["tbs_certificate"]["extensions"][0])
    other = x509.Certificate.load(leaf().der)
    other["signature_algorithm"] = {"algorithm": "sha384_rsa"}
    for odd in (twice, other):
        with pytest.raises(rules.CertificateMalformed):
            certificates.read(odd.dump())


@settings(max_examples=200, deadline=None)
@given(places=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4))
def test_no_certificate_breaks_the_reader(places: list[tuple[int, int]]) -> None:
    spoilt = bytearray(leaf().der)
    for place, value in places:
        spoilt[place % len(spoilt)] = value
    try:
        chain.build(certificates.read(bytes(spoilt)), world(), clock.now())
    except DomainError:
        return
    assert bytes(spoilt) == leaf().der
