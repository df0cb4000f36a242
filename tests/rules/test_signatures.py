"""A detached signature: what passes, and every way in which a wrong one is refused."""

import hashlib
from base64 import b64encode
from datetime import timedelta
from functools import lru_cache

import pytest
from asn1crypto import cms as asn1
from asn1crypto import core, tsp
from cryptography.hazmat.primitives import hashes
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import clock
from backend.core.errors import DomainError
from backend.signatures import cms, documents, issuing, rules, signer
from backend.signatures.rules import Purpose, Role
from tests import signing
from tests.signing import BIN, DOCUMENT, IIN, PASSWORD, SCHEMA, attribute, craft, head, proper, verify

LOGIN = "kz.tanba.login/v1"


@lru_cache
def good() -> bytes:
    return craft(head())


def signed(source: bytes | None = None, document: bytes = DOCUMENT) -> bytes:
    return signer.sign(source or head(), PASSWORD, document)


@pytest.mark.parametrize(
    ("algorithm", "scheme"), [("rsa", "RSA"), ("ec", "ECDSA"), ("gost", "GOST R 34.10-2015 (512)")]
)
def test_a_good_signature_says_who_signed(algorithm: str, scheme: str) -> None:
    found = verify(signed(head(algorithm=algorithm)))
    assert (found.signer.iin, found.signer.bin) == (IIN, BIN)
    assert found.signer.name == signing.NAME
    assert found.signer.roles == {Role.LEGAL_ENTITY, Role.HEAD}
    assert found.content["number"] == "А-1"
    assert found.verdict["scheme"] == scheme
    assert found.verdict["revocation"]["status"] == "ok"
    assert len(found.verdict["chain"]) == 3


def test_the_least_that_a_signature_must_say_is_enough() -> None:
    assert verify(craft(head())).signer.iin == IIN


def test_the_bare_key_algorithm_may_name_the_signature() -> None:
    assert verify(craft(head(), algorithm="rsassa_pkcs1v15")).signer.iin == IIN


@pytest.mark.parametrize("name", ["sha384", "sha512"])
def test_stronger_digests_pass(name: str) -> None:
    attributes = [*proper(DOCUMENT)[:2], attribute("message_digest", hashlib.new(name, DOCUMENT).digest())]
    used = {"sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[name]
    assert verify(craft(head(), attributes=attributes, digest=name, algorithm=f"{name}_rsa", hashed=used))


def refused(error: type[DomainError], content: bytes, document: bytes = DOCUMENT, **changes: object) -> None:
    with pytest.raises(error):
        verify(content, document, **changes)


def test_another_byte_in_the_document() -> None:
    refused(rules.DocumentChanged, signed(), documents.envelope(SCHEMA, {"number": "А-2", "total": "1500.00"}))


def test_a_broken_signature() -> None:
    def spoil(data: asn1.SignedData) -> None:
        value = bytearray(data["signer_infos"][0]["signature"].native)
        value[10] ^= 1
        data["signer_infos"][0]["signature"] = bytes(value)

    refused(rules.SignatureWrong, signing.changed(signed(), spoil))


def test_signed_attributes_changed_after_signing() -> None:
    def later(data: asn1.SignedData) -> None:
        data["signer_infos"][0]["signed_attrs"] = asn1.CMSAttributes(
            proper(DOCUMENT, clock.now() - timedelta(minutes=1))
        )

    refused(rules.SignatureWrong, signing.changed(craft(head()), later))


@pytest.mark.parametrize("inside", [DOCUMENT, b"evil"])
def test_content_inside_is_refused_even_when_it_equals_ours(inside: bytes) -> None:
    def attach(data: asn1.SignedData) -> None:
        data["encap_content_info"] = {"content_type": "data", "content": core.OctetString(inside)}

    refused(rules.ContentAttached, signing.changed(signed(), attach))


def test_a_signature_without_attributes() -> None:
    refused(rules.AttributesWrong, craft(head(), attributes=[], message=DOCUMENT))


def test_a_signature_of_attributes_is_no_signature_of_a_blob_that_looks_like_them() -> None:
    """The old confusion: the signature over DER(attributes) also verifies over that blob without attributes."""
    blob = asn1.CMSAttributes(proper(DOCUMENT)).dump(force=True)
    refused(rules.AttributesWrong, craft(head(), attributes=[], message=blob))


@pytest.mark.parametrize(
    "attributes",
    [
        lambda: proper(DOCUMENT)[1:],
        lambda: proper(DOCUMENT)[:2],
        lambda: [*proper(DOCUMENT), attribute("message_digest", hashlib.sha256(b"other").digest())],
        lambda: [
            *proper(DOCUMENT)[:2],
            attribute("message_digest", hashlib.sha256(DOCUMENT).digest(), hashlib.sha256(b"other").digest()),
        ],
        lambda: [attribute("content_type", "signed_data"), *proper(DOCUMENT)[1:]],
        lambda: [
            *proper(DOCUMENT),
            attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [{"cert_hash": bytes(32)}]})),
        ],
    ],
    ids=["no type", "no digest", "two digests", "two values", "another type", "another certificate"],
)
def test_wrong_attributes(attributes: object) -> None:
    refused(rules.AttributesWrong, craft(head(), attributes=attributes()))


