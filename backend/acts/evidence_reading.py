"""Opening a signed package that anybody may have made: bounded in every direction, nothing is ever written to a disk.

A ZIP can promise little and unpack to much, name files outside its folder, repeat names, or hold a million entries; so
the table of contents is measured before it is read, and what is unpacked is counted as it comes.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from backend.acts.authenticity_rules import FileTooLarge, PackageUnreadable
from backend.acts.evidence_files import MOST_FILES
from backend.acts.evidence_files import NAME as FILE

LARGEST_FILE = 8 * 1024 * 1024
LARGEST_PART = 16 * 1024 * 1024
LARGEST_WHOLE = 32 * 1024 * 1024
MOST_PARTS = 200 + MOST_FILES
LONGEST_TABLE = MOST_PARTS * 160
PIECE = 64 * 1024

END, END_64 = b"PK\x05\x06", b"PK\x06\x07"
END_SIZE, LOCATOR_SIZE = 22, 20
NAME = re.compile(r"(?:[0-9]{1,2}-[a-z]{1,20}/)?[A-Za-z0-9_-]{1,40}\.[a-z0-9]{2,4}|" + FILE.pattern)
MEASURED = "measured.sha256"
"""Not of the package: what its files hash to, measured by whoever checks it and keeps them (as sha256sum says it)."""
LINE = re.compile(r"([0-9a-f]{64})  (" + FILE.pattern + r")")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def parts(content: bytes, *, measured: bool = False) -> Mapping[str, bytes]:
    """The files of a package by their names; with `measured` also MEASURED, which nothing else makes welcome.
    Raises FileTooLarge, PackageUnreadable."""
    if len(content) > LARGEST_FILE:
        raise FileTooLarge(largest=LARGEST_FILE)
    _require_table(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive, measured)
    except DAMAGED as error:
        raise PackageUnreadable(why="damaged") from error


def digests(given: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each part, by name; of files that were not given, as they were measured. Raises PackageUnreadable."""
    found = {name: hashlib.sha256(content).hexdigest() for name, content in given.items() if name != MEASURED}
    for line in given.get(MEASURED, b"").decode("ascii", "replace").splitlines():
        match = LINE.fullmatch(line)
        if not match or match[2] in found or len(found) > MOST_PARTS:
            raise PackageUnreadable(why="damaged")
        found[match[2]] = match[1]
    return found


def _require_table(content: bytes) -> None:
    """Our packages end with a plain end record: no comment, no 64-bit one. What it says of the table bounds what the
    reader will hold in memory."""
    end = content[-END_SIZE:]
    if len(end) < END_SIZE or end[:4] != END or end[20:22] != b"\0\0":
        raise PackageUnreadable(why="not_zip")
    if content[-END_SIZE - LOCATOR_SIZE : -END_SIZE][:4] == END_64:
        raise PackageUnreadable(why="not_ours")
    if int.from_bytes(end[12:16], "little") > LONGEST_TABLE:
        raise PackageUnreadable(why="too_many")


def _read(archive: zipfile.ZipFile, measured: bool) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise PackageUnreadable(why="too_many")
    found: dict[str, bytes] = {}
    left = LARGEST_WHOLE
    for entry in entries:
        known = NAME.fullmatch(entry.filename) or (measured and entry.filename == MEASURED)
        if not known or entry.filename in found:
            raise PackageUnreadable(why="name")
        if entry.compress_type not in METHODS or entry.flag_bits & ENCRYPTED:
            raise PackageUnreadable(why="not_ours")
        found[entry.filename] = _unpacked(archive, entry, min(left, LARGEST_PART))
        left -= len(found[entry.filename])
    return found


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """One file, read in pieces until it ends or is too much, whatever its header says. Raises FileTooLarge."""
    pieces, size = [], 0
    with archive.open(entry) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > most:
                raise FileTooLarge(largest=most)
            pieces.append(piece)
    return b"".join(pieces)
