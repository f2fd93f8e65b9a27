"""What stands within quotes, against known rows: other signs, quotes behind a backslash, a quote that never ends."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.core.errors import DataError
from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.dialect import Asked

random = np.random.default_rng(11)
A = np.round(random.normal(20, 3, 40), 2)
ROWS = list(enumerate(A.tolist()))


def opened(lines: list[str], **asked: object) -> FileRows:
    return open_rows("\n".join(lines).encode(), "t.csv", Asked.model_validate(asked))


def column(table: FileRows, name: str) -> list[object]:
    return [cell for chunk in table.chunks() for cell in chunk.cells[name]]


@pytest.mark.parametrize("sign", [";", "|", "\t", " "])
def test_another_sign_within_quotes_cuts_nothing(sign: str) -> None:
    table = opened(["a,b", *(f'{a},"x{sign}{i % 3}"' for i, a in ROWS)])
    assert table.columns == ("a", "b")
    assert column(table, "a") == A.tolist()
    assert column(table, "b") == [f"x{sign}{i % 3}" for i, _ in ROWS]


def test_a_quote_behind_a_backslash_is_a_letter() -> None:
    lines = ["a,t,b", *(f'{a},"x \\"q\\", {i % 3}",{i % 7}' for i, a in ROWS)]
    table = opened(lines)
    assert table.columns == ("a", "t", "b")
    assert column(table, "t") == [f'x "q", {i % 3}' for i, _ in ROWS]
    assert '\\" within cells' in table.contract.line
    assert column(opened(lines, quote='\\"'), "a") == A.tolist()


def test_a_backslash_at_the_end_of_a_cell_is_one() -> None:
    table = opened(["a,folder,b", *(f'{a},"C:\\d{i % 3}\\",{i % 7}' for i, a in ROWS)])
    assert column(table, "folder") == [f"C:\\d{i % 3}\\" for i, _ in ROWS]


@pytest.mark.parametrize("behind", [1, 2, 5])
def test_a_quote_that_the_file_ends_in_is_refused(behind: int) -> None:
    rows = [f"{a},{i % 7},x" for i, a in ROWS]
    rows[-behind - 1] = rows[-behind - 1][:-1] + '"x'
    with pytest.raises(DataError, match="the quote before it has no end"):
        opened(["a,b,t", *rows])
    assert opened(["a,b,t", *rows], quote="").contract.rows == 40


def test_a_last_cell_of_two_lines_stays_one() -> None:
    assert opened(["a,b,t", *(f"{a},{i % 7},x" for i, a in ROWS), '1.5,2,"see\nthe note"']).contract.rows == 41


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([f"{i % 90 + 10}E{i % 5 + 1}" for i, _ in ROWS], "`code` has numbers as '10E1', read as 100 (--meta code"),
        ([f"+4930{i * 7919 % 10007:08d}" for i, _ in ROWS], "`code` has numbers as '+493000000000', read as"),
        ([f"{a:.3e}" for _, a in ROWS], ""),
        ([f"{i % 9}e-0{i % 7 + 1}" for i, _ in ROWS], ""),
    ],
    ids=["codes", "phone numbers", "numbers", "small numbers"],
)
def test_numbers_that_may_be_names_are_said(cells: list[str], said: str) -> None:
    line = opened(["code,b", *(f"{cell},{a}" for cell, (_, a) in zip(cells, ROWS, strict=True))]).contract.line
    assert said in line
    assert ("has numbers as" in line) == bool(said)


def test_a_row_longer_than_a_block_is_read() -> None:
    long = "x" * (9 << 20)
    table = opened(["a,t", *(f"{a},{long if i == 30 else 'y'}" for i, a in ROWS)])
    assert column(table, "a") == A.tolist()
    assert [len(str(cell)) for cell in column(table, "t")] == [9 << 20 if i == 30 else 1 for i, _ in ROWS]
