"""The signed package: what stands in it, what openssl says of it, and the public check of files that anybody brings."""

import hashlib
import io
import json
import shlex
import shutil
import subprocess
import zipfile
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.acts import evidence_reading
from backend.core import clock
from backend.organisations.rules import Kind
from backend.signatures import later
from backend.signatures.devca import DevCA, serial_of
from backend.signatures.documents import envelope
from tests import factories, signing, trading
from tests.signing import BIN, IIN, OTHER_BIN, OTHER_IIN
from tests.trading import Party, decide, draft, refused, sent, texts

Files = dict[str, bytes]


@pytest.fixture
def authority(app: Flask) -> DevCA:
    return signing.copy(app.config["SETTINGS"].instance / "devca")


@pytest.fixture
def parties(app: Flask, authority: DevCA, request: pytest.FixtureRequest) -> tuple[Party, Party]:
    seller = trading.party(app, BIN, IIN)
    buyer = trading.party(app, OTHER_BIN, OTHER_IIN, Kind.RETAIL)
    algorithm = getattr(request, "param", "rsa")
    for party, bin, iin in ((seller, BIN, IIN), (buyer, OTHER_BIN, OTHER_IIN)):
        wanted = {"iin": iin, "bin": bin, "organisation": "«Тест» ЖШС"}
        party.container = signing.container(**wanted | ({"algorithm": algorithm} if algorithm != "rsa" else {}))
    return seller, buyer


def decided(parties: tuple[Party, Party]) -> str:
    """A partly accepted act of five units."""
    seller, buyer = parties
    codes = factories.codes(seller.id, 5)
    act = sent(seller, buyer, texts(codes), number="А-7")
    rejected = [{"code": texts(codes)[0], "reason": "damaged", "words": ""}]
    assert decide(buyer, act, rejected=rejected).status_code == 200
    return act


def package(party: Party, act: str) -> bytes:
    answer = party.get(f"/acts/{act}/package")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip"), answer.text
    return answer.data


