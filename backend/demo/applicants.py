"""Who is not in the demo world yet: an application that waits at the desk, one that was refused, and keys of a firm and
a sole trader with which registration can be tried from its first step."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.demo.people import PARTICIPANTS, PASSWORD
from backend.identity import queries as people
from backend.identity import service as identity
from backend.organisations import queries as organisations
from backend.organisations.rules import DeclarationHolder, Kind
from backend.registration import decisions, queries, service, signing
from backend.signatures import signer
from backend.signatures.devca import DevCA


@dataclass(frozen=True, slots=True)
class Applicant:
    """`bin` and `organisation` are None for a sole trader; `form` what is chosen and typed, None for nothing yet."""

    key: str
    iin: str
    name: str
    note: str
    bin: str | None = None
    organisation: str | None = None
    form: dict[str, Any] | None = None


def form(kind: Kind, email: str, phone: str, **changes: Any) -> dict[str, Any]:
    chosen = {"kind": kind, "trade": None, "declaration_holder": None, "groups": ["footwear"], "names": None}
    return chosen | {"email": email, "phone": phone, "language": "ru"} | changes


WAITING = Applicant(
    "waiting-importer",
    "850101300075",
    "БЕКОВ ТИМУР САМАТҰЛЫ",
    "its application waits at the operator's desk",
    "210540000070",
    "ТОО «Тұлпар Карго»",
    form(Kind.IMPORTER, "bekov@example.kz", "+77015550070", declaration_holder=DeclarationHolder.CARRIER),
)
REFUSED = Applicant(
    "refused-retail",
    "850101300085",
    "ОСПАНОВА ДИНАРА ҚАНАТҚЫЗЫ",
    "its application was refused: mend it, sign and send again",
    "210540000080",
    "ТОО «Балақай»",
    form(Kind.WHOLESALER, "ospanova@example.kz", "+77015550080"),
)
NEW = (
    Applicant(
        "new-company",
        "850101300095",
        "ІЗБАСАР АЙДОС НҰРЛАНҰЛЫ",
        "not registered yet: its head may register",
        "210540000090",
        "ТОО «Жаңа Жол»",
    ),
    Applicant(
        "new-trader",
        "850101300104",
        "ПЕТРОВА АННА СЕРГЕЕВНА",
        "not registered yet: a sole trader may register",
    ),
)
APPLICANTS = (WAITING, REFUSED, *NEW)


def apply(app: Flask, keys: Path) -> None:
    """Write everybody's key and take two of them the whole way of an applicant."""
    authority = DevCA(app.config["SETTINGS"].instance / "devca")
    for one in APPLICANTS:
        container = authority.issue(
            iin=one.iin, name=one.name, password=PASSWORD, bin=one.bin, organisation=one.organisation
        )
        (keys / f"{one.key}.p12").write_bytes(container)
    _submit(WAITING, keys)
    application_id, operator = _submit(REFUSED, keys), _operator()
    why = "По вашим данным вы продаёте в розницу: выберите «Представитель розничной торговли»."
    unit_of_work(lambda: decisions.refuse(application_id, codes=["wrong_kind"], text=why, actor=operator))


def _submit(one: Applicant, keys: Path) -> str:
    """Begin, fill in, sign, confirm: what the browser does, without the browser."""
    container = (keys / f"{one.key}.p12").read_bytes()
    asked = unit_of_work(identity.ask)
    proof = signer.sign(container, PASSWORD, asked.document)
    verified = identity.verify_challenge(asked.challenge_id, proof, asked.browser)
    token = unit_of_work(lambda: service.begin(asked.challenge_id, verified).token)
    unit_of_work(lambda: service.fill(token, one.form))
    wanted = signing.documents_of(token)
    signed = signing.verify(token, {paper.id: signer.sign(container, PASSWORD, paper.content) for paper in wanted})
    unit_of_work(lambda: signing.accept(token, signed))
    return unit_of_work(lambda: service.confirm(service.confirmation(queries.of_browser(token))).id)


def _operator() -> Actor:
    desk = next(one for one in PARTICIPANTS if one.kind is Kind.OPERATOR)
    return Actor(
        person_id=people.person_id_of(desk.iin) or "", organisation_id=organisations.by_tax_number(desk.bin).id
    )
