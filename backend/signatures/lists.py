"""Revocation lists kept on disk: `<issuer>-full-<digest>.crl` and `…-delta-…`, judged once when they arrive.

A national list has 20 megabytes, so it is mapped and searched, not read. A small file beside it says which list is the
newest and that its signature and form were found good; it deserves the same protection as the rest of the instance.
"""

import hashlib
import json
import mmap
import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from backend.signatures import crl
from backend.signatures.certificates import UNREADABLE, Certificate
from backend.signatures.crl import ListRefused, RevocationList

KINDS = ("full", "delta")


class StoredLists:
    """The lists in a folder, by issuer."""

    def __init__(self, folder: Path):
        self.folder = folder

    def of(self, issuer: Certificate) -> tuple[RevocationList, ...]:
        """The newest full list of an issuer and its newest delta, as far as they are there."""
        found = (self._open(f"{issuer.fingerprint[:16]}-{kind}") for kind in KINDS)
        return tuple(one for one in found if one is not None)

    def keep(self, pieces: Iterable[bytes], authorities: Iterable[Certificate]) -> RevocationList:
        """Store a list that arrives in pieces, once it is found to be of one of these authorities, sound, and not older
        than the one that is there. Raises ListRefused."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=self.folder)
        arrived = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for piece in pieces:
                    file.write(piece)
            data = arrived.read_bytes()
            issuer, accepted = _judge(data, authorities)
            stem = f"{issuer.fingerprint[:16]}-{KINDS[accepted.base is not None]}"
            present = self._open(stem)
            if present is not None and present.issued > accepted.issued:
                raise ListRefused("list_older")
            kept = self.folder / f"{stem}-{accepted.sha256[:16]}.crl"
            arrived.replace(kept)
            self._point(stem, kept.name, accepted.sha256)
            return accepted
        finally:
            arrived.unlink(missing_ok=True)

    def fetched(self, url: str, since: datetime) -> bool:
        """Whether the list at this address was fetched and kept since then."""
        try:
            return datetime.fromisoformat(self._mark(url).read_text()) >= since
        except (OSError, ValueError, TypeError):
            return False

    def mark(self, url: str, at: datetime) -> None:
        """Remember when the list at an address was fetched."""
        self._mark(url).write_text(at.isoformat())

    def _mark(self, url: str) -> Path:
        return self.folder / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.fetched"

    def _point(self, stem: str, name: str, sha256: str) -> None:
        descriptor, fresh = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"file": name, "sha256": sha256}, file)
        Path(fresh).replace(self.folder / f"{stem}.json")
        for old in self.folder.glob(f"{stem}-*.crl"):
            if old.name != name:
                old.unlink(missing_ok=True)

    def _open(self, stem: str) -> RevocationList | None:
        try:
            told = json.loads((self.folder / f"{stem}.json").read_text())
            with (self.folder / told["file"]).open("rb") as file:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            return crl.believed(data, crl.outline(data), told["sha256"])
        except (OSError, ListRefused, *UNREADABLE):
            return None


def _judge(data: bytes, authorities: Iterable[Certificate]) -> tuple[Certificate, RevocationList]:
    refused = ListRefused("list_of_another")
    for issuer in authorities:
        try:
            return issuer, crl.accept(data, issuer)
        except ListRefused as error:
            if error.why != "list_of_another":
                refused = error
    raise refused
