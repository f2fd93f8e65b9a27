"""Signs between cells that few programs write: found, asked about, or said by hand; what stands within cells stays."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.dialect import Asked

RANDOM = np.random.default_rng(5)
N = 30
A, B = RANDOM.normal(20, 3, N).round(2), RANDOM.normal(0, 3, N).round(3)
CITIES = ["New York", "Rio", "San Jose", "Oslo"]
NAMES = ("a", "city", "b", "k")
ROWS = [[f"{a}", CITIES[i % 4], f"{b}", f"{i % 7}"] for i, (a, b) in enumerate(zip(A, B, strict=True))]


def opened(lines: list[str], **asked: object) -> FileRows:
    return open_rows("\n".join(lines).encode(), "t.txt", Asked.model_validate(asked))


def check(table: FileRows) -> None:
    table.contract.require_decided("t.txt")
    cells = {name: [c for chunk in table.chunks() for c in chunk.cells[name]] for name in table.columns}
    assert table.columns == NAMES
    assert cells["city"] == [row[1] for row in ROWS]
    np.testing.assert_array_equal([cells["a"], cells["b"]], [A, B])


FOUND = ["~", "^", "/", "§", "  ", "    ", "||", "::", ";;", "¦", "&", "#", "\x01", "\x1f", "\t\t", "|~|", "~|~", "<>"]


@pytest.mark.parametrize("sign", [*FOUND, "·", "¬", "¤", "!", "*", "@", "=", "$", "%", " ~ ", "\u3000"])
def test_a_sign_that_cuts_every_row_is_found(sign: str) -> None:
    check(opened([sign.join(NAMES), *(sign.join(row) for row in ROWS)]))


@pytest.mark.parametrize("sign", [*FOUND, "þ", "_", "-=-"])
def test_each_sign_can_be_said(sign: str) -> None:
    table = opened([sign.join(NAMES), *(sign.join(row) for row in ROWS)], delimiter=sign)
    check(table)
    assert table.contract.dialect is not None
    assert table.contract.dialect.delimiter == ("  " if not sign.strip(" ") else sign)


@pytest.mark.parametrize("sign", ["/", "*", "@", "#"])
def test_a_sign_that_stands_in_cells_too_is_asked_about_without_names(sign: str) -> None:
    lines = [sign.join(row) for row in ROWS]
    [finding] = opened(lines).contract.undecided
    assert [len(opened(lines, **reading.model_dump()).columns) for reading in finding.readings] == [4, 1]


def test_a_quoted_cell_may_hold_the_sign() -> None:
    for sign in ("||", "~"):
        table = opened([f'"a"{sign}"t"', *(f'"{a}"{sign}"x{sign}{i % 3}"' for i, a in enumerate(A))])
        assert table.contract.columns[1].values == tuple(f"x{sign}{i}" for i in range(3))
        assert [cell for chunk in table.chunks() for cell in chunk.cells["a"]] == A.tolist()


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (["day"], [f"2024/01/{i + 1:02d}" for i in range(N)]),
        ([], [f"2024/01/{i + 1:02d}" for i in range(N)]),
        (["range"], [f"{i}-{i + 9}" for i in range(N)]),
        (["share"], [f"{i}%" for i in range(N)]),
        (["path"], [f"/home/u{i}/f" for i in range(N)]),
        (["mail"], [f"u{i}@x.org" for i in range(N)]),
        (["n"], [f"~{i}" for i in range(N)]),
        (["v"], [f"$ {a}" for a in A]),
    ],
    ids=["days", "days without a name", "ranges", "shares", "paths", "mails", "about", "money"],
)
def test_one_column_stays_one(names: list[str], rows: list[str]) -> None:
    assert len(opened([*names, *rows]).columns) == 1


@pytest.mark.parametrize("cell", ["~{}", "{}~", "2024/01/{}", "{} & co", "#{}", "x  {}"])
def test_signs_within_cells_of_a_usual_table_cut_nothing(cell: str) -> None:
    rows = [f"{a},{cell.format(i)},{b}" for i, (a, b) in enumerate(zip(A, B, strict=True))]
    for lines in (rows, ["a,t,b", *rows]):
        table = opened(lines)
        table.contract.require_decided("t.txt")
        assert len(table.columns) == 3


def test_a_decimal_comma_cuts_nothing_beside_a_rare_sign() -> None:
    rows = [f"{a}~{b}".replace(".", ",") for a, b in zip(A, B, strict=True)]
    table = opened(["a~b", *rows])
    np.testing.assert_array_equal([c for chunk in table.chunks() for c in chunk.cells["b"]], B)
    assert opened(rows).contract.undecided


@pytest.mark.parametrize("names", [[], ["t,u,b"]], ids=["no names", "names"])
@pytest.mark.parametrize("cells", ["p{0}||q", "p{0}|q", "p{0};q"])
def test_a_sign_that_stands_once_or_twice_in_every_cell_of_text_cuts_nothing(cells: str, names: list[str]) -> None:
    table = opened([*names, *(f"{cells.format(i % 3)},{a},{b}" for i, (a, b) in enumerate(zip(A, B, strict=True)))])
    table.contract.require_decided("t.txt")
    first, second, third = table.columns
    cells_of = {name: [c for chunk in table.chunks() for c in chunk.cells[name]] for name in table.columns}
    assert cells_of[first] == [cells.format(i % 3) for i in range(N)]
    np.testing.assert_array_equal([cells_of[second], cells_of[third]], [A, B])


def test_a_sign_in_a_cell_of_text_beside_a_single_number_is_asked_about() -> None:
    lines = [f"p{i % 3}|q,r,{b}" for i, b in enumerate(B)]
    [finding] = opened(lines).contract.undecided
    assert {reading.delimiter for reading in finding.readings} == {",", "|"}


def test_a_sign_in_every_cell_of_text_cuts_no_table_of_words() -> None:
    words = [f"{'xyz'[i % 3]},{'uvw'[i % 2]}" for i in range(N)]
    for names, cell in (([], "p||q"), (["t,u,v"], "p|q")):
        lines = [*names, *(f"{cell}{i % 4},{word}" for i, word in enumerate(words))]
        table = opened(lines, header=bool(names))
        assert [len(column.values) for column in table.contract.columns] == [4, 3, 2]
