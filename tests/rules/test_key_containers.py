"""Key containers of the national kind, and certificates whose length plays a trick on their reader."""

from datetime import timedelta

import pytest
from asn1crypto import pkcs12
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12 as openssl
from cryptography.x509 import load_der_x509_certificate
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import clock
from backend.signatures import algorithms, certificates, container, der, issuing, keys, pbe, signer
from backend.signatures.container import ContainerClosed
from backend.signatures.keys import Algorithm, RsaKey
from tests import signing
from tests.signing import DOCUMENT, PASSWORD, TERM, gost_hierarchy, head, person

# RFC 2268 §5, with keys whose effective length is their whole length.
RC2 = [
    ("ffffffffffffffff", "ffffffffffffffff", "278b27e42e2f0d49"),
    ("3000000000000000", "1000000000000001", "30649edf9be7d2c2"),
    ("88bca90e90875a7f0f79c384627bafb2", "0000000000000000", "2269552ab0f85ca6"),
]


@pytest.mark.parametrize(("key", "plain", "closed"), RC2)
def test_rc2_as_published(key: str, plain: str, closed: str) -> None:
    words = pbe._rc2_key(bytes.fromhex(key))
    assert pbe._rc2_encrypt(words, bytes.fromhex(plain)).hex() == closed
    assert pbe._rc2_decrypt(words, bytes.fromhex(closed)).hex() == plain


@pytest.mark.parametrize("kind", [pbe.TRIPLE_DES, pbe.RC2_40])
@pytest.mark.parametrize("size", [0, 7, 8, 100])
def test_what_is_closed_opens(kind: str, size: int) -> None:
    closed = pbe.encrypt(kind, PASSWORD, b"salt", 3, bytes(size))
    assert pbe.decrypt(kind, PASSWORD, b"salt", 3, closed) == bytes(size)
    with pytest.raises(ValueError, match=r".*"):
        pbe.decrypt("1.2.3", PASSWORD, b"salt", 3, closed)


@pytest.mark.parametrize("algorithm", ["rsa", "ec", "gost"])
def test_a_container_is_laid_out_as_the_national_ones(algorithm: Algorithm) -> None:
    """3DES for the key, 40-bit RC2 for the certificates, SHA-1 for the seal."""
    content = head(algorithm=algorithm)
    outer = pkcs12.Pfx.load(content)
    assert outer["mac_data"]["mac"]["digest_algorithm"]["algorithm"].native == "sha1"
    closed, plain = pkcs12.AuthenticatedSafe.load(outer["auth_safe"]["content"].native)
    inside = closed["content"]["encrypted_content_info"]["content_encryption_algorithm"]
    assert inside["algorithm"].dotted == pbe.RC2_40
    (bag,) = pkcs12.SafeContents.load(plain["content"].native)
    assert bag["bag_value"]["encryption_algorithm"]["algorithm"].dotted == pbe.TRIPLE_DES
    opened = container.read(content, PASSWORD)
    assert opened.key.public == certificates.read(opened.certificate).key
    assert len(opened.others) == 2


@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
def test_others_open_what_we_write(algorithm: Algorithm) -> None:
    key, certificate, others = openssl.load_key_and_certificates(head(algorithm=algorithm), PASSWORD.encode())
    assert key is not None
    assert certificate is not None
    assert len(others) == 2


def test_containers_of_newer_kinds_open() -> None:
    key, der_ = signing.opened(head())
    assert isinstance(key, RsaKey)
    best = serialization.BestAvailableEncryption(PASSWORD.encode())
    content = openssl.serialize_key_and_certificates(b"x", key.key, load_der_x509_certificate(der_), None, best)
    assert container.read(content, PASSWORD).certificate == der_
    old = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .key_cert_algorithm(openssl.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())
        .build(PASSWORD.encode())
    )
    content = openssl.serialize_key_and_certificates(b"x", key.key, load_der_x509_certificate(der_), None, old)
    assert container.read(content, PASSWORD).certificate == der_


@pytest.mark.parametrize("content", [b"", b"noise", b"0\x80\x00\x00"])
def test_what_is_no_container(content: bytes) -> None:
    with pytest.raises(ContainerClosed):
        container.read(content, PASSWORD)


@pytest.mark.parametrize("algorithm", ["rsa", "gost"])
def test_a_wrong_password_opens_nothing(algorithm: Algorithm) -> None:
    with pytest.raises(ContainerClosed):
        container.read(head(algorithm=algorithm), "Qwerty12")


def test_a_container_of_another_certificate_is_refused() -> None:
    _, other = signing.opened(head(iin=signing.OTHER_IIN))
    key, _ = signing.opened(head())
    with pytest.raises(ContainerClosed):
        container.read(container.write(key, other, (), "x", PASSWORD), PASSWORD)


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_no_bytes_break_the_opener(place: int, value: int) -> None:
    content = bytearray(head(algorithm="gost"))
    content[place % len(content)] = value
    try:
        opened = container.read(bytes(content), PASSWORD)
    except ContainerClosed:
        return
    assert opened.key.public == signing.opened(head(algorithm="gost"))[0].public


def with_length(wanted: int) -> tuple[bytes, keys.PrivateKey]:
    """A national certificate whose signed part has so many bytes modulo 256; and its key."""
    made = gost_hierarchy("LENGTHS")
    key = keys.generate("gost")
    for size in range(1, 200):
        subject = issuing.person(signing.IIN, "А" + "Б" * (size // 2) + " " + "C" * (size % 2 + 1), None, None)
        one = issuing.sign(subject, key.public, TERM, person("1.2.398.3.3.2"), made.issuing, made.issuing_key)
        body = next(der.children(one, der.whole(one)))
        if (body.end - body.content) % 256 == wanted:
            return one, key
    raise AssertionError("no name of that length")


def test_a_length_that_ends_in_0x80_is_a_length() -> None:
    """The parser beneath takes it for an indefinite one and would encode the certificate anew, which it cannot do for
    national keys: one certificate in 256 would be refused."""
    certificate, key = with_length(0x80)
    made = gost_hierarchy("LENGTHS")
    content = signer.signed(key, certificate, (made.issuing,), DOCUMENT)
    assert signing.verify(content, trust=made.trust).certificate.der == certificate
    read = certificates.read(certificate)
    issuer = certificates.read(made.issuing)
    assert algorithms.verify(issuer.key, read.signature, read.signed, read.algorithm)
    assert read.not_after - clock.now() > timedelta(days=1)
