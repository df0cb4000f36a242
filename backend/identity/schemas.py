"""What the log-in routes take and answer."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

LONGEST_CMS = 1_400_000


class ChallengeOut(BaseModel):
    """`document` is base64 of the exact bytes to sign, detached."""

    challenge_id: str
    document: str


class LogIn(BaseModel):
    """`cms` is base64 of the detached CMS, PEM lines allowed; `device` what the person calls this device;
    `organisation_id` for whom, when an individual's certificate could speak for several (organisations.choose)."""

    model_config = ConfigDict(extra="forbid")

    challenge_id: str = Field(min_length=26, max_length=26)
    cms: str = Field(max_length=LONGEST_CMS)
    device: str = Field("", max_length=80)
    organisation_id: str | None = Field(None, min_length=26, max_length=26)


class LoggedIn(BaseModel):
    session_id: str


class LoggedOut(BaseModel):
    signed_in: bool = False


class SessionOut(BaseModel):
    id: str
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


class SessionList(BaseModel):
    sessions: list[SessionOut]


class SessionRevoked(BaseModel):
    id: str
