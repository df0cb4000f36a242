"""What a buyer's QR code says: who stands here, at which place, until when; pure, sealed by whoever issues it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backend.core.errors import Invalid

LASTS = timedelta(minutes=10)
"""Long enough for a handshake; a photograph of the screen is worth nothing tomorrow."""

TOKEN = re.compile(r"^([0-9]{12})-([0-9A-Z]{26})?-([0-9a-f]{8})-([0-9a-f]{32})$")


class MeetingInvalid(Invalid):
    """This is no buyer's code of ours, or somebody changed it."""

    code = "acts.meeting_invalid"


class MeetingOver(Invalid):
    """The code was shown too long ago; the buyer's phone shows a fresh one."""

    code = "acts.meeting_over"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A buyer who waits for an act: BIN or IIN, the place where the goods shall lie if any, and until when. The number
    stands in clear, so that a seller without network knows it too."""

    tax_number: str
    place_id: str | None
    until: datetime

    def content(self) -> str:
        """What is sealed."""
        return f"{self.tax_number}-{self.place_id or ''}-{int(self.until.timestamp()):08x}"


def parsed(token: str) -> tuple[Meeting, str]:
    """A meeting and the seal that it came with. Raises MeetingInvalid."""
    found = TOKEN.match(token)
    if found is None:
        raise MeetingInvalid()
    tax_number, place, until, seal = found.groups()
    return Meeting(tax_number, place, datetime.fromtimestamp(int(until, 16), UTC)), seal
