"""What the routes of an act's papers take and answer."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from backend.acts.paper.words import Language


class PaperQuery(BaseModel):
    """`both` prints Kazakh with Russian under it."""

    model_config = ConfigDict(extra="forbid")

    lang: Language = Language.BOTH


class AnnexQuery(PaperQuery):
    format: Literal["pdf", "csv"] = "pdf"
