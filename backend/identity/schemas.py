"""What the routes of log-in, sessions, contacts and passkeys take and answer."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from backend.signatures.exchange import LONGEST_CMS

Action = Literal[
    "session:revoke", "session:revoke_others", "person:contacts", "api_key:create", "api_key:rotate", "api_key:revoke"
]
"""What a passkey can confirm: nothing that binds an organisation."""


class Given(BaseModel):
    """What a route takes: nothing that it does not know."""

    model_config = ConfigDict(extra="forbid")


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
    """`via` is how it began: "session" by a signature, "passkey" by a passkey."""

    id: str
    organisation_id: str
    device: str
    via: Literal["session", "passkey"]
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


class SessionList(BaseModel):
    sessions: list[SessionOut]


class SessionRevoked(BaseModel):
    id: str


class ConfirmedBy(Given):
    """`confirmation` is needed once the session is older than a few minutes; see POST /auth/confirmations."""

    confirmation: str | None = Field(None, min_length=26, max_length=26)


class SessionsRevoked(BaseModel):
    ended: int


class ContactsOut(BaseModel):
    """`email_waiting` is an address whose letter nobody has answered yet."""

    email: str | None
    email_confirmed_at: datetime | None
    email_waiting: str | None
    phone: str | None
    language: Literal["kk", "ru", "en"]


class ContactsIn(ConfirmedBy):
    """What is left out stays; "" takes away. A new e-mail counts when its letter is answered."""

    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=32)
    language: Literal["kk", "ru", "en"] | None = None


class EmailToken(Given):
    """The last part of the letter's link."""

    token: str = Field(min_length=20, max_length=100)


class EmailConfirmed(BaseModel):
    confirmed: bool = True


Credential = dict[str, JsonValue]
"""A PublicKeyCredential as the browser's own toJSON() writes it (WebAuthn level 3)."""


class PasskeyChallengeOut(BaseModel):
    """`options` is what PublicKeyCredential.parse…OptionsFromJSON() takes."""

    challenge_id: str
    options: dict[str, JsonValue]


class PasskeyIn(Given):
    challenge_id: str = Field(min_length=26, max_length=26)
    credential: Credential
    name: str = Field(min_length=1, max_length=80)


class PasskeyLogIn(Given):
    challenge_id: str = Field(min_length=26, max_length=26)
    credential: Credential
    device: str = Field("", max_length=80)


class PasskeyName(Given):
    name: str = Field(min_length=1, max_length=80)


class PasskeyMade(BaseModel):
    id: str


class PasskeyOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    created_at: datetime
    used_at: datetime | None


class PasskeyList(BaseModel):
    passkeys: list[PasskeyOut]


class ConfirmationIn(Given):
    """`subject_id` is what the action is done to; for `person:contacts` and `session:revoke_others` one's own id."""

    action: Action
    subject_id: str = Field(min_length=1, max_length=64)


class ConfirmationOut(BaseModel):
    """`document` is base64 of the bytes whose SHA-256 is the challenge in `options`."""

    id: str
    document: str
    options: dict[str, JsonValue]


class ConfirmationAnswer(Given):
    credential: Credential


class Confirmed(BaseModel):
    id: str
