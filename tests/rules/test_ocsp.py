"""The responder's word: believed only whole, fresh, about this certificate and from somebody who may give it."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import ocsp as asn1
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import clock
from backend.signatures import certificates, der, issuing, keys, ocsp, responders, revocation, rules, trust, verifier
from backend.signatures.certificates import Certificate
from backend.signatures.devca import OCSP_SIGNING, POLICY
from backend.signatures.responders import Desk
from backend.signatures.revocation import Status
from tests import signing
from tests.signing import TERM, authority_key, issued, leaf, world

ISSUER = signing.authority().issuing


def desk(usage: str = OCSP_SIGNING, **changes: Any) -> Desk:
    """A responder of the run's authority, as wrong as asked."""
    key = keys.generate("ec")
    extensions = issuing.service_extensions(usage, POLICY)
    one = issued(extensions, **{"subject": issuing.authority("DEV RESPONDER"), "key": key.public} | changes)
    return Desk(key, one.der, ISSUER())


def issuer() -> Certificate:
    return certificates.read(ISSUER())


def judged(made: Desk, change: Callable[[bytes], bytes] = bytes, late: timedelta = timedelta()) -> ocsp.Answer:
    question = ocsp.ask(leaf(), issuer())
    answer = change(responders.answer_status(question.request, made, {}))
    return ocsp.judge(answer, question, issuer(), clock.now() + late)


def test_a_delegated_responder_is_believed() -> None:
    answer = judged(desk())
    assert (answer.good, answer.revoked_at, answer.never_issued) == (True, None, False)


def test_the_issuer_itself_is_believed() -> None:
    assert judged(Desk(authority_key("issuing"), ISSUER(), ISSUER())).good


def test_a_revoked_certificate_is_named_with_its_time() -> None:
    question, ended = ocsp.ask(leaf(), issuer()), clock.now().replace(microsecond=0) - timedelta(hours=3)
    content = responders.answer_status(question.request, desk(), {leaf().serial: ended})
    answer = ocsp.judge(content, question, issuer(), clock.now())
    assert (answer.good, answer.revoked_at) == (False, ended)


def stranger() -> Desk:
    """Somebody with the right usage, but from another authority of the same name."""
    key = keys.generate("rsa")
    return desk(issuer_key=key)


@pytest.mark.parametrize(
    "made",
    [
        lambda: desk("1.3.6.1.5.5.7.3.4"),
        lambda: desk(term=(TERM[0], clock.now() - timedelta(hours=1))),
        lambda: desk(term=(clock.now() + timedelta(hours=1), TERM[1])),
        stranger,
        lambda: Desk(keys.generate("ec"), signing.opened(signing.head())[1], ISSUER()),
        lambda: replace(desk(), key=keys.generate("ec")),
    ],
    ids=["not delegated", "expired", "not yet", "another authority", "a person", "another key"],
)
def test_others_are_not(made: Callable[[], Desk]) -> None:
    with pytest.raises(ocsp.AnswerRefused):
        judged(made())


def test_a_responder_may_be_named_by_its_key() -> None:
    """by_key is SHA-1 of the key's bits (RFC 6960 §4.2.1); here only the name's form is looked at."""
    one = certificates.read(desk().certificate)
    named = hashlib.sha1(ocsp.key_bits(one.key), usedforsecurity=False).digest()
    bits = asn1.ResponderId(name="by_key", value=named)
    assert ocsp._is(bits, one)
    assert not ocsp._is(bits, issuer())


@pytest.mark.parametrize("late", [timedelta(hours=25), timedelta(minutes=-10)])
def test_only_a_fresh_answer_counts(late: timedelta) -> None:
    assert judged(desk(), late=timedelta(hours=23)).good
    with pytest.raises(ocsp.AnswerRefused, match="answer_not_current"):
        judged(desk(), late=late)


@pytest.mark.parametrize("serial", [1, None])
def test_an_answer_about_another_question_is_refused(serial: int | None) -> None:
    """Another certificate, or the same one asked about before: the nonce is of that other time."""
    question = ocsp.ask(leaf(), issuer())
    other = ocsp.ask(leaf() if serial is None else replace(leaf(), serial=serial), issuer())
    content = responders.answer_status(other.request, desk(), {})
    with pytest.raises(ocsp.AnswerRefused):
        ocsp.judge(content, replace(question, nonce=other.nonce) if serial else question, issuer(), clock.now())


