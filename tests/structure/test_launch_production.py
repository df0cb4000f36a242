"""Production does not start unsafe, whichever command starts it, and says everything that is wrong at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend.launch import database
from backend.launch.words import CannotStart
from backend.settings import ROOT, UnsafeSettings, load

SECRETS = ("TANBA_SECRET", "TANBA_MASTER_KEY", "TANBA_PLATFORM_KEY")


def tanba(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command in an environment that has nothing else of ours."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TANBA_")}
    return subprocess.run(
        [sys.executable, "-m", "backend", *words],
        cwd=ROOT,
        env=clean | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def safe(tmp_path: Path) -> dict[str, str]:
    """Production settings that are accepted, with secrets as `secrets` prints them."""
    printed = tanba("secrets", env={}).stdout
    return {
        **dict(line.split("=", 1) for line in printed.splitlines()),
        "TANBA_ENV": "production",
        "TANBA_INSTANCE": str(tmp_path),
        "TANBA_TRUST_PROFILE": "nca-prod",
        "TANBA_PUBLIC_URL": "https://tanba.example.kz",
        "TANBA_SMTP_URL": "smtp://tanba:secret@mail.example.kz?tls=starttls",
        "TANBA_MAIL_FROM": "tanba@example.kz",
    }


def test_the_printed_secrets_are_accepted_and_never_the_same(safe: dict[str, str]) -> None:
    settings = load(safe)
    assert settings.production
    assert len({settings.secret, settings.master_key, settings.platform_seed}) == 3
    assert tanba("secrets", env={}).stdout.splitlines()[0] != f"TANBA_SECRET={safe['TANBA_SECRET']}"


UNSAFE = [
    *({name: ""} for name in SECRETS),
    {"TANBA_SECRET": "0" * 64},
    {"TANBA_SECRET": "changeme"},
    {"TANBA_TRUST_PROFILE": "dev"},
    {"TANBA_TRUST_PROFILE": ""},
    {"TANBA_DEBUG": "1"},
    {"TANBA_NO_LIMITS": "1"},
    {"TANBA_PUBLIC_URL": "http://tanba.example.kz"},
    {"TANBA_PUBLIC_URL": ""},
    {"TANBA_SMTP_URL": ""},
    {"TANBA_SMTP_URL": "smtp://tanba:secret@mail.example.kz"},
    {"TANBA_SMTP_URL": "https://mail.example.kz?tls=starttls"},
    {"TANBA_MAIL_FROM": ""},
    {"TANBA_LOOPBACK_CALLS": "1"},
]


@pytest.mark.parametrize("change", UNSAFE, ids=lambda change: "=".join(*change.items()))
def test_each_unsafe_setting_is_refused_by_name(safe: dict[str, str], change: dict[str, str]) -> None:
    with pytest.raises(UnsafeSettings, match=next(iter(change))):
        load(safe | change)


def test_run_refuses_before_it_installs_or_listens(safe: dict[str, str]) -> None:
    unsafe = safe | {"TANBA_ENV": "", "TANBA_TRUST_PROFILE": "dev", "TANBA_PUBLIC_URL": "http://localhost"}
    refused = tanba("run", "--production", "--no-limits", env=unsafe)
    assert refused.returncode == 1
    for name in ("TANBA_TRUST_PROFILE", "TANBA_NO_LIMITS", "TANBA_PUBLIC_URL"):
        assert name in refused.stderr
    assert "TANBA_SECRET" not in refused.stderr
    assert refused.stdout == ""


def test_run_does_not_offer_the_development_authority_in_production(safe: dict[str, str]) -> None:
    refused = tanba("run", "--production", "--lan", env=safe)
    assert refused.returncode == 1
    assert "development CA" in refused.stderr


@pytest.mark.parametrize("command", ["release", "web", "worker"])
def test_a_host_gets_production_without_asking(command: str, tmp_path: Path) -> None:
    refused = tanba(command, env={"TANBA_INSTANCE": str(tmp_path), "PORT": "1"})
    assert refused.returncode == 1
    assert "does not start in production" in refused.stderr


def test_half_a_demo_world_is_begun_anew(tmp_path: Path) -> None:
    settings = load({"TANBA_INSTANCE": str(tmp_path)})
    for name in (database.UNFINISHED, "tanba.db", "tanba.db-wal", "other.db"):
        (tmp_path / name).touch()
    (tmp_path / "demo").mkdir()
    database.forget_unfinished(settings)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.db", "secrets"]


def test_a_finished_world_is_never_forgotten(tmp_path: Path) -> None:
    settings = load({"TANBA_INSTANCE": str(tmp_path)})
    (tmp_path / "tanba.db").touch()
    database.forget_unfinished(settings)
    assert (tmp_path / "tanba.db").exists()


def test_half_a_demo_world_elsewhere_is_left_to_its_owner(tmp_path: Path) -> None:
    settings = load({"TANBA_INSTANCE": str(tmp_path), "DATABASE_URL": "postgresql://localhost/tanba"})
    (tmp_path / database.UNFINISHED).touch()
    with pytest.raises(CannotStart, match="DATABASE_URL"):
        database.forget_unfinished(settings)
