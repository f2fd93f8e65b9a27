"""Tables of Markdown and of the consoles of databases, drawn from known values."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.dialect import Asked

random = np.random.default_rng(7)
A, B = np.round(random.normal(20, 3, 30), 2), np.round(random.normal(0, 1, 30), 3)
ROWS = [(f"{a}", f"{b}", "uvw"[i % 3]) for i, (a, b) in enumerate(zip(A.tolist(), B.tolist(), strict=True))]
EDGES = [f"| {a} | {b} | {k} |" for a, b, k in ROWS]
OPEN = [f" {a} | {b} | {k}" for a, b, k in ROWS]
RULE = "+-------+--------+------+"


def opened(lines: list[str], encoding: str = "utf-8", **asked: object) -> FileRows:
    return open_rows("\n".join(lines).encode(encoding), "t.txt", Asked.model_validate(asked))


@pytest.mark.parametrize(
    "lines",
    [
        ["| a | b | kind |", "|---|:--:|---:|", *EDGES],
        ["| a | b | kind |", "|-|-|-|", *EDGES],
        ["a | b | kind", "--- | --- | ---", *OPEN],
        ["# Results", "", "Measured twice.", "", "| a | b | kind |", "|:---|:--:|---|", *EDGES],
        [RULE, "| a | b | kind |", RULE, *EDGES, RULE, "30 rows in set (0.00 sec)"],
        [" a | b | kind", "-----+-----+-----", *OPEN, "(30 rows)", ""],
        ["|a|b|kind|", *EDGES],
        [RULE, "| a | b | kind |", "+=======+========+======+", *(line for row in EDGES for line in (row, RULE))],
    ],
    ids=["markdown", "one dash", "no edges", "text above", "mysql", "psql", "edges alone", "rst"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_is_drawn_is_no_cell(lines: list[str], encoding: str) -> None:
    table = opened(lines, encoding)
    chunks = list(table.chunks())
    assert table.columns == ("a", "b", "kind")
    np.testing.assert_array_equal(np.concatenate([chunk.cells["a"] for chunk in chunks]), A)
    np.testing.assert_array_equal(np.concatenate([chunk.cells["b"] for chunk in chunks]), B)
    assert [kind for chunk in chunks for kind in chunk.cells["kind"]] == [kind for *_, kind in ROWS]
    assert [int(row) for chunk in chunks for row in chunk.rows] == list(range(1, 31))
    assert table.contract.dialect is not None
    assert (table.contract.dialect.delimiter, table.contract.dialect.encoding[:5]) == ("|", encoding[:5])
    assert not table.contract.undecided


def test_a_bar_within_a_cell_and_a_total_below() -> None:
    table = opened(["| a | kind |", "|---|---|", *(f"| {a} | {k}\\|x |" for a, _, k in ROWS), "| Total | 600 |"])
    assert next(iter(table.chunks())).cells["kind"][:2] == ["u|x", "v|x"]
    assert table.contract.rows == 30
    assert "the last line is no row" in table.contract.line


@pytest.mark.parametrize("row", ["-|-|-", "---;---;---"])
def test_dashes_among_rows_are_missing_values(row: str) -> None:
    sign = ";" if ";" in row else "|"
    lines = [sign.join(("a", "b", "kind")), *(sign.join(cells) for cells in ROWS[:5])]
    table = opened([*lines, row, *(sign.join(cells) for cells in ROWS[5:])])
    assert table.contract.rows == 31
