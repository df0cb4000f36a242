"""Is the port free, and who has it if not. Standard library alone."""

import errno
import os
import socket
from pathlib import Path

from backend.launch.words import CannotStart

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - bound only where the person asked for the local network or a host's router did
LISTENING = "0A"


def require_free(host: str, port: int, command: str = "run") -> None:
    """Raises CannotStart naming the process that has the port and one that is free."""
    if not 0 < port < 65536:
        raise CannotStart(f"--port {port} is no port: choose one from 1024 to 65535.")
    reason = obstacle(host, port)
    if reason is None:
        return
    if reason == errno.EACCES:
        raise CannotStart(f"Port {port} needs administrator rights: choose one above 1023, --port 8000.")
    other = next(free for free in range(port + 1, port + 1000) if obstacle(host, free) is None)
    raise CannotStart(
        f"Port {port} is taken{owner_of(port)}. Stop that program, or start on another port:\n"
        f"    python3 -m backend {command} --port {other}"
    )


def obstacle(host: str, port: int) -> int | None:
    """The errno that listening would meet, or None. Browsers try `localhost` on IPv6 too, so that is asked as well."""
    if port > 65535:
        return errno.EADDRINUSE
    for family, address in ((socket.AF_INET, host), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                # As the server does: a port that waits after a restart is free, one that is listened on is not.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return error.errno
            if family == socket.AF_INET:
                raise
    return None


def owner_of(port: int) -> str:
    """Who listens there, as words to go on with, as far as this system tells; else nothing."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    for folder in Path("/proc").glob("[0-9]*") if sockets else ():
        try:
            if any(os.readlink(link) in sockets for link in (folder / "fd").iterdir()):
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                return f" by process {folder.name} ({words[:80]})"
        except OSError:
            continue
    return ""


def _inodes(port: int) -> set[str]:
    found = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = Path("/proc/net", table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(fields[9])
    return found
