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
    link = anchor(gtin, serial)
    wants = request.accept_mimetypes
    preferred = max(wants[LINKSET], wants["application/json"]) > wants["text/html"]
    machine = preferred or request.args.get("linkType") in ("linkset", "all")
    shown = Response(orjson.dumps(linkset(link, gtin)), mimetype=LINKSET) if machine else shell()
    shown.headers["Access-Control-Allow-Origin"] = "*"
    shown.headers["Link"] = f'<{link}?linkType=linkset>; rel="linkset"; type="{LINKSET}"'
    shown.vary.add("Accept")
    return shown


def anchor(gtin: str, serial: str | None) -> str:
    """The canonical link. Raises LinkInvalid for what GS1 does not let stand in one: a link must say, when it is read,
    what it was made from."""
    base = current_app.config["SETTINGS"].public_url
    said = {"01": gtin} if serial is None else {"01": gtin, "21": serial}
    try:
        link = f"{base}/01/{gtin}" if serial is None else gs1.digital_link(base, gtin, serial)
        kept = gs1.parse_digital_link(link) == said
    except ValueError as error:
        raise LinkInvalid(gtin=gtin[:20]) from error
    if not kept:
        raise LinkInvalid(gtin=gtin[:20])
    return link


def linkset(link: str, gtin: str) -> dict:
    """Default link, product page and check, each in the three languages' one page."""
    page = {"href": link, "title": "Таңба", "type": "text/html", "hreflang": ["kk", "ru", "en"]}
    check = {"href": f"{current_app.config['SETTINGS'].public_url}/api/v1/verify", "title": "Verify (POST)"}
    return {
        "linkset": [
            {
                "anchor": link,
                "itemDescription": f"GTIN {gtin}",
                f"{VOCABULARY}defaultLink": [page],
                f"{VOCABULARY}pip": [page],
                f"{VOCABULARY}verificationService": [check],
            }
        ]
    }
