"""`flask egov-phone …`: stands in for eGov Mobile, over HTTP as the phone does it, with a key from a file.

For tests and for showing the platform where no phone is at hand. It knows nothing of the server but what the QR code
and the two addresses say.
"""

import json
import re
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import click

from backend.core import sandbox
from backend.signatures import signer

PATIENCE = 30  # seconds, as the protocol has it
LARGEST = 2_000_000
PREFIX = "mobileSign:"
HERE = ("localhost", "127.0.0.1", "::1")
LANGUAGES = {"kk": "nameKz", "ru": "nameRu", "en": "nameEn"}


class PhoneError(click.ClickException):
    """What the phone would show instead of going on."""


@click.command("egov-phone")
@click.argument("code")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A PKCS#12 file.")
@click.option("--password", help="Of the key.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="kk", show_default=True)
@click.option("--reject", is_flag=True, help="Look at what is to be signed, and sign nothing.")
def command(code: str, key: Path | None, password: str | None, language: str, reject: bool) -> None:
    """Sign as eGov Mobile would. CODE is the text of the QR code, the link of the button, or a picture of the code."""
    if not reject and not (key and password):
        raise click.UsageError("--key and --password, or --reject")
    first = ask(address(code), language)
    said = first["organisation"]
    click.echo(f"{said[LANGUAGES[language]]} · {said['bin']}")
    click.echo(first["description"])
    click.echo(f"→ {first['expiry_date']}")
    uri, token = first["document"]["uri"], first["document"]["auth_token"]
    asked = ask(uri, language, token=token)
    for one in asked["documentsToSign"]:
        click.echo(f"{one['id']}. {one[LANGUAGES[language]]}")
        click.echo(b64decode(one["document"]["file"]["data"]).decode())
    if reject:
        click.echo("rejected: nothing was sent")
        return
    container = key.read_bytes()
    for one in asked["documentsToSign"]:
        file = one["document"]["file"]
        file["data"] = b64encode(_sign(container, password, b64decode(file["data"]))).decode()
    answer = ask(uri, language, token=token, body=asked)
    click.echo(answer.get("status", ""))
    if answer.get("backUrl"):
        click.echo(f"→ {answer['backUrl']}")


def address(code: str) -> str:
    """API 1, out of whatever shows it. Raises PhoneError, as the app does for a code that is not its own."""
    text = _photographed(Path(code)) if re.search(r"\.(png|jpe?g|webp)$", code, re.I) and "://" not in code else code
    if text.startswith(PREFIX):
        text = text.removeprefix(PREFIX)
    elif link := parse_qs(urlsplit(text).query).get("link"):
        text = link[0]
    parts = urlsplit(text)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    if not safe or "mgovSign" not in text:
        raise PhoneError(f"not a code of eGov Mobile: {text[:80]}")
    return text


def ask(url: str, language: str, *, token: str | None = None, body: Any = None) -> dict[str, Any]:
    """One request of the phone. Raises PhoneError with the text that the server gives to be shown."""
    headers = {"Accept": "application/json", "Accept-Language": language}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    content = None
    if body is not None:
        content = json.dumps(body, ensure_ascii=False).encode()
        headers["Content-Type"] = "application/json; charset=UTF-8"
    address(url)  # the second address comes from the server: it gets no further than the first
    request = Request(url, data=content, headers=headers, method="PUT" if content else "GET")
    try:
        with urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read(LARGEST))
    except HTTPError as error:
        raise PhoneError(f"{error.code}: {_message(error)}") from error
    except (URLError, TimeoutError, ValueError) as error:
        raise PhoneError(f"no answer from {urlsplit(url).netloc}: {error}") from error


def _message(error: HTTPError) -> str:
    try:
        return json.loads(error.read(LARGEST))["message"]
    except (ValueError, KeyError, TypeError):
        return error.reason


def _photographed(picture: Path) -> str:
    try:
        found = json.loads(sandbox.call("decode", picture.read_bytes(), seconds=10, megabytes=320))
    except (OSError, sandbox.SandboxFailed) as error:
        raise PhoneError(f"the picture cannot be read: {error}") from error
    for symbol in found:
        if symbol["format"].startswith("QR") and symbol["text"]:
            return symbol["text"]
    raise PhoneError("no QR code in the picture")


def _sign(container: bytes, password: str, document: bytes) -> bytes:
    try:
        return signer.sign(container, password, document)
    except ValueError as error:
        raise PhoneError(f"the key cannot sign: {error}") from error
