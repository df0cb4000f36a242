"""Files in a folder: written aside, forced onto the disk, then renamed, so that a name never stands for half a file."""

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path


class Folder:
    """A folder with 256 subfolders, by the first two digits of the file's hash."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, content: bytes) -> None:
        """Write, even what is there already: its age says that somebody is about to name it."""
        folder = self.root / key[:2]
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / f".{key}.{secrets.token_hex(6)}"
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, folder / key)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        for one in (folder, self.root):
            _settle(one)

    def get(self, key: str) -> bytes | None:
        try:
            return (self.root / key[:2] / key).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, key: str) -> bool:
        return (self.root / key[:2] / key).is_file()

    def delete(self, key: str) -> None:
        (self.root / key[:2] / key).unlink(missing_ok=True)

    def older(self, than: datetime) -> Iterator[str]:
        """What was written before a moment, half-written files too."""
        for path in self.root.glob("??/*"):
            try:
                written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            except FileNotFoundError:
                continue
            if written >= than:
                continue
            if path.name.startswith("."):
                path.unlink(missing_ok=True)
            else:
                yield path.name


def _settle(folder: Path) -> None:
    """A rename is on the disk when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
