"""The ledger's verbs for the operator's desk and commands: emit, move, pack, rotate."""

from collections.abc import Sequence

from sqlalchemy import Select, select, union

from backend.codes import contents, emission, keys, ledger, packages
from backend.codes.models import Code, Emission, Package, SigningKey
from backend.codes.rules import (
    WITHDRAWAL_REASONS,
    CodesEmpty,
    CodesUnknown,
    Event,
    PackageUnknown,
    ReasonInvalid,
    code_id,
)
from backend.core import gs1, queue
from backend.core.actor import Actor
from backend.core.db import db
from backend.organisations.rules import PlaceOfOthers


def order_emission(card_id: str, count: int, *, owner_id: str, actor: Actor | None) -> Emission:
    ordered = emission.order(card_id, count, owner_id=owner_id, actor=actor)
    queue.after_commit("codes.emit", ordered.id)
    return ordered


def move(
    event: Event,
    *,
    codes: Sequence[str],
    packed: Sequence[str],
    owner_id: str,
    actor: Actor | None,
    reason: str | None = None,
    document: str | None = None,
) -> ledger.Moved:
    """Move codes given as people and programs write them, and everything inside the given packages.

    Raises ReasonInvalid for a reason that is no category, whether the event needs one or not: the public sees it.
    """
    if reason is not None and reason not in WITHDRAWAL_REASONS:
        raise ReasonInvalid(reason=reason)
    return ledger.move(
        event,
        _targets(codes, packed, owner_id),
        actor=actor,
        owner_id=owner_id,
        reason=reason,
        document=("paper", document) if document else None,
    )


def form_package(
    sscc: str, *, codes: Sequence[str], packed: Sequence[str], owner_id: str, actor: Actor | None
) -> Package:
    """Raises what packages.form raises, and PlaceOfOthers where something lies where the asking one does not work."""
    inner = [_sscc(one) for one in packed]
    made = packages.form(_sscc(sscc), owner_id=owner_id, actor=actor, codes=ids(codes), packages=inner)
    if not contents.reached(made.sscc):
        raise PlaceOfOthers()
    return made


def open_package(sscc: str, *, owner_id: str, actor: Actor | None) -> None:
    """Raises what packages.open_ raises; what lies at other places is unknown to the asking one."""
    if not contents.reached(_sscc(sscc)):
        raise PackageUnknown(sscc=sscc)
    packages.open_(_sscc(sscc), owner_id=owner_id, actor=actor)


def rotate_key(group: str, actor: Actor | None) -> SigningKey:
    return keys.rotate(group, actor)


def ids(codes: Sequence[str]) -> list[bytes]:
    """Ids of codes in any form that a scanner or a file gives them. Raises CodesUnknown for what is no mark."""
    found, places = [], []
    for place, text in enumerate(codes):
        identification = gs1.read(text).identification_code
        if identification is None:
            places.append(place)
        else:
            found.append(code_id(identification))
    if places:
        raise CodesUnknown(count=len(places), places=places[: ledger.NAMED])
    return found


def _targets(codes: Sequence[str], packed: Sequence[str], owner_id: str) -> list[bytes] | Select[tuple[bytes]]:
    if not codes and not packed:
        raise CodesEmpty()
    if not packed:
        return ids(codes)
    selects = [packages.contents(packages.own(_sscc(one), owner_id).sscc) for one in packed]
    if codes:
        selects.append(_known(ids(codes)))
    every = union(*selects).subquery()
    return select(every.c.id)


def _known(named: list[bytes]) -> Select[tuple[bytes]]:
    """A SELECT of named codes, after making sure that the register has all of them. Raises CodesUnknown."""
    wanted = select(Code.id).where(Code.id.in_(named))
    known = set(db.session.scalars(wanted))
    places = [place for place, code in enumerate(named) if code not in known]
    if places:
        raise CodesUnknown(count=len(places), places=places[: ledger.NAMED])
    return wanted


def _sscc(text: str) -> str:
    """18 digits from an SSCC in any written form; what is none is left for the package's own check to refuse."""
    return gs1.read(text).sscc or text
