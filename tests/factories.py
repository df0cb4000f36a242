"""Small worlds for tests: plain functions with defaults, all inside one unit of work."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from backend.catalogue.models import Card
from backend.catalogue.rules import CardState
from backend.codes import emission, ledger
from backend.codes.models import Code, Emission
from backend.codes.rules import Event, code_id
from backend.core import clock
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.core.gs1 import check_digit
from backend.core.ids import new_id
from backend.identity.models import Person, Session
from backend.identity.rules import new_token, token_hash
from backend.organisations import service as organisations
from backend.organisations.models import Organisation
from backend.organisations.rules import Function, Kind, Role, tax_number_valid
from backend.signatures.models import Signature

PATH = {
    "EMITTED": (),
    "RECEIVED": (Event.RECEIVE,),
    "APPLIED": (Event.RECEIVE, Event.APPLY),
    "INTRODUCED": (Event.RECEIVE, Event.APPLY, Event.INTRODUCE_IMPORT),
}

_numbers = iter(range(10**6))


def gtin() -> str:
    """A fresh Kazakh GTIN-14."""
    body = f"0487{next(_numbers):09d}"
    return f"{body}{check_digit(body)}"


def organisation(kind: Kind = Kind.IMPORTER, name: str = "Дос") -> str:
    """An active organisation; returns its id."""
    serial = next(_numbers)

    def make() -> str:
        row = Organisation(
            id=new_id(),
            kind=kind,
            bin=f"{serial:012d}",
            names={"kk": f"«{name}» ЖШС", "ru": f"ТОО «{name}»", "en": f"{name} LLP"},
            created_at=clock.now(),
        )
        db.session.add(row)
        return row.id

    return unit_of_work(make)


def card(owner_id: str, group: str = "footwear", **changes: object) -> str:
    """A published card; returns its id."""

    def make() -> str:
        row = Card(
            id=new_id(),
            **{
                "gtin": gtin(),
                "group": group,
                "owner_id": owner_id,
                "names": {"kk": "«Жайлау» бәтеңкесі", "ru": "Ботинки «Жайлау»", "en": "Zhailau boots"},
                "brand": "Жайлау",
                "attributes": {"size": "42"},
                "tnved": "6403919600",
                "country": "TR",
                "producer": {"name": "Anadolu Ayakkabı", "country": "TR"},
                "importer_id": owner_id,
                "state": CardState.PUBLISHED,
                "created_at": clock.now(),
            }
            | changes,
        )
        db.session.add(row)
        return row.id

    return unit_of_work(make)


def emitted(owner_id: str, card_id: str, count: int = 3) -> str:
    """An emission with all its codes; returns its id."""
    order = unit_of_work(lambda: emission.order(card_id, count, owner_id=owner_id, actor=None).id)
    while unit_of_work(lambda: emission.emit_some(order)):
        pass
    return order


def codes(owner_id: str, count: int = 3, state: str = "INTRODUCED", card_id: str | None = None) -> list[bytes]:
    """Ids of fresh codes in a state, in the order of their numbers."""
    order = emitted(owner_id, card_id or card(owner_id), count)
    found = ids(order)
    for event in PATH[state]:
        unit_of_work(lambda event=event: ledger.move(event, found, actor=None, owner_id=owner_id))
    return found


def ids(emission_id: str) -> list[bytes]:
    rows = db.session.query(Code.id).where(Code.emission_id == emission_id).order_by(Code.number)
    found = [row[0] for row in rows]
    db.session.rollback()
    return found


def texts(emission_id: str) -> list[str]:
    """Full element strings with tails, as printed."""
    found = [text for _, text in emission.pack(emission_id, 1, db.session.get_one(Emission, emission_id).count)]
    db.session.rollback()
    return found


def one(code: bytes) -> Code:
    """A code as it is now."""
    db.session.rollback()
    return db.session.get_one(Code, code)


def id_of(text: str) -> bytes:
    """The id of a printed code."""
    return code_id(text.split("\x1d", 1)[0])


def iin() -> str:
    """A fresh IIN with a true check digit, never one of those in tests/signing.py."""
    for _ in range(20):
        body = f"9001014{next(_numbers) % 10_000:04d}"
        for last in "0123456789":
            if tax_number_valid(body + last):
                return body + last
    raise AssertionError("no valid number among twenty")


def sign_in(
    client: FlaskClient, organisation_id: str, role: Role = Role.HEAD, functions: tuple[Function, ...] = ()
) -> str:
    """Give a client a live session of a fresh member, without the signing; returns the person's id."""
    token = new_token()

    def make() -> str:
        organisations.add_member(organisation_id, iin=iin(), name="Әлия", role=role, functions=functions)
        person = db.session.scalars(select(Person).order_by(Person.created_at.desc(), Person.id.desc())).first()
        signature = Signature(
            id=new_id(),
            schema="test",
            document=b"",
            cms=b"",
            cms_hash=token_hash(token),
            certificate=b"",
            signer="",
            bin=None,
            profile="dev",
            verified_at=clock.now(),
            verdict={},
        )
        db.session.add(signature)
        db.session.flush()
        db.session.add(
            Session(
                id=new_id(),
                token_hash=token_hash(token),
                person_id=person.id,
                organisation_id=organisation_id,
                signature_id=signature.id,
                device="test",
                created_at=clock.now(),
                seen_at=clock.now(),
                expires_at=clock.now() + timedelta(days=1),
            )
        )
        return person.id

    person_id = unit_of_work(make)
    client.set_cookie("tanba", token)
    return person_id


def key() -> dict[str, str]:
    """A fresh Idempotency-Key header."""
    return {"Idempotency-Key": new_id()}
