"""Three commands for a host that runs a Procfile. They are production unless TANBA_ENV says otherwise."""

import os
import sys

from backend.launch import build, ports
from backend.launch.processes import metrics_folder, web_command, worker_command
from backend.launch.steps import step
from backend.settings import ROOT, Settings, load


def release() -> None:
    """Build the app and migrate, before new processes start."""
    settings()
    build.app()
    step("Database", [sys.executable, "-m", "backend.launch.database"], ROOT)


def web() -> int:
    """Become the web server on $PORT. A host that keeps no files from `release` has the app built here."""
    found = settings()
    port = int(os.environ.get("PORT") or "8000")
    ports.require_free(ports.EVERYWHERE, port)
    if not (build.PWA / "dist" / "index.html").is_file():
        build.app()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics_folder(found.instance, port)
    return become(web_command(ports.EVERYWHERE, port))


def worker() -> int:
    """Become the job consumer."""
    settings()
    return become(worker_command())


def settings() -> Settings:
    os.environ.setdefault("TANBA_ENV", "production")
    return load()


def become(command: list[str]) -> int:
    """The host's signals reach the server itself."""
    os.chdir(ROOT)
    os.execv(command[0], command)
