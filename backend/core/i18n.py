"""The three languages, Kazakh first."""

from pydantic import BaseModel, ConfigDict, Field

LANGUAGES = ("kk", "ru", "en")


class Names(BaseModel):
    """A name in each language; none is empty, because no language is an afterthought."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kk: str = Field(min_length=1)
    ru: str = Field(min_length=1)
    en: str = Field(min_length=1)
