"""A running Tanba with its demo world, and a real browser with a film in its camera."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from backend.app import create_app
from backend.codes import ledger
from backend.codes.rules import Event, code_id
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.demo import main as demo
from backend.launch import database
from backend.settings import ROOT, load
from backend.verification import queries
from tests.e2e import slow, video

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
PATIENCE = 40_000  # milliseconds: as long as a screen may take on a machine that has much else to do
expect.set_options(timeout=PATIENCE)
PHONE = {"width": 360, "height": 740}


SERVED = "tests.e2e.slow:slow" if slow.SLOW else "backend.wsgi:app"
LONGEST = "test_outbox_chaos"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begins, so that several workers end together."""
    items.sort(key=lambda item: item.path.stem != LONGEST)


class WholeFiles(LoadScopeScheduling):
    """How several workers share the tests: a file stays whole, for its world is its own; the files in which NCALayer
    listens stay together, for its port is one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "ncalayer" if "ncalayer.running(" in (ROOT / file).read_text(encoding="utf-8") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> WholeFiles:
    return WholeFiles(config, log)


@dataclass
class World:
    """A server over an instance of its own. `app` is another process's view of the same database."""

    instance: Path
    port: int
    app: Flask
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def codes(self) -> list[dict[str, str]]:
        return json.loads((self.instance / "demo" / "codes.json").read_text(encoding="utf-8"))

    def code(self, outcome: str) -> str:
        return next(row["code"] for row in self.codes if row["outcome"] == outcome)

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(self.port), "--workers", "1"]
        names = {"TANBA_INSTANCE": str(self.instance), "TANBA_NO_LIMITS": "1", "TANBA_PUBLIC_URL": self.address}
        with (self.instance / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--blocking-threads", "4", SERVED],
                cwd=ROOT,
                env=os.environ | names,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"{self.address}/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.25)
        raise AssertionError((self.instance / "server.log").read_text()[-2000:])

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=20)
            self.process = None

    def kill(self) -> None:
        """As a power cut: the server and its workers, without a word."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)
            self.process = None

    def move(self, event: Event, text: str, reason: str | None = None) -> None:
        """Let something happen to a code, whoever owns it, while the server runs."""
        with self.app.app_context():
            row = queries.code(code_id(text.split("\x1d", 1)[0]))
            assert row is not None
            found = db.session.execute(
                db.text("SELECT owner_id FROM codes WHERE id = :id"), {"id": code_id(text.split("\x1d", 1)[0])}
            ).scalar_one()
            ids = [code_id(text.split("\x1d", 1)[0])]
            unit_of_work(lambda: ledger.move(event, ids, actor=None, owner_id=found, reason=reason))


@pytest.fixture(scope="session")
def demo_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled demo world, copied for each module that needs a server of its own."""
    folder = tmp_path_factory.mktemp("demo")
    app = create_app(load({"TANBA_INSTANCE": str(folder)}))
    database.migrate(app)
    demo.fill(app)
    with app.app_context():
        queries.dispose()
        db.engine.dispose()
    return folder


@pytest.fixture(scope="module")
def world(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    assert (ROOT / "pwa" / "dist" / "index.html").is_file(), "the app is not built: python3 -m backend test builds it"
    folder = tmp_path_factory.mktemp("world") / "instance"
    shutil.copytree(demo_instance, folder)
    running = World(folder, free_port(), create_app(load({"TANBA_INSTANCE": str(folder)})))
    running.start()
    yield running
    running.stop()
    with running.app.app_context():
        queries.dispose()
        db.session.remove()
        db.engine.dispose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all: a second one beside it does not start."""
    with sync_playwright() as running:
        yield running


Browse = Callable[..., Page]


@pytest.fixture
def browse(playwright: Playwright, world: World, tmp_path: Path) -> Iterator[Browse]:
    """Open the app as a new user would. The camera will see `labels` (pictures) or a `film` (a file); `profile` names
    a device, so that one whose browser was closed is opened again. What the console complains of is gathered in
    `page.complaints`."""
    contexts: list[BrowserContext] = []

    def open_page(
        path: str = "/",
        *,
        labels: list | None = None,
        film: Path | None = None,
        size: dict | None = None,
        profile: str | None = None,
        **options: object,
    ) -> Page:
        args = list(ARGS)
        if labels is not None:
            film = tmp_path / f"film-{len(contexts)}.mjpeg"
            video.write(video.by_hand(labels), film)
        if film is not None:
            args += [*CAMERA, f"--use-file-for-fake-video-capture={film}"]
        context = playwright.chromium.launch_persistent_context(
            tmp_path / f"profile-{profile or len(contexts)}",
            executable_path=shutil.which("chromium"),
            args=args,
            viewport=size or PHONE,
            permissions=["camera"] if film is not None else [],
            **{"locale": "ru-RU"} | options,
        )
        contexts.append(context)
        if slow.SLOW:
            context.add_init_script(slow.SCRIPT)
        page = context.pages[0]
        page.complaints = []
        bad = ("error", "warning")
        page.on("console", lambda said: page.complaints.append(said.text) if said.type in bad else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(world.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
