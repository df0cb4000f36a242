"""`python3 -m backend bench`: measures what was promised, as ratios to a yardstick in the same run.

Everything runs on throw-away installations; nothing of `instance/` is read but what Lighthouse was installed into.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from backend.bench.rows import HEAD, Result, exit_code


def main(argv: Sequence[str] | None = None) -> int:
    """Measure the named groups, or all; print a row each. 1 when a row is out of its budget."""
    # Late: the groups need every package of requirements.txt, the help does not.
    from backend.bench.groups import GROUPS

    parser = argparse.ArgumentParser("python3 -m backend bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=[*GROUPS], metavar="NAME", help=", ".join(GROUPS))
    parser.add_argument("--large", action="store_true", help="10 million codes instead of 2, checks on PostgreSQL too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    asked = parser.parse_args(argv)
    results: list[Result] = []
    print(HEAD)
    for name in asked.only or GROUPS:
        for result in GROUPS[name](asked.large):
            print(result, flush=True)
            results.append(result)
    if asked.json:
        asked.json.write_text(json.dumps([result.plain() for result in results], ensure_ascii=False, indent=2) + "\n")
    return exit_code(results)