def test_the_right_certificate_named() -> None:
    _, leaf = signing.opened(head())
    named = {"cert_hash": hashlib.sha256(leaf).digest()}
    naming = attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [named]}))
    assert verify(craft(head(), attributes=[*proper(DOCUMENT), naming]))


def test_two_signers() -> None:
    other = asn1.ContentInfo.load(signed(head(iin=signing.OTHER_IIN)))["content"]

    def join(data: asn1.SignedData) -> None:
        data["signer_infos"] = [data["signer_infos"][0], other["signer_infos"][0]]

    refused(rules.SignerCount, signing.changed(signed(), join))


def test_no_signer() -> None:
    refused(rules.SignerCount, signing.changed(signed(), lambda data: data.__setitem__("signer_infos", [])))


def test_a_message_without_the_signers_certificate() -> None:
    refused(rules.Malformed, craft(head(), inside=[]))
    refused(rules.Malformed, craft(head(), inside=[signing.authority().root()]))


def test_the_signers_certificate_is_named_by_issuer_and_number() -> None:
    def rename(data: asn1.SignedData) -> None:
        number = data["signer_infos"][0]["sid"].chosen["serial_number"].native
        named = {"issuer": issuing.authority("DEV OTHER"), "serial_number": number}
        data["signer_infos"][0]["sid"] = asn1.SignerIdentifier("issuer_and_serial_number", named)

    refused(rules.Malformed, signing.changed(craft(head()), rename))


def test_two_certificates_under_one_number() -> None:
    _, leaf = signing.opened(head())
    twin = leaf[:-1] + bytes([leaf[-1] ^ 1])
    refused(rules.Malformed, craft(head(), inside=[leaf, twin]))
    assert verify(craft(head(), inside=[leaf, leaf]))


