"""The laws that good will does not keep: who may call, one commit, one door, one error shape, words for every code."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from backend.acts.rules import Verb
from backend.codes.rules import Event
from backend.core import errors, openapi
from backend.core.api import Allow
from backend.core.db import db
from backend.launch import build
from backend.organisations.access import Permission
from backend.settings import ROOT
from backend.verification.rules import ADVICE
from tests.conftest import MIGRATIONS

BACKEND = sorted(path for path in (ROOT / "backend").rglob("*.py") if "versions" not in path.parts)
WORDS = ROOT / "pwa" / "src" / "i18n"
LANGUAGES = ("kk", "ru", "en")

PLAIN = {"/", "/share", "/<path:path>", "/health", "/ready", "/metrics", "/openapi.json"}
"""Addresses outside the seam: the app's files and the machine's own probes, all public and without effect."""


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def lines_with(pattern: str, *, outside: tuple[str, ...]) -> list[str]:
    """Where a pattern stands in the code, outside some files."""
    found = []
    for path in BACKEND:
        name = str(path.relative_to(ROOT / "backend"))
        if name not in outside:
            found += [f"{name}: {line.strip()}" for line in source(path).splitlines() if re.search(pattern, line)]
    return found


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.rule in PLAIN:
            continue
        endpoint = getattr(app.view_functions[rule.endpoint], "endpoint", None)
        assert endpoint is not None, f"{rule.rule} is outside the seam"
        assert isinstance(endpoint.allow, Allow | Permission), rule.rule


FREE = {
    "/api/v1/verify": "a check changes nothing",
    "/api/v1/decode": "a photo is read and forgotten",
    "/api/v1/auth/challenge": "a second challenge only runs out",
    "/api/v1/auth/login": "a challenge is used up by the first",
    "/api/v1/auth/logout": "a second log-out changes nothing",
    "/api/v1/auth/passkey/challenge": "a second challenge only runs out",
    "/api/v1/auth/passkey/login": "a challenge is used up by the first",
    "/api/v1/auth/confirmations/<confirmation_id>": "a confirmation is used up by the first",
    "/api/v1/api-keys": "the answer holds a secret, which is not kept, so it is given once",
    "/api/v1/api-keys/<key_id>/rotate": "the answer holds a secret",
    "/api/v1/signing-sessions": "a second session only runs out",
    "/mgovSign/<session_id>/documents": "a phone sends no key: its answer is compared with the one that was taken",
    "/api/v1/registration/begin": "begins with a log-in that found nobody, whose challenge is used up by the first",
    "/api/v1/acts/own-goods": "a question; the code stands in the body, because addresses are logged",
    "/api/v1/meetings/read": "a question; the token stands in the body, because addresses are logged",
    "/api/v1/acts/<act_id>/correction/document": "asks for the bytes of a correction; nothing is corrected by asking",
    "/api/v1/packages/check": "asks whether things may be packed; nothing is packed by asking",
    "/api/v1/authenticity/package": "a file is judged and forgotten",
    "/api/v1/authenticity/signature": "a document is judged and forgotten",
    "/api/v1/acts/<act_id>/decision/document": "asks for the bytes of a decision; nothing is decided by asking",
}
"""Changes without an Idempotency-Key (DESIGN law 6), and why they need none."""


def test_every_change_is_idempotent_or_says_why_it_need_not_be(app: Flask) -> None:
    free = {one.rule for one in openapi.endpoints(app) if one.method != "GET" and not one.idempotent}
    assert free == set(FREE)


def test_routes_hold_no_decisions() -> None:
    """3 to 6 lines a route: no `if`, no loop, no SQL in any api.py."""
    for path in BACKEND:
        if path.name != "api.py" or path.parent.name == "core":
            continue
        for node in ast.walk(ast.parse(source(path))):
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                assert len(node.body) <= 7, f"{path}: {node.name}"


def test_one_commit() -> None:
    assert lines_with(r"\.commit\(\)", outside=("core/api.py", "codes/ledger.py", "migrations/env.py")) == []
    assert len(re.findall(r"session\.commit\(", source(ROOT / "backend" / "core" / "api.py"))) == 1
    assert "session.commit(" not in source(ROOT / "backend" / "codes" / "ledger.py")


def test_one_door_to_the_codes() -> None:
    """Nothing but the ledger and its packing writes codes, movements or packages."""
    doors = ("codes/ledger.py", "codes/packing.py", "codes/packages.py")
    assert lines_with(r"(insert|update|delete)\((Code|Movement|TABLE)\b", outside=doors) == []
    assert lines_with(r"(?i)(update|insert into|delete from)\s+(codes|movements|packages)\b", outside=doors) == []
    assert lines_with(r"(update|insert|delete)\(Package\b", outside=doors) == []
    writers = r"\.(state|flags|owner_id|package_id|act_id|version)\s*=[^=]"
    assert [line for line in lines_with(writers, outside=doors) if line.startswith("codes/")] == []


def test_one_writer_of_facts() -> None:
    assert lines_with(r"(insert|update|delete)\((Fact|Link|Checkpoint)\b", outside=("history/service.py",)) == []


def test_no_clock_but_ours() -> None:
    assert lines_with(r"datetime\.(now|utcnow|today)\(|date\.today\(", outside=("core/clock.py", "core/log.py")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_words(language: str) -> None:
    files = (WORDS / language).glob("*.json")
    known = {key: words for file in files for key, words in json.loads(source(file)).items()}
    codes = {code for code in errors.all_codes()}
    assert {code for code in codes if not has(known, f"errors.{code}")} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_advice_has_words(language: str) -> None:
    known = json.loads(source(WORDS / language / "verdict.json"))
    assert {code for code in ADVICE if not has(known, code)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_of_goods_and_acts_has_words_in_the_audit_trail(language: str) -> None:
    known = json.loads(source(WORDS / language / "organisation.json"))
    steps = {f"organisation.did_codes_{event.value}" for event in Event}
    steps |= {f"organisation.did_act_{verb.value}" for verb in Verb}
    assert {step for step in steps if not has(known, step)} == set()


def has(words: dict, key: str) -> bool:
    return isinstance(words.get(key), str | dict)


def test_one_error_shape(app: Flask) -> None:
    """Nothing answers an error by hand."""
    assert (
        lines_with(r"""["']error["']\s*:""", outside=("core/errors.py", "core/openapi.py", "core/sandbox/photos.py"))
        == []
    )


