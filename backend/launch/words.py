"""What the terminal says. Standard library alone."""

import sys

RULE = "─" * 72


class CannotStart(SystemExit):
    """Ends the program with exit code 1; the text says what is wrong and what to do."""


def say(text: str = "") -> None:
    print(text, flush=True)


def progress(text: str) -> None:
    """Rewrite the line in a terminal; a log gets nothing until the step is over."""
    if sys.stdout.isatty():
        print(f"\r\x1b[K{text}", end="", flush=True)


def finished(text: str) -> None:
    progress("")
    say(text)


def last_lines(output: str, count: int = 20) -> str:
    return "\n".join(f"    {line}" for line in output.strip().splitlines()[-count:])
