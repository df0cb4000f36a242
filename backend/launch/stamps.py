"""Stamps: a step leaves the hash of what it was made from, and is skipped while that is unchanged.

Standard library alone.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(folder: Path, paths: Iterable[Path], *facts: str) -> str:
    """SHA-256 over the bytes of files, their names below `folder`, and facts such as a version."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        whole.update(content)
    for fact in facts:
        whole.update(f"\0{fact}".encode())
    return whole.hexdigest()


def tree(folder: Path, without: frozenset[str]) -> list[Path]:
    """Every file below a folder, leaving out whole subfolders by name. Links are not followed."""
    found: list[Path] = []
    for entry in folder.iterdir():
        if entry.name in without or entry.is_symlink():
            continue
        if entry.is_dir():
            found += tree(entry, without)
        elif entry.is_file():
            found.append(entry)
    return found


def fresh(stamp: Path, made_from: str) -> bool:
    """Whether the step that left this stamp was made from exactly this."""
    try:
        return stamp.read_text().strip() == made_from
    except (OSError, UnicodeDecodeError):
        return False


def leave(stamp: Path, made_from: str) -> None:
    """Written when a step has succeeded, so that an interrupted one is done again."""
    stamp.write_text(made_from + "\n")