def test_one_migration_head_and_no_drift(app: Flask) -> None:
    script = ScriptDirectory(MIGRATIONS)
    assert len(script.get_heads()) == 1
    partition = re.compile(r"^(codes|movements)_p\d+$")

    def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare: object) -> bool:
        return not (kind == "table" and name and (partition.match(name) or name == "alembic_version"))

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, db.metadata) == []


def test_openapi_equals_the_apps_types(app: Flask) -> None:
    stored = json.loads(source(ROOT / "pwa" / "src" / "api" / "openapi.json"))
    assert stored == json.loads(json.dumps(openapi.document(app))), "python3 -m backend types writes it anew"


def test_the_repository_speaks_of_the_product_alone() -> None:
    """No registry host, no machine's path, no secret."""
    words = r"npmj[s]\.|pythonhoste[d]|deb\.debia[n]|BEGIN (RSA |EC )?PRIVATE KEY"
    kept = [*BACKEND, ROOT / "pwa" / "package-lock.json", ROOT / "requirements.txt"]
    assert [path for path in kept if re.search(words, source(path))] == []


def test_no_drawers_and_no_endless_files() -> None:
    drawers = {"utils", "helpers", "common", "misc", "manager"}
    code = [*BACKEND, *(ROOT / "pwa" / "src").rglob("*.ts"), *(ROOT / "pwa" / "src").rglob("*.tsx")]
    assert [path for path in code if path.stem in drawers or path.parent.name in drawers] == []
    assert [path for path in code if len(source(path).splitlines()) > 400 and path.name != "schema.d.ts"] == []


def test_the_apps_types_are_made_from_the_contract(tmp_path: Path) -> None:
    made = tmp_path / "schema.d.ts"
    node = str(build.node_folder() / "bin" / "node")
    command = [node, "node_modules/openapi-typescript/bin/cli.js", "src/api/openapi.json", "-o", str(made)]
    subprocess.run([*command, "--default-non-nullable", "false"], cwd=ROOT / "pwa", check=True, capture_output=True)
    assert source(made) == source(ROOT / "pwa" / "src" / "api" / "schema.d.ts"), "npm --prefix pwa run types"