def opened(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def check(client: FlaskClient, content: bytes) -> Any:
    return client.post("/api/v1/authenticity/package", data=content, content_type="application/octet-stream")


def judged(client: FlaskClient, content: bytes) -> dict[str, Any]:
    answer = check(client, content)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_both_sides_get_the_same_proof(parties: tuple[Party, Party]) -> None:
    seller, buyer = parties
    act = decided(parties)
    files = opened(package(seller, act))
    theirs = opened(package(buyer, act))
    assert {name for name in files if not name.endswith(("json", "txt"))} <= set(theirs)
    for folder in ("1-act", "2-acceptance"):
        named = {name.split("/")[1] for name in files if name.startswith(f"{folder}/")}
        assert {"document.json", "signature.p7s", "signer.pem", "authorities.pem", "ocsp-1.der", "crl-1.crl"} <= named
        assert {"timestamp-1.tst", "verdict.json", "signature.bin"} <= named
        assert files[f"{folder}/document.json"] == theirs[f"{folder}/document.json"]
    assert json.loads(files["2-acceptance/document.json"])["rejected"][0]["reason"] == "damaged"
    assert len(files["codes.csv"].decode().splitlines()) == 6
    manifest = json.loads(files["manifest.json"])
    assert {one["name"] for one in manifest["files"]} == set(files) - {"manifest.json"}
    assert [one["side"] for one in manifest["documents"]] == ["sender", "receiver"]
    assert IIN not in files["README.txt"].decode() + files["manifest.json"].decode()


def test_a_draft_has_nothing_to_prove(parties: tuple[Party, Party]) -> None:
    seller, buyer = parties
    act = draft(seller, buyer, texts(factories.codes(seller.id, 1)))
    refused(seller.get(f"/acts/{act}/package"), 409, "acts.not_signed")
    refused(seller.get(f"/acts/{act}/authenticity"), 409, "acts.not_signed")
    refused(buyer.get(f"/acts/{act}/package"), 404, "acts.unknown")


@pytest.mark.parametrize("parties", ["rsa", "ec"], indirect=True)
def test_openssl_verifies_what_the_package_says(parties: tuple[Party, Party], tmp_path: Path) -> None:
    """The commands of the package's own README, as they stand there, run where the machine has openssl."""
    content = package(parties[0], decided(parties))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    readme = (tmp_path / "README.txt").read_text(encoding="utf-8")
    commands = [shlex.split(line) for line in readme.splitlines() if line.startswith("openssl ")]
    assert [one[1] for one in commands].count("cms") == 2
    assert {one[1] for one in commands} == {"cms", "ocsp", "crl", "ts"}
    for command in commands if shutil.which("openssl") else ():
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        assert done.returncode == 0, (command, said)
        expected = {"cms": "successful", "ocsp": "good", "crl": "verify OK", "ts": "Verification: OK"}
        assert expected[command[1]] in said, (command, said)
    document = tmp_path / "1-act" / "document.json"
    document.write_bytes(document.read_bytes().replace(b'"units":5', b'"units":4'))
    verify = next(one for one in commands if one[1] == "cms")
    if shutil.which("openssl"):
        assert subprocess.run(verify, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_a_key_that_openssl_does_not_know_is_not_promised(parties: tuple[Party, Party]) -> None:
    seller, _ = parties
    seller.container = signing.container(iin=IIN, bin=BIN, organisation="«Тест» ЖШС", algorithm="gost")
    content = package(seller, decided(parties))
    lines = opened(content)["README.txt"].decode().splitlines()
    assert not [line for line in lines if line.startswith("openssl") and "1-act/" in line]
    assert [line for line in lines if line.startswith("openssl cms") and "2-acceptance/" in line]
    assert judged(seller.client, content)["outcome"] == "valid"


def test_anyone_may_check_the_package(parties: tuple[Party, Party], client: FlaskClient) -> None:
    found = judged(client, package(parties[0], decided(parties)))
    assert (found["outcome"], found["intact"], found["codes"]) == ("valid", True, True)
    assert (found["act"]["number"], found["act"]["units"], found["state"]) == ("А-7", 5, "partly_accepted")
    act, acceptance = found["signatures"]
    assert (act["subject"], acceptance["subject"]) == ("act", "acceptance")
    assert (act["bin"], acceptance["bin"]) == (BIN, OTHER_BIN)
    assert act["for_party"]
    assert acceptance["for_party"]
    assert acceptance["linked"]
    assert {one["revocation"] for one in found["signatures"]} == {"ocsp"}
    assert all(one["known"] and one["test"] for one in found["signatures"])
    assert IIN not in json.dumps(found)


def unknown_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on another installation under the same authority."""
    monkeypatch.setattr(later, "_kept", lambda *_: None)


def test_years_later_the_register_or_the_stamp_proves_the_moment(
    parties: tuple[Party, Party], client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = package(parties[0], decided(parties))
    with clock.at(clock.now() + timedelta(days=3 * 366)):
        files = opened(content)
        unstamped = packed(relisted({name: data for name, data in files.items() if "timestamp" not in name}))
        found = judged(client, unstamped)
        assert (found["outcome"], {one["proof"] for one in found["signatures"]}) == ("valid", {"register"})
        unknown_here(monkeypatch)
        found = judged(client, content)
        assert (found["outcome"], {one["proof"] for one in found["signatures"]}) == ("valid", {"stamp"})
        assert {one["revocation"] for one in found["signatures"]} == {"ocsp"}
        found = judged(client, unstamped)
        assert {one["why"] for one in found["signatures"]} == {"signatures.certificate_expired"}
        without = {name: data for name, data in files.items() if "ocsp" not in name and "crl" not in name}
        found = judged(client, packed(relisted(without)))
        assert (found["outcome"], found["signatures"][0]["why"]) == ("unknown", "signatures.revocation_unknown")


def relisted(files: Files) -> Files:
    """The files with a manifest that lists them."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = [
        {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in files.items()
        if name != "manifest.json"
    ]
    return files | {"manifest.json": json.dumps(manifest).encode()}


def test_a_certificate_revoked_before_anything_was_proved_does_not_pass(
    parties: tuple[Party, Party], client: FlaskClient, authority: DevCA, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = opened(package(parties[0], decided(parties)))
    unknown_here(monkeypatch)
    authority.revoke(serial_of(parties[0].container, signing.PASSWORD))
    bare = {name: data for name, data in files.items() if "timestamp" not in name}
    found = judged(client, packed(relisted(bare)))
    assert (found["outcome"], found["signatures"][0]["why"]) == ("invalid", "signatures.certificate_revoked")
    assert found["signatures"][1]["outcome"] == "valid"


CHANGES: dict[str, Callable[[Files], Files]] = {
    "units": lambda files: (
        files | {"1-act/document.json": files["1-act/document.json"].replace(b'"units":5', b'"units":6')}
    ),
    "swapped": lambda files: files | {"1-act/signature.p7s": files["2-acceptance/signature.p7s"]},
    "unsigned": lambda files: {name: data for name, data in files.items() if name != "2-acceptance/signature.p7s"},
    "codes": lambda files: files | {"codes.csv": files["codes.csv"].replace(b"damaged", b"missing") + b',"x",\r\n'},
    "unreadable": lambda files: files | {"codes.csv": b"code\n\xff\n"},
    "noise": lambda files: files | {"1-act/signature.p7s": b"0\x80noise"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_touches_it_is_found_out(parties: tuple[Party, Party], client: FlaskClient, change: str) -> None:
    files = opened(package(parties[0], decided(parties)))
    touched = CHANGES[change](files)
    found = judged(client, packed(touched))
    assert (found["outcome"], found["intact"]) == ("invalid", False)
    found = judged(client, packed(relisted(touched)))
    assert (found["outcome"], found["intact"]) == ("invalid", True)


def test_a_decision_about_another_act_is_found_out(parties: tuple[Party, Party], client: FlaskClient) -> None:
    files = opened(package(parties[0], decided(parties)))
    other = opened(package(parties[0], decided(parties)))
    mixed = files | {name: data for name, data in other.items() if name.startswith("2-")}
    found = judged(client, packed(relisted(mixed)))
    assert found["outcome"] == "invalid"
    assert [(one["outcome"], one["linked"]) for one in found["signatures"]] == [("valid", None), ("valid", False)]


def test_where_an_act_stands_is_told_to_holders_of_its_signature_alone(
    parties: tuple[Party, Party], client: FlaskClient
) -> None:
    """Anybody with a key may sign a document that names another's act."""
    seller, buyer = parties
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    said = json.loads(opened(package(seller, act))["1-act/document.json"])
    made = envelope(said.pop("schema"), said | {"number": "1"})
    body = {"document": b64encode(made).decode(), "cms": b64encode(buyer.cms(made)).decode()}
    found = client.post("/api/v1/authenticity/signature", json=body).json
    assert (found["outcome"], found["act"]["number"], found["state"]) == ("valid", "1", None)
    assert not found["signatures"][0]["for_party"]
    empty = envelope("kz.tanba.act/v1", {})
    body = {"document": b64encode(empty).decode(), "cms": b64encode(buyer.cms(empty)).decode()}
    assert client.post("/api/v1/authenticity/signature", json=body).json["act"] is None


def bomb(*megabytes: int) -> bytes:
    return packed({f"codes{number}.csv": bytes(size * 2**20) for number, size in enumerate(megabytes)})


def crowded(signatures: int) -> bytes:
    manifest = {"manifest.json": b'{"format":"kz.tanba.package/v1","files":[]}'}
    return packed(manifest | {f"{number}-act/document.json": b"{}" for number in range(signatures)})


def table(count: int) -> bytes:
    return packed({f"{number:05d}.json": b"" for number in range(count)})


def comment() -> bytes:
    stream = io.BytesIO(packed({"manifest.json": b"{}"}))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.comment = b"x" * 10
    return stream.getvalue()


def twice() -> bytes:
    content = packed({"manifest.json": b"{}", "manifest.jsom": b"{}"})
    return content.replace(b"manifest.jsom", b"manifest.json")


def flagged(bits: int, method: int) -> bytes:
    """One entry whose header claims encryption or another method."""
    content = bytearray(packed({"manifest.json": b"{}"}))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= bits
    content[at + 10] = method
    return bytes(content)


def sixty_four() -> bytes:
    """With a record that says the table is larger than the plain one can say."""
    content = packed({"manifest.json": b"{}"})
    return content[:-22] + b"PK\x06\x07" + bytes(16) + content[-22:]


HOSTILE: dict[str, tuple[Callable[[], bytes], int, str, str | None]] = {
    "nothing": (lambda: b"", 422, "acts.package_unreadable", "not_zip"),
    "text": (lambda: b"hello" * 100, 422, "acts.package_unreadable", "not_zip"),
    "cut": (lambda: packed({"manifest.json": b"{}" * 500})[40:], 422, "acts.package_unreadable", "damaged"),
    "comment": (comment, 422, "acts.package_unreadable", "not_zip"),
    "sixty_four": (sixty_four, 422, "acts.package_unreadable", "not_ours"),
    "bomb": (lambda: bomb(17), 413, "acts.file_too_large", None),
    "bombs": (lambda: bomb(12, 12, 12), 413, "acts.file_too_large", None),
    "crowded": (lambda: crowded(21), 422, "acts.package_unreadable", "too_many"),
    "foreign": (
        lambda: packed({"manifest.json": b'{"format":"x","files":[]}'}),
        422,
        "acts.package_unreadable",
        "manifest",
    ),
    "no_list": (
        lambda: packed({"manifest.json": b'{"format":"kz.tanba.package/v1"}'}),
        422,
        "acts.package_unreadable",
        "manifest",
    ),
    "many": (lambda: table(evidence_reading.MOST_PARTS + 1), 422, "acts.package_unreadable", "too_many"),
    "crowd": (lambda: table(5_000), 422, "acts.package_unreadable", "too_many"),
    "above": (lambda: packed({"../manifest.json": b"{}"}), 422, "acts.package_unreadable", "name"),
    "absolute": (lambda: packed({"/etc/manifest.json": b"{}"}), 422, "acts.package_unreadable", "name"),
    "drive": (lambda: packed({"C:\\manifest.json": b"{}"}), 422, "acts.package_unreadable", "name"),
    "deep": (lambda: packed({"1-act/x/document.json": b"{}"}), 422, "acts.package_unreadable", "name"),
    "twice": (twice, 422, "acts.package_unreadable", "name"),
    "locked": (lambda: flagged(1, 8), 422, "acts.package_unreadable", "not_ours"),
    "method": (lambda: flagged(0, 12), 422, "acts.package_unreadable", "not_ours"),
    "empty": (lambda: packed({"readme.txt": b""}), 422, "acts.package_unreadable", "manifest"),
    "list": (lambda: packed({"manifest.json": b"[]"}), 422, "acts.package_unreadable", "manifest"),
    "alone": (
        lambda: packed({"manifest.json": b'{"format":"kz.tanba.package/v1","files":[]}'}),
        422,
        "acts.package_unreadable",
        "no_signatures",
    ),
    "large": (lambda: bytes(evidence_reading.LARGEST_FILE + 1), 413, "acts.file_too_large", None),
    "larger": (lambda: bytes(evidence_reading.LARGEST_FILE + 2 * 1024 * 1024), 413, "request.too_large", None),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_a_stable_code(
    make_app: Callable[..., Flask], sqlite_url: str, case: str
) -> None:
    make, status, code, why = HOSTILE[case]
    params = refused(check(make_app(sqlite_url).test_client(), make()), status, code)
    assert params.get("why") == why


def test_one_document_with_its_signature(parties: tuple[Party, Party], client: FlaskClient) -> None:
    files = opened(package(parties[0], decided(parties)))

    def ask(document: bytes, cms: str) -> Any:
        body = {"document": b64encode(document).decode(), "cms": cms}
        return client.post("/api/v1/authenticity/signature", json=body)

    document, cms = files["1-act/document.json"], files["1-act/signature.p7s"]
    found = ask(document, b64encode(cms).decode()).json
    assert (found["outcome"], found["intact"], found["codes"]) == ("valid", None, None)
    armoured = f"-----BEGIN CMS-----\n{b64encode(cms).decode()}\n-----END CMS-----\n"
    assert ask(document, armoured).json["outcome"] == "valid"
    changed = ask(document.replace(b"5", b"6"), b64encode(cms).decode()).json
    assert (changed["outcome"], changed["signatures"][0]["why"]) == ("invalid", "signatures.document_changed")
    other = ask(b"any other file", b64encode(cms).decode()).json
    assert other["signatures"][0]["why"] == "signatures.other_document"
    refused(ask(b"", ""), 422, "acts.file_missing")
    refused(
        client.post("/api/v1/authenticity/signature", json={"document": "?", "cms": "AA=="}), 422, "acts.file_missing"
    )
    refused(ask(document, "?"), 422, "signatures.malformed")