def test_trailing_bytes_other_versions_and_giants() -> None:
    refused(rules.Malformed, signed() + b"\x00")
    refused(rules.Malformed, signing.changed(signed(), lambda data: data.__setitem__("version", "v3")))
    _, leaf = signing.opened(head())
    root = signing.authority().root()
    assert verify(craft(head(), inside=[leaf, *[root] * 10]))
    refused(rules.Malformed, craft(head(), inside=[leaf, *[root] * (cms.LARGEST // len(root))]))
    refused(rules.Malformed, b"")


def test_sha1_and_md5_are_refused() -> None:
    attributes = [*proper(DOCUMENT)[:2], attribute("message_digest", hashlib.sha1(DOCUMENT).digest())]
    old = craft(head(), attributes=attributes, digest="sha1", algorithm="sha1_rsa", hashed=hashes.SHA1())
    refused(rules.AlgorithmUnsupported, old)


def test_digest_and_signature_algorithm_must_agree() -> None:
    mixed = craft(head(), algorithm="sha512_rsa", hashed=hashes.SHA512())
    refused(rules.AlgorithmUnsupported, mixed)


def test_signature_algorithm_of_another_key() -> None:
    refused(rules.AlgorithmUnsupported, craft(head(), algorithm="sha256_ecdsa"))


def test_log_in_keys_do_not_sign_documents() -> None:
    auth = signed(head(sign=False))
    refused(rules.KeyPurposeWrong, auth)
    assert verify(auth, purpose=Purpose.LOGIN).signer.iin == IIN


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.TREASURY, Role.AUTHORITY_STAFF])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_machines_and_strangers_do_not_sign(role: Role, purpose: Purpose) -> None:
    refused(rules.RoleRefused, signed(head(role=role, algorithm="ec")), purpose=purpose)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_key_that_signs_certificates_signs_nothing_else(purpose: Purpose) -> None:
    usage = {"digital_signature", "non_repudiation"}
    rules.require_purpose(usage, (), purpose)
    with pytest.raises(rules.KeyPurposeWrong):
        rules.require_purpose(usage | {"key_cert_sign"}, (), purpose)


def test_a_document_of_another_kind() -> None:
    """A log-in must never be passed off as an act, nor an act as a log-in."""
    act, login = signed(), documents.envelope(LOGIN, {"nonce": "x"})
    refused(rules.OtherDocument, act, schema=LOGIN)
    refused(rules.OtherDocument, signed(document=login), login)


@pytest.mark.parametrize(
    "document",
    [
        b'{"number":"1", "schema":"kz.tanba.act/v1"}',
        b'{"schema":"kz.tanba.act/v1","number":"1"}',
        b'{"schema":"kz.tanba.login/v1","schema":"kz.tanba.act/v1"}',
        b'{"schema":"kz.tanba.act/v1"}\n',
        b"[1]",
        b"not json",
        b'{"number":1e400,"schema":"kz.tanba.act/v1"}',
    ],
)
def test_only_canonical_bytes_are_a_document(document: bytes) -> None:
    refused(rules.OtherDocument, signed(document=document), document)


def test_floats_do_not_get_into_documents() -> None:
    with pytest.raises(TypeError):
        documents.envelope(SCHEMA, {"lines": [{"price": 1.5}]})


def test_documents_speak_one_form_of_text() -> None:
    decomposed = {"name": "\u0438\u0306"}
    assert documents.read(documents.envelope(SCHEMA, decomposed), SCHEMA)["name"] == "й"


@pytest.mark.parametrize("minutes", [6, 60 * 24])
def test_a_signing_time_from_the_future(minutes: int) -> None:
    later = proper(DOCUMENT, clock.now() + timedelta(minutes=minutes))
    refused(rules.SigningTimeWrong, craft(head(), attributes=later))


def test_a_signing_time_before_the_document() -> None:
    began = clock.now()
    early = craft(head(), attributes=proper(DOCUMENT, began - timedelta(minutes=6)))
    refused(rules.SigningTimeWrong, early, signed_after=began)
    assert verify(early)
    slow_clock = craft(head(), attributes=proper(DOCUMENT, began - timedelta(minutes=4)))
    assert verify(slow_clock, signed_after=began)


def test_pem_armour_is_taken_off() -> None:
    text = b64encode(b"something").decode()
    assert cms.unarmour(f"-----BEGIN CMS-----\n{text[:6]}\r\n{text[6:]}\n-----END CMS-----\n") == b"something"
    with pytest.raises(rules.Malformed):
        cms.unarmour("-----BEGIN CERTIFICATE-----\nAAAA")


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_bytes_break_the_verifier(data: st.DataObject) -> None:
    """Damaged messages are refused by name; nothing but a DomainError ever comes out."""
    spoilt = bytearray(good())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(spoilt) - 1))
        spoilt[place] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        spoilt = spoilt[: data.draw(st.integers(0, len(spoilt)))]
    try:
        found = verify(bytes(spoilt))
    except DomainError:
        return
    assert found.signer.iin == IIN


@settings(max_examples=200, deadline=None)
@given(noise=st.binary(max_size=400))
def test_no_noise_breaks_the_verifier(noise: bytes) -> None:
    with pytest.raises(DomainError):
        verify(noise)
