"""Certificates, lists and messages of the national test kit answer as its manifest says."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import cms as asn1
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp

from backend.core.errors import DomainError
from backend.signatures import certificates, chain, cms, crl, ocsp, revocation, rules, timestamps, trust, verifier
from backend.signatures.certificates import Certificate
from backend.signatures.revocation import Status
from backend.signatures.rules import Purpose
from backend.signatures.trust import NUC_POLICY, NUC_STAMP_POLICY, Trust
from tests import signing
from tests.conftest import vectors_folder

FOLDER = vectors_folder()
PKI = FOLDER / "pki" if FOLDER else None
ENTRIES: list[dict[str, Any]] = json.loads((PKI / "manifest.json").read_text()) if PKI else []
BY_FILE = {entry["file"]: entry for entry in ENTRIES}
# Pinned where the root of a test authority is not published with it.
ANCHORS = ("ca/nca_rsa_test_2019.cer", "ca/nca_gost2004_test_2019.cer", "ca/root_test_gost_2022.cer")

CERTIFICATES = [name for name in BY_FILE if name.startswith(("certs/", "ca/"))]
LISTS = [name for name in BY_FILE if name.startswith("crl/")]
MESSAGES = [name for name in BY_FILE if name.startswith("cms/") and "signers" in BY_FILE[name]]
SINGLE = [name for name in MESSAGES if len(BY_FILE[name]["signers"]) == 1]
OLD = "1.2.398.3.10.1.1.1."  # the arc of GOST 34.310-2004
NATIVE_OIDS = {"email_protection": "1.3.6.1.5.5.7.3.4", "client_auth": "1.3.6.1.5.5.7.3.2"}


def data(name: str) -> bytes:
    assert PKI is not None
    return (PKI / name).read_bytes()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def national() -> Trust:
    """The published test authorities of all hierarchies."""
    known = tuple(certificates.read(data(name)) for name in BY_FILE if name.startswith("ca/") and "prod" not in name)
    anchors = frozenset(certificates.read(data(name)).fingerprint for name in ANCHORS)
    return Trust("nca-test", anchors, known, (NUC_POLICY,), stamp_policies=(NUC_STAMP_POLICY,))


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


@pytest.mark.parametrize("name", [name for name in CERTIFICATES if name.startswith("certs/")])
def test_certificates_chain_as_listed(name: str) -> None:
    certificate, entry = certificates.read(data(name)), BY_FILE[name]
    inside = certificate.not_before + timedelta(days=1)
    found = chain.build(certificate, national(), inside, historical=True)
    assert bool(entry["expect_chain"]) is (found[-1].fingerprint in national().anchors)
    with pytest.raises(rules.CertificateExpired):
        chain.build(certificate, national(), certificate.not_after + timedelta(seconds=1), historical=True)
    spoilt = replace(certificate, signature=certificate.signature[:-1] + bytes([certificate.signature[-1] ^ 1]))
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(spoilt, national(), inside, historical=True)


def issuer_of(list_name: str) -> Certificate:
    """The authority of a published list."""
    wanted = BY_FILE[list_name]["issuer"]
    known = [certificates.read(data(name)) for name in BY_FILE if name.startswith("ca/")]
    return next(one for one in known if one.names[certificates.COMMON_NAME] == (wanted,))


@pytest.mark.parametrize("name", [name for name in LISTS if "delta" not in name])
def test_published_lists_revoke_what_they_list(name: str) -> None:
    issuer, entry = issuer_of(name), BY_FILE[name]
    listed = asn1_crl.CertificateList.load(data(name))["tbs_cert_list"]["revoked_certificates"]
    assert len(listed) == entry["entries"]
    accepted = crl.accept(data(name), issuer)
    assert (accepted.issued, accepted.due) == (moment(entry["this_update"]), moment(entry["next_update"]))
    now = accepted.issued + timedelta(days=1)
    one = replace(certificates.read(data("certs/individual_valid_sign_2004_rsa.cer")), serial=1)
    for revoked in listed:
        serial = revoked["user_certificate"].native
        decision = revocation.by_lists(replace(one, serial=serial), (accepted,), now)
        assert decision.status is Status.REVOKED
        assert decision.revoked_at == revoked["revocation_date"].native
    assert revocation.by_lists(one, (accepted,), now).status is Status.OK
    late = accepted.due + timedelta(seconds=1)
    assert revocation.by_lists(one, (accepted,), late).status is Status.PENDING
    spoilt = data(name)[:-1] + bytes([data(name)[-1] ^ 1])
    with pytest.raises(crl.ListRefused, match="list_signature"):
        crl.accept(spoilt, issuer)


@pytest.mark.parametrize("name", [name for name in LISTS if "delta" in name])
def test_a_delta_older_than_its_base_changes_nothing(name: str) -> None:
    """The published test delta has number 10 and amends 14: it says nothing, and nothing rests on it."""
    issuer = issuer_of(name)
    delta, full = crl.accept(data(name), issuer), crl.accept(data(name.replace("_delta", "")), issuer)
    assert (delta.number, delta.base, full.number) == (10, 14, 14)
    one = certificates.read(data("certs/gost2015_individual_valid_individual_valid.cer"))
    now = full.issued + timedelta(days=1)
    assert len(revocation.by_lists(one, (full, delta), now).evidence["lists"]) == 1
    assert revocation.by_lists(one, (delta,), now).status is Status.PENDING
    assert len(revocation.by_lists(one, (full, replace(delta, number=15)), now).evidence["lists"]) == 2


ANSWERS = {
    "ocsp/ocsp_response_ceo_2015_revoked.der": "ca/nca_gost2022_test.cer",
    "ocsp/ocsp_response_ceo_sign_2004_revoked.der": "ca/nca_gost2004_test_2019.cer",
    "ocsp/ocsp_response_individual_2015.der": "ca/nca_gost2022_test.cer",
    "ocsp/ocsp_response_individual_sign_2004.der": "ca/nca_rsa_test_2019.cer",
}


@pytest.mark.parametrize("name", [name for name in BY_FILE if name.startswith("ocsp/")])
def test_published_answers_say_what_is_listed(name: str) -> None:
    entry, issuer, now = BY_FILE[name], certificates.read(data(ANSWERS[name])), moment(BY_FILE[name]["this_update"])
    subject = replace(issuer, serial=int(entry["serial"], 16))
    said = asn1_ocsp.OCSPResponse.load(data(name))["response_bytes"]["response"].parsed["tbs_response_data"]
    nonce = next(one["extn_value"].native for one in said["response_extensions"] if one["extn_id"].native == "nonce")
    question = ocsp.ask(subject, issuer, nonce)
    answer = ocsp.judge(data(name), question, issuer, now)
    assert answer.good is (entry["status"] == "good")
    assert answer.revoked_at == (moment(entry["revocation_time"]) if entry["revocation_time"] else None)
    assert answer.never_issued is (entry["revocation_time"] == "1970-01-01 00:00:00+00:00")
    for wrong in (
        replace(question, nonce=b"another"),
        replace(question, serial=1),
        replace(question, key_hash=bytes(32)),
        replace(question, name_hash=bytes(32)),
    ):
        with pytest.raises(ocsp.AnswerRefused):
            ocsp.judge(data(name), wrong, issuer, now)
    for late in (timedelta(hours=25), timedelta(days=-1)):
        with pytest.raises(ocsp.AnswerRefused):
            ocsp.judge(data(name), question, issuer, now + late)
    for other in set(ANSWERS.values()) - {ANSWERS[name]}:
        with pytest.raises(ocsp.AnswerRefused):
            ocsp.judge(data(name), question, certificates.read(data(other)), now)


@pytest.mark.parametrize("name", [name for name in SINGLE if BY_FILE[name]["timestamps"]])
def test_published_stamps_belong_to_their_signatures(name: str) -> None:
    claim, (wanted,) = cms.read(taken_apart(name)[0]), BY_FILE[name]["timestamps"]
    (token,) = claim.stamps
    late = datetime(2027, 1, 1, tzinfo=UTC)
    stamp = timestamps.check(token, claim.signature, national(), late, historical=True)
    assert (stamp.at, stamp.policy) == (moment(wanted["gen_time"]), wanted["policy"])
    # They were made in production, whose present authorities are not published with the kit.
    assert not stamp.trusted
    with pytest.raises(rules.TimestampWrong):
        timestamps.check(token, claim.signature[::-1], national(), late, historical=True)
    with pytest.raises(rules.TimestampWrong):
        timestamps.check(token, claim.signature, national(), stamp.at - timedelta(days=1), historical=True)


@pytest.mark.parametrize("name", [name for name in BY_FILE if name == "tsp/tsp_response.der"])
def test_the_published_answer_carries_the_published_token(name: str) -> None:
    token = timestamps.token_of(data(name))
    assert token == data("tsp/tsp_token.der")
    claim, content = cms.read_stamp(token)
    cms.check(claim, content, historical=True)
    at = datetime(2022, 9, 18, 13, 20, 14, tzinfo=UTC)
    found = chain.path_to_anchor(claim.certificate, national(), at, historical=True)
    assert found[-1].fingerprint == certificates.read(data("ca/nca_gost2004_test_2019.cer")).fingerprint
    with pytest.raises(rules.AlgorithmUnsupported):
        chain.path_to_anchor(claim.certificate, national(), at)
    # It stamps a SHA-1 digest, which proves nothing any more.
    with pytest.raises(rules.TimestampWrong):
        timestamps.check(token, b"any", national(), at, historical=True)


def taken_apart(name: str) -> tuple[bytes, bytes]:
    """A published message without its content, and the content."""
    content = asn1.ContentInfo.load(data(name)).dump()
    if asn1.ContentInfo.load(content)["content"]["encap_content_info"]["content"].native is None:
        return content, data("cms/gost2015_individual_document.txt")
    with pytest.raises(rules.ContentAttached):
        cms.read(content)
    return signing.detached(content)


@pytest.mark.parametrize("name", SINGLE)
def test_messages_answer_as_listed(name: str) -> None:
    """Most travel with their content inside, which is refused; taken out of it, the signature holds."""
    entry = BY_FILE[name]
    if asn1.ContentInfo.load(data(name)).dump() != data(name):  # one was published with bytes behind its end
        with pytest.raises(rules.Malformed):
            cms.read(data(name))
    bare, document = taken_apart(name)
    claim = cms.read(bare)
    cms.check(claim, document, historical=True)
    assert claim.signing_time == moment(entry["signers"][0]["signing_time"])
    with pytest.raises(rules.DocumentChanged):
        cms.check(claim, document + b"!", historical=True)
    spoilt = bytearray(claim.signature)
    spoilt[7] ^= 1
    with pytest.raises(rules.SignatureWrong):
        cms.check(replace(claim, signature=bytes(spoilt)), document, historical=True)
    auth = name.startswith("cms/auth_")
    holder = certificates.signer_of(claim.certificate)
    if auth:
        with pytest.raises(rules.KeyPurposeWrong):
            rules.require_purpose(claim.certificate.key_usage, holder.roles, Purpose.DOCUMENT)
    else:
        rules.require_purpose(claim.certificate.key_usage, holder.roles, Purpose.DOCUMENT)
    inside = claim.certificate.not_after - timedelta(days=1)
    found = chain.build(claim.certificate, national(), inside, historical=True)
    assert found[-1].fingerprint in national().anchors
    assert entry["certificates"][0]["chain_ok"]


@pytest.mark.parametrize("name", [name for name in SINGLE if BY_FILE[name]["signers"][0]["sig_alg"].startswith(OLD)])
def test_gost_of_2004_signs_nothing_new(name: str) -> None:
    bare, document = taken_apart(name)
    with pytest.raises(rules.AlgorithmUnsupported):
        cms.check(cms.read(bare), document)
    certificate = cms.read(bare).certificate
    with pytest.raises(rules.AlgorithmUnsupported):
        chain.build(certificate, national(), certificate.not_after - timedelta(days=1))


@pytest.mark.parametrize("name", [name for name in MESSAGES if name not in SINGLE])
def test_two_signers_are_refused(name: str) -> None:
    with pytest.raises(rules.SignerCount):
        cms.read(data(name))


@pytest.mark.parametrize("name", [name for name in CERTIFICATES if name.startswith("certs/")])
def test_a_national_certificate_is_a_stranger_to_the_development_profile(name: str) -> None:
    one = certificates.read(data(name))
    strangers = replace(trust.development(signing.authority()), policies=(NUC_POLICY,))
    with pytest.raises(rules.CertificateUntrusted):
        chain.build(one, strangers, one.not_before + timedelta(days=1))


@pytest.mark.parametrize("name", SINGLE)
def test_a_message_that_is_no_document_of_ours_is_refused_whole(name: str) -> None:
    bare, document = taken_apart(name)
    with pytest.raises(rules.OtherDocument):
        verifier.verify(
            document,
            bare,
            schema="kz.tanba.act/v1",
            purpose=Purpose.DOCUMENT,
            trust=national(),
            now=datetime(2020, 9, 10, tzinfo=UTC),
        )
