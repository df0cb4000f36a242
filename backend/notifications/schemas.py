"""What the routes of notifications take and give."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LetterRow(BaseModel):
    id: str
    to: str
    subject: str
    template: str
    language: str
    created_at: datetime


class LetterOut(LetterRow):
    text: str


class Mailbox(BaseModel):
    letters: list[LetterRow]
    next: str | None
