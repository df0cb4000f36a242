"""The development authority by command: what it issues logs in, what it revokes does not, and only in its profile."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from backend.core import clock
from backend.signatures import documents, revocation, signer, trust, verifier
from backend.signatures.devca import DevCA
from backend.signatures.revocation import Status
from backend.signatures.rules import CertificateRevoked, Purpose, RevocationUnknown
from tests import signing
from tests.signing import BIN, IIN, NAME, PASSWORD


def test_issue_and_revoke(make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path) -> None:
    app = make_app(sqlite_url)
    folder = app.config["SETTINGS"].instance / "devca"
    signing.copy(folder)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["devca", "init"]).output.strip() == str(folder / "root.cer")
    file = tmp_path / "head.p12"
    wanted = ["--iin", IIN, "--bin", BIN, "--organisation", "«Тест» ЖШС", "--role", "signatory", "--algorithm", "gost"]
    issued = runner.invoke(args=["devca", "issue", str(file), NAME, *wanted, "--password", PASSWORD])
    assert issued.exit_code == 0, issued.output
    assert file.stat().st_mode & 0o077 == 0
    document = documents.envelope("test", {})
    content = signer.sign(file.read_bytes(), PASSWORD, document)

    def verify() -> verifier.Verified:
        here = trust.development(DevCA(folder))
        return verifier.verify(document, content, schema="test", purpose=Purpose.DOCUMENT, trust=here, now=clock.now())

    assert verify().verdict["roles"] == ["legal_entity", "signatory"]
    assert runner.invoke(args=["devca", "silence"]).exit_code == 0
    with pytest.raises(RevocationUnknown):
        verify()
    assert DevCA(folder).stamp(b"") is None
    assert runner.invoke(args=["devca", "silence", "--end"]).exit_code == 0
    assert verify().verdict["roles"] == ["legal_entity", "signatory"]
    assert runner.invoke(args=["devca", "revoke", "not hexadecimal"]).exit_code == 2
    assert runner.invoke(args=["devca", "revoke", issued.output.strip()]).exit_code == 0
    with pytest.raises(CertificateRevoked):
        verify()
    listed = tmp_path / "issuing.crl"
    assert runner.invoke(args=["devca", "crl", str(listed)]).exit_code == 0
    issuer = trust.development(DevCA(folder)).authorities[0]
    assert revocation.by_lists(issuer, trust.accepted(listed.read_bytes(), issuer), clock.now()).status is Status.OK


def test_a_national_installation_has_none(make_app: Callable[..., Flask], sqlite_url: str) -> None:
    app = make_app(sqlite_url, trust_profile="nca-prod")
    refused = app.test_cli_runner().invoke(args=["devca", "init"])
    assert refused.exit_code == 1
    assert not (app.config["SETTINGS"].instance / "devca").exists()
