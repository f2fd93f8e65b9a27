"""What stands within quotes, against known rows: other signs, quotes behind a backslash, a quote that never ends."""

from __future__ import annotations

import csv
import io

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


WORDS = ["t0", "t1", "t2", "t3"]


def table_with(edits: dict[tuple[int, int], str], sign: str = ",") -> list[str]:
    rows = [[f"{a}", WORDS[i % 4], f"{i % 7}.5"] for i, a in ROWS]
    for (row, place), cell in edits.items():
        rows[row][place] = cell
    return [sign.join("atb"), *(sign.join(row) for row in rows)]


@pytest.mark.parametrize("sign", [",", ";", "\t", " "])
@pytest.mark.parametrize(
    "edits",
    [
        {(6, 1): '"3.5in', (7, 1): '4.2"'},
        {(6, 1): '"3.5in', (7, 1): '"4.2'},
        {(6, 1): '"', (7, 1): '"'},
        {(6, 2): '"3.5', (7, 2): '4.2"'},
        {(6, 0): '"3.5', (7, 0): '4.2"'},
        {(6, 0): '"3.5', (7, 2): '4.2"'},
        {(6, 2): '"3.5', (7, 0): '4.2"'},
        {(0, 1): '"x', (1, 1): 'y"'},
        {(38, 2): '"1', (39, 2): '2"'},
        {(6, 1): '"x'},
    ],
    ids=str,
)
def test_quotes_that_would_make_one_row_of_two_are_refused_and_none_means_letters(
    edits: dict[tuple[int, int], str], sign: str
) -> None:
    lines = table_with(edits, sign)
    with pytest.raises(DataError, match="the quote before it has no end") as caught:
        opened(lines)
    assert "--quote none" in caught.value.hint
    table = opened(lines, quote="")
    assert table.contract.rows == 40
    read = [cell for chunk in table.chunks(as_text=table.columns) for cell in chunk.cells["t"]]
    assert read == [edits.get((i, 1), WORDS[i % 4]) for i, _ in ROWS]


def test_quotes_within_cells_merge_nothing() -> None:
    edits = {(6, 1): '3.5" pipe', (7, 1): '4.2" bolt', (9, 1): '5"', (10, 1): '6"', (12, 1): '"x"', (13, 1): '"y"'}
    read = column(opened(table_with(edits)), "t")
    assert read == [edits.get((i, 1), WORDS[i % 4]).strip('"' if i in (12, 13) else "") for i, _ in ROWS]


@pytest.mark.parametrize(
    "cell", ["see\nthe note", "see, this\nand, that", "a\nb\nc", "x\n", "one, two\nthree", "Bob, sir\nhi, you, 3"]
)
def test_a_quoted_cell_of_several_lines_is_one(cell: str) -> None:
    assert column(opened(table_with({(6, 1): f'"{cell}"'})), "t")[6] == cell.strip()


def test_a_cell_that_looks_like_rows_is_one_where_that_is_said_and_its_quote_has_an_end() -> None:
    lines = table_with({(6, 1): '"x,3\n1.3,y"'})
    assert column(opened(lines, quote='"'), "t")[6] == "x,3\n1.3,y"
    with pytest.raises(DataError, match="an odd number of quotes"):
        opened([*lines, '1,"x,2'], quote='"')


def test_words_in_two_columns_with_a_comma_in_a_second_line_are_asked_about_only_where_all_are_so() -> None:
    texts = ["see\nfoo, bar" if i == 5 else f"line\nmore {i}" for i in range(30)]
    assert opened(["name,text", *(f'n{i % 4},"{text}"' for i, text in enumerate(texts))]).contract.rows == 30
    with pytest.raises(DataError, match="the quote before it has no end"):
        opened(["name,text", *(f'n{i % 4},"see' if i == 5 else f'n{i % 4},t"' for i in range(30))])


def test_points_of_other_columns_tell_those_of_a_column_with_a_stray_cell() -> None:
    lines = ["a,b", *(f"{a},{'n/k?' if i == 7 else f'{i + 1}.125'}" for i, a in ROWS)]
    table = opened(lines)
    table.contract.require_decided("t.csv")
    assert column(table, "a") == A.tolist()
    np.testing.assert_array_equal(column(table, "b"), [np.nan if i == 7 else i + 1.125 for i, _ in ROWS])


@pytest.mark.parametrize("sign", [",", "|"])
def test_quotes_behind_which_cells_go_on_are_letters_and_are_dropped_with_a_word_where_others_are_none(
    sign: str,
) -> None:
    cells = [f'"{i % 3}" pipe' for i, _ in ROWS]
    table = opened(table_with({(i, 1): cell for i, cell in enumerate(cells)}, sign))
    assert column(table, "t") == cells
    edits = {(i, 1): cell if i % 2 else f'"x{sign}y{i % 3}"' for i, cell in enumerate(cells)}
    line = opened(table_with(edits, sign)).contract.line
    assert "a cell goes on behind its quotes" in line
    assert "--quote none" in line


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_blanks_before_quotes_do_not_make_letters_of_them(sign: str) -> None:
    """Read as Python's own reader does with ``skipinitialspace``."""
    text = f'a{sign} b{sign} "what{sign} which"\n' + "".join(
        f'{a}{sign} {2 * a}{sign} "q{sign}{i % 3}  ""x"""\n' for i, a in ROWS
    )
    expected = list(csv.reader(io.StringIO(text), delimiter=sign, skipinitialspace=True))
    table = open_rows(text.encode(), "t.csv")
    assert [*table.columns] == expected[0]
    cells = [cell for chunk in table.chunks() for cell in chunk.cells[expected[0][2]]]
    assert cells == [row[2] for row in expected[1:]]
    assert column(table, "a") == A.tolist()


def test_blanks_within_quotes_stay() -> None:
    table = open_rows(b"n,text\n" + b"".join(b'%d.5,"he said, ""a, b"" %d"\n' % (i, i % 2) for i in range(30)), "t.csv")
    assert next(iter(table.chunks())).cells["text"][:2] == ['he said, "a, b" 0', 'he said, "a, b" 1']


def test_a_name_less_than_cells_is_said() -> None:
    line = opened(["a,b", *(f"{i % 7}.5,{i},{i % 4}.25" for i in range(30))]).contract.line
    assert "2 names stand above 3 columns: the first column has none" in line
