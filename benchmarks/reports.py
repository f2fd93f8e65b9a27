"""The kinds of input that people reported in public, each with the tests that hold what is right for it today.

    python benchmarks/reports.py           run the tests of each kind of reports.toml and print the table
    python benchmarks/reports.py --write   and put it into docs/results.md

The exit status is 1 if a test fails.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from results_file import write_section

ROOT = pathlib.Path(__file__).parents[1]
LIST = pathlib.Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Kind:
    """A kind of input.

    Args:
        name: in a few words.
        right: what the program does with it.
        tests: pytest's names of the tests that hold it, or files of such tests.
    """

    name: str
    right: str
    tests: tuple[str, ...]


def kinds() -> list[Kind]:
    """All kinds, in the order of the list."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))["kind"]
    return [Kind(one["name"], one["right"], tuple(one["tests"])) for one in listed]


def outcome(tests: Sequence[str]) -> tuple[int, int]:
    """How many of some tests pass, and how many do not."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", *tests]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", said)}
    return counts.get("passed", 0), counts.get("failed", 0) + counts.get("error", 0) or int(not counts)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/results.md")
    arguments = parser.parse_args()
    lines, wrong = ["| kind | today | tests that hold it |", "|---|---|---|"], 0
    for kind in kinds():
        passed, failed = outcome(kind.tests)
        wrong += bool(failed)
        lines.append(f"| {kind.name} | {kind.right} | {passed} pass{f', {failed} FAIL' if failed else ''} |")
        print(lines[-1], flush=True)
    lines.append(f"\n{len(kinds())} kinds, {wrong} wrong.")
    print(lines[-1])
    if arguments.write:
        write_section("benchmarks/reports.py", lines)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
