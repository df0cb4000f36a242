"""Keyset paging: a cursor names the last row seen, so that rows arriving meanwhile neither repeat nor skip."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from backend.core.errors import Invalid


class CursorInvalid(Invalid):
    code = "request.cursor_invalid"


class PageQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=500)
    cursor: str | None = Field(None, max_length=200)

    def after(self) -> str | None:
        """The sort key to continue after. Raises CursorInvalid."""
        if self.cursor is None:
            return None
        try:
            key = base64.urlsafe_b64decode(self.cursor.encode()).decode()
        except (binascii.Error, UnicodeError) as error:
            raise CursorInvalid() from error
        if not key or not key.isprintable():
            raise CursorInvalid()
        return key


def page(rows: Sequence[Any], limit: int, key: Callable[[Any], str]) -> tuple[list[Any], str | None]:
    """Cut `limit + 1` fetched rows to a page and the next cursor."""
    shown = list(rows[:limit])
    more = len(rows) > limit
    return shown, cursor_of(key(shown[-1])) if more else None


def cursor_of(key: str) -> str:
    """The cursor that continues after a sort key."""
    return base64.urlsafe_b64encode(key.encode()).decode()
