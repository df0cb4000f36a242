"""Adding many codes to a draft at once: judged in sets, so that 100 000 are a few dozen statements."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from sqlalchemy import insert, select

from backend.acts.models import Act, Box, Unit
from backend.codes import rules as codes
from backend.codes.models import Code, Package
from backend.codes.packing import FORMED
from backend.codes.rules import Event, Flag, State
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import db
from backend.organisations.scope import tied_to

BATCH = 5_000

Key = TypeVar("Key", str, bytes)


@dataclass(frozen=True, slots=True)
class Put:
    """What became of one scanned or typed text. `status` is added, already or refused; a refusal says why in one word,
    and `package` is the box around a unit that cannot go without it."""

    text: str
    status: str
    code: str | None = None
    reason: str | None = None
    package: str | None = None


class Wanted(NamedTuple):
    """A text and the identification code in it ("00" and SSCC for a package); None where it is no mark."""

    text: str
    code: str | None


class _Known(NamedTuple):
    """A code in the register."""

    owner_id: str
    state: str
    flags: int
    reason: str | None
    package_id: str | None
    place_id: str | None


class _Around(NamedTuple):
    """A package in the register."""

    owner_id: str
    parent_id: str | None
    state: str


def put(row: Act, actor: Actor, wanted: Sequence[Wanted]) -> list[Put]:
    """Add what may go along; each is judged by itself, in the order given, but boxes before what lies in them. The
    caller holds the draft and counts it anew afterwards."""
    ids = {one.code: codes.code_id(one.code) for one in wanted if one.code and not _sscc(one.code)}
    draft = _Draft(row, list(ids.values()), [one.code[2:] for one in wanted if one.code and _sscc(one.code)])
    # The outermost first: what lies in a box that goes along goes along with it.
    places = sorted(range(len(wanted)), key=lambda at: draft.depth(wanted[at].code))
    done: dict[int, Put] = {}
    for at in places:
        text, code = wanted[at]
        if code is None:
            done[at] = Put(text, "refused", reason="not_a_mark")
        elif _sscc(code):
            done[at] = draft.box(text, code)
        else:
            done[at] = draft.unit(text, code, ids[code])
    draft.write(actor)
    return [done[at] for at in range(len(wanted))]


class _Draft:
    """A draft and what of the register touches these codes, read in sets."""

    def __init__(self, row: Act, ids: Sequence[bytes], ssccs: Sequence[str]) -> None:
        self.act_id, self.sender_id = row.id, row.sender_id
        self.tied = tied_to()
        self.codes = _codes(ids)
        self.packages = _packages({*ssccs, *(one.package_id for one in self.codes.values() if one.package_id)})
        self.boxes = set(db.session.scalars(select(Box.sscc).where(Box.act_id == row.id)))
        self.units = _held(row.id, ids)
        self._inside = _inside({one for one in ssccs if one not in self.boxes})
        self.new_boxes: list[str] = []
        self.new_units: list[bytes] = []
        self.why: dict[tuple[str, str, int, str | None], str | None] = {}

    def depth(self, code: str | None) -> int:
        """How many packages are around a package; units come after all of them."""
        if code is None or not _sscc(code):
            return len(self.packages) + 1
        return sum(1 for _ in self._chain(code[2:]))

    def box(self, text: str, code: str) -> Put:
        sscc = code[2:]
        package = self.packages.get(sscc)
        if package is None or package.owner_id != self.sender_id:
            return Put(text, "refused", code, "unknown")
        if package.state != FORMED:
            return Put(text, "refused", code, "opened")
        if self._holds(sscc):
            return Put(text, "already", code)
        if package.parent_id is not None:
            return Put(text, "refused", code, "packed", package.parent_id)
        for inside in self._inside.get(sscc, ()):
            if why := self._why_not(inside):
                return Put(text, "refused", code, why)
        self.boxes.add(sscc)
        self.new_boxes.append(sscc)
        return Put(text, "added", code)

    def unit(self, text: str, code: str, code_id: bytes) -> Put:
        found = self.codes.get(code_id)
        if found is None:
            return Put(text, "refused", code, "unknown")
        if found.package_id is not None and self._holds(found.package_id):
            return Put(text, "already", code, package=found.package_id)
        if why := self._why_not(found):
            return Put(text, "refused", code, why)
        if found.package_id is not None:
            return Put(text, "refused", code, "packed", found.package_id)
        if code_id in self.units:
            return Put(text, "already", code)
        self.units.add(code_id)
        self.new_units.append(code_id)
        return Put(text, "added", code)

    def write(self, actor: Actor) -> None:
        common = {"act_id": self.act_id, "added_by": actor.person_id, "added_at": clock.now()}
        if self.new_boxes:
            db.session.execute(insert(Box), [common | {"sscc": one} for one in self.new_boxes])
        if self.new_units:
            db.session.execute(insert(Unit), [common | {"code_id": one} for one in sorted(self.new_units)])

    def _holds(self, sscc: str) -> bool:
        """Whether the act names this package or one around it."""
        return any(one in self.boxes for one in self._chain(sscc))

    def _chain(self, sscc: str) -> Iterable[str]:
        around: str | None = sscc
        while around:
            yield around
            package = self.packages.get(around)
            around = package.parent_id if package else None

    def _why_not(self, code: _Known) -> str | None:
        """What of another's code is told: that it is not yours, and nothing else."""
        if code.owner_id != self.sender_id:
            return "not_yours"
        if self.tied and code.place_id is not None and code.place_id not in self.tied:
            return "other_place"
        case = (code.owner_id, code.state, code.flags, code.reason)
        if case not in self.why:
            self.why[case] = codes.why_not(
                Event.SEND, State(code.state), Flag(code.flags), owned=True, bound=True, reason=code.reason
            )
        return self.why[case]


