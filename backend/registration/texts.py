"""The user agreement and the standard contract: data files by version, texts/<version>/<name>.<language>.md.

A version once published is never edited: what was signed names the version and the SHA-256 of each text. The texts in
Kazakh and Russian are the legal ones; the English one is a translation.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from backend.core.i18n import LANGUAGES
from backend.registration.rules import TextUnknown, sha256

FOLDER = Path(__file__).parent / "texts"
NAMES = ("agreement", "contract")


@dataclass(frozen=True, slots=True)
class Text:
    """`texts` and `hashes` (SHA-256 of the UTF-8 bytes, hexadecimal) by language."""

    name: str
    version: str
    texts: dict[str, str]
    hashes: dict[str, str]


@cache
def newest() -> str:
    """The version that is signed now; versions sort by name."""
    return max(folder.name for folder in FOLDER.iterdir() if folder.is_dir())


def read(name: str, version: str | None = None) -> Text:
    """A text in a version, the newest one when none is named. Raises TextUnknown."""
    version = version or newest()
    if name not in NAMES or version not in {folder.name for folder in FOLDER.iterdir()}:
        raise TextUnknown(name=name, version=version)
    return _read(name, version)


@cache
def _read(name: str, version: str) -> Text:
    files = {language: FOLDER / version / f"{name}.{language}.md" for language in LANGUAGES}
    texts = {language: file.read_text(encoding="utf-8") for language, file in files.items()}
    return Text(name, version, texts, {language: sha256(text) for language, text in texts.items()})
