"""Files signed by the browser's own code are accepted by the server's, for every kind of key; and what must not open
does not. The code is bundled as for a browser's worker and run by node."""

import base64
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms as asn1
from asn1crypto import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import Certificate, CertificateBuilder, Name, NameAttribute, load_der_x509_certificate
from cryptography.x509.oid import NameOID

from backend.core import clock
from backend.launch import build
from backend.settings import ROOT
from backend.signatures import certificates, container, rules
from backend.signatures.rules import Purpose
from tests import signing

PWA = ROOT / "pwa"
PASSWORD = signing.PASSWORD.encode()

BUNDLE = """
import { build } from "vite";
const [, outDir] = process.argv;
await build({
  configFile: false, logLevel: "error",
  build: { ssr: "src/sign/p12/desk.ts", outDir, minify: true },
  ssr: { target: "webworker", noExternal: true },
});
"""

# One desk is one worker: it opens a file and signs with the key that it would show first.
SIGN = """
import { readFileSync } from "node:fs";
const [, bundle] = process.argv;
const { Desk } = await import(bundle);
const asked = JSON.parse(readFileSync(0, "utf8"));
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const now = new Date(asked.now);
const desk = new Desk();
const order = { kind: "open", file: bytes(asked.file), password: new TextEncoder().encode(asked.password), now };
const opened = await desk.serve({ id: 1, ...order });
const cms = [];
for (const document of opened.done ? asked.documents : []) {
  const answer = await desk.serve({ id: 2, kind: "sign", key: 0, document: bytes(document), at: now });
  cms.push(Buffer.from(answer.done).toString("base64"));
}
console.log(JSON.stringify({ opened, cms }));
"""


def node(script: str, argument: Path, given: str = "") -> str:
    command = [build.node_folder() / "bin" / "node", "--input-type=module", "--eval", script, argument]
    done = subprocess.run(command, cwd=PWA, input=given, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signer")
    node(BUNDLE, folder)
    return folder / "desk.js"


Browser = Callable[..., dict[str, Any]]


@pytest.fixture
def browser(bundle: Path) -> Browser:
    """Opens a container and signs documents; answers {"opened": the worker's answer, "cms": [bytes]}."""

    def run(file: bytes, *documents: bytes, password: str = signing.PASSWORD) -> dict[str, Any]:
        asked = {
            "file": base64.b64encode(file).decode(),
            "password": password,
            "documents": [base64.b64encode(one).decode() for one in documents],
            "now": clock.now().isoformat(),
        }
        answer = json.loads(node(SIGN, bundle, json.dumps(asked)))
        return {**answer, "cms": [base64.b64decode(one) for one in answer["cms"]]}

    return run


def modern(key: Any, leaf: Certificate, others: list[Certificate], code: hashes.HashAlgorithm) -> bytes:
    """A container under AES-256, as programs of today write them."""
    lock = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(20_000)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(code)
        .build(PASSWORD)
    )
    return pkcs12.serialize_key_and_certificates(b"modern", key, leaf, others, lock)


