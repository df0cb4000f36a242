"""Become another program, bound to whoever started us: `python -m backend.launch.bound SIGNAL PARENT COMMAND …`.

Where Linux can, the program gets SIGNAL when its parent is gone, even when that was killed without a chance to tidy up.
Standard library alone.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>; it survives exec


def bind(number: int, parent: int) -> None:
    """Ask for the signal; `parent` is who it was when we were started, and may be gone already."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        raise SystemExit("Nobody is left to serve for.")


if __name__ == "__main__":
    number, parent, *command = sys.argv[1:]
    bind(int(number), int(parent))
    os.execv(command[0], command)