def _sscc(code: str) -> bool:
    return len(code) == 20 and code.startswith("00") and code.isdigit()


def _parts(keys: Set[Key]) -> Iterator[list[Key]]:
    """Few enough for one statement, in the order of the index."""
    ordered = sorted(keys)
    return (ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH))


def _codes(ids: Sequence[bytes]) -> Mapping[bytes, _Known]:
    found: dict[bytes, _Known] = {}
    columns = select(Code.id, Code.owner_id, Code.state, Code.flags, Code.reason, Code.package_id, Code.place_id)
    for some in _parts(set(ids)):
        found |= {one[0]: _Known(*one[1:]) for one in db.session.execute(columns.where(Code.id.in_(some)))}
    return found


def _packages(ssccs: Iterable[str]) -> Mapping[str, _Around]:
    """These packages and all around them, level by level."""
    found: dict[str, _Around] = {}
    asked = set(ssccs)
    columns = select(Package.sscc, Package.owner_id, Package.parent_id, Package.state)
    while asked:
        above: set[str] = set()
        for some in _parts(asked):
            for sscc, owner, parent, state in db.session.execute(columns.where(Package.sscc.in_(some))):
                found[sscc] = _Around(owner, parent, state)
                if parent:
                    above.add(parent)
        asked = above - found.keys()
    return found


def _inside(ssccs: Set[str]) -> Mapping[str, Sequence[_Known]]:
    """How the units in these packages stand, at any depth, each case once: a box of a thousand alike is one row."""
    found: dict[str, list[_Known]] = {}
    for some in _parts(ssccs):
        top = select(Package.sscc.label("top"), Package.sscc).where(Package.sscc.in_(some))
        tree = top.cte("tree", recursive=True)
        deeper = select(tree.c.top, Package.sscc).select_from(Package)
        tree = tree.union_all(deeper.join(tree, Package.parent_id == tree.c.sscc))
        cases = select(tree.c.top, Code.owner_id, Code.state, Code.flags, Code.reason, Code.place_id).select_from(tree)
        cases = cases.join(Code, Code.package_id == tree.c.sscc).distinct()
        for row in db.session.execute(cases):
            found.setdefault(row[0], []).append(_Known(*row[1:5], package_id=None, place_id=row[5]))
    return found


def _held(act_id: str, ids: Sequence[bytes]) -> set[bytes]:
    held: set[bytes] = set()
    for some in _parts(set(ids)):
        held |= set(db.session.scalars(select(Unit.code_id).where(Unit.act_id == act_id, Unit.code_id.in_(some))))
    return held