def self_signed(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> Certificate:
    name = Name([NameAttribute(NameOID.COMMON_NAME, "TEST")])
    since = clock.now() - timedelta(days=1)
    body = CertificateBuilder(name, name, key.public_key(), 1, since, since + timedelta(days=9))
    return body.sign(key, hashes.SHA256() if isinstance(key, ec.EllipticCurvePrivateKey) else None)


@pytest.mark.parametrize(
    ("algorithm", "name", "scheme"),
    [
        ("rsa", "RSA", "RSA"),
        ("ec", "EC", "ECDSA"),
        ("gost", "GOST2015", "GOST R 34.10-2015 (512)"),
    ],
)
def test_the_server_accepts_what_the_browser_signs(browser: Browser, algorithm: str, name: str, scheme: str) -> None:
    file = signing.head(algorithm=algorithm)
    answer = browser(file, signing.DOCUMENT)
    (facts,) = answer["opened"]["done"]
    leaf = certificates.read(container.read(file, signing.PASSWORD).certificate)
    assert facts["subject"] == {
        "name": signing.NAME,
        "iin": signing.IIN,
        "bin": signing.BIN,
        "organisation": "«Тест» ЖШС",
        "serial": facts["subject"]["serial"],
    }
    assert int(facts["subject"]["serial"], 16) == leaf.serial
    assert (facts["algorithm"], facts["canSign"], facts["test"]) == (name, True, True)
    assert set(facts["roles"]) == {rules.Role.LEGAL_ENTITY, rules.Role.HEAD}

    verified = signing.verify(answer["cms"][0])
    assert (verified.signer.iin, verified.signer.bin) == (signing.IIN, signing.BIN)
    assert verified.verdict["scheme"] == scheme
    assert verified.certificate.der == leaf.der


def by_the_server(cms: bytes, document: bytes, _folder: Path) -> bool:
    try:
        signing.verify(cms, document)
    except rules.DocumentChanged:
        return False
    return True


def by_openssl(cms: bytes, document: bytes, folder: Path) -> bool:
    root = load_der_x509_certificate(signing.authority().root()).public_bytes(serialization.Encoding.PEM)
    for name, content in {"cms": cms, "document": document, "root": root}.items():
        (folder / name).write_bytes(content)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms", "-content", "document"]
    done = subprocess.run([*command, "-CAfile", "root"], cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


JUDGES: list[tuple[str, Callable[[bytes, bytes, Path], bool]]] = [
    (kind, by_the_server) for kind in ("rsa", "ec", "gost")
]
if shutil.which("openssl"):
    JUDGES += [("rsa", by_openssl), ("ec", by_openssl)]


@pytest.mark.parametrize(("algorithm", "accepts"), JUDGES)
def test_one_byte_more_is_another_document(
    browser: Browser, algorithm: str, accepts: Callable[[bytes, bytes, Path], bool], tmp_path: Path
) -> None:
    longer = signing.DOCUMENT.replace(b"1500.00", b"1500.000")
    (cms,) = browser(signing.head(algorithm=algorithm), signing.DOCUMENT)["cms"]
    assert accepts(cms, signing.DOCUMENT, tmp_path)
    assert not accepts(cms, longer, tmp_path)


@pytest.mark.parametrize("algorithm", ["rsa", "ec", "gost"])
def test_the_message_is_cades_bes_with_the_chain_but_not_the_root(browser: Browser, algorithm: str) -> None:
    file = signing.head(algorithm=algorithm)
    (content,) = browser(file, signing.DOCUMENT)["cms"]
    signed = asn1.ContentInfo.load(content, strict=True)["content"]
    (info,) = signed["signer_infos"]
    assert {one["type"].native for one in info["signed_attrs"]} == {
        "content_type",
        "signing_time",
        "message_digest",
        "signing_certificate_v2",
    }
    assert info["signed_attrs"].untag().dump() == info["signed_attrs"].untag().dump(force=True), "not in DER's order"
    leaf = container.read(file, signing.PASSWORD).certificate
    authority = signing.authority()
    assert [one.chosen.dump() for one in signed["certificates"]] == [leaf, authority.issuing()]
    assert isinstance(signed["certificates"][0].chosen, x509.Certificate)


def test_many_documents_with_one_opening_and_a_number_of_its_own_each(browser: Browser) -> None:
    """A GOST key that used one number twice would be given away by the two signatures."""
    documents = [signing.DOCUMENT, signing.DOCUMENT]
    found = browser(signing.head(algorithm="gost"), *documents)["cms"]
    for cms in found:
        signing.verify(cms)
    infos = [asn1.ContentInfo.load(cms)["content"]["signer_infos"][0] for cms in found]
    assert len({info["signature"].native[:64] for info in infos}) == 2


@pytest.mark.parametrize(
    ("algorithm", "code"), [("rsa", hashes.SHA256()), ("ec", hashes.SHA384()), ("ec", hashes.SHA512())]
)
def test_containers_of_today_open_too(browser: Browser, algorithm: str, code: hashes.HashAlgorithm) -> None:
    file = signing.head(algorithm=algorithm)
    (cms,) = browser(modern(*pkcs12.load_key_and_certificates(file, PASSWORD), code), signing.DOCUMENT)["cms"]
    assert signing.verify(cms).signer.iin == signing.IIN


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()])
def test_keys_that_the_server_would_not_take_are_named_at_once(browser: Browser, key: Any) -> None:
    file = modern(key, self_signed(key), [], hashes.SHA256())
    assert refusal(browser(file, signing.DOCUMENT)) == "sign.algorithm"


def test_a_log_in_key_signs_log_ins_alone(browser: Browser) -> None:
    answer = browser(signing.head(sign=False), signing.DOCUMENT)
    assert answer["opened"]["done"][0]["canSign"] is False
    (cms,) = answer["cms"]
    signing.verify(cms, purpose=Purpose.LOGIN)
    with pytest.raises(rules.KeyPurposeWrong):
        signing.verify(cms)


IINS = (signing.IIN, signing.OTHER_IIN)


def refusal(answer: dict[str, Any]) -> str:
    assert answer["cms"] == []
    return answer["opened"]["failed"]


@pytest.mark.parametrize("algorithm", ["rsa", "ec", "gost"])
def test_a_wrong_password_opens_nothing(browser: Browser, algorithm: str) -> None:
    file = signing.head(algorithm=algorithm)
    assert refusal(browser(file, signing.DOCUMENT, password="tanba2026")) == "sign.wrong_password"


def test_an_ended_certificate_signs_nothing(browser: Browser) -> None:
    assert refusal(browser(signing.head(term=-timedelta(days=1)), signing.DOCUMENT)) == "sign.expired"


@pytest.mark.parametrize("algorithm", ["rsa", "ec", "gost"])
def test_a_key_with_the_certificate_of_another_signs_nothing(browser: Browser, algorithm: str) -> None:
    mine, other = (container.read(signing.head(iin=iin, algorithm=algorithm), signing.PASSWORD) for iin in IINS)
    mixed = container.write(mine.key, other.certificate, other.others, "mixed", signing.PASSWORD)
    assert refusal(browser(mixed, signing.DOCUMENT)) == "sign.key_mismatch"
