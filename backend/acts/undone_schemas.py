"""How it is answered that something signed did not happen."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


class UndoneOut(BaseModel):
    """`why`: the certificate was revoked when it was signed with, or goods were blocked or recalled meanwhile."""

    what: Literal["sending", "decision"]
    why: Literal["signature", "goods"]
    at: datetime
