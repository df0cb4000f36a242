"""Pure rules of the files of an act."""

from backend.core.errors import Conflict

MOST_ATTACHMENTS = 20
MOST_PHOTOS = 5
"""Files beside one act; photos of one unit that is not taken."""


class TooManyAttachments(Conflict):
    code = "acts.too_many_attachments"


class PhotoMissing(Conflict):
    """The decision names a photo that the receiver has not brought."""

    code = "acts.photo_missing"
