"""`run`: everything up to the printed address, then watching until somebody stops it."""

import argparse
import os
import signal
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from fcntl import LOCK_EX, flock
from pathlib import Path

from backend.launch import build, lan, ports
from backend.launch.environment import enter
from backend.launch.processes import Household, Tls, metrics_folder, web_command, worker_command
from backend.launch.steps import step
from backend.launch.words import RULE, CannotStart, say
from backend.settings import ROOT, Settings, load

SECONDS_TO_START = 60


def run(options: argparse.Namespace, argv: list[str]) -> None:
    """Check what can be checked at once, prepare, serve."""
    if options.lan and (options.production or os.environ.get("TANBA_ENV") == "production"):
        raise CannotStart("--lan uses the development CA, which production does not trust. Use one of the two.")
    os.environ.update(environment(options))
    settings = load()
    host = ports.EVERYWHERE if options.lan else ports.LOOPBACK
    for port in (options.port, options.port + 1) if options.lan else (options.port,):
        ports.require_free(host, port)
    enter(argv)
    prepare(settings)
    serve(settings, host, options.port, lan=options.lan)
    say("Stopped.")


def environment(options: argparse.Namespace) -> dict[str, str]:
    """The settings that follow from the options; what the environment says about the address stands."""
    found = {}
    if options.production:
        found["TANBA_ENV"] = "production"
    if options.no_limits:
        found["TANBA_NO_LIMITS"] = "1"
    production = options.production or os.environ.get("TANBA_ENV") == "production"
    if not production and not os.environ.get("TANBA_PUBLIC_URL"):
        place = f"https://{lan.address()}" if options.lan else "http://localhost"
        found["TANBA_PUBLIC_URL"] = f"{place}:{options.port}"
    return found


def prepare(settings: Settings) -> None:
    """Build and migrate; a second start beside the first waits for it."""
    with (settings.instance / "start.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        build.app()
        first = not (settings.instance / "tanba.db").exists() and not settings.production
        words = [] if settings.production else ["--demo"]
        step(
            "Database and demo world" if first else "Database",
            [sys.executable, "-m", "backend.launch.database", *words],
            ROOT,
            advice="The database could not be prepared; what is in it was not changed by halves.",
        )


def serve(settings: Settings, host: str, port: int, lan: bool) -> None:
    """Start web and worker, say where they are, and watch. Returns when asked to stop; both are stopped then."""
    log = None if settings.production else settings.instance / "log"
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": metrics_folder(settings.instance, port)}
    with secured(settings, host, port) if lan else nullcontext((None, None)) as (tls, trust), Household() as house:
        command = web_command(host, port, tls)
        house.start("web server", command, env, signal.SIGTERM, log and log / "web.log")
        house.start("worker", worker_command(), env, signal.SIGINT, log and log / "worker.log")
        wait_until_ready(house, f"{'https' if tls else 'http'}://127.0.0.1:{port}/ready", trust)
        announce(settings, port, lan)
        house.watch()


@contextmanager
def secured(settings: Settings, host: str, port: int) -> Iterator[tuple[Tls, ssl.SSLContext]]:
    """A certificate for the local network, and the page that offers its root, one port further."""
    from backend.launch import lan_certificate  # needs packages, which stand only in .venv
    from backend.signatures.devca import DevCA

    authority = DevCA(settings.instance / "devca")
    tls = lan_certificate.issue(authority, lan.names(lan.address()), settings.instance / "lan")
    with lan.certificate_page(host, port + 1, authority.root(), settings.public_url):
        yield tls, lan.trusting(authority.root())


def wait_until_ready(house: Household, address: str, trust: ssl.SSLContext | None) -> None:
    """Raises CannotStart when `/ready` does not answer 200 in time, with what it said."""
    # No proxy of the environment between us and ourselves.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust))
    deadline, said = time.monotonic() + SECONDS_TO_START, "nothing"
    while time.monotonic() < deadline:
        house.watch(0.2)
        try:
            with opener.open(address, timeout=5):
                return
        except urllib.error.HTTPError as error:
            said = error.read(500).decode(errors="replace")
        except OSError as error:
            said = str(error)
    raise CannotStart(f"Tanba started but is not ready after {SECONDS_TO_START} s; /ready says: {said}")


def announce(settings: Settings, port: int, on_lan: bool) -> None:
    """The address comes last, where a terminal shows it without scrolling."""
    if not settings.production:
        say(f"\n{demo(settings.instance / 'demo')}\nLogs: {settings.instance / 'log'}")
    if on_lan:
        lan.show_code("1. On the phone, once: install the certificate", f"http://{lan.address()}:{port + 1}/")
        lan.show_code("2. On the phone: open Tanba", settings.public_url)
        say("The certificate is for tests: whoever has this folder could speak for any site to that phone.")
    say(f"\n{RULE}\n  Tanba is running: {settings.public_url}      Ctrl-C stops it\n{RULE}")


def demo(folder: Path) -> str:
    """Who one can be in the demo world, and where its labels lie."""
    if not (folder / "README.txt").is_file():
        return "This register is not a demo world; it has no demo identities."
    readme = (folder / "README.txt").read_text(encoding="utf-8").strip()
    lines = ["Demo identities:", *(f"  {line}" for line in readme.splitlines()), "Demo labels:"]
    for pattern in ("*.pdf", "*.png"):
        for parent in sorted({path.parent for path in folder.rglob(pattern)}):
            lines.append(f"  {parent / pattern}  ({len(list(parent.glob(pattern)))})")
    return "\n".join([*lines, f"Every demo code and its verdict: {folder / 'codes.json'}"])
