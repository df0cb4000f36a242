"""GS1 Digital Link: one address, the app's page for people and a linkset (RFC 9264) for machines (GS1 4)."""

import orjson
from flask import Response, current_app, request

from backend.core import gs1
from backend.core.shell import shell
from backend.verification.rules import LinkInvalid

VOCABULARY = "https://ref.gs1.org/voc/"
LINKSET = "application/linkset+json"


def answer(gtin: str, serial: str | None) -> Response:
    """The page, or the linkset when asked by Accept or linkType. Raises LinkInvalid for an address that is none."""
    try:
        padded = gs1.gtin14(gtin)
    except ValueError as error:
        raise LinkInvalid(gtin=gtin[:20]) from error
    if gtin != padded or (serial is not None and not 1 <= len(serial) <= 20):
        raise LinkInvalid(gtin=gtin[:20])
    link = anchor(padded, serial)
    wants = request.accept_mimetypes
    machine = request.args.get("linkType") in ("linkset", "all") or (
        wants.best_match([LINKSET, "application/json", "text/html"]) != "text/html" and not wants.accept_html
    )
    shown = Response(orjson.dumps(linkset(link)), mimetype=LINKSET) if machine else shell()
    shown.headers["Access-Control-Allow-Origin"] = "*"
    shown.headers["Link"] = f'<{link}?linkType=linkset>; rel="linkset"; type="{LINKSET}"'
    shown.headers["Vary"] = "Accept"
    return shown


def anchor(gtin: str, serial: str | None) -> str:
    base = current_app.config["SETTINGS"].public_url
    return gs1.digital_link(base, gtin, serial) if serial is not None else f"{base}/01/{gtin}"


def linkset(link: str) -> dict:
    """Default link, product page and check, each in the three languages' one page."""
    page = {"href": link, "title": "Таңба", "type": "text/html", "hreflang": ["kk", "ru", "en"]}
    check = {"href": f"{current_app.config['SETTINGS'].public_url}/api/v1/verify", "title": "Verify (POST)"}
    return {
        "linkset": [
            {
                "anchor": link,
                f"{VOCABULARY}defaultLink": [page],
                f"{VOCABULARY}pip": [page],
                f"{VOCABULARY}verificationService": [check],
            }
        ]
    }
