"""eGov Mobile and eGov Business: the two addresses that the phone asks, in exactly the JSON that it reads.

Source: NITEC, "QR и кросс-подписание в eGov Mobile", version 5, sections 4.1 to 4.3.
"""

import hashlib
from base64 import b64decode
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import orjson
from flask import current_app, request

from backend.core import vault
from backend.signatures import egov_words
from backend.signatures.rules import Purpose
from backend.signatures.signing_sessions_models import SigningSession
from backend.signatures.signing_sessions_rules import phone_time, purpose_of

METHOD = "CMS_SIGN_ONLY"
NO_BIN = "000000000000"


def address(session_id: str) -> str:
    """API 1. The app knows the address of a signing session by the word mgovSign in it."""
    return f"{_site()}/mgovSign/{session_id}"


def token(session_id: str) -> str:
    """What the phone shows at API 2, derived again each time it is needed."""
    return vault.pseudonym("egov-phone", session_id)


def qr_text(session_id: str) -> str:
    """Text for the app's own scanner; it is no link and must not be opened as one."""
    return f"mobileSign:{address(session_id)}"


def link(session_id: str, app: str) -> str | None:
    """Opens the app on the same device; None where the installation has no such app."""
    settings = current_app.config["SETTINGS"]
    template = {"mobile": settings.egov_mobile_link, "business": settings.egov_business_link}[app]
    return template.replace("{url}", quote(address(session_id), safe="")) if template else None


def first_answer(session: SigningSession, language: str | None) -> dict[str, Any]:
    """API 1: what is to be signed and for whom, before anything is fetched."""
    bin_, names = current_app.extensions.get("operator", lambda: None)() or (NO_BIN, {})
    return {
        "description": description(session, language),
        "expiry_date": phone_time(session.expires_at),
        "organisation": {
            "nameRu": names.get("ru", "Tanba"),
            "nameKz": names.get("kk", "Tanba"),
            "nameEn": names.get("en", "Tanba"),
            "bin": bin_,
        },
        "document": {
            "uri": f"{address(session.id)}/documents",
            "auth_type": "Token",
            "auth_token": token(session.id),
        },
    }


def second_answer(session: SigningSession) -> dict[str, Any]:
    """API 2: the documents. Each is shown to the person as the very text that is signed."""
    return {
        "signMethod": METHOD,
        "version": 1,
        "documentsToSign": [
            {
                "id": number,
                "nameRu": one["names"]["ru"],
                "nameKz": one["names"]["kk"],
                "nameEn": one["names"]["en"],
                "meta": [{"name": "SHA-256", "value": hashlib.sha256(b64decode(one["bytes"])).hexdigest()}],
                "document": {"file": {"mime": "text/plain", "data": one["bytes"]}},
            }
            for number, one in enumerate(session.documents, 1)
        ],
    }


def description(session: SigningSession, language: str | None) -> str:
    """In the language that the phone asks for, else in all three. Whether it is a log-in, and whose BINs stand in it,
    is taken from the bytes: names come from the page, and a page can lie."""
    languages = (language,) if language else egov_words.LANGUAGES
    return "\n".join(_described(session.documents, one) for one in languages)


def language_asked() -> str | None:
    return request.accept_languages.best_match(egov_words.LANGUAGES)


def _described(documents: Sequence[dict[str, Any]], language: str) -> str:
    login = all(purpose_of(one["schema"]) is Purpose.LOGIN for one in documents)
    said = (egov_words.LOGIN if login else egov_words.DOCUMENT)[language]
    names = ", ".join(one["names"][language] for one in documents)
    parts = [said.format(names=names, site=urlsplit(_site()).netloc)]
    bins = list(dict.fromkeys(bin_ for one in documents for bin_ in _bins(orjson.loads(b64decode(one["bytes"])))))
    if bins:
        parts.append(egov_words.PARTIES[language].format(bins=", ".join(bins[:4])))
    if current_app.config["SETTINGS"].trust_profile != "nca-prod":
        parts.append(egov_words.TEST[language])
    return " ".join(parts)


def _bins(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        for name, value in content.items():
            if name == "bin" and isinstance(value, str):
                yield value
            else:
                yield from _bins(value)
    elif isinstance(content, list):
        for one in content:
            yield from _bins(one)


def _site() -> str:
    return current_app.config["SETTINGS"].public_url
