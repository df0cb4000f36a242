"""Faults that the proofs must find, put into the running code from outside: nothing in the product knows of them."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from backend.acts import closing, deciding, rules, sending, service
from backend.codes import ledger
from backend.codes.rules import NONE, Event
from backend.core import idempotency
from backend.core.db import db

PAUSE = 2.0

Patch = Callable[[Any, str, Any], None]


def no_idempotency(patch: Patch) -> None:
    """Answers are not kept: a repeat is a new request."""
    patch(idempotency, "look", lambda _actor, _key: b"")
    patch(idempotency, "begin", lambda _actor, _key: None)
    patch(idempotency, "finish", lambda *_: None)


class Careless:
    """An UPDATE that names its row and asks nothing else of it."""

    def __init__(self, statement: Any):
        self.statement = statement
        self.named = False

    def where(self, *conditions: Any) -> "Careless":
        if not self.named:
            self.statement, self.named = self.statement.where(conditions[0]), True
        return self

    def values(self, *given: Any, **named: Any) -> Any:
        made = Careless(self.statement.values(*given, **named))
        made.named = self.named
        return made

    def __getattr__(self, name: str) -> Any:
        return getattr(self.statement, name)


def read_then_write(patch: Patch) -> None:
    """The state of an act is looked at first (under a signature: while it is verified) and written afterwards without
    looking again; codes are believed to be where the act says."""
    taken = service.step

    def step(act: Any, verb: Any, **given: Any) -> Any:
        if not rules.STEPS[verb].signed:
            rules.require(verb, act.state, at=act.changed_at)
        return taken(act, verb, **given)

    update = service.update
    patch(service, "update", lambda model: Careless(update(model)))
    for module in (closing, deciding, sending):
        patch(module, "step", step)
    believed = {event: replace(ledger.TRANSITIONS[event], requires=NONE) for event in (Event.CONFIRM, Event.RELEASE)}
    patch(ledger, "TRANSITIONS", ledger.TRANSITIONS | believed)


def commit_in_the_middle(patch: Patch) -> None:
    """The act is decided in one transaction and its goods move in the next, PAUSE seconds later."""
    move = ledger.move

    def later(*given: Any, **named: Any) -> Any:
        db.session.commit()
        time.sleep(PAUSE)
        db.session.connection(execution_options={"writing": True})
        return move(*given, **named)

    patch(ledger, "move", later)
