"""The files that the signed documents of an act name by their hashes: papers beside it, photos of what was not taken.
Each lies in the package under its own SHA-256, so that its name can be held against the signed bytes."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from backend.acts import attachments
from backend.acts.models import Act
from backend.files import queries as register
from backend.files.models import File
from backend.files.rules import ENDINGS, LONGEST_NAME, Media

NAME = re.compile(r"files/([0-9a-f]{64})\.[a-z]{3,4}")
DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_FILES = 1000
ROOM = 512 * 1024 * 1024
"""Files of one package, and all their bytes; what is beyond stays with the platform, and the package says so."""


class Named(NamedTuple):
    """A file that a signed document names. `title` is the attachment's name, empty for a photo."""

    sha256: str
    title: str


class Standing(StrEnum):
    """What became of a file in a package: there as it was signed, there with other bytes, not there; there, but named
    by no signed document."""

    HELD = "held"
    CHANGED = "changed"
    MISSING = "missing"
    UNSIGNED = "unsigned"


class Held(NamedTuple):
    """A file as a package has it: `sha256` as signed, or as it is where nobody signed it."""

    sha256: str
    title: str
    standing: Standing


def named(documents: Iterable[Mapping[str, Any]]) -> list[Named]:
    """The files that these documents name, each once, papers first. Anybody may have made the documents: what is not
    formed as we form it names nothing."""
    said = list(documents)
    papers = [(one.get("sha256"), one.get("name")) for content in said for one in _listed(content, "attachments")]
    photos = [
        (photo, "") for content in said for one in _listed(content, "rejected") for photo in _many(one.get("photos"))
    ]
    found: dict[str, Named] = {}
    for digest, title in (*papers, *photos):
        if isinstance(digest, str) and DIGEST.fullmatch(digest):
            found.setdefault(digest, Named(digest, title[:LONGEST_NAME] if isinstance(title, str) else ""))
    return list(found.values())


def of(act: Act, signed: Iterable[bytes]) -> list[tuple[Named, File | None]]:
    """The files that the signed documents of an act name; None for one that the platform does not have."""
    there = register.of_document(*attachments.document_of(act))
    return [(one, there.get(one.sha256)) for one in named(orjson.loads(document) for document in signed)]


def place(file: File) -> str:
    """Where a file lies in the package."""
    return f"files/{file.id}{ENDINGS[Media(file.media)][0]}"


def compared(documents: Iterable[Mapping[str, Any]], there: Mapping[str, str]) -> list[Held]:
    """What the documents name against what a package has: `there` is the SHA-256 of each of its files, by name."""
    lie = {match[1]: digest for name, digest in there.items() if (match := NAME.fullmatch(name))}
    found = []
    for one in named(documents):
        digest = lie.pop(one.sha256, None)
        standing = Standing.MISSING if digest is None else Standing.CHANGED
        found.append(Held(one.sha256, one.title, Standing.HELD if digest == one.sha256 else standing))
    return [*found, *(Held(digest, "", Standing.UNSIGNED) for digest in lie)]


def _listed(content: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [one for one in _many(content.get(name)) if isinstance(one, dict)]


def _many(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
