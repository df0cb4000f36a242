"""Two participants with heads who can sign, and the goods that pass between them."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.codes import packages
from backend.codes.rules import Flag
from backend.core import gs1
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.history.models import Fact
from backend.identity import service as identity
from backend.organisations.models import Membership, Organisation
from backend.organisations.rules import Kind, Role
from backend.signatures import signer
from tests import factories, signing

_numbers = iter(range(10**6))


@dataclass
class Party:
    """An organisation with its head signed in; `container` is the head's key."""

    id: str
    bin: str
    client: FlaskClient
    container: bytes

    def post(self, path: str, body: Any = None, key: dict[str, str] | None = None) -> Any:
        return self.client.post(f"/api/v1{path}", json=body, headers=key or factories.key())

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1{path}")

    def sign(self, listed: Any) -> list[dict[str, str]]:
        """Signatures for the documents that a route gave out."""
        assert listed.status_code == 200, listed.text
        return [
            {"id": one["id"], "cms": b64encode(self.cms(b64decode(one["bytes"]))).decode()}
            for one in listed.json["documents"]
        ]

    def cms(self, content: bytes) -> bytes:
        key, certificate = signing.opened(self.container)
        return signer.signed(key, certificate, (), content)


def party(app: Flask, bin: str, iin: str, kind: Kind = Kind.IMPORTER) -> Party:
    """An organisation under this BIN whose head has this IIN and holds a key of the development authority."""
    organisation = factories.organisation(kind)

    def settle() -> None:
        db.session.get_one(Organisation, organisation).bin = bin
        person = identity.person(iin, signing.NAME)
        member = db.session.query(Membership).filter_by(organisation_id=organisation).one()
        member.person_id, member.role = person, Role.HEAD

    client = app.test_client()
    factories.sign_in(client, organisation)
    unit_of_work(settle)
    move_session(organisation)
    container = signing.container(iin=iin, bin=bin, organisation="«Тест» ЖШС")
    return Party(organisation, bin, client, container)


def move_session(organisation: str) -> None:
    """The session that was opened goes to the person who is now the head."""
    from backend.identity.models import Session

    def move() -> None:
        member = db.session.query(Membership).filter_by(organisation_id=organisation).one()
        db.session.query(Session).filter_by(organisation_id=organisation).update({"person_id": member.person_id})

    unit_of_work(move)


def texts(codes: list[bytes]) -> list[str]:
    """Identification codes as they are scanned, without their tails."""
    found = [factories.one(code) for code in codes]
    return [f"01{one.gtin}21{one.serial}" for one in found]


def box(owner: str, codes: list[bytes], inner: tuple[str, ...] = ()) -> str:
    """A closed package; returns its SSCC."""
    sscc = gs1.sscc("487000000", next(_numbers))
    unit_of_work(lambda: packages.form(sscc, codes=codes, packages=inner, owner_id=owner, actor=None))
    return sscc


def draft(seller: Party, buyer: Party, goods: list[str], **given: Any) -> str:
    """A draft with these goods in it, addressed; returns its id."""
    made = seller.post("/acts", {"receiver_tax": buyer.bin} | given)
    assert made.status_code == 201, made.text
    put = seller.post(f"/acts/{made.json['id']}/units", {"codes": goods})
    assert {one["status"] for one in put.json["results"]} == {"added"}, put.text
    return made.json["id"]


def send(seller: Party, act: str, key: dict[str, str] | None = None) -> Any:
    signatures = seller.sign(seller.get(f"/acts/{act}/document"))
    return seller.post(f"/acts/{act}/send", {"signatures": signatures}, key)


def sent(seller: Party, buyer: Party, goods: list[str], **given: Any) -> str:
    act = draft(seller, buyer, goods, **given)
    answer = send(seller, act)
    assert answer.status_code == 200, answer.text
    return act


def signed_decision(buyer: Party, act: str, decision: dict[str, Any]) -> dict[str, Any]:
    """The body of a decision, signed."""
    return {"decision": decision, "signatures": buyer.sign(buyer.post(f"/acts/{act}/decision/document", decision))}


def decide(buyer: Party, act: str, **decision: Any) -> Any:
    return buyer.post(f"/acts/{act}/decision", signed_decision(buyer, act, {"mode": "trust"} | decision))


def refused(answer: Any, status: int, code: str) -> dict:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code), answer.text
    return answer.json["error"]["params"]


def owners(codes: list[bytes]) -> list[str]:
    return [factories.one(code).owner_id for code in codes]


def flags(codes: list[bytes]) -> set[Flag]:
    return {Flag(factories.one(code).flags) for code in codes}


def facts(kind: str) -> list[Fact]:
    db.session.rollback()
    return list(db.session.scalars(select(Fact).where(Fact.kind == kind)))


def last_correction(party: Party, act: str) -> str:
    """The newest correction, as it is shown: by the hash of its bytes."""
    return party.get(f"/acts/{act}").json["corrections"][-1]["sha256"]


def withdraw(party: Party, act: str) -> Any:
    """Take the newest proposal back."""
    return party.post(f"/acts/{act}/correction/withdraw", {"sha256": last_correction(party, act)})
