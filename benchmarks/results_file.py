"""The tables of docs/results.md that benchmarks write: each stands between two marks of its name."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence

RESULTS = pathlib.Path(__file__).parents[1] / "docs" / "results.md"


def section(name: str) -> list[str]:
    """The lines that stand between the marks of a name; none where it has no place."""
    text = RESULTS.read_text(encoding="utf-8")
    begin, end = (f"<!-- {place}: {name} -->" for place in ("begin", "end"))
    return text.partition(begin)[2].partition(end)[0].strip().splitlines()


def write_section(name: str, lines: Sequence[str]) -> None:
    """Replace what stands between the marks of a name.

    Raises:
        SystemExit: the marks are not there, each once and in order; the file is as it was.
    """
    text = RESULTS.read_text(encoding="utf-8")
    begin, end = (f"<!-- {place}: {name} -->" for place in ("begin", "end"))
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise SystemExit(f"{RESULTS.name} has no place for {name!r}: put {begin} and {end} where its table belongs.")
    before, rest = text.split(begin)
    RESULTS.write_text(f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}{rest.split(end)[1]}", encoding="utf-8")
