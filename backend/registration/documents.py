"""The exact bytes that an applicant signs: the application with the user agreement, and the standard contract.

They hold what the certificate says and what was chosen, never the e-mail or the phone, which the link in the mail
proves and which may be mended without signing again.
"""

from dataclasses import dataclass
from typing import Any

from backend.organisations.operator import operator
from backend.registration import queries, texts
from backend.registration.models import Application
from backend.registration.rules import APPLICATION_SCHEMA, CONTRACT_SCHEMA, OperatorMissing, Purpose
from backend.signatures import documents

WORDS = {
    "application": {
        "kk": "Тіркелу туралы өтінім және пайдаланушы келісімі",
        "ru": "Заявка на регистрацию и пользовательское соглашение",
        "en": "Application to register and user agreement",
    },
    "head_change": {
        "kk": "Басшының ауысуы туралы өтінім және пайдаланушы келісімі",
        "ru": "Заявка о смене руководителя и пользовательское соглашение",
        "en": "Application to change the head and user agreement",
    },
    "contract": {
        "kk": "Жүйеге қосылудың үлгілік шарты",
        "ru": "Типовой договор на подключение к системе",
        "en": "Standard contract of connection to the system",
    },
}


@dataclass(frozen=True, slots=True)
class Document:
    """`facts` are (label, value) pairs that whoever signs sees before signing."""

    id: str
    schema: str
    content: bytes
    names: dict[str, str]
    facts: tuple[tuple[str, str], ...]


def of(application: Application) -> tuple[Document, ...]:
    """What has to be signed, the same bytes every time until the application changes. Raises OperatorMissing."""
    if application.purpose is Purpose.HEAD_CHANGE:
        return (_application(application, WORDS["head_change"]),)
    return (_application(application, WORDS["application"]), _contract(application))


def _application(application: Application, names: dict[str, str]) -> Document:
    agreement = texts.read("agreement", application.text_version)
    content = {
        **_reference(application),
        "purpose": application.purpose.value,
        "applicant": {"iin": queries.iin(application), "name": application.name},
        "participant": _participant(application),
        "kind": application.kind.value if application.kind else None,
        "trade": application.trade.value if application.trade else None,
        "declaration_holder": application.declaration_holder.value if application.declaration_holder else None,
        "groups": application.groups,
        "agreement": {"version": agreement.version, "sha256": agreement.hashes},
        "text": names,
    }
    facts = (*_facts(application), ("agreement", agreement.version))
    return _document("application", APPLICATION_SCHEMA, content, names, facts)


def _contract(application: Application) -> Document:
    found = operator()
    if found is None:
        raise OperatorMissing()
    bin, names = found
    contract = texts.read("contract", application.text_version)
    content = {
        **_reference(application),
        "operator": {"bin": bin, "names": names},
        "participant": _participant(application),
        "contract": {"version": contract.version, "sha256": contract.hashes},
        "text": WORDS["contract"],
    }
    operated = (("operator", names[application.language]), ("version", contract.version))
    return _document("contract", CONTRACT_SCHEMA, content, WORDS["contract"], (*_facts(application), *operated))


def _reference(application: Application) -> dict[str, Any]:
    """What makes the bytes of each signing its own."""
    return {
        "application": application.id,
        "number": application.number,
        "revision": application.revision,
        "made_at": application.filled_at.replace(microsecond=0).isoformat(),
    }


def _participant(application: Application) -> dict[str, Any]:
    return {
        "bin": application.bin,
        "iin": None if application.bin else queries.iin(application),
        "certified_name": application.organisation_name,
        "names": application.names,
    }


def _facts(application: Application) -> tuple[tuple[str, str], ...]:
    party = ("bin", application.bin) if application.bin else ("iin", queries.iin(application))
    return (("number", application.number), ("organisation", application.names[application.language]), party)


def _document(
    id: str, schema: str, content: dict[str, Any], names: dict[str, str], facts: tuple[tuple[str, str], ...]
) -> Document:
    return Document(id, schema, documents.envelope(schema, content), names, facts)
