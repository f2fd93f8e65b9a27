"""Lines of a text table as rows of cells, with a delimiter and quotes that are known."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from explorer.io.tables.dialect import CUT, Quote

SAMPLE_ROWS = 400
_NUMBER = re.compile(r"[+-]?[.,]?\d[\d.,' ]*([eEdD][+-]?\d+)?$")


def records(lines: Sequence[str], delimiter: str, quote: Quote = '"') -> list[list[str]]:
    """The cells of at most ``SAMPLE_ROWS`` records in lines; nothing where they are none."""
    try:
        return list(
            itertools.islice(
                reader(trimmed(lines, delimiter), delimiter, quote),
                SAMPLE_ROWS,
            )
        )
    except csv.Error:
        return []


def reader(lines: Iterable[str], delimiter: str, quote: Quote) -> Iterator[list[str]]:
    """The cells of each record in lines.

    Raises:
        csv.Error: they are none.
    """
    quoting: Any = csv.QUOTE_NONE if delimiter == CUT or not quote else csv.QUOTE_MINIMAL
    return csv.reader(
        lines, delimiter=delimiter, skipinitialspace=delimiter == " ", quoting=quoting, quotechar=quote[-1:] or None,
        escapechar=quote[:-1] or None, doublequote=len(quote) < 2,
    )  # fmt: skip


def trimmed(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """Lines as they are cut: spaces around a row are no cells where spaces stand between cells."""
    return (line.strip(" \n") + "\n" for line in lines) if delimiter == " " else iter(lines)


def holds_number(cell: str) -> bool:
    """Whether a cell may be a number, in whatever dialect."""
    return bool(_NUMBER.match(cell.strip()))
