"""Eight clients at once over sockets, against a real server: whatever they are answered could have been answered to one
after the other. Both engines."""

import os

import pytest
from flask import Flask

from tests.proof.contest import Contest
from tests.proof.serving import served

ROUNDS = 1_000 if os.environ.get("TANBA_PROOF") == "large" else 12
UNTIL_FOUND = 40


@pytest.fixture(autouse=True)
def quiet(app: Flask) -> None:
    """Jobs are proved elsewhere."""
    app.extensions["queue_run"] = lambda *_: None


def test_answers_to_many_at_once_have_an_order(app: Flask) -> None:
    with served(app) as server:
        contest = Contest(app, server)
        unlawful = [seed for seed in range(ROUNDS) if not contest.lawful(seed)]
    assert unlawful == []


@pytest.mark.parametrize("fault", ["no_idempotency", "read_then_write"])
def test_a_seeded_fault_leaves_answers_without_an_order(app: Flask, fault: str) -> None:
    with served(app, fault) as server:
        contest = Contest(app, server)
        assert any(not contest.lawful(seed) for seed in range(UNTIL_FOUND))
