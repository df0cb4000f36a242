"""The words after `python3 -m backend`, and which part does each. Standard library alone."""

import argparse
import io
import os
import secrets
import signal
import sys

from backend.launch import environment, hosting, serve
from backend.launch.words import say

DESCRIPTION = "Tanba, the goods-marking platform. Needs Python 3.11 or newer and nothing else."
EPILOG = "Every other word is a command of the running system, such as: codes, verify-history, keys. Try: codes --help"

SECRETS = ("TANBA_SECRET", "TANBA_MASTER_KEY", "TANBA_PLATFORM_KEY")


def main(argv: list[str]) -> int:
    """Do what the words say; returns the exit code. A failure raises SystemExit with words."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without our letters is no reason to stop
    try:
        return act(argv)
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def act(argv: list[str]) -> int:
    if argv and not argv[0].startswith("-") and argv[0] not in COMMANDS:
        return operate(argv)
    options, rest = parser().parse_known_args(argv)
    if rest and options.command not in ("test", "bench"):
        parser().error(f"unknown: {' '.join(rest)}")
    return COMMANDS[options.command](options, rest, argv)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser("python3 -m backend", description=DESCRIPTION, epilog=EPILOG)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="prepare everything that is missing and start web and worker")
    run.add_argument("--port", type=int, default=8000, help="default 8000")
    run.add_argument("--lan", action="store_true", help="HTTPS for telephones on the local network, with a QR code")
    run.add_argument("--production", action="store_true", help="production settings, refused when unsafe; no demo")
    run.add_argument("--no-limits", action="store_true", help="no rate limits, for load tests; not in production")

    test = commands.add_parser("test", help="everything CI runs", epilog="Other words go to pytest, which runs alone.")
    test.add_argument("--fast", action="store_true", help="without PostgreSQL, build and browser")

    commands.add_parser("bench", help="measure, as ratios to a yardstick in the same run", add_help=False)
    commands.add_parser("secrets", help="print three fresh secrets for production")
    commands.add_parser("release", help="for a host: build the app and migrate the database")
    commands.add_parser("web", help="for a host: serve on 0.0.0.0 and $PORT")
    commands.add_parser("worker", help="for a host: do the jobs")
    return top


def run(options: argparse.Namespace, _rest: list[str], argv: list[str]) -> int:
    serve.run(options, argv)
    return 0


def test(options: argparse.Namespace, rest: list[str], argv: list[str]) -> int:
    environment.enter(argv)
    from backend.launch import guards  # needs .venv

    return guards.main(fast=options.fast, words=rest)


def bench(_options: argparse.Namespace, _rest: list[str], argv: list[str]) -> int:
    environment.enter(argv)
    from backend.launch import build

    build.app()
    os.execv(sys.executable, [sys.executable, "-m", "backend.bench", *argv[1:]])


def print_secrets(_options: argparse.Namespace, _rest: list[str], _argv: list[str]) -> int:
    for name in SECRETS:
        say(f"{name}={secrets.token_hex(32)}")
    return 0


def release(_options: argparse.Namespace, _rest: list[str], argv: list[str]) -> int:
    environment.enter_unless_complete(argv)
    hosting.release()
    return 0


def web(_options: argparse.Namespace, _rest: list[str], argv: list[str]) -> int:
    environment.enter_unless_complete(argv)
    return hosting.web()


def worker(_options: argparse.Namespace, _rest: list[str], argv: list[str]) -> int:
    environment.enter_unless_complete(argv)
    return hosting.worker()


def operate(argv: list[str]) -> int:
    """Hand over to the application's own commands."""
    environment.enter_unless_complete(argv)
    os.execv(sys.executable, [sys.executable, "-m", "flask", "--app", "backend.wsgi", *argv])


COMMANDS = {
    "run": run,
    "test": test,
    "bench": bench,
    "secrets": print_secrets,
    "release": release,
    "web": web,
    "worker": worker,
}
