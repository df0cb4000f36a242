"""Asking whether one certificate is revoked (RFC 6960), and judging the answer."""

import hashlib
import os
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import core, ocsp

from backend.signatures import algorithms as signing
from backend.signatures import certificates, der
from backend.signatures.certificates import UNREADABLE, Certificate
from backend.signatures.rules import AlgorithmUnsupported, CertificateMalformed, KeyWeak

SKEW = timedelta(minutes=5)
FRESH = timedelta(hours=24)
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
NONCE_SIZE = 16


class NoAnswer(Exception):
    """The responder did not decide: it is busy, or does not serve this certificate. Nothing was signed."""


class AnswerRefused(Exception):
    """An answer that must not be believed, and after which nobody else is asked; `why` goes into the verdict."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Question:
    """`request` is the DER to send; the answer must repeat the nonce and name the same certificate. The nonce is None
    for an answer that was kept: whoever asked is gone."""

    request: bytes
    nonce: bytes | None
    name_hash: bytes
    key_hash: bytes
    serial: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the authority says. `revoked_at` is None for a good certificate; `never_issued` is RFC 6960's way (2.2) to
    say that it is not one of the authority's: on hold since 1970."""

    good: bool
    revoked_at: datetime | None
    never_issued: bool
    produced_at: datetime
    this_update: datetime
    responder: Certificate


def ask(certificate: Certificate, issuer: Certificate, nonce: bytes | None = None) -> Question:
    """The question about a certificate of this issuer, by SHA-256."""
    nonce = nonce or os.urandom(NONCE_SIZE)
    name, key = hashlib.sha256(issuer.subject).digest(), hashlib.sha256(key_bits(issuer.key)).digest()
    named = {
        "hash_algorithm": {"algorithm": "sha256", "parameters": core.Null()},
        "issuer_name_hash": name,
        "issuer_key_hash": key,
        "serial_number": certificate.serial,
    }
    repeated = {"extn_id": "nonce", "critical": False, "extn_value": core.ParsableOctetString(_octets(nonce))}
    body = {"request_list": [{"req_cert": named}], "request_extensions": [repeated]}
    return Question(ocsp.OCSPRequest({"tbs_request": body}).dump(), nonce, name, key, certificate.serial)


def asked(certificate: Certificate, issuer: Certificate) -> Question:
    """The question that a kept answer about a certificate answers."""
    return replace(ask(certificate, issuer), nonce=None)


def key_bits(key: bytes) -> bytes:
    """The content of the BIT STRING in a SubjectPublicKeyInfo, of which hashes name a key."""
    _, bits = der.children(key, der.whole(key))
    return key[bits.content + 1 : bits.end]


def judge(content: bytes, question: Question, issuer: Certificate, now: datetime) -> Answer:
    """Believe an answer or refuse it. Raises NoAnswer where nothing was decided, AnswerRefused where something is
    wrong: the signer, the nonce, the certificate named, the age."""
    try:
        return _judge(content, question, issuer, now)
    except UNREADABLE as error:
        raise AnswerRefused("answer_unreadable") from error
    except (AlgorithmUnsupported, KeyWeak, CertificateMalformed) as error:
        raise AnswerRefused("answer_signature") from error


