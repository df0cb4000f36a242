"""python3 -m backend …: the one door. The standard library alone until `.venv` stands."""

import sys

OLDEST = (3, 11)


def main(argv):
    # Untyped and in old syntax on purpose: a Python that is too old must get as far as this sentence.
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.exit(f"Tanba needs Python 3.11 or newer; {sys.executable} is {found}. Start it with a newer one.")
    from backend.launch import commands

    return commands.main(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
