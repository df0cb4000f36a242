"""One step of the preparation: an outside program, quiet while it works, and its last words when it fails.

Standard library alone.
"""

import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from backend.launch.words import CannotStart, finished, last_lines, progress

NO_NETWORK = re.compile(
    r"name resolution|Name or service not known|NewConnectionError|Network is unreachable|ConnectTimeout|"
    r"ProxyError|SSLError|ReadTimeout|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH"
)
DISK_FULL = re.compile(r"No space left|ENOSPC|Disk quota")
NOT_WRITABLE = re.compile(r"Permission denied|EACCES|EPERM|Read-only file system|EROFS")


def step(
    title: str, command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] | None = None, advice: str = ""
) -> None:
    """Run `command` to its end. Raises CannotStart with its last lines and what to do."""
    started = time.monotonic()
    progress(f"{title} …")
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while process.poll() is None:
                time.sleep(0.1)
                progress(f"{title} … {time.monotonic() - started:.0f} s")
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if process.returncode == 0:
            finished(f"{title}: {time.monotonic() - started:.1f} s")
            return
        output.seek(0)
        text = output.read()
    finished(f"{title}: failed")
    known = what_to_do(text)
    shown = last_lines(text, 4 if known else 20)
    raise CannotStart(f"{shown}\n\n{known or advice or 'The lines above say why.'}")


def what_to_do(output: str) -> str:
    """Words for the failures that every machine knows, or nothing."""
    if DISK_FULL.search(output):
        return "The disk is full. Free about 2 GB and start again; what was done is kept."
    if NOT_WRITABLE.search(output):
        return "A folder is not writable. Start from a folder that is yours, as the user who owns it."
    if NO_NETWORK.search(output):
        return (
            "The package registry did not answer. Check the network (a proxy is read from HTTPS_PROXY, mirrors from "
            "pip's and npm's own configuration) and start again; what was done is kept."
        )
    return ""
