"""Somebody who signs acts in a throw-away installation."""

from dataclasses import dataclass
from pathlib import Path

from backend.bench.world import organisation
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity import queries as identity
from backend.organisations import service as organisations
from backend.organisations.models import Organisation
from backend.organisations.rules import Role
from backend.signatures import container, signer
from backend.signatures.devca import DevCA
from backend.signatures.keys import PrivateKey

PASSWORD = "bench"
NAME = "СЕРІКБАЕВ НҰРСҰЛТАН ӘБІШҰЛЫ"


@dataclass(frozen=True, slots=True)
class Signatory:
    """The head of an organisation with the key of the development authority."""

    actor: Actor
    bin: str
    key: PrivateKey
    certificate: bytes

    def sign(self, content: bytes) -> bytes:
        """CMS over these bytes."""
        return signer.signed(self.key, self.certificate, (), content)


def signatory(instance: Path, number: int, iin: str) -> Signatory:
    """An organisation and its head, who has a key. The authority is made in `instance` at its first use."""
    organisation_id = organisation(number)
    bin = db.session.get_one(Organisation, organisation_id).bin
    db.session.rollback()
    unit_of_work(lambda: organisations.add_member(organisation_id, iin=iin, name=NAME, role=Role.HEAD))
    person_id = identity.person_id_of(iin)
    db.session.rollback()
    issued = DevCA(instance / "devca").issue(iin=iin, name=NAME, password=PASSWORD, bin=bin, organisation="«Дос» ЖШС")
    found = container.read(issued, PASSWORD)
    return Signatory(Actor(person_id, organisation_id, "session"), bin, found.key, found.certificate)
