"""The virtual environment: made once, filled from requirements.txt, entered. Standard library alone."""

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from backend.launch import stamps
from backend.launch.steps import step
from backend.launch.words import CannotStart, say
from backend.settings import ROOT

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements.txt"
STAMP = "installed.sha256"


def enter(argv: Sequence[str]) -> None:
    """Prepare `.venv` and continue there with the same words; returns only inside it."""
    require_system()
    prepare(VENV, REQUIREMENTS)
    if not inside(VENV):
        os.execv(PYTHON, [str(PYTHON), "-m", "backend", *argv])


def enter_unless_complete(argv: Sequence[str]) -> None:
    """For a host that installed requirements.txt itself: work where we are, else in `.venv`."""
    if find_spec("flask") is None or find_spec("granian") is None:
        enter(argv)


def inside(venv: Path) -> bool:
    return Path(sys.prefix).resolve() == venv.resolve()


def require_system() -> None:
    if os.name != "posix":
        raise CannotStart("Tanba runs on Linux and macOS. On Windows install WSL and start it there.")


def prepare(venv: Path, requirements: Path) -> None:
    """Make the environment and install, unless the stamp says that exactly this was done."""
    made_from = stamps.digest(requirements.parent, [requirements], platform.machine())
    stamp = venv / STAMP
    if works(venv) and stamps.fresh(stamp, made_from):
        return
    require_writable(venv.parent)
    if not works(venv):
        make(venv)
    python = venv / "bin" / "python"
    say("Installing the Python packages; the first time this takes a minute or two.")
    step(
        "Python packages",
        [python, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off", "-r", requirements],
        venv.parent,
        advice="pip could not install requirements.txt. Start again; if it stays so, remove .venv first.",
    )
    stamps.leave(stamp, made_from)


def works(venv: Path) -> bool:
    """Whether the environment has pip and a Python that starts and is new enough, whichever Python asks."""
    probe = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([venv / "bin" / "python", "-c", probe], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make(venv: Path) -> None:
    if find_spec("ensurepip") is None or find_spec("venv") is None:
        raise CannotStart(
            f"{sys.executable} cannot make virtual environments. On Debian and Ubuntu:\n"
            f"    sudo apt install python3-venv        (or python{sys.version_info[0]}.{sys.version_info[1]}-venv)"
        )
    step(
        "Virtual environment",
        [sys.executable, "-m", "venv", "--clear", venv],
        venv.parent,
        advice="python3 -m venv failed. On Debian and Ubuntu: sudo apt install python3-venv",
    )


def require_writable(folder: Path) -> None:
    """Raises CannotStart when nothing can be written there."""
    probe = folder / f".writable-{os.getpid()}"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"Cannot write in {folder}: {error.strerror}. Put Tanba in a folder that is yours, or free the disk."
        ) from error
