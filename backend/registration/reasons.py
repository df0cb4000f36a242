"""Why the operator may refuse: a coded list kept as data, reasons.json, with its words in three languages."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from backend.core.i18n import Names

FILE = Path(__file__).parent / "reasons.json"


class Reason(BaseModel):
    """`text_needed`: the operator adds words of their own; `desk` False: only the platform itself gives this one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    names: Names
    text_needed: bool = False
    desk: bool = True


@cache
def all() -> dict[str, Reason]:
    found = TypeAdapter(list[Reason]).validate_json(FILE.read_bytes())
    return {one.code: one for one in found}
