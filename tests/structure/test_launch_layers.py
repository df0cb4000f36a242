"""The layer contract itself: it holds for our code, and breaks on every kind of wrong import."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backend.launch.guards import LINT_IMPORTS
from backend.settings import ROOT

LAYERS = "Domains lie in layers"
INSIDE = "A domain is built api, tasks - service - queries, schemas - models - rules"
RULES = "Rules know no framework and no database"
LIBRARIES = "GS1, symbols and PDF are plain libraries"

# file, wrong line, the chain that the report must show, the contract that must break
SEEDS = [
    ("core/clock.py", "import backend.codes.rules", "backend.core.clock -> backend.codes.rules", LAYERS),
    ("history/tasks.py", "import backend.codes.ledger", "backend.history.tasks -> backend.codes.ledger", LAYERS),
    ("labels/rules.py", "import backend.verification.rules", "backend.labels.rules -> backend.verif", LAYERS),
    ("codes/service.py", "import backend.app", "backend.codes.service -> backend.app", LAYERS),
    ("settings.py", "import backend.core.ids", "backend.settings -> backend.core.ids", LAYERS),
    ("codes/models.py", "import backend.codes.service", "backend.codes.models -> backend.codes.service", INSIDE),
    ("codes/queries.py", "import backend.codes.tasks", "backend.codes.queries -> backend.codes.tasks", INSIDE),
    ("codes/tasks.py", "import backend.codes.api", "backend.codes.tasks -> backend.codes.api", INSIDE),
    ("labels/rules.py", "import sqlalchemy", "backend.labels.rules -> sqlalchemy", RULES),
    ("history/rules.py", "from flask import g", "backend.history.rules -> flask", RULES),
    ("core/gs1/read.py", "import backend.core.db", "backend.core.gs1.read -> backend.core.db", LIBRARIES),
    ("core/symbols/reading.py", "import pydantic", "backend.core.symbols.reading -> pydantic", LIBRARIES),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the Python files."""
    folder = tmp_path_factory.mktemp("layers")
    shutil.copytree(ROOT / "backend", folder / "backend", ignore=shutil.ignore_patterns("__pycache__", "groups"))
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINT_IMPORTS, "--config", "backend/importlinter.ini", "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def test_our_code_keeps_the_layers_and_every_wrong_import_breaks_them(copy: Path) -> None:
    clean = lint(copy)
    assert clean.returncode == 0, clean.stdout
    assert " 0 broken" in clean.stdout
    (copy / "backend" / "warehouses.py").write_text("")
    for name, line, _, _ in SEEDS:
        with (copy / "backend" / name).open("a") as file:
            file.write(f"\n{line}\n")
    seeded = lint(copy)
    assert seeded.returncode == 1
    for _, line, chain, contract in SEEDS:
        assert f"{contract} BROKEN" in seeded.stdout
        assert chain in seeded.stdout, line
    assert "backend.warehouses" in seeded.stdout, "a new package must be given its layer"


def test_no_import_is_excused() -> None:
    """An exception to a law belongs into the law, where it is read."""
    text = (ROOT / "backend" / "importlinter.ini").read_text()
    assert "ignore_imports" not in text
    assert "exhaustive = True" in text
