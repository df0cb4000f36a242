"""Preparing a machine: each step once, again when what it is made from changed, and words when it cannot be done."""

import ast
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import __main__ as door
from backend.launch import build, environment, lan, ports, stamps, steps
from backend.launch.words import CannotStart
from backend.settings import ROOT

Steps = list[list[str]]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Steps:
    """The commands of steps, which do nothing but leave the folders that they would make."""
    done: Steps = []

    def step(title: str, command: list[object], cwd: Path, *_: object, **__: object) -> None:
        words = [str(word) for word in command]
        done.append([word for word in words if not word.startswith(("-", "/"))])
        if "ci" in words:
            (cwd / "node_modules").mkdir(exist_ok=True)
        if "build" in words:
            (cwd / "dist").mkdir(exist_ok=True)
            (cwd / "dist" / "index.html").write_text("built")

    monkeypatch.setattr(environment, "step", step)
    monkeypatch.setattr(build, "step", step)
    return done


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """A folder that works like an environment: a Python with pip."""
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return tmp_path / ".venv"


@pytest.fixture
def pwa(tmp_path: Path) -> Path:
    folder = tmp_path / "pwa"
    (folder / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "src/main.tsx"):
        (folder / name).write_text(name)
    return folder


def test_a_stamp_tells_content_names_and_facts_apart(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    two.write_text("b")
    first = stamps.digest(tmp_path, [one, two], "3.11")
    assert stamps.digest(tmp_path, [two, one], "3.11") == first
    assert stamps.digest(tmp_path, [one, two], "3.12") != first
    assert stamps.digest(tmp_path, [one], "3.11") != first
    two.write_text("c")
    assert stamps.digest(tmp_path, [one, two], "3.11") != first
    two.write_text("b")
    two.rename(tmp_path / "three")
    assert stamps.digest(tmp_path, [one, tmp_path / "three"], "3.11") != first


def test_a_moved_checkout_keeps_its_stamps(tmp_path: Path) -> None:
    digests = set()
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "file").write_text("same")
        digests.add(stamps.digest(tmp_path / place, stamps.tree(tmp_path / place, frozenset())))
    assert len(digests) == 1


def test_packages_are_installed_once_and_again_when_the_list_changes(venv: Path, recorded: Steps) -> None:
    requirements = venv.parent / "requirements.txt"
    requirements.write_text("flask")
    environment.prepare(venv, requirements)
    environment.prepare(venv, requirements)
    assert recorded == [["pip", "install", "off"]]
    requirements.write_text("flask\ngranian")
    environment.prepare(venv, requirements)
    assert len(recorded) == 2


def test_an_install_that_failed_is_done_again(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    requirements = venv.parent / "requirements.txt"
    requirements.write_text("flask")

    def fail(*_: object, **__: object) -> None:
        raise CannotStart("no")

    monkeypatch.setattr(environment, "step", fail)
    for _ in range(2):
        with pytest.raises(CannotStart):
            environment.prepare(venv, requirements)


def test_an_environment_whose_python_is_gone_is_made_anew(venv: Path, recorded: Steps) -> None:
    requirements = venv.parent / "requirements.txt"
    requirements.write_text("flask")
    environment.prepare(venv, requirements)
    (venv / "bin" / "python").unlink()
    environment.prepare(venv, requirements)
    assert ["venv"] in recorded
    assert recorded[-1][0] == "pip"


def test_a_python_without_venv_is_told_what_to_install(
    tmp_path: Path, recorded: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(CannotStart, match="apt install python3-venv"):
        environment.make(tmp_path / ".venv")
    assert recorded == []


def test_the_app_is_built_once_and_again_when_its_sources_change(pwa: Path, recorded: Steps) -> None:
    build.app(pwa)
    build.app(pwa)
    assert recorded == [["ci"], ["run", "build"]]
    (pwa / "src" / "main.tsx").write_text("changed")
    build.app(pwa)
    assert recorded[2:] == [["run", "build"]]
    (pwa / "package-lock.json").write_text("changed")
    build.app(pwa)
    assert recorded[3:] == [["ci"], ["run", "build"]]
    (pwa / "dist" / "index.html").unlink()
    build.app(pwa)
    assert recorded[5:] == [["run", "build"]]


def test_npm_of_the_wheel_works() -> None:
    done = subprocess.run(
        [*build.npm("--version")], cwd=build.PWA, env=build.environment(), capture_output=True, text=True, check=True
    )
    assert int(done.stdout.partition(".")[0]) >= 10


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("Temporary failure in name resolution", "Check the network"),
        ("npm error code EAI_AGAIN", "Check the network"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("EACCES: permission denied", "not writable"),
        ("something else", "Remove it."),
    ],
)
def test_a_step_that_fails_shows_its_last_words_and_what_to_do(tmp_path: Path, said: str, advice: str) -> None:
    command = [sys.executable, "-c", f"import sys; print({said!r}); sys.exit(1)"]
    with pytest.raises(CannotStart) as refused:
        steps.step("Packages", command, tmp_path, advice="Remove it.")
    assert said in str(refused.value)
    assert advice in str(refused.value)


def test_a_folder_that_is_not_writable_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=str(tmp_path / "missing")):
        environment.require_writable(tmp_path / "missing")


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_refused_with_its_owner_and_a_free_one(taken: int) -> None:
    with pytest.raises(CannotStart) as refused:
        ports.require_free("127.0.0.1", taken)
    text = str(refused.value)
    assert f"Port {taken} is taken" in text
    if Path("/proc/net/tcp").exists():
        assert f"process {os.getpid()} " in text
    other = int(text.rpartition(" ")[2])
    ports.require_free("127.0.0.1", other)


def test_a_port_that_only_waits_after_a_restart_is_free() -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            served, _ = listener.accept()
            served.close()
            client.recv(1)
    ports.require_free("127.0.0.1", port)


def test_ports_that_do_not_exist_or_need_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    for port in (0, -1, 70_000):
        with pytest.raises(CannotStart, match="is no port"):
            ports.require_free("127.0.0.1", port)
    monkeypatch.setattr(ports, "obstacle", lambda _host, _port: errno.EACCES)
    with pytest.raises(CannotStart, match="administrator"):
        ports.require_free("127.0.0.1", 80)


def test_without_a_network_lan_says_so() -> None:
    """The tests may not reach past this machine, which is just what a machine without a network meets."""
    with pytest.raises(CannotStart, match="local network"):
        lan.address()


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse((ROOT / "backend" / "__main__.py").read_text(), feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer.*3\.10\.4"):
        door.main(["run"])


def test_the_first_stage_needs_no_package() -> None:
    """-S leaves out every installed package."""
    probe = (
        "import importlib.util as util, sys, backend.__main__, backend.launch.commands;"
        "sys.exit(util.find_spec('flask') is not None)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", probe], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
