"""What may go wrong when somebody asks whether a paper or a signed file is genuine."""

from backend.core.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable


class LinkUnknown(NotFound):
    """No act behind this link: it was misread, cut short, or never ours."""

    code = "acts.link_unknown"


class PaperBusy(Unavailable):
    """The print form could not be made in time."""

    code = "acts.paper_busy"


class FileMissing(Invalid):
    """Neither a signed package nor a document with its signature was given."""

    code = "acts.file_missing"


class FileTooLarge(TooLarge):
    """The file, or what it unpacks to, is larger than a signed package can be."""

    code = "acts.file_too_large"


class PackageUnreadable(Invalid):
    """Not a signed package: no ZIP, damaged, or with parts that no package of ours has. `why` says which."""

    code = "acts.package_unreadable"


class NotSigned(Conflict):
    """A draft has nothing that could be handed on as proof."""

    code = "acts.not_signed"
