"""Public routes: check, decode, trust list, withdrawn lists, GS1 Digital Link."""

import orjson
from flask import Response, request

from backend.codes import trust_list as published
from backend.core.api import PUBLIC, Api
from backend.verification import links, service
from backend.verification.rules import ImageMissing, ListUnknown
from backend.verification.schemas import DecodeOut, TrustList, VerifyIn, VerifyOut

api = Api("verification", url_prefix="")


@api.post("/api/v1/verify", allow=PUBLIC, takes=VerifyIn, gives=VerifyOut, writes=False, quick=True, limit="verify")
def verify(body: VerifyIn) -> dict:
    """Judge a code: one of the outcomes for every text."""
    place = (body.place.lat, body.place.lon) if body.place else None
    return service.verify(body.code, symbology=body.symbology, source=body.source, place=place, device=body.device)


@api.post("/api/v1/decode", allow=PUBLIC, gives=DecodeOut, writes=False, upload=True, limit="decode")
def decode() -> dict:
    """Read every code in a photo (JPEG, PNG, WebP, HEIC)."""
    image = request.files.get("image")
    if image is None:
        raise ImageMissing()
    return service.decode(image.read())


@api.get("/api/v1/trust-list", allow=PUBLIC, gives=TrustList, limit="lookup")
def trust_list() -> Response:
    """Public keys and withdrawn lists, signed by the platform, for checks without network."""
    answer = Response(orjson.dumps(published.trust_list()), mimetype="application/json")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@api.get("/api/v1/withdrawn/<key_id>/<digest>", allow=PUBLIC, limit="lookup", media="application/octet-stream")
def withdrawn(key_id: str, digest: str) -> Response:
    """The exact withdrawn filter of one key; its bytes never change under this address."""
    body = published.withdrawn_list(key_id, digest)
    if body is None:
        raise ListUnknown()
    answer = Response(body, mimetype="application/octet-stream")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@api.get("/01/<gtin>", allow=PUBLIC, limit="lookup", media="application/linkset+json")
def product_link(gtin: str) -> Response:
    """GS1 Digital Link of a product: the app's page for people, a linkset for machines that ask."""
    return links.answer(gtin, None)


@api.get("/01/<gtin>/21/<path:serial>", allow=PUBLIC, limit="lookup", media="application/linkset+json")
def code_link(gtin: str, serial: str) -> Response:
    """GS1 Digital Link of one code."""
    return links.answer(gtin, serial)
