"""Test organisations: a participant's own, for trials of its programs. Nothing of them is ever legal."""

import secrets

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import TryAgain
from backend.core.ids import new_id
from backend.history import service as history
from backend.organisations import queries
from backend.organisations.models import Organisation, OrganisationState

# No tax number begins with a letter, so a test organisation is nobody's by mistake.
LETTER = "T"
MARK = {"kk": "СЫНАҚ", "ru": "ТЕСТ", "en": "TEST"}


def of(organisation_id: str) -> Organisation | None:
    """The sandbox of a participant, if it has one."""
    return db.session.scalars(select(Organisation).where(Organisation.sandbox_of == organisation_id)).first()


def make(organisation_id: str, *, actor: Actor) -> Organisation:
    """Give a participant its sandbox, once: of the same kind, and named as a test wherever it is shown."""
    found = of(organisation_id)
    if found is not None:
        return found
    owner = queries.organisation(organisation_id)
    sandbox_id = new_id()
    row = insert(Organisation).values(
        id=sandbox_id,
        kind=owner.kind,
        trade=owner.trade,
        bin=f"{LETTER}{secrets.randbelow(10**11):011d}",
        names={language: f"{MARK[language]} · {owner.names[language]}" for language in MARK},
        groups=list(owner.groups),
        country=owner.country,
        sandbox_of=organisation_id,
        state=OrganisationState.ACTIVE,
        created_at=clock.now(),
    )
    try:
        db.session.execute(row)
    except IntegrityError as error:  # somebody of the same organisation asked in the same moment
        raise TryAgain() from error
    history.record(
        "organisation:sandbox_made",
        subject=("organisation", sandbox_id),
        organisation_id=organisation_id,
        actor=actor,
        after={"kind": owner.kind.value, "sandbox_of": organisation_id},
    )
    return queries.organisation(sandbox_id)
