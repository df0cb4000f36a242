"""Transport packages: formed from codes or smaller packages, opened, and looked into (DOMAIN 4.7)."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError

from backend.codes import ledger, packing
from backend.codes.models import Code, Package
from backend.codes.packing import DISAGGREGATED, FORMED
from backend.codes.rules import (
    CodesEmpty,
    Event,
    Flag,
    PackageExists,
    PackageInvalid,
    PackageNotMovable,
    PackageUnknown,
)
from backend.core import clock, gs1
from backend.core.actor import Actor
from backend.core.db import db
from backend.history import service as history


def form(
    sscc: str, *, owner_id: str, actor: Actor | None, codes: Sequence[bytes] = (), packages: Sequence[str] = ()
) -> Package:
    """Close a package around loose codes, around smaller packages, or both.

    Raises PackageInvalid, PackageExists, CodesEmpty, PackageNotMovable, and what the ledger raises.
    """
    if not gs1.is_sscc(sscc):
        raise PackageInvalid(sscc=sscc)
    if db.session.get(Package, sscc):
        raise PackageExists(sscc=sscc)
    if not codes and not packages:
        raise CodesEmpty()
    children = [own(one, owner_id) for one in packages]
    level = 1 + max((child.level for child in children), default=0)
    package = Package(sscc=sscc, owner_id=owner_id, parent_id=None, level=level, state=FORMED, created_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(package)
    except IntegrityError as error:  # another writer closed the same package in the same moment
        raise PackageExists(sscc=sscc) from error
    if children:
        _enclose(sscc, owner_id, packages)
    if codes:
        ledger.move(Event.AGGREGATE, codes, actor=actor, owner_id=owner_id, document=("package", sscc), package=sscc)
    history.record(
        "package:formed",
        subject=("package", sscc),
        organisation_id=owner_id,
        actor=actor,
        after={"level": level, "codes": len(codes), "packages": list(packages)},
    )
    return package


def open_(sscc: str, *, owner_id: str, actor: Actor | None) -> None:
    """Open a package: what was directly inside becomes loose, inner packages stay closed.

    Raises PackageUnknown, PackageNotMovable, and what the ledger raises.
    """
    package = own(sscc, owner_id, held=True)
    directly = select(Code.id).where(Code.package_id == sscc)
    if db.session.scalar(select(func.count()).select_from(directly.subquery())):
        ledger.move(Event.DISAGGREGATE, directly, actor=actor, owner_id=owner_id, document=("package", sscc))
    if bound(sscc):
        raise PackageNotMovable(sscc=sscc)
    quiet = {"synchronize_session": False}
    db.session.execute(update(Package).where(Package.parent_id == sscc).values(parent_id=None), execution_options=quiet)
    package.state, package.parent_id = DISAGGREGATED, None
    history.record("package:opened", subject=("package", sscc), organisation_id=owner_id, actor=actor)


def own(sscc: str, owner_id: str, *, held: bool = False) -> Package:
    """The organisation's own formed package; `held` waits for whoever sends or opens it in this moment.

    Raises PackageUnknown for what is not there or is another's, PackageNotMovable for what was opened.
    """
    package = db.session.get(Package, sscc, with_for_update=held)
    if package is None or package.owner_id != owner_id:
        raise PackageUnknown(sscc=sscc)
    if package.state != FORMED:
        raise PackageNotMovable(sscc=sscc)
    return package


def contents(sscc: str) -> Select[tuple[bytes]]:
    """A SELECT of the ids of every code inside, at any depth: what the ledger takes."""
    return select(Code.id).where(Code.package_id.in_(select(packing.inside(sscc).c.sscc)))


def bound(sscc: str) -> bool:
    """Whether anything inside, at any depth, waits in an act: such a package is neither opened nor packed."""
    waiting = contents(sscc).where(Code.flags.op("&")(int(Flag.IN_ACT)) != 0)
    return bool(db.session.scalar(select(waiting.exists())))


def _enclose(sscc: str, owner_id: str, packages: Sequence[str]) -> None:
    free = (
        update(Package)
        .where(Package.sscc.in_(packages), Package.parent_id.is_(None))
        .where(Package.owner_id == owner_id, Package.state == FORMED)
    )
    moved = db.session.execute(free.values(parent_id=sscc), execution_options={"synchronize_session": False}).rowcount
    if moved != len(set(packages)) or bound(sscc):
        raise PackageNotMovable(sscc=sscc)
