"""What the development authority answers to those who ask it: the state of a certificate (RFC 6960), a stamp of time
(RFC 3161). The same bytes as over a network, without one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import core, ocsp, tsp, x509
from cryptography.x509 import random_serial_number

from backend.core import clock
from backend.signatures import der, signer
from backend.signatures.certificates import read
from backend.signatures.keys import PrivateKey, signed_with
from backend.signatures.ocsp import ask

ACCURACY = timedelta(seconds=1)
CERTIFICATES = 0xA0  # [0], by RFC 6960


@dataclass(frozen=True, slots=True)
class Desk:
    """A key with its certificate, and the authority's (DER)."""

    key: PrivateKey
    certificate: bytes
    issuer: bytes


def answer_status(request: bytes, desk: Desk, revoked: dict[int, datetime]) -> bytes:
    """The state of the certificates asked about; `unknown` for those of another issuer. Raises ValueError for a request
    that cannot be read."""
    asked = ocsp.OCSPRequest.load(request, strict=True)["tbs_request"]
    now = clock.now().replace(microsecond=0)
    subject = x509.Certificate.load(desk.certificate).subject
    body = ocsp.ResponseData(
        {
            "responder_id": ocsp.ResponderId(name="by_name", value=subject),
            "produced_at": now,
            "responses": [
                {
                    "cert_id": one["req_cert"],
                    "cert_status": _status(one["req_cert"], desk.issuer, revoked),
                    "this_update": now,
                }
                for one in asked["request_list"]
            ],
            "response_extensions": [
                {"extn_id": "nonce", "extn_value": core.ParsableOctetString(one["extn_value"].contents)}
                for one in asked["request_extensions"]
                if one["extn_id"].native == "nonce"
            ],
        }
    )
    signed = body.dump()
    basic = der.wrap(
        der.SEQUENCE,
        signed,
        signed_with(desk.key).dump(),
        core.OctetBitString(desk.key.sign(signed)).dump(),
        der.wrap(CERTIFICATES, der.wrap(der.SEQUENCE, desk.certificate)),
    )
    return ocsp.OCSPResponse(
        {
            "response_status": "successful",
            "response_bytes": {
                "response_type": "basic_ocsp_response",
                "response": core.ParsableOctetString(basic),
            },
        }
    ).dump()


def _status(named: ocsp.CertId, issuer: bytes, revoked: dict[int, datetime]) -> ocsp.CertStatus:
    authority = read(issuer)
    expected = ask(authority, authority)
    if (named["issuer_name_hash"].native, named["issuer_key_hash"].native) != (expected.name_hash, expected.key_hash):
        return ocsp.CertStatus(name="unknown", value=ocsp.StatusUnknown())
    ended = revoked.get(named["serial_number"].native)
    if ended is None:
        return ocsp.CertStatus(name="good", value=ocsp.StatusGood())
    return ocsp.CertStatus(name="revoked", value=ocsp.RevokedInfo({"revocation_time": ended.replace(microsecond=0)}))


def stamp(request: bytes, desk: Desk, policy: str) -> bytes:
    """A stamp of this moment over the digest in the request. Raises ValueError for a request that cannot be read."""
    asked = tsp.TimeStampReq.load(request, strict=True)
    said = {
        "version": "v1",
        "policy": policy,
        "message_imprint": asked["message_imprint"],
        "serial_number": random_serial_number(),
        "gen_time": core.GeneralizedTime(clock.now().replace(microsecond=0)),
        "accuracy": {"seconds": int(ACCURACY.total_seconds())},
    }
    if asked["nonce"].native is not None:
        said["nonce"] = asked["nonce"].native
    info = tsp.TSTInfo(said).dump()
    token = signer.signed(desk.key, desk.certificate, (desk.issuer,), info, "tst_info", attached=True)
    return der.wrap(der.SEQUENCE, tsp.PKIStatusInfo({"status": "granted"}).dump(), token)
