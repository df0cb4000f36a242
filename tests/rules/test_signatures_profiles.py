"""Trust profiles exclude one another; holders are read by the national profile and by no other."""

from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import clock
from backend.core.errors import DomainError
from backend.signatures import certificates, chain, devca, issuing, keys, revocation, rules, signer, trust
from backend.signatures.revocation import Status
from tests import signing
from tests.signing import (
    BIN,
    DOCUMENT,
    IIN,
    PASSWORD,
    TERM,
    head,
    issued,
    leaf,
    person,
    verify,
    world,
)


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
    key = keys.generate("rsa")
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
