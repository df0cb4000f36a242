"""Codes and acts live as the model says, whatever comes in which order, and however often. Both engines."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from backend.codes import fsck
from backend.signatures import service as signatures
from tests.proof import faults
from tests.proof.floor import Floor
from tests.proof.machine import walk

LARGE = os.environ.get("TANBA_PROOF") == "large"
ONCE = settings(
    max_examples=1_000 if LARGE else 16,
    stateful_step_count=60 if LARGE else 25,
    derandomize=not LARGE,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    print_blob=False,
    phases=[Phase.generate, Phase.shrink] if LARGE else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def floor(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Floor:
    """The floor, with a way to slip in between a signature's verification and the transaction that uses it."""
    made = Floor(app)
    verify = signatures.verify

    def interrupted(*given: Any, **named: Any) -> Any:
        verified = verify(*given, **named)
        meanwhile, made.interrupt = made.interrupt, None
        if meanwhile:
            meanwhile()
        return verified

    monkeypatch.setattr(signatures, "verify", interrupted)
    return made


def test_codes_and_acts_live_as_the_model_says(floor: Floor) -> None:
    run_state_machine_as_test(walk(floor), settings=ONCE)
    assert list(fsck.broken()) == []


@pytest.mark.parametrize("fault", [faults.no_idempotency, faults.read_then_write])
def test_the_walk_finds_a_seeded_fault(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., None]
) -> None:
    fault(monkeypatch.setattr)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(walk(floor), settings=settings(ONCE, max_examples=200))
