"""Stamps of time: of this signature, by a key for stamps alone, under the profile's own authority."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import cms as asn1
from asn1crypto import core, tsp
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import clock
from backend.signatures import (
    algorithms,
    certificates,
    cms,
    der,
    issuing,
    keys,
    responders,
    rules,
    signer,
    timestamps,
    trust,
)
from backend.signatures.devca import STAMP_POLICY, TIME_STAMPING
from backend.signatures.responders import Desk
from backend.signatures.timestamps import Stamp
from tests import signing
from tests.signing import DOCUMENT, PASSWORD, issued, verify, world

SIGNATURE = b"the bytes of a signature"


def desk(extensions: Any = None, **changes: Any) -> Desk:
    key = keys.generate("ec")
    given = issuing.service_extensions(TIME_STAMPING, STAMP_POLICY) if extensions is None else extensions
    one = issued(given, **{"subject": issuing.authority("DEV STAMPS"), "key": key.public} | changes)
    return Desk(key, one.der, signing.authority().issuing())


def stamped(made: Desk | None = None, policy: str = STAMP_POLICY, digest: str = algorithms.SHA256) -> tuple[bytes, int]:
    """A token over SIGNATURE, and the nonce that was sent."""
    request, nonce = timestamps.request(SIGNATURE, digest)
    return timestamps.token_of(responders.stamp(request, made or desk(), policy)), nonce


def check(token: bytes, nonce: int | None = None, signature: bytes = SIGNATURE, **changes: Any) -> Stamp:
    return timestamps.check(token, signature, replace(world(), **changes), clock.now(), nonce)


@pytest.mark.parametrize("digest", [algorithms.SHA256, algorithms.STREEBOG_512])
def test_a_stamp_says_when(digest: str) -> None:
    token, nonce = stamped(digest=digest)
    stamp = check(token, nonce)
    assert abs(stamp.at - clock.now()) < timedelta(minutes=1)
    assert (stamp.policy, stamp.trusted) == (STAMP_POLICY, True)


def test_the_authority_stamps_what_it_is_asked() -> None:
    request, nonce = timestamps.request(SIGNATURE, algorithms.SHA256)
    token = timestamps.token_of(signing.authority().stamp(request))
    assert check(token, nonce).trusted


def test_another_signature_another_nonce_and_the_future_are_refused() -> None:
    token, nonce = stamped()
    for wrong in ({"signature": SIGNATURE + b"!"}, {"nonce": nonce + 1}):
        with pytest.raises(rules.TimestampWrong):
            check(token, **wrong)
    with clock.at(clock.now() + timedelta(minutes=10)):
        early, _ = stamped()
    with pytest.raises(rules.TimestampWrong, match="timestamp_wrong"):
        check(early)


@pytest.mark.parametrize(
    "extensions",
    [
        issuing.service_extensions("1.3.6.1.5.5.7.3.4", STAMP_POLICY),
        signing.person(),
        [
            (name, critical and name != "extended_key_usage", value)
            for name, critical, value in issuing.service_extensions(TIME_STAMPING, STAMP_POLICY)
        ],
    ],
    ids=["another usage", "a person", "not critically"],
)
def test_a_key_for_stamps_does_nothing_else(extensions: Any) -> None:
    with pytest.raises(rules.TimestampWrong):
        check(stamped(desk(extensions))[0])


def test_a_strangers_stamp_proves_nothing() -> None:
    other = keys.generate("rsa")
    assert not check(stamped(desk(issuer_key=other))[0]).trusted
    assert not check(stamped(policy="1.2.3")[0]).trusted
    assert not check(stamped(desk(term=(clock.now() - timedelta(days=9), clock.now() - timedelta(days=1))))[0]).trusted
    assert not check(stamped()[0], anchors=frozenset()).trusted


def test_a_revoked_stamper_proves_nothing() -> None:
    made = desk()
    serial = certificates.read(made.certificate).serial
    issuing_der, key = signing.authority().issuing(), signing.authority_key("issuing")
    since = clock.now() - timedelta(minutes=1)
    listed = signing.revocation_list(issuing_der, key, [(serial, 1)], since=since)
    token, _ = stamped(made)
    assert check(token).trusted
    assert not check(token, lists=lambda issuer: trust.accepted(listed, issuer)).trusted


def spoilt(change: Callable[[asn1.SignedData], None]) -> bytes:
    return signing.changed(stamped()[0], change)


def test_a_token_changed_after_it_was_made() -> None:
    def other_time(data: asn1.SignedData) -> None:
        info = tsp.TSTInfo.load(data["encap_content_info"]["content"].contents)
        info["gen_time"] = core.GeneralizedTime(clock.now().replace(microsecond=0) - timedelta(days=300))
        data["encap_content_info"]["content"] = core.ParsableOctetString(info.dump(force=True))

    def nameless(data: asn1.SignedData) -> None:
        kept = [one for one in data["signer_infos"][0]["signed_attrs"] if "certificate" not in one["type"].native]
        data["signer_infos"][0]["signed_attrs"] = asn1.CMSAttributes(kept)

    for change in (other_time, nameless):
        with pytest.raises(rules.TimestampWrong):
            check(spoilt(change))


def test_a_refusal_is_no_token() -> None:
    refused = der.wrap(der.SEQUENCE, tsp.PKIStatusInfo({"status": "rejection"}).dump())
    for answer in (refused, b"", b"noise", stamped()[0]):
        with pytest.raises(rules.TimestampWrong):
            timestamps.token_of(answer)


@settings(max_examples=150, deadline=None)
@given(places=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=3))
def test_no_token_breaks_the_judge(places: list[tuple[int, int]]) -> None:
    token = bytearray(_token())
    for place, value in places:
        token[place % len(token)] = value
    try:
        stamp = check(bytes(token))
    except rules.TimestampWrong:
        return
    assert stamp.at <= clock.now() + timestamps.SKEW


_kept: list[bytes] = []


def _token() -> bytes:
    if not _kept:
        _kept.append(stamped()[0])
    return _kept[0]


def asked(signature: bytes) -> bytes:
    return timestamps.token_of(signing.authority().stamp(timestamps.request(signature, algorithms.SHA256)[0]))


def test_a_stamp_that_came_with_the_signature_counts() -> None:
    content = signer.sign(signing.head(), PASSWORD, DOCUMENT, stamp=asked)
    (token,) = cms.read(content).stamps
    found = verify(content)
    assert found.stamped_at is not None
    assert [source.content for source in found.sources if source.kind == "timestamp"] == [token]
    assert found.verdict["timestamps"][0]["trusted"]


def test_a_stamp_of_another_signature_spoils_it() -> None:
    content = signer.sign(signing.head(), PASSWORD, DOCUMENT, stamp=lambda _signature: stamped()[0])
    with pytest.raises(rules.TimestampWrong):
        verify(content)
