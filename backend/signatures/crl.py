"""Revocation lists (RFC 5280 §5), full and delta. A list may hold half a million entries, so nothing is built of them:
a serial number is searched in the list's own bytes."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import core, x509

from backend.signatures import algorithms, der
from backend.signatures.certificates import UNREADABLE, Certificate
from backend.signatures.der import Bytes, Element
from backend.signatures.rules import AlgorithmUnsupported, CertificateMalformed, KeyWeak

NUMBER, DELTA, AUTHORITY_KEY, FRESHEST = "2.5.29.20", "2.5.29.27", "2.5.29.35", "2.5.29.46"
# An issuing distribution point, critical by its nature, would mean that the list is not the whole list.
UNDERSTOOD = (NUMBER, DELTA, AUTHORITY_KEY, FRESHEST)
REASON, INVALID_SINCE = "2.5.29.21", "2.5.29.24"
REMOVED = 8  # removeFromCRL


class ListRefused(Exception):
    """A list that says nothing; `why` goes into the verdict."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A list whose signature, form and completeness were judged. `data` is its DER (bytes, or a mapped file),
    `entries` the place of its entries; `base` is set on a delta: the number of the full list that it amends."""

    data: Bytes
    entries: Element | None
    sha256: str
    issued: datetime
    due: datetime
    number: int | None
    base: int | None

    def current(self, now: datetime, skew: float = 300) -> bool:
        return self.issued.timestamp() - skew <= now.timestamp() and now <= self.due


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says of one certificate; `removed` takes an earlier entry back (only in a delta)."""

    revoked_at: datetime
    removed: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """A list as it was read, not yet believed. `signed` is the place of what was signed."""

    signed: Element
    algorithm: str
    signature: bytes
    issuer: bytes
    issued: datetime
    due: datetime | None
    entries: Element | None
    extensions: dict[str, tuple[bool, bytes]]


def accept(data: Bytes, issuer: Certificate) -> RevocationList:
    """Believe a list: its issuer signed it, it is well-formed to the last entry, and it speaks of all the issuer's
    certificates. Walks the list once. Raises ListRefused."""
    try:
        found = outline(data)
        if found.issuer != issuer.subject or "crl_sign" not in issuer.key_usage:
            raise ListRefused("list_of_another")
        message = bytes(data[found.signed.start : found.signed.end])
        if not algorithms.verify(issuer.key, found.signature, message, found.algorithm, historical=True):
            raise ListRefused("list_signature")
        if any(critical and oid not in UNDERSTOOD for oid, (critical, _) in found.extensions.items()):
            raise ListRefused("list_partial")
        if not _plain(data, found.entries):
            raise ListRefused("list_partial")
        return believed(data, found)
    except UNREADABLE as error:
        raise ListRefused("list_unreadable") from error
    except (AlgorithmUnsupported, KeyWeak, CertificateMalformed) as error:
        raise ListRefused("list_signature") from error


def believed(data: Bytes, found: Outline, sha256: str | None = None) -> RevocationList:
    """The list of an outline that was judged before. Raises ListRefused when it does not say how long it holds."""
    if found.due is None:
        raise ListRefused("list_not_current")
    number, base = (_number(found.extensions.get(oid)) for oid in (NUMBER, DELTA))
    digest = sha256 or hashlib.sha256(data).hexdigest()
    return RevocationList(data, found.entries, digest, found.issued, found.due, number, base)


def outline(data: Bytes) -> Outline:
    """The frame of a list, without its entries. The algorithm inside and outside must be the same OID; the national
    authority writes NULL parameters outside alone. Raises ValueError."""
    body, named, signature = der.children(data, der.whole(data))
    parts = list(der.children(data, body))
    if parts and parts[0].tag == der.INTEGER:
        parts.pop(0)
    inner, issuer, issued, *rest = parts
    due = entries = None
    if rest and rest[0].tag in (der.UTC_TIME, der.GENERALIZED_TIME):
        due = _moment(data, rest.pop(0))
    if rest and rest[0].tag == der.SEQUENCE:
        entries = rest.pop(0)
    algorithm = _oid(data, inner)
    if algorithm != _oid(data, named) or len(rest) > 1:
        raise ValueError("the list contradicts itself")
    return Outline(
        signed=body,
        algorithm=algorithm,
        signature=core.OctetBitString.load(_bytes(data, signature)).native,
        issuer=_bytes(data, issuer),
        issued=_moment(data, issued),
        due=due,
        entries=entries,
        extensions=_extensions(data, rest[0]) if rest else {},
    )


