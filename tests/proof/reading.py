"""What the database says, held against the model: owners, boxes, open acts, history rows, steps in the audit trail."""

from collections.abc import Mapping

from sqlalchemy import select

from backend.acts.models import Act
from backend.codes.models import Code, Movement, Package
from backend.core.db import db
from backend.history.models import Fact
from tests.proof.model import World


def hold(world: World, ids: Mapping[str, bytes]) -> None:
    """Raises AssertionError where register, history and model are not one. `ids` are the keys of the model's codes."""
    db.session.rollback()
    texts = {ids[text]: text for text in world.codes}
    _codes(world, texts)
    _boxes(world)
    _lives(world, texts)
    _acts(world)
    db.session.rollback()


def _codes(world: World, texts: Mapping[bytes, str]) -> None:
    rows = select(Code.id, Code.owner_id, Code.package_id, Code.act_id, Code.flags, Code.state)
    found = {texts[row[0]]: tuple(row[1:]) for row in db.session.execute(rows.where(Code.id.in_(texts)))}
    assert found == {
        text: (one.owner, one.box, one.act, int(one.act is not None), "INTRODUCED") for text, one in world.codes.items()
    }, "a code is not whose, where or as free as the model has it"


def _boxes(world: World) -> None:
    rows = select(Package.sscc, Package.owner_id, Package.state).where(Package.sscc.in_(world.boxes))
    found = {sscc: (owner, state == "FORMED") for sscc, owner, state in db.session.execute(rows)}
    assert found == {sscc: (box.owner, box.closed) for sscc, box in world.boxes.items()}


def _lives(world: World, texts: Mapping[bytes, str]) -> None:
    """The rows of history are the model's, in its order and without a gap."""
    rows = select(Movement.code_id, Movement.version, Fact.kind, Fact.document_id)
    rows = rows.join(Fact, Fact.id == Movement.fact_id).where(Movement.code_id.in_(texts), Fact.document_kind == "act")
    found: dict[str, list[tuple[str, str]]] = {text: [] for text in world.codes}
    last: dict[str, int] = {}
    for code, version, kind, document in db.session.execute(rows.order_by(Movement.code_id, Movement.version)):
        text = texts[code]
        assert version == last.get(text, version - 1) + 1, "a version is missing from a code's life"
        last[text] = version
        found[text].append((kind.removeprefix("codes:"), document))
    assert found == {text: one.life for text, one in world.codes.items()}, "history is not what happened"


def _acts(world: World) -> None:
    rows = select(Act.id, Act.state, Act.version).where(Act.id.in_(world.acts))
    found = {name: (state.value, version) for name, state, version in db.session.execute(rows)}
    assert found == {name: (one.state, one.version) for name, one in world.acts.items()}
    facts = select(Fact.subject_id, Fact.kind).where(Fact.subject_id.in_(world.acts), Fact.kind.like("act:%"))
    told: dict[str, list[str]] = {name: [] for name in world.acts}
    for name, kind in db.session.execute(facts):
        told[name].append(kind.removeprefix("act:"))
    assert {name: sorted(kinds) for name, kinds in told.items()} == {
        name: sorted(one.steps) for name, one in world.acts.items()
    }, "the audit trail does not name the steps that happened"
