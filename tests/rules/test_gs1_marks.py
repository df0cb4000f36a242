"""Our own vectors: the same file is asserted by pwa/src/domain/gs1.test.ts, so that both readers stay one."""
import json
from pathlib import Path
from typing import Any

import pytest

from backend.core import gs1

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "marks.json").read_text("utf-8"))
TEMPLATES = {name: gs1.Template(**entry | {"tail_lengths": tuple(entry["tail_lengths"])})
             for name, entry in VECTORS["templates"].items()}


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
def test_reads_what_was_delivered(vector: dict[str, Any]) -> None:
    templates = [TEMPLATES[name] for name in vector["templates"]]
    scan = gs1.read(vector["text"], vector.get("symbology"), templates)
    found = {name: getattr(scan, "text" if name == "canonical" else name) for name in vector["expect"]}
    assert found | {"repairs": list(scan.repairs)} == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS["foreign"], ids=lambda vector: vector["name"])
def test_names_the_system_of_a_foreign_mark(vector: dict[str, Any]) -> None:
    found = gs1.foreign(gs1.read(vector["text"]))
    assert (found and {"system": found.system, "country": found.country, "by": found.by}) == vector["expect"]
