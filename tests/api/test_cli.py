"""The operator's commands: what they print, and how they refuse. Both engines."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from backend.codes import filter as withdrawn_filter
from backend.codes import keys, trust_list
from backend.core import openapi
from backend.core.db import db
from tests import factories
from tests.factories import one

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    def command(*words: str) -> Result:
        db.session.remove()
        return app.test_cli_runner().invoke(args=words)

    return command


@pytest.fixture
def owner(app: Flask) -> str:
    return factories.organisation()


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output.strip()


def refused(result: Result) -> str:
    assert result.exit_code in (1, 2)
    assert result.exception is None or isinstance(result.exception, SystemExit), "a refusal is words and no traceback"
    return result.stderr.strip()


def test_emit_and_list(run: Run, owner: str) -> None:
    order = done(run("codes", "emit", factories.card(owner), "3", "--owner", owner))
    lines = [line.split("\t") for line in done(run("codes", "list", order)).splitlines()]
    heads = [text.split("\x1d")[0] for text in factories.texts(order)]
    assert [(number, code, state) for number, code, state, *_ in lines] == [
        (str(place), head, "EMITTED") for place, head in enumerate(heads, 1)
    ]
    assert len(done(run("codes", "list", order, "--limit", "2")).splitlines()) == 2
    assert not any(tail in run("codes", "list", order).output for tail in ("\x1d", "=="))


def test_what_cannot_be_emitted(run: Run, owner: str) -> None:
    card = factories.card(owner)
    for count in ("0", "150001", "many"):
        assert "COUNT" in refused(run("codes", "emit", card, count, "--owner", owner))
    said = refused(run("codes", "emit", "none", "1", "--owner", owner))
    assert said == 'Error: codes.card_not_published {"card": "none"}'
    fur = factories.card(owner, group="fur", gtin=None)
    assert "codes.group_without_data_matrix" in refused(run("codes", "emit", fur, "1", "--owner", owner))
    assert "--owner" in refused(run("codes", "emit", card, "1"))
    assert "codes.emission_unknown" in refused(run("codes", "list", "none"))
    assert "--limit" in refused(run("codes", "list", "none", "--limit", "-1"))


def test_move(run: Run, owner: str) -> None:
    order = factories.emitted(owner, factories.card(owner), 2)
    codes = [text.split("\x1d")[0] for text in factories.texts(order)]
    fact, count = done(run("codes", "move", "receive", *codes, "--owner", owner, "--document", "7")).split("\t")
    assert (len(fact), count) == (26, "2")
    assert {one(code).state for code in factories.ids(order)} == {"RECEIVED"}
    done(run("codes", "move", "cancel", codes[0], "--owner", owner, "--reason", "KM_CANCELLATION"))
    again = refused(run("codes", "move", "apply", *codes, "--owner", owner))
    assert "codes.moved_meanwhile" in again
    assert "state_cancelled" in again
    assert one(factories.ids(order)[1]).state == "RECEIVED", "all of them or none"


def test_moves_that_cannot_be(run: Run, owner: str) -> None:
    order = factories.emitted(owner, factories.card(owner), 1)
    code = factories.texts(order)[0]
    for event in ("emit", "confirm", "send", "return", "sell", "dance"):
        assert f"'{event}' is not one of" in refused(run("codes", "move", event, code, "--owner", owner)), event
    assert "codes.none_given" in refused(run("codes", "move", "receive", "--owner", owner))
    assert "codes.unknown" in refused(run("codes", "move", "receive", "жоқ", "--owner", owner))
    assert "codes.package_unknown" in refused(run("codes", "move", "receive", "--package", "1", "--owner", owner))
    assert "codes.reason_invalid" in refused(run("codes", "move", "cancel", code, "--owner", owner))
    assert "not_yours" in refused(run("codes", "move", "receive", code, "--owner", factories.organisation()))
    assert one(factories.ids(order)[0]).state == "EMITTED"


def test_keys_and_their_rotation(run: Run, owner: str) -> None:
    factories.emitted(owner, factories.card(owner), 1)
    new = done(run("codes", "rotate-keys", "footwear"))
    lines = [line.split("\t") for line in done(run("codes", "keys")).splitlines()]
    assert {(key_id == new, group, state) for key_id, group, _, state in lines} == {
        (False, "footwear", "retired"),
        (True, "footwear", "in use"),
    }
    assert "catalogue.group_unknown" in refused(run("codes", "rotate-keys", "wine"))


def test_publish_withdrawn(run: Run, owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.codes(owner, 1)
    assert done(run("codes", "publish-withdrawn")) == "1 lists published"
    build = withdrawn_filter.build
    monkeypatch.setattr(withdrawn_filter, "build", lambda issued, _listed: build(issued, issued))
    key = keys.published()[0].id
    assert key in refused(run("codes", "publish-withdrawn"))
    assert len(trust_list.trust_list()["withdrawn"]) == 1


def test_the_document_of_the_interface(run: Run, app: Flask) -> None:
    printed = json.loads(done(run("openapi")))
    assert printed == json.loads(json.dumps(openapi.document(app)))


def test_facts_of_commands_say_so(run: Run, owner: str) -> None:
    from backend.history.models import Fact

    done(run("codes", "emit", factories.card(owner), "1", "--owner", owner))
    db.session.rollback()
    ordered = db.session.query(Fact).filter(Fact.kind == "emission:ordered").one()
    assert (ordered.via, ordered.actor_id) == ("command", "command")