def _judge(content: bytes, question: Question, issuer: Certificate, now: datetime) -> Answer:
    outer = ocsp.OCSPResponse.load(content, strict=True)
    if outer["response_status"].native != "successful":
        raise NoAnswer()
    kind, octets = der.children(content, _basic(content))
    if core.ObjectIdentifier.load(content[kind.start : kind.end]).native != "1.3.6.1.5.5.7.48.1.1":
        raise NoAnswer()
    basic = content[octets.content : octets.end]
    body, algorithm, signature, *rest = der.children(basic, der.whole(basic))
    said = ocsp.ResponseData.load(basic[body.start : body.end])
    responder = _responder(said["responder_id"], _certificates(basic, rest), issuer, now)
    signed = basic[body.start : body.end]
    named = core.Sequence.load(basic[algorithm.start : algorithm.end])[0].native
    made = core.OctetBitString.load(basic[signature.start : signature.end]).native
    if not signing.verify(responder.key, made, signed, named, historical=True):
        raise AnswerRefused("answer_signature")
    if question.nonce is not None and _nonce(said) != question.nonce:
        raise AnswerRefused("answer_nonce")
    one = _single(said, question)
    since, until = one["this_update"].native, one["next_update"].native
    if not now - FRESH <= since <= now + SKEW or (until is not None and until < now - SKEW):
        raise AnswerRefused("answer_not_current")
    return _answer(one["cert_status"], said["produced_at"].native, since, responder)


def _basic(content: bytes) -> der.Element:
    _, tagged = der.children(content, der.whole(content))
    (inside,) = der.children(content, tagged)
    return inside


def _certificates(basic: bytes, rest: list[der.Element]) -> list[Certificate]:
    """The certificates beside the answer, from their own bytes. Those that cannot be read help nobody."""
    found = []
    for tagged in rest:
        (inside,) = der.children(basic, tagged)
        for one in der.children(basic, inside):
            try:
                found.append(certificates.read(basic[one.start : one.end]))
            except CertificateMalformed:
                continue
    return found


def _responder(named: Any, beside: list[Certificate], issuer: Certificate, now: datetime) -> Certificate:
    """Who signs: the issuer itself, or somebody to whom the same issuer gave the right to (RFC 6960 §4.2.2.2)."""
    for one in (issuer, *beside):
        if not _is(named, one):
            continue
        if one.der == issuer.der or _delegated(one, issuer, now):
            return one
    raise AnswerRefused("answer_signer")


def _is(named: Any, certificate: Certificate) -> bool:
    if named.name == "by_name":
        tagged = named.dump()
        return tagged[der.element(tagged, 0, len(tagged)).content :] == certificate.subject
    return named.chosen.native == hashlib.sha1(key_bits(certificate.key), usedforsecurity=False).digest()


def _delegated(one: Certificate, issuer: Certificate, now: datetime) -> bool:
    return (
        one.issuer == issuer.subject
        and OCSP_SIGNING in one.extended
        and not one.authority
        and not one.unknown_critical
        and one.not_before <= now <= one.not_after
        and certificates.signed_by(issuer, one, historical=True)
    )


def _nonce(said: Any) -> bytes | None:
    """The nonce as we sent it, or bare, as some responders repeat it."""
    for extension in said["response_extensions"]:
        if extension["extn_id"].native == "nonce":
            value = extension["extn_value"].native
            parsed = extension["extn_value"].parsed
            return parsed.native if isinstance(parsed, core.OctetString) else value
    return None


def _single(said: Any, question: Question) -> Any:
    found = [one for one in said["responses"] if _about(one["cert_id"], question)]
    if len(found) != 1:
        raise AnswerRefused("answer_other_certificate")
    return found[0]


def _about(named: Any, question: Question) -> bool:
    return (
        named["hash_algorithm"]["algorithm"].dotted == signing.SHA256
        and named["serial_number"].native == question.serial
        and named["issuer_name_hash"].native == question.name_hash
        and named["issuer_key_hash"].native == question.key_hash
    )


def _answer(status: Any, produced_at: datetime, since: datetime, responder: Certificate) -> Answer:
    if status.name == "good":
        return Answer(True, None, False, produced_at, since, responder)
    if status.name != "revoked":
        raise AnswerRefused("certificate_unknown")
    revoked_at = status.chosen["revocation_time"].native
    held = status.chosen["revocation_reason"].native == "certificate_hold"
    return Answer(False, revoked_at, held and revoked_at.timestamp() == 0, produced_at, since, responder)


def _octets(value: bytes) -> bytes:
    return core.OctetString(value).dump()
