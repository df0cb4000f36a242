"""What the routes of an act's files take and answer."""

from pydantic import BaseModel, ConfigDict, Field

from backend.acts.attachments import Named
from backend.files.rules import Media


class AttachmentIn(BaseModel):
    """`file_id` of a file that was brought before; `name` as people shall see it."""

    model_config = ConfigDict(extra="forbid")

    file_id: str = Field(pattern="^[0-9a-f]{64}$", examples=["0" * 64])
    name: str = Field(max_length=300)


class AttachmentOut(BaseModel):
    name: str
    sha256: str
    size: int
    type: Media


class Attachments(BaseModel):
    """The files beside a draft, and its version afterwards."""

    version: int
    attachments: list[AttachmentOut]


def shown(found: Named) -> AttachmentOut:
    return AttachmentOut(name=found.name, sha256=found.sha256, size=found.size, type=Media(found.media))
