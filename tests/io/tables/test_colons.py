"""Colons between cells, and those within one: times, ratios, addresses."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.dialect import Asked

random = np.random.default_rng(9)
VALUES = np.round(random.normal(5, 1, 40), 3)
N = list(enumerate(VALUES.tolist()))
CUT = [f"n{i}:{i * 7 % 100}:{value}" for i, value in N]


def opened(lines: list[str], **asked: object) -> FileRows:
    return open_rows("\n".join(lines).encode(), "t.txt", Asked.model_validate(asked))


def delimiter(table: FileRows) -> str:
    assert table.contract.dialect is not None
    return table.contract.dialect.delimiter


@pytest.mark.parametrize("lines", [["12:5:77", "3:44:1", "9:8:7"], ["ab:cd", "ef:9"]])
def test_few_digits_are_no_address(lines: list[str]) -> None:
    table = opened(lines * 3)
    assert delimiter(table) == ":"


@pytest.mark.parametrize("head", [["name:a:b"], []])
def test_colons_that_cut_every_line_are_read(head: list[str]) -> None:
    table = opened([*head, *CUT])
    assert delimiter(table) == ":"
    assert not table.contract.undecided
    assert table.contract.rows == 40
    values = np.concatenate([chunk.cells[table.columns[2]] for chunk in table.chunks()])
    np.testing.assert_array_equal(values, VALUES)


@pytest.mark.parametrize(
    "lines",
    [
        ["start,a", *(f"12:{i % 60:02d},{value}" for i, value in N)],
        ["start", *(f"12:{i % 60:02d}" for i, _ in N)],
        [f"12:{i % 60:02d}:{i * 7 % 60:02d}" for i, _ in N],
        [f"2020-01-01T12:{i:02d}:05" for i, _ in N],
        [f"0a:1b:2c:{i:02x}:ff:{i * 3:02x}" for i, _ in N],
        [f"http://a.b/{i}" for i, _ in N],
        [f"fe80::{i:x}:1" for i, _ in N],
        ["name:start:b", *(f"n{i}:12:{i % 60:02d}:{value}" for i, value in N)],
    ],
    ids=["times beside commas", "times", "with seconds", "dates", "mac", "web", "ipv6", "more cells than names"],
)
def test_colons_within_cells_cut_nothing(lines: list[str]) -> None:
    table = opened(lines)
    assert delimiter(table) != ":"
    assert table.contract.rows == 40


@pytest.mark.parametrize(
    "lines",
    [[f"{i % 3 + 1}:{i % 7}" for i, _ in N], [f"n{i}:12:{i % 60:02d}:{value}" for i, value in N]],
    ids=["ratios", "times between colons"],
)
def test_what_may_be_either_is_asked(lines: list[str]) -> None:
    [finding] = opened(lines).contract.undecided
    assert finding.what == "delimiter"
    widths = [len(opened(lines, **reading.model_dump(exclude_none=True)).columns) for reading in finding.readings]
    assert widths == [lines[0].count(":") + 1, 1]


@pytest.mark.parametrize(
    "cells",
    [
        [f"{i % 24}:{i:02d}:07" for i, _ in N],
        [f"A{i:03d}" for i, _ in N],
        [f"2024-01-{i % 28 + 1:02d}" for i, _ in N],
        [f"3f2a{i:04x}-01" for i, _ in N],
    ],
    ids=["times", "codes", "dates", "digits of 16"],
)
def test_a_first_row_like_those_below_names_nothing(cells: list[str]) -> None:
    assert opened(cells).contract.rows == 40
    assert opened(["name", *cells]).contract.rows == 40
