"""Kept signatures: what proves them, how they wait for word about revocation, and the stamp that follows."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from asn1crypto import ocsp as asn1
from flask import Flask
from sqlalchemy import func, select

from backend.core import clock
from backend.core import queue as jobs
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.signatures import algorithms, queries, rules, service, signer, tasks, timestamps, trust
from backend.signatures.devca import DevCA, serial_of
from backend.signatures.models import Evidence, Signature, SignatureEvidence, State
from backend.signatures.rules import Purpose
from backend.signatures.trust import Trust
from backend.signatures.verifier import Verified
from tests import signing
from tests.signing import DOCUMENT, PASSWORD, SCHEMA, head


@pytest.fixture
def authority(app: Flask) -> DevCA:
    return signing.copy(app.config["SETTINGS"].instance / "devca")


@pytest.fixture
def profile(authority: DevCA, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Change what the installation's profile can reach."""
    whole = trust.development

    def change(**changes: Any) -> None:
        monkeypatch.setattr(trust, "development", lambda made: replace(whole(made), **changes))

    return change


def unreachable(profile: Callable[..., None]) -> None:
    profile(status=None, lists=trust.nobody, stamp=None)


def judged(content: bytes | None = None, **changes: Any) -> Verified:
    given = {"schema": SCHEMA, "purpose": Purpose.DOCUMENT}
    return service.verify(DOCUMENT, content or signer.sign(head(), PASSWORD, DOCUMENT), **given | changes)


def kept(verified: Verified, waits: str | None = None) -> str:
    signature_id = unit_of_work(lambda: service.keep(verified, waits))
    db.session.rollback()
    return signature_id


def row(signature_id: str) -> Signature:
    db.session.rollback()
    found = db.session.get(Signature, signature_id)
    assert found is not None
    return found


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_what_proves_a_signature_is_kept_with_it(authority: DevCA) -> None:
    verified = judged()
    bundle = queries.evidence(kept(verified))
    assert bundle is not None
    assert (bundle.document, bundle.cms) == (DOCUMENT, verified.cms)
    assert bundle.chain == (verified.certificate.der, authority.issuing(), authority.root())
    (answer,) = bundle.ocsp
    assert asn1.OCSPResponse.load(answer)["response_status"].native == "successful"
    assert len(bundle.crls) == 1
    assert bundle.verdict["state"] == "valid"
    assert bundle.verdict["revocation"]["by"] == "ocsp"
    names = zipfile.ZipFile(BytesIO(bundle.archive())).namelist()
    assert {"document.json", "signature.p7s", "chain-1.cer", "chain-3.cer", "ocsp-1.der", "verdict.json"} <= set(names)
    assert queries.evidence("none") is None
    assert queries.state("none") is None


def test_a_kept_document_is_stamped(authority: DevCA) -> None:
    signature_id = kept(judged())
    found, bundle = row(signature_id), queries.evidence(signature_id)
    assert found.stamped_at is not None
    assert bundle is not None
    (token,) = bundle.timestamps
    signature = signing.cms.ContentInfo.load(found.cms)["content"]["signer_infos"][0]["signature"].native
    here = trust.development(authority)
    assert timestamps.check(token, signature, here, clock.now()).at == found.stamped_at
    tasks.timestamp(signature_id)
    assert len(queries.evidence(signature_id).timestamps) == 1


def test_a_log_in_is_not_stamped(authority: DevCA) -> None:
    signature_id = kept(judged(purpose=Purpose.LOGIN))
    tasks.stamp_the_rest()
    assert row(signature_id).stamped_at is None


def test_a_stamp_that_came_along_is_kept_and_no_other_asked(authority: DevCA) -> None:
    def stamp(signature: bytes) -> bytes:
        return timestamps.token_of(authority.stamp(timestamps.request(signature, algorithms.SHA256)[0]))

    signature_id = kept(judged(signer.sign(head(), PASSWORD, DOCUMENT, stamp=stamp)))
    assert len(queries.evidence(signature_id).timestamps) == 1
    assert row(signature_id).stamped_at is not None


def test_stamps_that_are_owed_come_later(authority: DevCA, profile: Callable[..., None]) -> None:
    profile(stamp=lambda _request: None)
    signature_id = kept(judged())
    assert row(signature_id).stamped_at is None
    profile()
    tasks.stamp_the_rest()
    assert row(signature_id).stamped_at is not None


def test_a_stamp_that_does_not_hold_is_not_kept(authority: DevCA, profile: Callable[..., None]) -> None:
    other = timestamps.request(b"another signature", algorithms.SHA256)[0]
    profile(stamp=lambda _request: authority.stamp(other))
    signature_id = kept(judged())
    assert row(signature_id).stamped_at is None
    profile(stamp_policies=("1.2.3",))
    tasks.timestamp(signature_id)
    assert row(signature_id).stamped_at is None


