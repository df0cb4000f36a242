"""What is started really serves: the Procfile's commands, `--lan`, and the care for children that crash."""

import json
import os
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.app import create_app
from backend.core.db import db
from backend.launch import build, lan, processes
from backend.launch.words import CannotStart
from backend.settings import ROOT, load

PATIENCE = 60
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
CRASH = [sys.executable, "-c", "import sys; print('the disk is gone'); sys.exit(3)"]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the code with an app that counts as built."""
    shutil.copytree(ROOT / "backend", tmp_path / "backend", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Procfile", tmp_path)
    for part in ("dist", "node_modules"):
        (tmp_path / "pwa" / part).mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "dist/index.html"):
        (tmp_path / "pwa" / name).write_text("{}")
    monkeypatch.setattr(build, "step", lambda *_, **__: None)
    build.app(tmp_path / "pwa")
    return tmp_path


@pytest.fixture
def env(checkout: Path) -> dict[str, str]:
    """A host's environment: production, an embedded database, a port."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TANBA_", "DATABASE_"))}
    secrets = {f"TANBA_{name}": os.urandom(32).hex() for name in ("SECRET", "MASTER_KEY", "PLATFORM_KEY")}
    own = {
        "TANBA_INSTANCE": str(checkout / "instance"),
        "TANBA_TRUST_PROFILE": "nca-prod",
        "TANBA_PUBLIC_URL": "https://tanba.example.kz",
        "TANBA_SMTP_URL": "smtp://127.0.0.1:25",
        "TANBA_MAIL_FROM": "tanba@example.kz",
        "PORT": str(free_port()),
    }
    return clean | secrets | own


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def procfile() -> dict[str, list[str]]:
    """The commands; `python` is this one."""
    lines = (line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    commands = {name: shlex.split(command) for name, command in lines}
    return {name: [sys.executable, *words[1:]] for name, words in commands.items() if words[0] == "python"}


@contextmanager
def running(command: list[str], cwd: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    log = cwd / "output"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    except BaseException:
        print(log.read_text())
        raise
    finally:
        process.kill()
        process.wait()


def eventually(question: Callable[[], object], process: subprocess.Popen[bytes]) -> object:
    """The first answer that is true, while the process lives."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, "it stopped"
        try:
            answer = question()
        except OSError:
            answer = None
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError("it never happened")


def get(address: str, root: bytes | None = None) -> bytes:
    trust = ssl.create_default_context(cadata=root) if root else None
    with urllib.request.urlopen(address, timeout=5, context=trust) as answer:
        return answer.read()


def test_the_procfile_releases_serves_and_works(checkout: Path, env: dict[str, str]) -> None:
    commands = procfile()
    assert set(commands) == {"release", "web", "worker"}
    released = subprocess.run(commands["release"], cwd=checkout, env=env, capture_output=True, text=True, check=False)
    assert released.returncode == 0, released.stdout + released.stderr
    assert not (checkout / "instance" / "demo").exists()

    with running(commands["web"], checkout, env) as web:
        address = f"http://127.0.0.1:{env['PORT']}"
        assert json.loads(eventually(lambda: get(f"{address}/health"), web)) == {"status": "ok"}
        assert json.loads(get(f"{address}/ready"))["database"] == "ok"
        assert b"tanba_requests_total" in get(f"{address}/metrics")
        web.terminate()
        assert web.wait(timeout=30) == 0

    app = create_app(load(env | {"TANBA_ENV": "production"}))
    app.extensions["queue_run"]("history.sequence")
    assert app.extensions["huey"].pending_count() == 1
    with running(commands["worker"], checkout, env) as worker:
        eventually(lambda: app.extensions["huey"].pending_count() == 0, worker)
        worker.send_signal(signal.SIGINT)
        assert worker.wait(timeout=30) == 0
    with app.app_context():
        db.engine.dispose()


SERVE_LAN = """
import sys
from backend.launch import lan, serve
from backend.settings import load
lan.address = lambda: "127.0.0.1"
settings = load()
serve.prepare(settings)
serve.serve(settings, "127.0.0.1", int(sys.argv[1]), lan=True)
"""


def test_lan_serves_https_that_a_phone_with_our_root_trusts(checkout: Path, env: dict[str, str]) -> None:
    port = free_port()
    development = {name: value for name, value in env.items() if not name.startswith("TANBA_")}
    development |= {"TANBA_INSTANCE": str(checkout / "instance"), "TANBA_PUBLIC_URL": f"https://127.0.0.1:{port}"}
    # A demo world that is there is left alone, which spares the time to make one.
    (checkout / "instance" / "demo").mkdir(parents=True)
    with running([sys.executable, "-c", SERVE_LAN, str(port)], checkout, development) as tanba:
        said = checkout / "output"
        eventually(lambda: "Tanba is running: https://127.0.0.1" in said.read_text(), tanba)
        root = get(f"http://127.0.0.1:{port + 1}{lan.CERTIFICATE_PATH}")
        for name in ("127.0.0.1", "localhost"):
            assert json.loads(get(f"https://{name}:{port}/health", root)) == {"status": "ok"}
        page = get(f"http://127.0.0.1:{port + 1}/").decode()
        assert lan.CERTIFICATE_PATH in page
        assert f"https://127.0.0.1:{port}" in page
        with pytest.raises(OSError, match="certificate verify failed"):
            get(f"https://127.0.0.1:{port}/health")
        assert (checkout / "instance" / "lan" / "server.key").stat().st_mode & 0o077 == 0
        tanba.terminate()
        assert tanba.wait(timeout=30) == 0
    with pytest.raises(OSError, match="refused"):
        get(f"https://127.0.0.1:{port}/health", root)


def live(household: processes.Household, children: dict[str, list[str]], logs: Path) -> None:
    with household:
        for name, command in children.items():
            household.start(name, command, dict(os.environ), signal.SIGTERM, logs / f"{name}.log")
        household.watch(PATIENCE)


def test_a_crashed_child_stops_the_others_and_says_why(tmp_path: Path) -> None:
    household = processes.Household()
    with pytest.raises(CannotStart) as stopped:
        live(household, {"web server": SLEEP, "worker": CRASH}, tmp_path)
    assert "The worker stopped with exit code 3" in str(stopped.value)
    assert "the disk is gone" in str(stopped.value)
    assert [child.process.poll() for child in household.children] == [-signal.SIGTERM, 3]


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_stops_every_child_without_complaint(asked: int) -> None:
    before = signal.getsignal(asked)
    household = processes.Household()
    with household:
        household.start("worker", SLEEP, dict(os.environ), signal.SIGTERM)
        os.kill(os.getpid(), asked)
        household.watch(PATIENCE)
        raise AssertionError("it was not asked")
    assert household.children[0].process.poll() == -signal.SIGTERM
    assert signal.getsignal(asked) == before


def test_what_a_child_started_ends_with_it(tmp_path: Path) -> None:
    """A server that was killed leaves its worker processes behind; they are not left."""
    parent = f"import subprocess, sys; print(subprocess.Popen({SLEEP!r}).pid, flush=True); sys.exit(1)"
    with pytest.raises(CannotStart):
        live(processes.Household(), {"web": [sys.executable, "-c", parent]}, tmp_path)
    orphan = int((tmp_path / "web.log").read_text())
    assert ends(orphan)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent is gone")
def test_the_children_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    start = (
        "import os, signal, sys; from pathlib import Path; from backend.launch.processes import Household\n"
        "with Household() as household:\n"
        f"    household.start('worker', {SLEEP!r}, dict(os.environ), signal.SIGINT, Path(sys.argv[1]))\n"
        "    print(household.children[0].process.pid, flush=True)\n"
        "    household.watch()\n"
    )
    command = [sys.executable, "-c", start, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        # Bound is who has become the other program; before that it may still be on its way.
        eventually(lambda: b"time.sleep" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"bound")[0], parent)
        parent.kill()
    assert ends(child)


def ends(process: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and alive(process):
        time.sleep(0.05)
    return not alive(process)


def alive(process: int) -> bool:
    """A process that ended but that nobody has waited for does not count."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self/stat").exists()


def test_figures_of_an_earlier_start_are_emptied(tmp_path: Path) -> None:
    folder = Path(processes.metrics_folder(tmp_path, 8000))
    (folder / "counter_1.db").touch()
    assert list(Path(processes.metrics_folder(tmp_path, 8000)).iterdir()) == []
    assert str(folder) == processes.metrics_folder(tmp_path, 8000)
