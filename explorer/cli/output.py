"""What the commands print: tables, figures, JSON, and a line of progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from explorer.cli.streams import STREAM

if TYPE_CHECKING:
    from explorer.checkpoints import Metric, TrainingFinding

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Of what is drawn.")]


def print_json(value: Any, lines: bool = False, err: bool = False) -> None:
    """Print a value as JSON, on one line where it is one of many.

    Args:
        err: on standard error, since standard output holds what the command writes.
    """
    text = json.dumps(value, indent=None if lines else 2, ensure_ascii=False)
    # A byte of a file's name that is no text: its escape is the one that JSON has for it.
    typer.echo(text.encode(errors="backslashreplace").decode(), err=err)


def print_result(values: dict[str, Any], as_json: bool) -> None:
    """Print what a command did, as JSON or in words; on standard error where it wrote to standard output."""
    err = values.get("written") == STREAM
    if as_json:
        print_json(values, err=err)
    else:
        typer.echo(", ".join(f"{name}: {value}" for name, value in values.items()), err=err)


def print_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows of cells in columns."""
    cells = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    for row in cells:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_metrics(metrics: Iterable[Metric], err: bool = False) -> None:
    """Print figures with their intervals, units and splits.

    Args:
        err: on standard error, since standard output holds what the command writes.
    """
    for m in metrics:
        typer.echo(f"{m.name}: {m.text()} {m.unit} ({m.split}, n = {m.n:,})", err=err)


def finding_lines(findings: Iterable[TrainingFinding]) -> list[str]:
    """Findings in words: what is wrong, its figures, what follows, and the change that helps; notes after them."""
    words = {"wrong": "Wrong: ", "note": "Note: "}
    return [f"{words[f.severity]}{first}\n    {rest}" for f in findings for first, rest in [f.lines]]


class ProgressLine:
    """Progress on stderr: a line that is written over on a terminal, and nothing of it elsewhere."""

    def __init__(self) -> None:
        self._transient = sys.stderr.isatty()
        self._shown = ""

    def __call__(self, share: float, words: str) -> None:
        """Show a passing state; a share below 0 is not known."""
        if self._transient:
            self._replace(words if share < 0 else f"{words} {share:.0%}")

    def line(self, words: str) -> None:
        """Write a line that stays."""
        self._replace("")
        typer.echo(words, err=True)

    def close(self) -> None:
        self._replace("")

    def _replace(self, words: str) -> None:
        if self._shown or words:
            typer.echo(f"\r{words.ljust(len(self._shown))}" + ("" if words else "\r"), nl=False, err=True)
        self._shown = words


@contextmanager
def progress_line() -> Iterator[ProgressLine]:
    """Progress on stderr, cleared at the end."""
    progress = ProgressLine()
    try:
        yield progress
    finally:
        progress.close()
