"""Lighthouse on the first screen: mobile, median of three. Fetched on demand at one exact version, beside the PWA."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from backend.bench.browser import ARGUMENTS, MISSING
from backend.bench.rows import Result, Row, Unmeasured, median
from backend.bench.served import OURS, served
from backend.bench.world import world
from backend.launch import build, chromium
from backend.settings import ROOT

PACKAGE = "lighthouse@12.8.2"
FOLDER = ROOT / "instance" / "bench"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS, TRIES = 3, 3
SECONDS = 300


class NotInstalled(RuntimeError):
    """npm could not fetch Lighthouse; the text is its last word."""


class NoReport(RuntimeError):
    """Lighthouse ran and measured nothing; the text is its reason."""


def measure(large: bool) -> Iterator[Result]:
    browser = chromium.find()
    if browser is None:
        yield Unmeasured("Lighthouse", MISSING)
        return
    try:
        install()
    except NotInstalled as reason:
        yield Unmeasured("Lighthouse", f"{PACKAGE} could not be installed: {reason}")
        return
    build.app()
    with world("sqlite") as made, served(OURS, made.env, made.folder) as server:
        runs = [points(f"http://localhost:{server.port}/", browser, made.folder) for _ in range(RUNS)]
    for name in CATEGORIES:
        each = [run[name] for run in runs]
        note = "each run: " + ", ".join(f"{one:.0f}" for one in each)
        kept_by = "performance" if name == "performance" else "lighthouse"
        yield Row(f"Lighthouse, {name}", kept_by, median(each), None, "points", note)


def install() -> None:
    """Put Lighthouse beside what else an installation owns, once. Raises NotInstalled."""
    if PROGRAM.is_file():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = build.npm("install", "--prefix", str(FOLDER), "--no-save", *build.QUIET, PACKAGE)
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=FOLDER,
            env=build.environment(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"npm did not end within {SECONDS} seconds") from None
    if done.returncode or not PROGRAM.is_file():
        words = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        raise NotInstalled(words[0].removeprefix("npm error ") if words else "npm said nothing")


def points(address: str, browser: Path, folder: Path) -> dict[str, float]:
    """The four scores of one run, 0 to 100. Raises NoReport when three tries measured nothing."""
    report = folder / "lighthouse.json"
    command = [
        build.node_folder() / "bin" / "node",
        PROGRAM,
        address,
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(('--headless=new', *ARGUMENTS))}",
    ]
    reason = ""
    for _ in range(TRIES):
        done = subprocess.run(
            [str(word) for word in command],
            cwd=folder,
            env=build.environment() | {"CHROME_PATH": os.fspath(browser)},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        found = json.loads(report.read_text()) if report.is_file() else {}
        report.unlink(missing_ok=True)
        reason = found.get("runtimeError", {}).get("message", "") or done.stderr[-300:]
        scores = {name: (found.get("categories", {}).get(name, {}).get("score") or 0) * 100 for name in CATEGORIES}
        if found and "runtimeError" not in found:
            return scores
    raise NoReport(reason)
