"""The two shapes in which every document travels to whoever signs it and back."""

from base64 import b64encode
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from backend.core.i18n import Names

LONGEST_CMS = 1_400_000


class SignedFact(BaseModel):
    """What is signed, in words: `label` is a code that the client has words for (`sign.fact.<label>`)."""

    label: str
    value: str


class ToSign(BaseModel):
    """`bytes` is base64 of the exact bytes to sign, detached."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    id: str
    schema_: str = Field(alias="schema")
    bytes: str
    names: Names
    facts: list[SignedFact]


class ToSignList(BaseModel):
    documents: list[ToSign]


class GivenSignature(BaseModel):
    """`cms` is base64 of a detached CMS, PEM lines allowed."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=26)
    cms: str = Field(max_length=LONGEST_CMS)


def to_sign(
    document_id: str, schema: str, content: bytes, names: dict[str, str], facts: Sequence[tuple[str, str]]
) -> ToSign:
    """One document for its signer."""
    return ToSign(
        id=document_id,
        schema=schema,
        bytes=b64encode(content).decode(),
        names=Names(**names),
        facts=[SignedFact(label=label, value=value) for label, value in facts],
    )