def test_the_same_bytes_are_kept_once(authority: DevCA) -> None:
    container = head(algorithm="gost")
    kept(judged(signer.sign(container, PASSWORD, DOCUMENT), purpose=Purpose.LOGIN))
    before, links = count(Evidence), count(SignatureEvidence)
    kept(judged(signer.sign(container, PASSWORD, DOCUMENT), purpose=Purpose.LOGIN))
    # Only the responder's answer is another; the chain and the root's list are the same.
    assert (count(Evidence) - before, count(SignatureEvidence) - links) == (1, 5)


def test_nobody_accepts_a_signature_that_waits_unless_he_waits_for_it(
    authority: DevCA, profile: Callable[..., None]
) -> None:
    unreachable(profile)
    with pytest.raises(rules.RevocationUnknown):
        judged()
    verified = judged(pending_ok=True)
    assert verified.pending
    with pytest.raises(rules.RevocationUnknown):
        kept(verified)
    assert queries.state(kept(verified, "somebody")) == State.PENDING


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the domain that waits was told."""
    told: list[str] = []
    monkeypatch.setitem(jobs.jobs, "somebody.signature_settled", told.append)
    return told


def test_a_waiting_signature_becomes_valid(authority: DevCA, profile: Callable[..., None], heard: list[str]) -> None:
    unreachable(profile)
    signature_id = kept(judged(pending_ok=True), "somebody")
    tasks.settle_pending()
    assert (queries.state(signature_id), heard) == (State.PENDING, [])
    profile()
    tasks.settle_pending()
    found = row(signature_id)
    assert (found.state, found.refusal, heard) == (State.VALID, None, [signature_id])
    assert found.settled_at is not None
    assert found.verdict["revocation"]["by"] == "ocsp"
    assert len(queries.evidence(signature_id).ocsp) == 1
    tasks.settle_pending()
    assert heard == [signature_id]


def revoke(authority: DevCA, later: timedelta) -> None:
    with clock.at(clock.now() + later):
        authority.revoke(serial_of(head(), PASSWORD))


@pytest.mark.parametrize(
    ("later", "state", "refusal"),
    [(timedelta(hours=-1), State.REFUSED, "signatures.certificate_revoked"), (timedelta(hours=1), State.VALID, None)],
)
def test_it_counts_as_of_its_receipt(
    authority: DevCA,
    profile: Callable[..., None],
    heard: list[str],
    later: timedelta,
    state: State,
    refusal: str | None,
) -> None:
    """A certificate that had ended refuses it; one that ended afterwards was good when it signed."""
    unreachable(profile)
    signature_id = kept(judged(pending_ok=True), "somebody")
    revoke(authority, later)
    profile()
    tasks.settle_pending()
    found = row(signature_id)
    assert (found.state, found.refusal, heard) == (state, refusal, [signature_id])


def test_an_answer_that_must_not_be_believed_refuses_it(
    authority: DevCA, profile: Callable[..., None], heard: list[str]
) -> None:
    unreachable(profile)
    signature_id = kept(judged(pending_ok=True), "somebody")
    profile(status=lambda _request: b"noise")
    tasks.settle_pending()
    assert (row(signature_id).refusal, heard) == ("signatures.revocation_refused", [signature_id])


def test_it_does_not_wait_for_ever(authority: DevCA, profile: Callable[..., None], heard: list[str]) -> None:
    unreachable(profile)
    signature_id = kept(judged(pending_ok=True), "somebody")
    with clock.at(clock.now() + rules.LONGEST_WAIT + timedelta(minutes=1)):
        tasks.settle_pending()
    assert (row(signature_id).refusal, heard) == ("signatures.revocation_unknown", [signature_id])


def test_trust_that_was_withdrawn_refuses_it(
    authority: DevCA, profile: Callable[..., None], heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unreachable(profile)
    signature_id = kept(judged(pending_ok=True), "somebody")
    monkeypatch.setattr(trust, "development", lambda _made: Trust("dev", frozenset(), (), ()))
    tasks.settle_pending()
    assert (row(signature_id).refusal, heard) == ("signatures.revocation_refused", [signature_id])


def test_a_signature_that_waits_blocks_its_reuse(authority: DevCA, profile: Callable[..., None]) -> None:
    unreachable(profile)
    verified = judged(pending_ok=True)
    kept(verified, "somebody")
    with pytest.raises(rules.SignatureReused):
        kept(verified, "somebody")
