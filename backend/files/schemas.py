"""What the routes of files answer."""

from pydantic import BaseModel

from backend.files.models import File
from backend.files.rules import Media


class FileOut(BaseModel):
    """`id` and `sha256` are the same: a file is what its bytes are."""

    id: str
    sha256: str
    size: int
    type: Media


def shown(file: File) -> FileOut:
    return FileOut(id=file.id, sha256=file.id, size=file.size, type=Media(file.media))