def find(held: RevocationList, serial: int) -> Entry | None:
    """The entry of a serial number. Searches the bytes of the number and asks of each hit whether an entry begins
    there, so that a large list costs milliseconds."""
    if held.entries is None:
        return None
    wanted = core.Integer(serial).dump()
    at = held.data.find(wanted, held.entries.content, held.entries.end)
    while at != -1:
        entry = _entry_at(held.data, at, held.entries)
        if entry is not None:
            return _read(held.data, entry)
        at = held.data.find(wanted, at + 1, held.entries.end)
    return None


def _entry_at(data: Bytes, number: int, entries: Element) -> Element | None:
    """The entry whose first part begins here: a SEQUENCE right before it, and a time right behind it."""
    for header in (2, 3, 4):
        try:
            found = der.element(data, max(number - header, entries.content), entries.end)
            if found.tag == der.SEQUENCE and found.content == number:
                when = list(der.children(data, found))[1]
                return found if when.tag in (der.UTC_TIME, der.GENERALIZED_TIME) else None
        except (ValueError, IndexError):
            continue
    return None


def _read(data: Bytes, entry: Element) -> Entry:
    parts = list(der.children(data, entry))
    reason = _extensions_of_entry(data, parts).get(REASON)
    removed = reason is not None and core.Enumerated.load(reason[1]).contents == bytes([REMOVED])
    return Entry(_moment(data, parts[1]), removed)


def _plain(data: Bytes, entries: Element | None) -> bool:
    """Whether every entry is well-formed and carries no critical extension that changes what it means."""
    if entries is None:
        return True
    for entry in der.children(data, entries):
        parts = list(der.children(data, entry))
        if entry.tag != der.SEQUENCE or len(parts) < 2 or parts[0].tag != der.INTEGER:
            raise ValueError("an entry of another form")
        if len(parts) > 2:
            for oid, (critical, _) in _extensions_of_entry(data, parts).items():
                if critical and oid not in (REASON, INVALID_SINCE):
                    return False
    return True


def _extensions_of_entry(data: Bytes, parts: list[Element]) -> dict[str, tuple[bool, bytes]]:
    return _listed(data, parts[2]) if len(parts) > 2 else {}


def _extensions(data: Bytes, tagged: Element) -> dict[str, tuple[bool, bytes]]:
    (inside,) = der.children(data, tagged)
    return _listed(data, inside)


def _listed(data: Bytes, extensions: Element) -> dict[str, tuple[bool, bytes]]:
    """Extensions by OID: (critical, value). A repeated one raises ValueError."""
    found: dict[str, tuple[bool, bytes]] = {}
    for one in der.children(data, extensions):
        name, *rest = der.children(data, one)
        critical = len(rest) == 2 and data[rest[0].content] != 0
        oid = core.ObjectIdentifier.load(_bytes(data, name)).dotted
        if oid in found:
            raise ValueError("an extension is repeated")
        found[oid] = critical, bytes(data[rest[-1].content : rest[-1].end])
    return found


def _number(extension: tuple[bool, bytes] | None) -> int | None:
    return None if extension is None else core.Integer.load(extension[1]).native


def _oid(data: Bytes, algorithm: Element) -> str:
    return core.ObjectIdentifier.load(_bytes(data, next(der.children(data, algorithm)))).dotted


def _moment(data: Bytes, element: Element) -> datetime:
    return x509.Time.load(_bytes(data, element)).native.astimezone(UTC)


def _bytes(data: Bytes, element: Element) -> bytes:
    return bytes(data[element.start : element.end])
