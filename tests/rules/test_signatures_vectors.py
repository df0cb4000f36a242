"""Certificates, lists and messages of the national test kit answer as its manifest says."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import cms as asn1
from asn1crypto import crl

from backend.core.errors import DomainError
from backend.signatures import certificates, chain, cms, revocation, rules, trust, verifier
from backend.signatures.revocation import Status
from backend.signatures.rules import Purpose
from backend.signatures.trust import NUC_POLICY, Trust
from tests import signing
from tests.conftest import vectors_folder

FOLDER = vectors_folder()
PKI = FOLDER / "pki" if FOLDER else None
ENTRIES: list[dict[str, Any]] = json.loads((PKI / "manifest.json").read_text()) if PKI else []
BY_FILE = {entry["file"]: entry for entry in ENTRIES}
RSA_AUTHORITY = "ca/nca_rsa_test_2019.cer"
RSA_LIST = "crl/nca_rsa_test_20220329.crl"

CERTIFICATES = [name for name in BY_FILE if name.startswith(("certs/", "ca/"))]
MESSAGES = [name for name in BY_FILE if name.startswith("cms/") and "signers" in BY_FILE[name]]
RSA_MESSAGES = [name for name in MESSAGES if [one["sig_alg"] for one in BY_FILE[name]["signers"]] == ["sha256_rsa"]]
NATIVE_OIDS = {"email_protection": "1.3.6.1.5.5.7.3.4", "client_auth": "1.3.6.1.5.5.7.3.2"}


def data(name: str) -> bytes:
    assert PKI is not None
    return (PKI / name).read_bytes()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def national(revoked: bytes | None = None) -> Trust:
    """The test authority for RSA, pinned: its own root is not published with it."""
    authority = certificates.read(data(RSA_AUTHORITY))
    return Trust("nca-test", frozenset({authority.fingerprint}), (authority,), (NUC_POLICY,), lambda _issuer: revoked)


@pytest.mark.parametrize("name", CERTIFICATES)
def test_certificates_are_read_as_listed(name: str) -> None:
    entry, found = BY_FILE[name], certificates.read(data(name))
    assert found.serial == int(entry["serial"], 16)
    assert (found.not_before, found.not_after) == (moment(entry["not_before"]), moment(entry["not_after"]))
    assert found.key_usage == set(entry["key_usage"])
    assert {NATIVE_OIDS.get(one, one) for one in entry["eku"]} == set(found.extended)
    assert list(found.policies) == entry["policies"]
    assert found.names[certificates.COMMON_NAME] == (entry["subject"]["common_name"],)
    assert found.authority is name.startswith("ca/")


@pytest.mark.parametrize("name", [name for name in CERTIFICATES if name.startswith("certs/")])
def test_the_holder_is_read_by_the_national_profile(name: str) -> None:
    subject = BY_FILE[name]["subject"]
    certificate = certificates.read(data(name))
    if "serial_number" not in subject:
        with pytest.raises(rules.CertificateForeign):
            certificates.signer_of(certificate)
        return
    holder = certificates.signer_of(certificate)
    assert f"IIN{holder.iin}" == subject["serial_number"]
    assert (f"BIN{holder.bin}" if holder.bin else None) == subject.get("organizational_unit_name")
    assert holder.organisation == subject.get("organization_name")
    allowed = "non_repudiation" in certificate.key_usage
    machine = "1.2.398.5.19.1.2.2.1" in certificate.extended
    for purpose, wanted in ((Purpose.DOCUMENT, allowed and not machine), (Purpose.LOGIN, not machine)):
        if wanted:
            rules.require_purpose(certificate.key_usage, holder.roles, purpose)
        else:
            with pytest.raises(DomainError):
                rules.require_purpose(certificate.key_usage, holder.roles, purpose)


@pytest.mark.parametrize(
    "name", [name for name in BY_FILE if BY_FILE[name].get("sig_alg") == "sha256_rsa" and name.startswith("certs/")]
)
def test_rsa_certificates_chain_and_are_on_no_list(name: str) -> None:
    certificate, entry = certificates.read(data(name)), BY_FILE[name]
    now = moment(BY_FILE[RSA_LIST]["this_update"]) + timedelta(days=1)
    here = national(data(RSA_LIST))
    found = chain.build(certificate, here, now)
    assert (len(found) == 2) is entry["expect_chain"]
    decision = revocation.decide(found, here, now)
    assert decision.status is (Status.REVOKED if entry["revoked_in"] else Status.OK)
    with pytest.raises(rules.CertificateExpired):
        chain.build(certificate, here, certificate.not_after + timedelta(seconds=1))


@pytest.mark.parametrize("name", [name for name in BY_FILE if name == RSA_LIST])
def test_the_published_list_revokes_what_it_lists(name: str) -> None:
    issuer = certificates.read(data(RSA_AUTHORITY))
    listed = crl.CertificateList.load(data(name))["tbs_cert_list"]["revoked_certificates"]
    now = moment(BY_FILE[name]["this_update"]) + timedelta(days=1)
    assert len(listed) == BY_FILE[name]["entries"]
    one = certificates.read(data("certs/individual_valid_sign_2004_rsa.cer"))
    revoked = replace(one, serial=listed[7]["user_certificate"].native)
    assert revocation.by_list(revoked, issuer, data(name), now).status is Status.REVOKED
    assert revocation.by_list(one, issuer, data(name), now).status is Status.OK
    late = moment(BY_FILE[name]["next_update"]) + timedelta(seconds=1)
    assert revocation.by_list(one, issuer, data(name), late).status is Status.PENDING


@pytest.mark.parametrize("name", RSA_MESSAGES)
def test_rsa_messages_answer_as_listed(name: str) -> None:
    """They travel with their content inside, which is refused; taken out of it, the signature holds."""
    entry = BY_FILE[name]
    content = asn1.ContentInfo.load(data(name)).dump()
    with pytest.raises(rules.ContentAttached):
        cms.read(content)
    if content != data(name):  # one was published with bytes behind its end
        with pytest.raises(rules.Malformed):
            cms.read(data(name))
    bare, document = signing.detached(content)
    claim = cms.read(bare)
    cms.check(claim, document)
    assert claim.signing_time == moment(entry["signers"][0]["signing_time"])
    with pytest.raises(rules.DocumentChanged):
        cms.check(claim, document + b"!")
    auth = name.startswith("cms/auth_")
    holder = certificates.signer_of(claim.certificate)
    if auth:
        with pytest.raises(rules.KeyPurposeWrong):
            rules.require_purpose(claim.certificate.key_usage, holder.roles, Purpose.DOCUMENT)
    else:
        rules.require_purpose(claim.certificate.key_usage, holder.roles, Purpose.DOCUMENT)
    inside = claim.certificate.not_after - timedelta(days=1)
    assert (len(chain.build(claim.certificate, national(), inside)) == 2) is entry["certificates"][0]["chain_ok"]


@pytest.mark.parametrize("name", [name for name in MESSAGES if name not in RSA_MESSAGES])
def test_gost_is_refused_by_name(name: str) -> None:
    content = data(name)
    if asn1.ContentInfo.load(content)["content"]["encap_content_info"]["content"].native is None:
        document = data("cms/gost2015_individual_document.txt")
    else:
        content, document = signing.detached(content)
    error = rules.SignerCount if len(BY_FILE[name]["signers"]) > 1 else rules.AlgorithmUnsupported
    with pytest.raises(error):
        cms.check(cms.read(content), document)


@pytest.mark.parametrize("name", [name for name in CERTIFICATES if name.startswith("certs/")])
def test_a_national_certificate_is_a_stranger_to_the_development_profile(name: str) -> None:
    one = certificates.read(data(name))
    strangers = replace(trust.development(signing.authority()), policies=(NUC_POLICY,))
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(one, strangers, one.not_before + timedelta(days=1))


@pytest.mark.parametrize("name", RSA_MESSAGES)
def test_a_message_that_is_no_document_of_ours_is_refused_whole(name: str) -> None:
    bare, document = signing.detached(data(name))
    with pytest.raises(rules.OtherDocument):
        verifier.verify(
            document,
            bare,
            schema="kz.tanba.act/v1",
            purpose=Purpose.DOCUMENT,
            trust=national(),
            now=datetime(2020, 9, 10, tzinfo=UTC),
        )
