"""Shutting the door behind a process: what it has not opened by now it never will.

Several locks, because none is everywhere. Without root and without a library:

* limits: no new descriptor at all, so neither a file nor a socket, by whatever code; no core file, no byte into any
  file; address space and processor time for each job;
* Linux: a network namespace of its own where the kernel lets anyone make one; Landlock (5.13), which refuses every
  path, and from 6.7 on every TCP port; no new privileges;
* everywhere: an audit hook that refuses files, sockets and processes to Python code. It is no wall against native
  code, which is what the others are for.
"""

import ctypes
import os
import resource
import struct
import sys
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
# The same numbers on every architecture that Linux has gained since 2018.
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446
# Rights that Landlock knows, by ABI version: files (13, then refer, truncate, ioctl); TCP bind and connect.
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_RIGHTS = 0b11

_REFUSED_EVENTS = ("socket.", "subprocess.", "os.", "shutil.", "ctypes.", "pty.", "ftplib.", "urllib.", "webbrowser.")
# Events of that kind that touch nothing outside the process.
_HARMLESS_EVENTS = {"os.walk", "ctypes.cdata", "ctypes.cdata/buffer", "ctypes.get_errno", "ctypes.set_errno"}


def leave_network() -> bool:
    """Move into a network namespace without interfaces, where that is allowed. Before any thread starts."""
    return sys.platform == "linux" and ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0


def confine() -> None:
    """Give up files, network and child processes for good; the three standard streams stay open."""
    if sys.platform == "linux":
        shut_paths()
    shut_descriptors()
    shut_python()


def shut_paths() -> bool:
    """Landlock without a single rule: no path can be opened. False on an older kernel or where it is forbidden."""
    library = ctypes.CDLL(None)
    library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    abi = library.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if abi < 1:
        return False
    files = _FILE_RIGHTS[min(abi, 5)]
    attributes = struct.pack("=QQ", files, _TCP_RIGHTS) if abi >= 4 else struct.pack("=Q", files)
    ruleset = library.syscall(_LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return False
    shut = library.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return shut


def shut_descriptors() -> None:
    """No descriptor beyond the standard streams, no byte into a file, no core."""
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 3)):
        resource.setrlimit(limit, (value, value))


def shut_python() -> None:
    """The audit hook."""

    def refuse(event: str, _: tuple[object, ...]) -> None:
        if event == "open" or (event.startswith(_REFUSED_EVENTS) and event not in _HARMLESS_EVENTS):
            raise PermissionError(f"the sandbox refuses {event}")

    sys.addaudithook(refuse)


def limit_job(base: int, megabytes: int, seconds: float) -> None:
    """Bound the next job: `megabytes` above `base` bytes of address space, processor time from now on."""
    resource.setrlimit(resource.RLIMIT_AS, (base + megabytes * 1_000_000, resource.RLIM_INFINITY))
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def address_space() -> int:
    """Bytes of address space in use now; where the system does not say, a generous guess."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 30
