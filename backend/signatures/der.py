"""Walking DER by its lengths alone: for lists of megabytes, and for parts whose exact bytes were signed."""

from collections.abc import Iterator
from mmap import mmap
from typing import NamedTuple

from asn1crypto import core

SEQUENCE, SET, INTEGER = 0x30, 0x31, 0x02
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18


Bytes = bytes | mmap


class Element(NamedTuple):
    """One element: its tag and the places of its first byte, of its content and of the byte behind it."""

    tag: int
    start: int
    content: int
    end: int


def element(data: Bytes, at: int, limit: int) -> Element:
    """The element that begins here and ends before the limit. Raises ValueError, also for indefinite lengths."""
    if at + 2 > limit:
        raise ValueError("an element is cut off")
    tag, size = data[at], data[at + 1]
    content = at + 2
    if size >= 0x80:
        count = size - 0x80
        if not 1 <= count <= 4 or content + count > limit:
            raise ValueError("a length is not DER")
        size = int.from_bytes(data[content : content + count], "big")
        content += count
    if tag & 0x1F == 0x1F or content + size > limit:
        raise ValueError("an element is cut off")
    return Element(tag, at, content, content + size)


def children(data: Bytes, parent: Element) -> Iterator[Element]:
    """The elements inside a constructed one. Raises ValueError."""
    at = parent.content
    while at < parent.end:
        found = element(data, at, parent.end)
        yield found
        at = found.end


def whole(data: Bytes, tag: int = SEQUENCE) -> Element:
    """The one element that all the bytes are. Raises ValueError."""
    found = element(data, 0, len(data))
    if found.tag != tag or found.end != len(data):
        raise ValueError("another element, or bytes behind it")
    return found


def raw(value: core.Asn1Value) -> bytes:
    """The bytes of a parsed value as they came. (`dump()` takes every length whose last byte is 0x80 for an indefinite
    one and encodes anew, which changes what was signed, and fails for keys that the library does not know.)"""
    while isinstance(value, core.Choice):
        value = value.chosen
    return core.Asn1Value.dump(value)


def wrap(tag: int, *parts: bytes) -> bytes:
    """An element of ready parts."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 + len(length)]) + length + content
