"""The test command counts what ran, fails when anything did or nothing ran, and ends with one line."""

import subprocess
import sys
from pathlib import Path

import pytest

from backend.launch import chromium, guards
from backend.launch.guards import Outcome
from backend.launch.words import CannotStart


def test_counts_come_from_the_runner(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "def test_good(): pass\n"
        "def test_bad(): assert False\n"
        "@pytest.fixture\n"
        "def broken(): raise ValueError\n"
        "def test_error(broken): pass\n"
        "@pytest.mark.skip\n"
        "def test_left_out(): pass\n"
    )
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", "-p", "no:cacheprovider", str(tmp_path)]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert guards.from_junit(report) == Outcome(passed=1, failed=2, skipped=1)


def test_counts_of_the_app_come_from_its_runner(tmp_path: Path) -> None:
    report = tmp_path / "vitest.json"
    report.write_text('{"numPassedTests": 5, "numFailedTests": 2, "numPendingTests": 1, "numTodoTests": 1}')
    assert guards.from_vitest(report) == Outcome(5, 2, 2)


def test_a_runner_that_crashed_or_found_nothing_failed(tmp_path: Path) -> None:
    assert guards.settled(guards.from_junit(tmp_path / "missing"), 5) == Outcome(failed=1)
    assert guards.settled(Outcome(passed=9), 3) == Outcome(passed=9, failed=1)
    assert guards.settled(Outcome(passed=9, failed=2), 1) == Outcome(passed=9, failed=2)
    assert guards.settled(Outcome(passed=9), 0) == Outcome(passed=9)


def refuse() -> Outcome:
    raise CannotStart("get one so")


@pytest.mark.parametrize(
    ("chosen", "code", "last"),
    [
        ([lambda: Outcome(passed=3), lambda: Outcome(passed=1)], 0, "4 passed, 0 failed"),
        ([lambda: Outcome(passed=3, skipped=2)], 0, "3 passed, 0 failed, 2 skipped"),
        ([lambda: Outcome(passed=3, failed=1), lambda: Outcome(passed=1)], 1, "4 passed, 1 failed"),
        ([lambda: Outcome()], 1, "0 passed, 0 failed"),
        ([refuse, lambda: Outcome(passed=1)], 1, "1 passed, 1 failed"),
    ],
)
def test_the_last_line_is_the_sum_and_the_exit_code_follows(
    chosen: list, code: int, last: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    named = [(f"guard {number}", guard) for number, guard in enumerate(chosen)]
    monkeypatch.setattr(guards, "chosen", lambda _fast, _words: named)
    assert guards.main(fast=False, words=[]) == code
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_without_a_browser_it_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(chromium, "find", lambda: None)
    assert guards.main(fast=False, words=["tests/e2e"]) == 1
    assert "apt install chromium" in capsys.readouterr().out


def test_everything_is_chosen_but_what_fast_leaves_out() -> None:
    full = [title for title, _ in guards.chosen(fast=False, words=[])]
    fast = [title for title, _ in guards.chosen(fast=True, words=[])]
    assert full[:4] == fast[:4] == ["Python style", "Layers", "PWA types and style", "PWA tests"]
    assert full[4:] == ["Python tests", "PWA build", "Browser tests"]
    assert fast[4:] == ["Python tests, SQLite"]
