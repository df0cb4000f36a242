"""What a buyer's QR code says: who stands here, at which place, until when; pure, sealed by whoever issues it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backend.core.errors import Invalid

LASTS = timedelta(minutes=10)
"""Long enough for a handshake; a photograph of the screen is worth nothing tomorrow."""

TOKEN = re.compile(r"^([0-9A-Z]{26})-([0-9A-Z]{26})?-([0-9a-f]{8})-([0-9a-f]{32})$")


class MeetingInvalid(Invalid):
    """This is no buyer's code of ours, or somebody changed it."""

    code = "acts.meeting_invalid"


class MeetingOver(Invalid):
    """The code was shown too long ago; the buyer's phone shows a fresh one."""

    code = "acts.meeting_over"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A buyer who waits for an act: the organisation, the place where the goods shall lie if any, and until when."""

    organisation_id: str
    place_id: str | None
    until: datetime

    def content(self) -> str:
        """What is sealed."""
        return f"{self.organisation_id}-{self.place_id or ''}-{int(self.until.timestamp()):08x}"


def parsed(token: str) -> tuple[Meeting, str]:
    """A meeting and the seal that it came with. Raises MeetingInvalid."""
    found = TOKEN.match(token)
    if found is None:
        raise MeetingInvalid()
    organisation, place, until, seal = found.groups()
    return Meeting(organisation, place, datetime.fromtimestamp(int(until, 16), UTC)), seal