def test_a_responder_that_is_busy_says_nothing() -> None:
    busy = asn1.OCSPResponse({"response_status": "try_later"}).dump()
    with pytest.raises(ocsp.NoAnswer):
        judged(desk(), lambda _answer: busy)


def test_an_unknown_certificate_is_not_good() -> None:
    root = certificates.read(signing.authority().root())
    question = ocsp.ask(leaf(), root)
    made = Desk(authority_key("root"), root.der, ISSUER())
    with pytest.raises(ocsp.AnswerRefused, match="certificate_unknown"):
        ocsp.judge(responders.answer_status(question.request, made, {}), question, root, clock.now())


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 10_000), value=st.integers(0, 255), cut=st.booleans())
def test_no_bytes_break_the_judge(place: int, value: int, cut: bool) -> None:
    """A damaged answer is refused or says nothing; it never says good."""
    question = ocsp.ask(leaf(), issuer(), b"nonce")
    good = _answers(question)
    spoilt = bytearray(good)
    spoilt[place % len(good)] = value
    damaged = bytes(spoilt[: place % len(good)] if cut else spoilt)
    try:
        answer = ocsp.judge(damaged, question, issuer(), clock.now())
    except (ocsp.NoAnswer, ocsp.AnswerRefused):
        return
    assert damaged == good or answer.good


_kept: dict[bytes, bytes] = {}


def _answers(question: ocsp.Question) -> bytes:
    if not _kept:
        _kept[b""] = responders.answer_status(question.request, desk(), {})
    return _kept[b""]


def profile(status: Callable[[bytes], bytes | None]) -> trust.Trust:
    return replace(world(), status=status)


def decided(status: Callable[[bytes], bytes | None], **changes: Any) -> revocation.Decision:
    here = replace(profile(status), **changes)
    chain = (leaf(), issuer(), certificates.read(signing.authority().root()))
    return revocation.decide(chain, here, clock.now())


def test_silence_sends_to_the_lists() -> None:
    busy = asn1.OCSPResponse({"response_status": "internal_error"}).dump()
    for silent in (lambda _request: None, lambda _request: busy):
        assert decided(silent).evidence["by"] == "crl"
        assert decided(silent, lists=trust.nobody).status is Status.PENDING


def test_a_word_that_must_not_be_believed_stands_against_the_certificate() -> None:
    """The lists would say ok; after a bad answer nobody asks them."""
    wrong = desk("1.3.6.1.5.5.7.3.4")
    forged = decided(lambda request: responders.answer_status(request, wrong, {}))
    assert forged.status is Status.REFUSED
    assert decided(lambda _request: b"noise").status is Status.REFUSED
    for decision, error in (
        (forged, rules.RevocationRefused),
        (revocation.Decision(Status.REFUSED, {"why": "certificate_unknown"}), rules.CertificateUnknown),
    ):
        with pytest.raises(error):
            verifier.require_standing(decision, pending_ok=True)


def test_the_answer_is_kept_as_it_came() -> None:
    given: list[bytes] = []

    def asked(request: bytes) -> bytes:
        given.append(signing.authority().answer(request))
        return given[-1]

    decision = decided(asked)
    assert decision.status is Status.OK
    assert [source.content for source in decision.sources if source.kind == "ocsp"] == given
    assert [source.kind for source in decision.sources] == ["ocsp", "crl"]
    assert decision.evidence["by"] == "ocsp"
    assert decision.evidence["authorities"][0]["by"] == "crl"


def test_the_request_names_the_certificate_by_sha256() -> None:
    asked = asn1.OCSPRequest.load(ocsp.ask(leaf(), issuer()).request)["tbs_request"]
    (named,) = (one["req_cert"] for one in asked["request_list"])
    assert named["hash_algorithm"]["algorithm"].native == "sha256"
    assert named["serial_number"].native == leaf().serial
    assert len(der.raw(asked)) < 200
