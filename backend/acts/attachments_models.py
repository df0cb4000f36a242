"""Files that an act names: papers beside it, and photos of what was not taken."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, UtcDateTime


class Attachment(Base):
    """A file beside the act, under the name that its sender gave it. Size and hash stand in the signed act."""

    __tablename__ = "act_attachments"

    act_id: Mapped[str] = mapped_column(ForeignKey("acts.id"), primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    added_by: Mapped[str] = mapped_column(String(26))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RejectionPhoto(Base):
    """A photo of a unit that the receiver did not take, `place` in the order of taking."""

    __tablename__ = "act_rejection_photos"

    act_id: Mapped[str] = mapped_column(ForeignKey("acts.id"), primary_key=True)
    code_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"))
