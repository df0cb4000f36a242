"""Where the bytes of files lie: in a folder of the instance, or in the bucket that FILES_URL names."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import current_app

from backend.files.folder import Folder
from backend.files.s3 import bucket


class Store(Protocol):
    """A key is the SHA-256 of the content. `put` returns when the bytes survive a power cut."""

    def put(self, key: str, content: bytes) -> None: ...

    def get(self, key: str) -> bytes | None: ...

    def has(self, key: str) -> bool: ...

    def delete(self, key: str) -> None: ...

    def older(self, than: datetime) -> Iterator[str]: ...


def current() -> Store:
    """The store of this installation."""
    return behind(current_app.config["SETTINGS"].files_url)


@lru_cache(maxsize=8)
def behind(url: str) -> Store:
    """`file:///folder` or `s3://key:secret@host/bucket`. Raises ValueError."""
    if url.startswith("file://"):
        return Folder(Path(unquote(urlsplit(url).path)))
    return bucket(url)
