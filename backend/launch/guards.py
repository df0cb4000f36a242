"""`test`: every guard of the project, the fast ones first, and one line with the sum at the end."""

import json
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.launch import build, chromium
from backend.launch.words import CannotStart, say
from backend.settings import ROOT

LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CONFIG = ROOT / "backend"
TWO = ("-n", "2")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of one guard; `skipped` tests are shown, so that nothing is left out in silence."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


GOOD, BAD = Outcome(passed=1), Outcome(failed=1)

Guard = Callable[[], Outcome]


def main(fast: bool, words: Sequence[str]) -> int:
    """Run the guards; 0 when nothing failed. Words for pytest make it run alone, on what they say."""
    failed: list[str] = []
    total = Outcome()
    for title, guard in chosen(fast, words):
        say(f"\n── {title}")
        started = time.monotonic()
        try:
            outcome = guard()
        except CannotStart as reason:
            say(str(reason))
            outcome = BAD
        say(f"── {title}: {outcome}, {time.monotonic() - started:.0f} s")
        total += outcome
        if outcome.failed or not outcome.passed:
            failed.append(title)
    if failed:
        say(f"\nNot good: {', '.join(failed)}")
    say(f"\n{total}")
    return 1 if failed else 0


def chosen(fast: bool, words: Sequence[str]) -> list[tuple[str, Guard]]:
    if words:
        return [("Python tests", lambda: pytest(*words, browser=any("e2e" in word for word in words)))]
    guards: list[tuple[str, Guard]] = [
        ("Python style", lambda: tool("-m", "ruff", "check", "--config", CONFIG / "ruff.toml", "backend", "tests")),
        ("Layers", lambda: tool("-c", LINT_IMPORTS, "--config", CONFIG / "importlinter.ini", "--no-logo")),
        ("PWA types and style", pwa_check),
        ("PWA tests", pwa_tests),
    ]
    offline = ("tests", "--ignore=tests/e2e", *TWO)
    if fast:
        return [*guards, ("Python tests, SQLite", lambda: pytest(*offline, "-k", "not postgres"))]
    return [
        *guards,
        ("Python tests", lambda: pytest(*offline)),
        ("PWA build", pwa_build),
        ("Browser tests", lambda: pytest("tests/e2e", *TWO, "--no-loadscope-reorder", browser=True)),
    ]


def tool(*words: str | Path) -> Outcome:
    """A program of .venv that judges by its exit code."""
    return GOOD if run([sys.executable, *words]) == 0 else BAD


def run(command: Sequence[str | Path], cwd: Path = ROOT, env: dict[str, str] | None = None) -> int:
    return subprocess.run([str(word) for word in command], cwd=cwd, env=env, check=False).returncode


def pwa_check() -> Outcome:
    build.packages()
    return GOOD if run(build.npm("run", "--silent", "check"), build.PWA, build.environment()) == 0 else BAD


def pwa_build() -> Outcome:
    build.app()
    return GOOD


def pwa_tests() -> Outcome:
    build.packages()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "vitest.json"
        reporters = ("--reporter=dot", "--reporter=json", f"--outputFile.json={report}")
        code = run(build.npm("run", "--silent", "test", "--", *reporters), build.PWA, build.environment())
        counted = from_vitest(report)
    return settled(counted, code)


def pytest(*words: str, browser: bool = False) -> Outcome:
    """Run pytest with warnings as errors. The browser tests need the built app and a Chromium."""
    if browser and chromium.find() is None:
        raise CannotStart(chromium.HOW_TO_GET)
    if browser:
        build.app()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "pytest.xml"
        settings = ("-q", "--tb=short", "-W", "error", f"--rootdir={ROOT}", f"--junitxml={report}")
        code = run([sys.executable, "-m", "pytest", *settings, *words], env=build.environment())
        counted = from_junit(report)
    return settled(counted, code)


def settled(counted: Outcome, code: int) -> Outcome:
    """A runner that failed without naming a test (a crash, nothing collected) failed all the same."""
    return counted + BAD if code != 0 and not counted.failed else counted


def from_junit(report: Path) -> Outcome:
    if not report.is_file():
        return Outcome()
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    total = Outcome()
    for suite in suites:
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        total += Outcome(max(0, int(suite.get("tests", 0)) - bad - skipped), bad, skipped)
    return total


def from_vitest(report: Path) -> Outcome:
    if not report.is_file():
        return Outcome()
    found = json.loads(report.read_text(encoding="utf-8"))
    return Outcome(found["numPassedTests"], found["numFailedTests"], found["numPendingTests"] + found["numTodoTests"])
