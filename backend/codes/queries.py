"""Reads of the ledger. The asking organisation comes first; None is the operator, who sees all."""

import re
from collections.abc import Sequence

from sqlalchemy import func, or_, select

from backend.codes import contents, packages, packing
from backend.codes.ledger import identification
from backend.codes.models import Code, Emission, Movement, Package
from backend.codes.rules import CodesUnknown, EmissionUnknown, Flag, PackageUnknown, code_id
from backend.core import gs1
from backend.core.db import db
from backend.core.paging import CursorInvalid
from backend.history.models import Fact
from backend.organisations.scope import reaches

NUMBER = re.compile("[0-9]{1,9}", re.ASCII)


def emissions(organisation_id: str | None, after: str | None, limit: int) -> Sequence[Emission]:
    """Newest first."""
    rows = select(Emission).order_by(Emission.id.desc()).limit(limit + 1)
    if organisation_id:
        rows = rows.where(Emission.owner_id == organisation_id)
    if after:
        rows = rows.where(Emission.id < after)
    return db.session.scalars(rows).all()


def emission(organisation_id: str | None, emission_id: str) -> Emission:
    found = db.session.get(Emission, emission_id)
    if found is None or (organisation_id and found.owner_id != organisation_id):
        raise EmissionUnknown(id=emission_id)
    return found


def codes_of(organisation_id: str | None, emission_id: str, after: str | None, limit: int) -> Sequence[Code]:
    """Codes of an emission in the order of their numbers; `after` is the last number seen. Raises CursorInvalid."""
    known = emission(organisation_id, emission_id)
    if after is not None and not NUMBER.fullmatch(after):
        raise CursorInvalid()
    rows = select(Code).where(Code.emission_id == known.id, Code.number > int(after or 0))
    return db.session.scalars(rows.order_by(Code.number).limit(limit + 1)).all()


def code(organisation_id: str | None, text: str) -> Code:
    """One code in any written form. Raises CodesUnknown for another's, exactly as for one that does not exist."""
    written = gs1.read(text).identification_code
    found = db.session.get(Code, code_id(written)) if written else None
    if found is None or (organisation_id and not (found.owner_id == organisation_id and reaches(found.place_id))):
        raise CodesUnknown(count=1, places=[0])
    return found


def steps(organisation_id: str | None, code: Code) -> list[tuple[Fact, Movement]]:
    """The life of a code, oldest first; an organisation sees the steps it took part in, and how the code came to it."""
    rows = select(Fact, Movement).join(Movement, Movement.fact_id == Fact.id).where(Movement.code_id == code.id)
    if organisation_id:
        came = Fact.after["owner"].as_string() == organisation_id
        rows = rows.where(or_(Fact.organisation_id == organisation_id, came))
    return [tuple(row) for row in db.session.execute(rows.order_by(Movement.version)).all()]


def package(organisation_id: str | None, sscc: str) -> tuple[Package, int, list[str]]:
    """A package, how many codes are in it at any depth, and the packages directly inside."""
    found = db.session.get(Package, gs1.read(sscc).sscc or sscc)
    if found is None or (organisation_id and not (found.owner_id == organisation_id and contents.reached(found.sscc))):
        raise PackageUnknown(sscc=sscc)
    count = db.session.scalar(select(func.count()).select_from(packages.contents(found.sscc).subquery()))
    children = db.session.scalars(select(Package.sscc).where(Package.parent_id == found.sscc).order_by(Package.sscc))
    return found, count or 0, list(children)


def states_inside(sscc: str) -> list[tuple[str, int, str | None, int]]:
    """State, flags, reason and count of everything inside a package: what a public check of an SSCC is judged by."""
    inside = select(packing.inside(sscc).c.sscc)
    rows = select(Code.state, Code.flags, Code.reason, func.count()).where(Code.package_id.in_(inside))
    return [tuple(row) for row in db.session.execute(rows.group_by(Code.state, Code.flags, Code.reason)).all()]


def shown(code: Code) -> dict[str, object]:
    """A code as routes answer it, without its tail."""
    return {
        "code": identification(code.gtin, code.serial),
        "number": code.number,
        "state": code.state,
        "flags": [(flag.name or "").lower() for flag in Flag if code.flags & flag],
        "owner_id": code.owner_id,
        "package": code.package_id,
        "changed_at": code.changed_at,
    }
