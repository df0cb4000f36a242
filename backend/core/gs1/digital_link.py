"""GS1 Digital Link URIs, uncompressed (URI Syntax 1.6): reading them strictly and making them."""
import re
from collections.abc import Iterable

from backend.core.gs1.check_digits import is_gtin14
from backend.core.gs1.elements import ElementError, collect
from backend.core.gs1.table import IDENTIFIERS, LINK_KEYS, NOT_IN_LINKS

_URI = re.compile(r"(?:https?|HTTPS?)://([A-Za-z0-9.\-]+(?::[0-9]+)?|\[[0-9A-Fa-f:.]+\](?::[0-9]+)?)(/[^?#]*)"
                  r"(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
_LEGAL = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_PLAIN = re.compile(r"[A-Za-z0-9\-._~]")


class LinkError(ElementError):
    """A URI that is no Digital Link ("link"), or one whose values break the standard (problems of ElementError)."""


def unescape(text: str, query: bool = False) -> str:
    """Undo percent-escapes byte by byte; in a query "+" is a space. A broken escape stays as it is."""
    if query:
        text = text.replace("+", " ")
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def escape(text: str) -> str:
    """Percent-escape all but unreserved characters, the same in path and query."""
    return "".join(c if _PLAIN.fullmatch(c) else f"%{ord(c):02X}" for c in text)


def _is_chain(key: str, qualifiers: list[str]) -> bool:
    for chain in (*LINK_KEYS[key], ()):
        rest = iter(chain)
        if all(one in rest for one in qualifiers):
            return True
    return False


def _path(path: str) -> list[tuple[str, str]]:
    """Key and qualifiers at the end of a path; what stands before them is the stem."""
    segments = path.split("/")[1:]
    if segments[-1] == "" and len(segments) > 2 and segments[-2] not in IDENTIFIERS:
        segments.pop()  # a trailing slash is tolerated, an empty value is not
    pairs: list[tuple[str, str]] = []
    for at in range(len(segments) - 2, -1, -2):
        ai, value = segments[at], segments[at + 1]
        if ai not in IDENTIFIERS:
            break
        if value == "":
            raise LinkError("length", ai)
        pairs.insert(0, (ai, unescape(value)))
        if ai in LINK_KEYS:
            if not _is_chain(ai, [one for one, _ in pairs[1:]]):
                break
            return pairs
    raise LinkError("link")


def _query(query: str, key: str, qualifiers: list[str]) -> list[tuple[str, str]]:
    pairs = []
    for word in query.split("&"):
        name, equals, value = word.partition("=")
        if not equals or not re.fullmatch("[0-9]+", name):
            continue
        if name not in IDENTIFIERS or name in NOT_IN_LINKS or _belongs_in_path(name, key, qualifiers):
            raise LinkError("link", name)
        if value == "":
            raise LinkError("length", name)
        pairs.append((name, unescape(value, query=True)))
    return pairs


def _belongs_in_path(ai: str, key: str, qualifiers: list[str]) -> bool:
    return any(ai in chain and all(one in chain for one in qualifiers) for chain in LINK_KEYS[key])


def parse_digital_link(uri: str, short_gtin: bool = False) -> dict[str, str]:
    """Identifiers and values of a Digital Link of any host: key, qualifiers, attributes, in their order.

    `short_gtin` also takes a GTIN of 8, 12 or 13 digits, as URIs before syntax 1.4 had. Raises LinkError.
    """
    match = _URI.fullmatch(uri)
    if match is None or not _LEGAL.fullmatch(uri):
        raise LinkError("link")
    path = _path(match[2])
    key = path[0][0]
    query = _query(match[3] or "", key, [ai for ai, _ in path[1:]])
    pairs = [(ai, value.zfill(14) if short_gtin and ai == "01" and len(value) in (8, 12, 13) else value)
             for ai, value in path + query]
    names = [ai for ai, _ in pairs]
    if len(set(names)) != len(names):
        raise LinkError("link")
    try:
        return collect(pairs)
    except ElementError as error:
        raise LinkError(error.problem, error.ai) from None


def link_of(base: str, ais: Iterable[tuple[str, str]]) -> str:
    """The Digital Link of any judged element string: key and its qualifiers in the path, the rest in the query.

    Attributes of predefined length come first, as in the canonical form. Raises LinkError without a key, or when
    an identifier may stand neither in path nor query.
    """
    values = dict(ais)
    key = next((ai for ai in values if ai in LINK_KEYS), None)
    if key is None:
        raise LinkError("link")
    chain = next((chain for chain in LINK_KEYS[key] if any(ai in values for ai in chain)), ())
    path = "".join(f"/{ai}/{escape(values[ai])}" for ai in (key, *chain) if ai in values)
    rest = [ai for ai in values if ai != key and ai not in chain]
    for ai in rest:
        if ai in NOT_IN_LINKS or (ai == "235" and key == "01"):
            raise LinkError("link", ai)
    rest.sort(key=lambda ai: IDENTIFIERS[ai].predefined is None)
    query = "&".join(f"{ai}={escape(values[ai])}" for ai in rest)
    return f"{base.rstrip('/')}{path}{'?' if query else ''}{query}"


def digital_link(base: str, gtin: str, serial: str) -> str:
    """`<base>/01/<gtin>/21/<serial>`: what a QR for people carries, never with a tail. ValueError: bad GTIN."""
    if not is_gtin14(gtin):
        raise ValueError("gtin: 14 digits with their check digit expected")
    return f"{base.rstrip('/')}/01/{gtin}/21/{escape(serial)}"
