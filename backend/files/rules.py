"""Pure rules of files: which kinds are kept, how large they may be, who may read them, and what is refused."""

import re
from datetime import timedelta
from enum import StrEnum

from backend.core.errors import Conflict as Conflicting
from backend.core.errors import Invalid, NotFound, TooLarge, Unavailable, UnsupportedMedia

LARGEST = 10 * 1024 * 1024
"""Bytes of one file."""

UNNAMED_FOR = timedelta(days=30)
"""How long a file is kept that no document names: so long a phone without network may keep the document itself."""

LEFT_BEHIND = timedelta(days=1)
"""How long bytes may lie in the store without a row: a request that brings them takes seconds."""

LONGEST_NAME = 120


class Media(StrEnum):
    """What is kept, by content; the name of a file says nothing."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    CSV = "text/csv"


ENDINGS: dict[Media, tuple[str, ...]] = {
    Media.JPEG: (".jpg", ".jpeg", ".jfif"),
    Media.PNG: (".png",),
    Media.WEBP: (".webp",),
    Media.PDF: (".pdf",),
    Media.XLSX: (".xlsx",),
    Media.CSV: (".csv", ".txt", ".tsv"),
}
PICTURES = frozenset({Media.JPEG, Media.PNG, Media.WEBP})
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff/\\:*?"<>|]')


class FileUnknown(NotFound):
    """No such file, or none that this organisation may read."""

    code = "files.unknown"


class FileEmpty(Invalid):
    code = "files.empty"


class FileTooLarge(TooLarge):
    """`limit` in megabytes."""

    code = "files.too_large"


class PictureTooLarge(TooLarge):
    """More pixels than anybody needs to see."""

    code = "files.picture_too_large"


class FileUnsupported(UnsupportedMedia):
    """Neither JPEG, PNG, WebP, PDF, XLSX nor CSV, whatever its name says."""

    code = "files.unsupported"


class FileDamaged(Invalid):
    code = "files.damaged"


class QuotaReached(Conflicting):
    """The organisation's files take all of its room. `limit` in megabytes."""

    code = "files.quota"


class StoreDown(Unavailable):
    """The store of files does not answer; nothing was kept."""

    code = "files.store_down"


class CheckBusy(Unavailable):
    """All processes that look into files are busy."""

    code = "files.busy"


def tidy(name: str, media: Media) -> str:
    """A name fit for every file system, with an ending that tells the truth about the content."""
    clean = _FORBIDDEN.sub("", name).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    known = {one for endings in ENDINGS.values() for one in endings}
    endings = ENDINGS[media]
    if f".{ending.lower()}" in endings and stem:
        return clean if len(clean) <= LONGEST_NAME else stem[: LONGEST_NAME - 5].rstrip() + endings[0]
    if dot and f".{ending.lower()}" in known:
        clean = stem
    return (clean[: LONGEST_NAME - 5].rstrip(" .") or "file") + endings[0]
